"""The forms of a partner: each records a fact through its action, refreshes the plan at once and says what changed."""

import pytest

from prm.agreements.models import Agreement
from prm.capacity.actions import pause
from prm.capacity.models import Pause
from prm.partners.actions import add_contact
from prm.partners.models import Entry
from prm.reminders.actions import replan
from prm.reminders.models import Reminder
from prm.training.actions import invite
from prm.training.models import Invitation
from tests.cast import (
    NOW,
    TODAY,
    day,
    harbor_house,
    make_agreement,
    make_organization,
    make_session,
)

PAGE = "/partners/harbor-house/"
RENEWAL = {"until": "same", "starts_on": "2027-10-01", "signed": "signed", "signed_on": "2027-06-01"}
PAUSE = {"scope": "all", "until": "3", "starts_on": "2027-06-07", "effect": "closed", "reach": "us"}


def told(client, address, **said):
    """What the page says after a form was sent and accepted."""
    answer = client.post(address, said, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)], answer.context["form"].errors
    [message] = answer.context["messages"]
    return str(message)


def refused(client, address, **said):
    """The form as it comes back, with its errors."""
    answer = client.post(address, said)
    assert answer.status_code == 200
    return answer


def test_renewal_as_long_as_before_withdraws_the_old_reminders_and_plans_the_new(desk):
    harbor = harbor_house()
    old = make_agreement(harbor)
    replan([harbor.pk], now=NOW)
    said = told(desk, f"{PAGE}renewal", **RENEWAL)
    assert "“MOU with Harbor House” is renewed through 30\xa0Sep\xa02029." in said
    assert "are withdrawn" in said
    assert "reminders are planned" in said
    old.refresh_from_db()
    assert old.status == "replaced"
    assert Reminder.objects.filter(record=f"agreement:{old.pk}", state="planned").count() == 0
    assert Reminder.objects.filter(record=f"agreement:{old.renewed_by.pk}", state="planned").count() > 0


def test_renewal_until_another_day(desk):
    make_agreement(harbor_house())
    told(desk, f"{PAGE}renewal", **RENEWAL | {"until": "date", "expires_on": "29 Feb 2028"})
    assert Agreement.objects.get(renews__isnull=False).expires_on == day("2028-02-29")


def test_renewal_without_all_signatures_leaves_the_present_term(desk):
    old = make_agreement(harbor_house())
    said = told(desk, f"{PAGE}renewal", **RENEWAL | {"signed": "waiting"})
    assert "waits for signatures" in said
    old.refresh_from_db()
    assert old.status == "in_force"


def test_renewal_refreshes_the_plan_of_every_party(desk):
    lighthouse = make_organization("Lighthouse")
    make_agreement(harbor_house(), others=[lighthouse])
    told(desk, f"{PAGE}renewal", **RENEWAL)
    assert Reminder.objects.filter(organization=lighthouse, reference_on=day("2029-09-30")).exists()


def test_impossible_day_is_kept_and_the_answer_says_how_to_mend_it(desk):
    make_agreement(harbor_house())
    answer = refused(desk, f"{PAGE}renewal", **RENEWAL | {"until": "date", "expires_on": "31 Feb 2028"})
    text = answer.content.decode()
    assert "February 2028 has 29 days. Try 29\xa0Feb\xa02028." in text
    assert 'value="31 Feb 2028"' in text
    assert not Agreement.objects.filter(renews__isnull=False).exists()


def test_refusal_of_an_action_stands_at_its_field(desk):
    make_agreement(harbor_house())
    answer = refused(desk, f"{PAGE}renewal", **RENEWAL | {"signed_on": "2027-12-24"})
    assert answer.context["form"].errors == {"signed_on": ["A signature cannot lie in the future."]}


def test_several_agreements_are_chosen_from_first(desk):
    harbor = harbor_house()
    first, _second = make_agreement(harbor, title="Beds"), make_agreement(harbor, title="Training")
    assert f"?agreement={first.pk}" in desk.get(f"{PAGE}renewal").content.decode()
    assert (
        "Nothing to renew" in desk.get(f"/partners/{make_organization('New').slug}/renewal").content.decode()
    )


def test_pause_of_three_months_is_recorded_with_its_talk(desk):
    harbor = harbor_house()
    said = told(desk, f"{PAGE}pause", **PAUSE, reason="Two are ill", declared_by=harbor.contacts.get().pk)
    assert "Everything paused until 7\xa0Sep\xa02027." in said
    assert "We talk again on Tue\xa07\xa0Sep." in said
    assert "calendar entries go out" in said
    recorded = Pause.objects.get()
    assert (recorded.ends_on, recorded.talk_on, recorded.reason) == (
        day("2027-09-07"),
        day("2027-09-07"),
        "Two are ill",
    )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"scope": "service"}, "service"),
        ({"until": "date"}, "ends_on"),
        ({"until": "date", "ends_on": "2027-06-01"}, "ends_on"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"talk_on": "2027-06-01"}, "talk_on"),
        ({"until": "9"}, "until"),
    ],
)
def test_pause_that_cannot_be_is_refused_at_its_field(desk, changed, field):
    harbor_house()
    answer = refused(desk, f"{PAGE}pause", **PAUSE | changed)
    assert list(answer.context["form"].errors) == [field]
    assert not Pause.objects.exists()


def test_pause_with_unknown_end(desk):
    harbor_house()
    assert "no end known yet" in told(desk, f"{PAGE}pause", **PAUSE | {"until": "unknown"})
    assert Pause.objects.get().talk_on == day("2027-09-07")


def test_partner_is_back_or_the_pause_takes_longer(desk):
    known = pause(
        harbor_house(), scope="referrals", starts_on=day("2027-06-01"), months=1, now=NOW, today=TODAY
    )
    address = f"{PAGE}pauses/{known.pk}"
    told(desk, address, until="3")
    known.refresh_from_db()
    assert known.ends_on == day("2027-10-01")
    assert "open again" in told(desk, address, back="yes")
    known.refresh_from_db()
    assert known.answer == "resumed"


def test_new_contact_takes_over_every_role(desk):
    harbor = harbor_house()
    anna = harbor.contacts.get()
    said = told(
        desk,
        f"{PAGE}replace",
        leaves=anna.pk,
        last_day="2027-06-30",
        follows="new",
        name="Ben Ortiz",
        email="ben@h.example",
    )
    assert "Anna Reyes leaves after 30\xa0Jun\xa02027. Ben Ortiz takes over: main contact" in said
    assert harbor.contacts.get(name="Ben Ortiz").roles.filter(since=day("2027-07-01")).count() == 5


def test_known_contact_follows_or_nobody_yet(desk):
    harbor = harbor_house()
    anna, lee = harbor.contacts.get(), add_contact(harbor, name="Lee Park", now=NOW)
    told(desk, f"{PAGE}replace", leaves=anna.pk, last_day="2027-06-30", follows="known", successor=lee.pk)
    assert lee.roles.count() == 5
    said = told(desk, f"{PAGE}replace", leaves=lee.pk, last_day="2027-08-31", follows="nobody")
    assert "Nobody follows yet" in said


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "ben@"}, "email"),
        ({"last_day": ""}, "last_day"),
        ({"follows": "known"}, "successor"),
    ],
)
def test_replacement_that_lacks_something_is_refused_at_its_field(desk, changed, field):
    anna = harbor_house().contacts.get()
    said = {"leaves": anna.pk, "last_day": "2027-06-30", "follows": "new", "name": "Ben Ortiz", "email": ""}
    answer = refused(desk, f"{PAGE}replace", **said | changed)
    assert list(answer.context["form"].errors) == [field]
    assert 'aria-invalid="true"' in answer.content.decode()


def test_talk_is_recorded_and_one_to_come_refused(desk):
    harbor = harbor_house()
    talk = {"happened_on": "2027-06-04", "two_way": "yes", "note": "Busy autumn."}
    assert "The talk of 4\xa0Jun\xa02027 is recorded." in told(desk, f"{PAGE}talk", **talk)
    assert Entry.objects.get(organization=harbor, kind="talk").two_way
    answer = refused(desk, f"{PAGE}talk", **talk | {"happened_on": "2027-06-30"})
    assert list(answer.context["form"].errors) == ["happened_on"]


def test_whoever_follows_is_invited_to_the_sessions_after_the_last_day(desk):
    harbor = harbor_house()
    anna, lee = (
        harbor.contacts.get(),
        add_contact(harbor, name="Lee Ortiz", email="lee@harbor.example", now=NOW),
    )
    invite(make_session("2027-06-20T10:00"), [anna], now=NOW)
    invite(make_session("2027-09-16T10:00"), [anna], now=NOW)
    replan([harbor.pk], now=NOW)
    told(desk, f"{PAGE}replace", leaves=anna.pk, last_day="2027-06-30", follows="known", successor=lee.pk)
    stand = Invitation.objects.filter(withdrawn_on=None).order_by("session__starts_at")
    assert [row.contact for row in stand] == [anna, lee]


@pytest.mark.parametrize("form", ["renewal", "pause", "replace", "talk"])
def test_opening_a_form_changes_nothing_and_a_viewer_gets_none(desk, window, form):
    make_agreement(harbor_house())
    before = Entry.objects.count()
    assert desk.get(PAGE + form).status_code == 200
    assert Entry.objects.count() == before
    assert window.get(PAGE + form).status_code == 403
    assert window.post(PAGE + form, {}).status_code == 403


def test_forms_of_another_partner_offer_nobody_from_here(desk):
    anna = harbor_house().contacts.get()
    make_organization("Lighthouse")
    said = {"leaves": anna.pk, "last_day": "2027-06-30", "follows": "nobody"}
    answer = refused(desk, "/partners/lighthouse/replace", **said)
    assert list(answer.context["form"].errors) == ["leaves"]
    anna.refresh_from_db()
    assert anna.left_on is None
