"""The steps with an agreement: each form records one fact, says what it changed, and can be undone."""

import pytest

from prm.agreements.actions import Found, Signer, give_notice, note_clauses, renew
from prm.agreements.models import Agreement, Party
from prm.reminders.actions import replan
from prm.vocabulary.queries import term
from tests.cast import NOW, TODAY, day, harbor_house, make_agreement, make_organization


@pytest.fixture
def harbor(monday):
    return harbor_house()


@pytest.fixture
def mou(harbor):
    return make_agreement(harbor)


@pytest.fixture
def draft(harbor):
    return make_agreement(harbor, parties=[Signer(harbor), Signer(None)])


def address(agreement, step="", query=""):
    return f"/partners/harbor-house/agreements/{agreement.pk}/{step}{query}"


def told(client, agreement, step, query="", **said):
    """What the agreement's page says after a form was sent and accepted."""
    answer = client.post(address(agreement, step, query), said, follow=True)
    assert answer.redirect_chain == [(address(agreement), 302)], answer.context["form"].errors
    [message] = answer.context["messages"]
    return str(message).replace("\xa0", " ")


def refused(client, agreement, step, query="", **said):
    """The errors of the form as it comes back."""
    answer = client.post(address(agreement, step, query), said)
    assert answer.status_code == 200
    return answer.context["form"].errors


def undone(client, agreement):
    """Press Undo on the agreement's page."""
    page = client.get(address(agreement))
    way = next(knot.press[1] for knot in page.context["past"] if knot.press)
    return client.post(way, follow=True)


def now(agreement):
    return Agreement.objects.get(pk=agreement.pk)


# --- signing --------------------------------------------------------------------------------------------------------


def test_signing_proposes_today_and_who_signs_for_them(desk, draft):
    form = desk.get(address(draft, "sign")).context["form"]
    assert form.initial == {"signed_on": TODAY, "signatory_name": "Anna Reyes"}


def test_one_signs_after_the_other_until_it_is_in_force(desk, draft, harbor):
    theirs, ours = draft.parties.get(organization=harbor), draft.parties.get(organization=None)
    said = told(desk, draft, "sign", signed_on="2027-06-01", signatory_name="Anna Reyes")
    assert said.startswith("Harbor House has signed.\n")
    theirs.refresh_from_db()
    assert (theirs.signed_on, theirs.signatory_name) == (day("2027-06-01"), "Anna Reyes")
    said = told(desk, draft, "sign", f"?party={ours.pk}", signed_on="")
    assert said.startswith("Our program has signed. The agreement is in force through 30 Sep 2027.")
    assert now(draft).status == "in_force"
    page = desk.get(address(draft, "sign")).content.decode()
    assert "There is nobody left to wait for." in page


def test_a_signature_that_was_a_mistake_is_undone(desk, draft):
    told(desk, draft, "sign", signed_on="2027-06-01")
    assert "is as it was before" in str(next(iter(undone(desk, draft).context["messages"])))
    assert not Party.objects.filter(signature="signed").exists()
    assert now(draft).status == "draft"


def test_signing_warns_of_clauses_and_goes_on_all_the_same(desk, draft):
    note_clauses(draft, [Found(term("clause", "release"), "absent")], now=NOW)
    page = desk.get(address(draft, "sign")).content.decode()
    assert "Missing, and it should be there" in page
    assert "Nobody has looked whether this is in it" in page
    assert told(desk, draft, "sign", signed_on="2027-06-01")


def test_a_signature_in_the_future_is_refused_at_its_field(desk, draft):
    errors = refused(desk, draft, "sign", signed_on="2027-12-24")
    assert errors == {"signed_on": ["A signature cannot lie in the future."]}


def test_sending_is_noted_with_its_day(desk, draft):
    assert told(desk, draft, "send", sent_on="2027-06-02").startswith("Sent for signature on 2 Jun 2027.")
    assert (now(draft).status, now(draft).sent_on) == ("awaiting", day("2027-06-02"))
    assert refused(desk, draft, "send", sent_on="2027-06-09") == {"sent_on": ["This day is still to come."]}
    undone(desk, draft)
    assert now(draft).status == "draft"


def test_the_board_of_a_partner_is_proposed_and_agrees(desk, draft, harbor):
    harbor.approval_body = "County board"
    harbor.save()
    form = desk.get(address(draft, "approval")).context["form"]
    assert form.initial["approval_body"] == "County board"
    body = {"approval_body": "County board", "before_body_on": "2027-06-01"}
    assert told(desk, draft, "approval", **body).startswith("Noted: it is with County board.")
    said = told(desk, draft, "approval", **body, approved_on="2027-06-07")
    assert said.startswith("County board agreed. Now it can be signed.")
    errors = refused(desk, draft, "approval", **body, approved_on="2027-05-01")
    assert errors == {"approved_on": ["They cannot have agreed before it went there."]}


# --- joining --------------------------------------------------------------------------------------------------------


def test_who_joins_is_found_by_name_and_signs_for_itself(desk, mou):
    make_organization("Lighthouse"), make_organization("The Light Network"), make_organization("Chapel")
    page = desk.get(address(mou, "join", "?q=light"))
    assert [one.name for one in page.context["matches"]] == ["Lighthouse", "The Light Network"]
    assert "No partner" in desk.get(address(mou, "join", "?q=harbor")).content.decode()
    said = told(desk, mou, "join", "?with=lighthouse", signed="signed", signed_on="2027-06-01")
    assert said.startswith("Lighthouse has joined.")
    joined = mou.parties.get(organization__slug="lighthouse")
    assert (joined.original, joined.signed_on) == (False, day("2027-06-01"))
    errors = refused(desk, mou, "join", "?with=lighthouse", signed="waiting")
    assert errors == {"__all__": ["Lighthouse is a party already."]}
    undone(desk, mou)
    assert not mou.parties.filter(organization__slug="lighthouse").exists()


def test_who_joins_without_a_signature_is_waited_for(desk, mou):
    make_organization("Lighthouse")
    said = told(desk, mou, "join", "?with=lighthouse", signed="waiting")
    assert said.startswith("Lighthouse joins as soon as it has signed.")


def test_more_names_than_fit_are_cut(desk, mou):
    for number in range(14):
        make_organization(f"House {number}")
    assert len(desk.get(address(mou, "join", "?q=house")).context["matches"]) == 12


# --- clauses --------------------------------------------------------------------------------------------------------


def test_clauses_are_gone_through_and_kept(desk, mou):
    release = term("clause", "release").pk
    said = told(desk, mou, "clauses", **{f"state_{release}": "absent", f"note_{release}": "Ask"})
    assert said.startswith("1 clause changed.")
    assert mou.clauses.get().note == "Ask"
    form = desk.get(address(mou, "clauses")).context["form"]
    assert form[f"state_{release}"].value() == "absent"


def test_a_page_alone_means_that_it_is_there_and_a_note_alone_is_asked_about(desk, mou):
    release, purpose = term("clause", "release").pk, term("clause", "purpose").pk
    told(desk, mou, "clauses", **{f"place_{release}": "page 3"})
    assert (mou.clauses.get().state, mou.clauses.get().place) == ("present", "page 3")
    errors = refused(desk, mou, "clauses", **{f"note_{purpose}": "Where?"})
    assert errors == {f"state_{purpose}": ["Say whether it is there, then your note is kept."]}


# --- notice, ends ---------------------------------------------------------------------------------------------------


def test_notice_follows_from_its_days(desk, mou, harbor):
    replan([harbor.pk], now=NOW)
    form = desk.get(address(mou, "notice")).context["form"]
    own = str(mou.parties.get(organization=harbor).pk)
    assert form.initial == {"who": own, "given_on": TODAY, "days": 30}
    said = told(desk, mou, "notice", who=own, given_on="2027-06-01", days="60")
    assert "stays in force until 31 Jul 2027" in said
    assert "are withdrawn" in said
    left = now(mou)
    assert (left.ended_on, left.notice_by, left.termination_days) == (
        day("2027-07-31"),
        "Harbor House",
        60,
    )


def test_notice_never_lasts_longer_than_the_agreement(desk, mou, harbor):
    ours = str(mou.parties.get(organization=None).pk)
    told(desk, mou, "notice", who=ours, given_on="2027-06-07", days="180")
    assert (now(mou).ended_on, now(mou).notice_by) == (day("2027-09-30"), "Our program")


def test_notice_is_taken_back(desk, mou):
    give_notice(mou, ended_on=day("2027-08-06"), notice_by="Harbor House", now=NOW)
    assert "Harbor House gave notice on 7\xa0Jun" in desk.get(address(mou, "notice")).content.decode()
    assert told(desk, mou, "notice", back="yes").startswith("The notice is taken back.")
    assert now(mou).notice_given_on is None
    again = desk.post(address(mou, "notice"), {"back": "yes"})
    assert "There is no notice to take back." in again.content.decode()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"who": ""}, "who"),
        ({"days": ""}, "days"),
        ({"days": "many"}, "days"),
        ({"given_on": "2027-06-31"}, "given_on"),
        ({"ended_on": "2027-05-01"}, "ended_on"),
    ],
)
def test_notice_that_lacks_something_is_answered_at_its_field(desk, mou, harbor, said, field):
    own = str(mou.parties.get(organization=harbor).pk)
    errors = refused(desk, mou, "notice", **{"who": own, "given_on": "2027-06-07", "days": "30"} | said)
    assert list(errors) == [field]


def test_both_let_it_go_and_think_again(desk, mou):
    assert told(desk, mou, "end", ended_on="2027-06-07", note="Merged").startswith("Ended with 7 Jun 2027.")
    assert (now(mou).status, now(mou).end_note) == ("ended", "Merged")
    undone(desk, mou)
    assert (now(mou).status, now(mou).ended_on, now(mou).end_note) == ("in_force", None, "")


def test_a_draft_is_given_up_and_taken_up_again(desk, draft):
    assert told(desk, draft, "withdraw", note="No time").startswith("Given up.")
    assert now(draft).status == "withdrawn"
    undone(desk, draft)
    assert now(draft).status == "draft"


def test_a_last_day_is_corrected_and_put_back(desk, mou):
    assert "30 Nov 2027" in told(desk, mou, "correct", expires_on="2027-11-30")
    undone(desk, mou)
    assert now(mou).expires_on == day("2027-09-30")
    errors = refused(desk, mou, "correct", expires_on="2025-01-01")
    assert errors == {"expires_on": ["The last valid day lies before the first one."]}


def test_a_review_is_noted_and_taken_back(desk, harbor):
    mou = make_agreement(harbor, term="evergreen", expires_on=None)
    assert told(desk, mou, "review", reviewed_on="2027-06-07", note="Fine").startswith("Looked through on")
    assert mou.reviews.get().note == "Fine"
    undone(desk, mou)
    assert not mou.reviews.exists()


def test_a_renewal_is_undone_from_the_new_term_and_leads_to_the_old_one(desk, mou):
    new = renew(mou, now=NOW)
    page = undone(desk, new)
    assert page.redirect_chain == [(address(mou), 302)]
    assert now(mou).status == "in_force"


def test_any_party_undoes_what_was_seen_on_the_page_of_another(desk, harbor):
    lighthouse = make_organization("Lighthouse")
    mou = make_agreement(harbor, others=[lighthouse])
    told(desk, mou, "end", ended_on="2027-06-07")
    page = desk.get(f"/partners/lighthouse/agreements/{mou.pk}/")
    way = next(knot.press[1] for knot in page.context["past"] if knot.press)
    assert "is as it was before" in str(next(iter(desk.post(way, follow=True).context["messages"])))
    assert now(mou).status == "in_force"


def test_the_message_has_the_undo_beside_it_also_after_a_renewal(desk, mou):
    answer = desk.post(address(mou, "end"), {"ended_on": "2027-06-07"}, follow=True)
    [message] = answer.context["messages"]
    assert message.extra_tags in answer.content.decode()
    desk.post(message.extra_tags, follow=True)
    assert now(mou).status == "in_force"
    said = {"until": "same", "starts_on": "2027-10-01", "signed": "signed", "signed_on": "2027-06-01"}
    answer = desk.post(f"/partners/harbor-house/renewal?agreement={mou.pk}", said, follow=True)
    [message] = answer.context["messages"]
    assert now(mou).status == "replaced"
    desk.post(message.extra_tags)
    assert now(mou).status == "in_force"
    assert Agreement.objects.count() == 1


def test_every_party_is_planned_anew(desk, harbor):
    lighthouse = make_organization("Lighthouse")
    mou = make_agreement(harbor, others=[lighthouse])
    told(desk, mou, "end", ended_on="2027-06-07")
    lighthouse.refresh_from_db()
    assert lighthouse.plan_stale_at is None
    assert lighthouse.planned_for == TODAY


def test_opening_any_step_changes_nothing(desk, mou, draft):
    before = list(Agreement.objects.order_by("pk").values()), list(Party.objects.order_by("pk").values())
    for agreement in (mou, draft):
        for step in "sign approval join clauses notice send review correct end withdraw".split():
            assert desk.get(address(agreement, step)).status_code == 200
    assert before == (
        list(Agreement.objects.order_by("pk").values()),
        list(Party.objects.order_by("pk").values()),
    )
