"""What a party said about the end of an agreement stops the mails to it, about that end, and nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from prm.rules.facts import Answered, Organization, State
from prm.rules.succession import partner_recipients
from tests.rules.world import PEOPLE, agreement, day, going, gone, harbor, plan, row

ENDS = "2027-09-30"


def said(
    choice: str, contact: int | None = 1, record: str = "agreement:17", reference: str = ENDS
) -> Answered:
    return Answered(record, day(reference), day("2027-07-05"), choice, contact)


def house(*answers: Answered, **facts: object) -> Organization:
    given = {"agreements": (agreement(ENDS),), "people": replace(PEOPLE, answers=answers)} | facts
    return harbor(**given)  # type: ignore[arg-type]


def mails(organization: Organization, today: str = "2027-07-06", side: str = "partner") -> list[str]:
    found = going(plan(organization, today), "agreement", side)
    return [key.split(":")[2] for _on, key in found]


def test_without_an_answer_all_go() -> None:
    assert mails(house()) == [
        "expiry-90d",
        "expiry-60d",
        "expiry-30d",
        "expiry-14d",
        "expiry-7d",
        "expiry-0d",
    ]


@pytest.mark.parametrize("choice", ["unchanged", "changes", "talk", "not_renewing"])
def test_answer_stops_theirs_and_says_since_when_and_none_of_ours(choice: str) -> None:
    answered = house(said(choice))
    assert mails(answered) == []
    assert mails(answered, side="ours") == mails(house(), side="ours")
    touch = row(plan(answered, "2027-07-06"), "agreement:17:expiry-60d", "partner")
    assert (touch.state, touch.reason.code) == (State.SKIPPED, "answered")
    assert dict(touch.reason.data) == {"on": "2027-07-05"}


def test_answer_of_a_shared_mailbox_counts_too() -> None:
    assert mails(house(said("unchanged", contact=None))) == []


@pytest.mark.parametrize(
    "other", [said("unchanged", record="agreement:18"), said("unchanged", reference="2026-09-30")]
)
def test_answer_about_something_else_stops_nothing(other: Answered) -> None:
    assert mails(house(other)) == mails(house())


def test_renewed_agreement_asks_anew_about_its_new_end() -> None:
    renewed = house(said("unchanged"), agreements=(agreement("2028-09-30"),))
    assert len(mails(renewed)) == 6


def test_what_has_gone_stays_gone() -> None:
    key = f"agreement:17:expiry-90d:{ENDS}:org-4:partner"
    answered = house(said("unchanged"), past=gone(key, on="2027-07-02"))
    assert plan(answered, "2027-07-06")[key].state is State.HANDED_OVER


def recipients(organization: Organization, today: date) -> set[int | None]:
    people = organization.people.asked_about("agreement:17", day(ENDS))
    return {one.contact for one in partner_recipients(people, ("notice",), today, "renewal")}


def test_not_me_leaves_the_mails_and_asks_the_next_one() -> None:
    passed_on = house(said("not_me", contact=1))
    assert mails(passed_on) == mails(house())
    assert recipients(house(), day("2027-07-06")) == {1}
    assert recipients(passed_on, day("2027-07-06")) == {2}


def test_not_me_is_about_one_end_of_one_agreement() -> None:
    people = replace(PEOPLE, answers=(said("not_me", contact=1),))
    assert people.asked_about("agreement:18", day(ENDS)) is people
    assert people.asked_about("agreement:17", day("2028-09-30")) is people
    assert [one.id for one in people.asked_about("agreement:17", day(ENDS)).contacts] == [2, 3]


def test_when_nobody_is_left_the_owner_hears_of_the_gap() -> None:
    nobody = house(*(said("not_me", contact=number) for number in (1, 2, 3)))
    touches = plan(nobody, "2027-07-06")
    assert row(touches, "agreement:17:expiry-60d", ":partner").reason.code == "no_contact"
    gap = row(touches, "agreement:17:expiry-60d", ":partner:nobody")
    assert (gap.audience, gap.state) == (("owner",), State.PLANNED)


def test_somebody_answers_after_another_said_not_me() -> None:
    assert mails(house(said("not_me", contact=1), said("unchanged", contact=2))) == []
