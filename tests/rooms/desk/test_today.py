"""The rows of Today: the same as the digest's, until somebody has done what they ask for."""

from datetime import timedelta

import pytest

from prm.accounts.models import User
from prm.agreements.actions import renew
from prm.capacity.actions import pause, resume
from prm.desk import today as desk
from prm.management.commands.tick import heartbeat
from prm.outbox.models import Message
from prm.partners import links
from prm.partners.actions import (
    keep_promise,
    make_promise,
    mark_undeliverable,
    move_promise,
    note_leaving,
    record_talk,
    replace_contact,
    say,
    settle,
)
from prm.partners.links import Holder, Wish
from prm.partners.models import Purpose
from prm.reminders.actions import refresh
from tests.cast import (
    NOW,
    TODAY,
    at,
    carla,
    day,
    harbor_house,
    make_agreement,
    make_organization,
    make_program,
    rosa,
)

pytestmark = pytest.mark.django_db
MORNING = at("2027-06-07T08:00")


@pytest.fixture
def harbor():
    """Harbor House, known since May: nothing about it is new today."""
    make_program()
    return harbor_house(now=at("2027-05-03T10:00"), today=day("2027-05-03"))


def rows(key, *, now=NOW, who=None, everyone=False):
    refresh(now=now)
    group = desk.day_of(who or rosa(), everyone=everyone, now=now).groups[key]
    return [(row.subject, row.matter, row.next_action) for row in group.rows]


def says(organization, now=NOW):
    contact = organization.contacts.first()
    [link] = links.issue([(Holder(organization.pk, contact.pk), Wish(Purpose.PAGE))], now=now)
    return say(link, kind="correction", data={"about": "other"}, note="The phone", now=now)


def test_reminder_of_this_morning_stays_until_somebody_did_it(harbor):
    mou = make_agreement(
        harbor, expires_on=day("2027-08-06"), now=at("2027-05-03T10:00"), today=day("2027-05-03")
    )
    heartbeat(MORNING)  # -60, told by the digest
    row = ("Harbor House", "Agreement ends", "Ask about the renewal")
    assert row in rows("today")
    renew(mou, now=NOW)
    assert row not in rows("today")


def test_yesterdays_reminder_is_not_todays(harbor):
    make_agreement(harbor, expires_on=day("2027-08-06"), now=at("2027-05-03T10:00"), today=day("2027-05-03"))
    heartbeat(MORNING)
    assert rows("today", now=at("2027-06-08T10:00")) == []


def test_what_is_late_is_said_once(harbor):
    make_agreement(harbor, expires_on=day("2027-05-31"), now=at("2027-05-03T10:00"), today=day("2027-05-03"))
    refresh(now=NOW)
    heartbeat(MORNING)
    row = ("Harbor House", "Agreement has ended, still working together", "Renew or end it")
    assert [row in rows(key) for key in ("late", "today", "week")] == [False, True, False]
    assert [row in rows(key, now=at("2027-06-10T10:00")) for key in ("late", "today")] == [True, False]


def test_pause_that_is_over_is_late_until_they_are_back(harbor):
    known = pause(
        harbor, scope="referrals", starts_on=day("2027-04-01"), months=1, now=at("2027-05-03T10:00")
    )
    assert ("Harbor House", "Pause is over, nobody said whether they are back", "Call Anna Reyes") in rows(
        "late"
    )
    resume(known, now=NOW)
    assert "Pause is over, nobody said whether they are back" not in [one[1] for one in rows("late")]


def test_roles_that_nobody_follows_in_are_a_row_until_somebody_does(harbor):
    anna = harbor.contacts.get()
    note_leaving(anna, last_day=day("2027-06-04"), now=NOW)
    matter = (
        "Nobody follows Anna Reyes: main contact, agreement notices, signs agreements, training coordinator, "
        "referral intake"
    )
    assert ("Harbor House", matter, "Find a contact") in rows("late")
    replace_contact(anna, last_day=day("2027-06-04"), name="Mai Tran", email="mai@harbor.example", now=NOW)
    assert [one for one in rows("late") if "Nobody follows" in one[1]] == []


def test_leaving_that_is_still_to_come_leaves_no_gap_yet(harbor):
    note_leaving(harbor.contacts.get(), last_day=TODAY, now=NOW)
    assert [one for one in rows("late") if "Nobody follows" in one[1]] == []


def test_promise_is_near_due_late_and_gone_once_it_is_kept(harbor):
    promise = make_promise(
        harbor, side="theirs", what="Send the roster", due_on=day("2027-06-11"), now=at("2027-06-03T10:00")
    )
    row = ("Harbor House", "Their promise is due: Send the roster", "Ask them about it")
    assert row in rows("week")
    for morning, key in (("2027-06-08", "today"), ("2027-06-11", "today"), ("2027-06-14", "late")):
        heartbeat(at(f"{morning}T08:00"))
        assert row in rows(key, now=at(f"{morning}T11:00"))
    keep_promise(promise, now=at("2027-06-14T11:00"))
    assert row not in rows("late", now=at("2027-06-14T12:00"))


def test_promise_kept_on_its_day_leaves_today_at_once(harbor):
    promise = make_promise(
        harbor, side="ours", what="Send 200 flyers", due_on=TODAY, now=at("2027-06-04T10:00")
    )
    heartbeat(MORNING)
    row = ("Harbor House", "Our promise is due: Send 200 flyers", "Keep it or move it")
    assert row in rows("today")
    move_promise(promise, due_on=day("2027-07-30"), now=NOW)
    assert [one for key in ("late", "today", "week") for one in rows(key) if "flyers" in one[1]] == []


def test_two_promises_of_one_partner_are_two_rows_and_a_private_one_keeps_its_words(harbor):
    for what, private in (("Send 200 flyers", False), ("Help with the eviction", True)):
        make_promise(
            harbor,
            side="ours",
            what=what,
            due_on=day("2027-06-02"),
            private=private,
            now=at("2027-06-01T10:00"),
        )
    found = [matter for _who, matter, _next in rows("today") if "promise" in matter]
    assert found == ["Our promise is due: Send 200 flyers", "Our promise is due"]


def test_address_that_does_not_work_is_a_row(harbor):
    mark_undeliverable(harbor.contacts.get(), on=TODAY, now=NOW)
    matter = "Mail does not reach Anna Reyes; we ask somebody else"
    assert ("Harbor House", matter, "Find the right address") in rows("late")


def test_talk_that_was_recorded_takes_the_row_away(harbor):
    moment = at("2027-08-02T08:00")  # 90 days after entry is Sunday 1 Aug
    heartbeat(moment)
    row = ("Harbor House", "Nobody talked to them for a while", "Call Anna Reyes")
    assert row in rows("today", now=moment + timedelta(hours=2))
    record_talk(harbor, happened_on=day("2027-08-02"), now=moment + timedelta(hours=2), two_way=True)
    assert row not in rows("today", now=moment + timedelta(hours=3))


def test_statements_are_open_then_done_then_yesterdays(harbor):
    said = says(harbor)
    now = NOW + timedelta(hours=1)
    before = desk.day_of(rosa(), everyone=False, now=now)
    assert ([one.statement.pk for one in before.said], before.done) == ([said.pk], [])
    settle(said, outcome="seen", now=now, by=rosa())
    after = desk.day_of(rosa(), everyone=False, now=now)
    assert (after.said, [one.statement.pk for one in after.done]) == ([], [said.pk])
    assert desk.day_of(rosa(), everyone=False, now=at("2027-06-08T09:00")).done == []


def test_viewer_sees_no_hidden_partner(harbor):
    hidden = harbor_house(name="Safe House", confidential=True)
    make_agreement(hidden, expires_on=day("2027-05-31"))
    says(hidden)
    seen = desk.day_of(carla(), everyone=True, now=NOW)
    assert (seen.said, list(seen.slugs.values())) == ([], ["harbor-house"])
    assert rows("late", who=carla(), everyone=True) == rows("late", everyone=False)


def test_many_partners_cost_the_same(harbor, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(desk, "REACH", 0)
    user = User.objects.get(pk=rosa().pk)
    counts = []
    for number in (1, 3):
        for count in range(number):
            one = make_organization(f"Place {number} {count}", owner=user)
            make_agreement(one, expires_on=day("2027-05-20"))
        refresh(now=NOW)
        with django_assert_num_queries(13):
            counts.append(len(desk.day_of(user, everyone=False, now=NOW).groups["late"].rows))
    assert counts == [1, 4]


def test_digest_begins_with_what_partners_said(harbor, mailoutbox):
    says(harbor, now=at("2027-06-06T10:00"))
    heartbeat(MORNING)
    mail = Message.objects.get(kind="digest")
    said = mail.text.partition("What partners said")[2].replace("\xa0", " ")
    assert "Harbor House, Anna Reyes says something is not right." in " ".join(said.split())
    heartbeat(MORNING + timedelta(minutes=1))
    assert Message.objects.filter(kind="digest").count() == 1
