"""What our side makes of what a partner said, and the way back."""

from dataclasses import dataclass

import pytest

from prm.agreements.actions import Signer, record_review, take_back_renewal
from prm.agreements.models import Agreement
from prm.continuity import leaving, saying
from prm.desk import said, statements
from prm.partners import links
from prm.partners.actions import say
from prm.partners.links import Holder, Wish
from prm.partners.models import Entry, Organization, Purpose, Statement
from prm.partners.sentences import sentence
from prm.reminders.actions import refresh
from prm.reminders.models import Reminder
from prm.rules.refusal import Refusal
from tests.cast import (
    NOW,
    TODAY,
    anna_reyes,
    at,
    ben,
    day,
    harbor_house,
    make_agreement,
    make_organization,
    make_program,
    rosa,
)

pytestmark = pytest.mark.django_db
TOMORROW = at("2027-06-08T09:00")


@dataclass
class Harbor:
    """Harbor House, Anna's links and what she says by them."""

    organization: Organization

    def link(self, purpose):
        holder = Holder(self.organization.pk, self.organization.contacts.order_by("pk")[0].pk)
        return links.issue([(holder, Wish(purpose))], now=NOW)[0]

    def answers(self, mou, choice, **facts):
        return saying.answer_renewal(self.link(Purpose.RENEWAL), mou, choice=choice, now=NOW, **facts)

    def corrects(self, choice="", **data):
        link = self.link(Purpose.PAGE)
        return say(link, kind="correction", choice=choice, data=data, now=NOW, today=TODAY)

    def leaves(self):
        return leaving.announce(
            self.link(Purpose.LEAVING), last_day=day("2027-06-30"), successor_name="Mai Tran", now=NOW
        )


@pytest.fixture
def harbor():
    make_program()
    return Harbor(harbor_house())


def told(statement):
    [one] = said.told(Statement.objects.filter(pk=statement.pk))
    return one


def words(statement):
    return told(statement).words.replace("\xa0", " ")


def happened(harbor):
    return [
        sentence(entry).replace("\xa0", " ")
        for entry in Entry.objects.filter(organization=harbor.organization)
    ]


def plan(organization):
    rows = Reminder.objects.filter(organization=organization).exclude(state="withdrawn")
    return set(rows.values_list("key", "state", "day"))


# --- renewal ------------------------------------------------------------------------------------------------------


def test_one_press_renews_and_undo_leaves_the_term_before_as_it_was(harbor):
    mou = make_agreement(harbor.organization)
    statement = harbor.answers(mou, "unchanged")
    refresh(now=NOW)
    before = plan(harbor.organization)
    assert statements.ways(told(statement)) == ("confirm", "signatures", "seen")
    made = statements.confirm(statement, now=NOW, by=rosa())
    assert "is renewed through 30 Sep 2029." in made.sentence.replace("\xa0", " ")
    mou.refresh_from_db()
    assert (mou.status, mou.renewed_by.signed_on, mou.renewed_by.status) == ("replaced", TODAY, "in_force")
    assert "Anna Reyes answered by link on 7" in mou.renewed_by.notes
    assert statement.outcome == "confirmed"
    statements.undo(statement, now=NOW, by=ben())
    mou.refresh_from_db()
    assert (mou.status, Agreement.objects.count(), statement.outcome) == ("in_force", 1, "")
    assert plan(harbor.organization) == before
    assert "Renewal taken back: MOU with Harbor House, valid through 30 Sep 2027" in happened(harbor)


def test_second_press_is_told_kindly(harbor):
    statement = harbor.answers(make_agreement(harbor.organization), "unchanged")
    mine, yours = Statement.objects.get(pk=statement.pk), Statement.objects.get(pk=statement.pk)
    statements.confirm(mine, now=NOW, by=rosa())
    with pytest.raises(Refusal, match="Somebody was faster"):
        statements.confirm(yours, now=NOW, by=ben())
    with pytest.raises(Refusal, match="Somebody was faster"):
        statements.see(yours, now=NOW, by=ben())
    assert Agreement.objects.count() == 2
    statements.undo(mine, now=NOW, by=rosa())
    with pytest.raises(Refusal, match="open again already"):
        statements.undo(yours, now=NOW, by=ben())


def test_others_who_sign_too_are_not_signed_for(harbor):
    circle = [
        Signer(harbor.organization, signed_on=TODAY),
        Signer(make_organization("Chapel"), signed_on=TODAY),
    ]
    statement = harbor.answers(make_agreement(harbor.organization, parties=circle), "unchanged")
    assert statements.ways(told(statement)) == ("signatures", "seen")
    with pytest.raises(Refusal, match="Others sign this agreement too"):
        statements.confirm(statement, now=NOW, by=rosa())


def test_undo_is_for_the_same_day(harbor):
    statement = harbor.answers(make_agreement(harbor.organization), "unchanged")
    statements.confirm(statement, now=NOW, by=rosa())
    with pytest.raises(Refusal, match="on an earlier day"):
        statements.undo(statement, now=TOMORROW, by=rosa())


def test_renewal_with_which_something_happened_since_stays(harbor):
    statement = harbor.answers(make_agreement(harbor.organization), "unchanged")
    statements.confirm(statement, now=NOW, by=rosa())
    record_review(Agreement.objects.get(renews__isnull=False), now=NOW)
    with pytest.raises(Refusal, match="Something happened with the next term since"):
        statements.undo(statement, now=NOW, by=rosa())
    statement.refresh_from_db()
    assert (Agreement.objects.count(), statement.outcome) == (2, "confirmed")


def test_first_term_is_no_renewal_to_take_back(harbor):
    with pytest.raises(Refusal, match="not the next term"):
        take_back_renewal(make_agreement(harbor.organization), now=NOW)


@pytest.mark.parametrize(
    ("choice", "ways", "sentence"),
    [
        ("changes", ("call", "signatures", "seen"), "needs changes. It ends on 30 Sep 2027."),
        ("talk", ("call", "signatures", "seen"), "proposes Wed 9 Jun or Thu 10 Jun."),
        (
            "not_renewing",
            ("seen", "call"),
            "they do not renew “MOU with Harbor House”. It ends on 30 Sep 2027.",
        ),
        ("not_me", ("people", "seen"), "somebody else decides about “MOU with Harbor House”."),
    ],
)
def test_each_answer_has_its_sentence_and_its_ways(harbor, choice, ways, sentence):
    days = [day("2027-06-09"), day("2027-06-10")] if choice == "talk" else []
    statement = harbor.answers(make_agreement(harbor.organization), choice, proposed=days)
    assert statements.ways(told(statement)) == ways
    assert words(statement).startswith("Anna Reyes ")
    assert words(statement).endswith(sentence)
    with pytest.raises(Refusal, match="one press"):
        statements.confirm(statement, now=NOW, by=rosa())


# --- leaving, pauses ----------------------------------------------------------------------------------------------


def test_leaving_is_confirmed_and_undone(harbor):
    statement = harbor.leaves()
    assert words(statement) == "Anna Reyes leaves; the last day is 30 Jun 2027. Mai Tran follows."
    statements.confirm(statement, now=NOW, by=rosa())
    assert harbor.organization.contacts.get(name="Anna Reyes").left_on == day("2027-06-30")
    statements.undo(statement, now=NOW, by=rosa())
    assert [one.left_on for one in harbor.organization.contacts.all()] == [None]
    statement.refresh_from_db()
    assert statement.outcome == ""


def test_pause_is_in_force_can_be_seen_and_taken_back(harbor):
    statement = saying.we_are_full(harbor.link(Purpose.PAUSE), scope="referrals", months=3, now=NOW)
    assert words(statement) == "Anna Reyes says they are full. Referrals paused until 7 Sep 2027."
    assert statements.ways(told(statement)) == ("seen", "pause", "take_back")
    statements.see(statement, now=NOW, by=rosa())
    statements.undo(statement, now=NOW, by=rosa())
    statements.take_back(statement, now=NOW, by=rosa())
    assert harbor.organization.pauses.get().withdrawn_on == TODAY
    assert not said.open_statements().exists()


@pytest.mark.parametrize(
    ("choice", "facts", "ways", "sentence"),
    [
        ("back", {}, ("seen", "pause"), "Anna Reyes says: back as planned after the pause."),
        (
            "longer",
            {"months": 1},
            ("seen", "pause"),
            "Anna Reyes says the pause takes longer, until 7 Oct 2027.",
        ),
        ("call", {}, ("call", "seen"), "Anna Reyes asks for a call about the pause."),
    ],
)
def test_answers_about_a_pause(harbor, choice, facts, ways, sentence):
    saying.we_are_full(harbor.link(Purpose.PAUSE), scope="referrals", months=3, now=NOW)
    known = harbor.organization.pauses.get()
    statement = saying.answer_talk(harbor.link(Purpose.TALK), known, choice=choice, now=NOW, **facts)
    assert (statements.ways(told(statement)), words(statement)) == (ways, sentence)


# --- corrections --------------------------------------------------------------------------------------------------


def test_details_are_changed_and_changed_back(harbor):
    statement = harbor.corrects(about="me", email="anna.reyes@harbor.example", phone="555 0199")
    assert words(statement) == "Anna Reyes sends new details: anna.reyes@harbor.example, 555 0199."
    statements.confirm(statement, now=NOW, by=rosa())
    anna = harbor.organization.contacts.get()
    assert (anna.email, anna.phone) == ("anna.reyes@harbor.example", "555 0199")
    statements.undo(statement, now=NOW, by=rosa())
    anna.refresh_from_db()
    assert (anna.email, anna.phone) == ("anna@harbor.example", "")


def test_somebody_new_is_added_and_taken_away_again(harbor):
    statement = harbor.corrects(about="new", name="Mai Tran", email="mai@harbor.example", role="training")
    statements.confirm(statement, now=NOW, by=rosa())
    mai = harbor.organization.contacts.get(name="Mai Tran")
    assert [role.kind for role in mai.roles.all()] == ["training"]
    statements.undo(statement, now=NOW, by=rosa())
    assert [one.name for one in harbor.organization.contacts.all()] == ["Anna Reyes"]


def test_somebody_who_is_not_there_any_more_leaves_and_comes_back(harbor):
    cho = anna_reyes(harbor.organization, name="Ben Cho", email="cho@harbor.example", roles=["training"])
    statement = harbor.corrects("left", about="person", contact=cho.pk, left=True)
    assert words(statement) == "Anna Reyes says Ben Cho is not there any more."
    statements.confirm(statement, now=NOW, by=rosa())
    cho.refresh_from_db()
    assert cho.left_on == TODAY
    statements.undo(statement, now=NOW, by=rosa())
    cho.refresh_from_db()
    assert (cho.left_on, cho.roles.get().until) == (None, None)


def test_a_person_of_another_partner_is_not_touched(harbor):
    other = anna_reyes(make_organization("Chapel"), name="Ben Cho", email="cho@chapel.example")
    statement = harbor.corrects(about="person", contact=other.pk, email="x@harbor.example")
    with pytest.raises(Refusal, match="not in the list"):
        statements.confirm(statement, now=NOW, by=rosa())
    other.refresh_from_db()
    assert other.email == "cho@chapel.example"


def test_words_alone_can_only_be_seen(harbor):
    statement = harbor.corrects(about="other")
    assert statements.ways(told(statement)) == ("seen", "people")
    assert words(statement) == "Anna Reyes says something is not right."
