"""What partners say about an agreement stops our mails to them and to nobody else, and the last word counts."""

import pytest

from prm.agreements.actions import end
from prm.continuity import saying
from prm.management.commands.tick import heartbeat
from prm.partners.actions import add_contact, settle
from prm.partners.links import Holder, Wish, issue
from prm.partners.models import Purpose, Statement
from prm.reminders import facts
from prm.reminders.models import Reminder
from prm.rules.refusal import Refusal
from tests.cast import NEW_YORK, NOW, TODAY, anna_reyes, day, make_agreement, make_organization, make_program

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _program():
    make_program()


@pytest.fixture
def link(harbor, anna, mou):
    holder = Holder(harbor.pk, anna.pk)
    about = f"agreement:{mou.pk}:2027-09-30"
    return issue([(holder, Wish(Purpose.RENEWAL, about, "notice"))], now=NOW)[0]


def state(organization):
    rows = Reminder.objects.filter(organization=organization).exclude(state="withdrawn")
    return {row.key: (row.state, row.day, row.reason) for row in rows}


def changed(statement):
    return statement.data["changed"]


@pytest.fixture
def mou(harbor):
    """Valid through 30 September 2027; the first mail goes on 2 July."""
    return make_agreement(harbor)


def to_partner(organization, record="agreement:"):
    rows = Reminder.objects.filter(organization=organization, rule="expiry", side="partner")
    rows = rows.filter(record__startswith=record)
    return {row.offset: row.state for row in rows}


def to_us(organization):
    rows = Reminder.objects.filter(organization=organization, rule="expiry", side="ours", nobody=False)
    return {row.state for row in rows}


@pytest.mark.parametrize("choice", ["unchanged", "changes", "talk", "not_renewing"])
def test_answer_stops_the_mails_to_them_and_none_of_ours(harbor, mou, link, choice):
    told = changed(saying.answer_renewal(link, mou, choice=choice, now=NOW))
    assert set(to_partner(harbor).values()) == {"skipped"}
    assert told == {"stopped": 6, "next": ""}
    assert to_us(harbor) == {"planned"}


def test_answer_of_one_party_is_not_that_of_another(harbor, link):
    other = anna_reyes(make_organization("Lighthouse"), email="lou@lighthouse.example").organization
    shared = make_agreement(harbor, [other])
    saying.answer_renewal(link, shared, choice="unchanged", now=NOW)
    heartbeat(NOW)
    record = f"agreement:{shared.pk}"
    assert set(to_partner(harbor, record).values()) == {"skipped"}
    assert set(to_partner(other, record).values()) == {"planned"}


def test_not_me_asks_the_next_one(harbor, anna, mou, link):
    lee = add_contact(harbor, name="Lee Ortiz", email="lee@harbor.example", roles=("signatory",), now=NOW)
    told = changed(saying.answer_renewal(link, mou, choice="not_me", now=NOW))
    assert told == {"stopped": 0, "next": "signatory"}
    assert set(to_partner(harbor).values()) == {"planned"}
    known = facts.load([harbor], today=TODAY).facts[harbor.pk].people
    asked = known.asked_about(f"agreement:{mou.pk}", day("2027-09-30"))
    assert [contact.id for contact in asked.contacts] == [lee.pk]


def test_not_me_with_nobody_else_becomes_a_task_of_ours(harbor, mou, link):
    assert changed(saying.answer_renewal(link, mou, choice="not_me", now=NOW))["next"] == "nobody"


def test_taken_back_the_mails_go_again(harbor, mou, link):
    heartbeat(NOW)
    before = state(harbor)
    said = saying.answer_renewal(link, mou, choice="unchanged", now=NOW)
    assert state(harbor) != before
    saying.take_back(said, now=NOW)
    assert state(harbor) == before


def test_last_word_about_the_agreement_counts(harbor, mou, link):
    said = [saying.answer_renewal(link, mou, choice=c, now=NOW) for c in ("unchanged", "not_me", "talk")]
    standing = Statement.objects.filter(taken_back_at=None)
    assert list(standing) == [said[-1]]
    assert set(to_partner(harbor).values()) == {"skipped"}


def test_word_that_our_side_confirmed_stays(harbor, mou, link, rosa):
    first = saying.answer_renewal(link, mou, choice="unchanged", now=NOW)
    settle(first, outcome="confirmed", now=NOW, by=rosa)
    saying.answer_renewal(link, mou, choice="not_renewing", now=NOW)
    first.refresh_from_db()
    assert first.taken_back_at is None


def test_proposed_days_are_to_come(mou, link):
    with pytest.raises(Refusal, match="from today on") as refused:
        saying.answer_renewal(link, mou, choice="talk", proposed=[day("2027-06-06")], now=NOW)
    assert refused.value.field == "proposed"
    days = [day("2027-06-21"), day("2027-06-14")]
    said = saying.answer_renewal(link, mou, choice="talk", proposed=days, now=NOW)
    assert said.data["proposed"] == ["2027-06-14", "2027-06-21"]


def test_agreement_that_ended_meanwhile_takes_no_answer(mou, link):
    end(mou, ended_on=TODAY, now=NOW)
    with pytest.raises(Refusal, match="meanwhile"):
        saying.answer_renewal(link, mou, choice="unchanged", now=NOW)


def test_timeline_says_who_when_and_by_which_link(harbor, mou, link):
    saying.answer_renewal(link, mou, choice="changes", note="Another address", now=NOW)
    entry = harbor.entries.get(event="said_renewal")
    assert (entry.data["contact"], entry.data["link"], entry.note) == (
        "Anna Reyes",
        "renewal",
        "Another address",
    )
    assert entry.happened_on == NOW.astimezone(NEW_YORK).date()
