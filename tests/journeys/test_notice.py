"""Notice: from the day somebody gives it until the agreement is over, in mails and calendars of both sides."""

from typing import Any

import pytest

from prm.agreements.actions import give_notice, take_back_notice, undo
from prm.agreements.models import Agreement
from prm.management.commands.tick import heartbeat
from tests.story import agreement, at, contact, day, entries_to, partner, person, steps_to

pytestmark = pytest.mark.django_db

ANNA, ROSA = "anna@harbor.example", "rosa@program.example"
LAST = day("2027-08-06")


@pytest.fixture
def mou() -> Agreement:
    """Valid through 30 September 2027; both sides have heard of it once, and have it in their calendars."""
    harbor = partner(owner=person("Rosa"))
    contact(harbor)
    found = agreement(harbor, "2027-09-30")
    heartbeat(at("2027-07-02T09:00"))
    return found


def given(mou: Agreement) -> Agreement:
    return give_notice(mou, ended_on=LAST, notice_by="Harbor House", now=at("2027-07-06T11:00"))


def methods(mails: list[Any], who: str) -> list[tuple[str, int]]:
    return [entry[:2] for entry in entries_to(mails, who)]


def test_calendars_move_to_the_last_day_and_nobody_is_asked_to_renew(
    mou: Agreement, mailoutbox: list[Any]
) -> None:
    held = {who: entries_to(mailoutbox, who)[0][2] for who in (ANNA, ROSA)}
    mailoutbox.clear()
    given(mou)
    for moment in ("2027-07-06T11:01", "2027-08-02T09:00", "2027-08-06T09:00", "2027-08-09T09:00"):
        heartbeat(at(moment))
    heartbeat(at("2027-10-07T09:00"))
    for who, uid in held.items():
        assert entries_to(mailoutbox, who) == [("REQUEST", 1, uid)]
        assert [step for step in steps_to(mailoutbox, who, "agreement") if step.startswith("expiry")] == []
    mou.refresh_from_db()
    assert (mou.status, mou.ended_on) == ("ended", LAST)


def test_it_is_in_force_on_its_last_day_and_ended_on_the_next(mou: Agreement) -> None:
    given(mou)
    assert heartbeat(at("2027-08-06T23:30"))["ended"] == 0
    mou.refresh_from_db()
    assert mou.status == "in_force"
    assert heartbeat(at("2027-08-07T00:10"))["ended"] == 1
    assert heartbeat(at("2027-08-07T00:20"))["ended"] == 0


@pytest.mark.parametrize("back", [take_back_notice, undo])
def test_taken_back_the_calendars_and_the_reminders_are_as_before(
    mou: Agreement, mailoutbox: list[Any], back: Any
) -> None:
    given(mou)
    heartbeat(at("2027-07-06T11:01"))
    back(mou, now=at("2027-07-06T15:00"))
    heartbeat(at("2027-07-06T15:01"))
    assert methods(mailoutbox, ANNA) == [("REQUEST", 0), ("REQUEST", 1), ("REQUEST", 2)]
    heartbeat(at("2027-07-30T09:00"))
    assert steps_to(mailoutbox, ANNA) == ["expiry-90d", "expiry-60d"]


def test_who_has_no_entry_gets_none(mailoutbox: list[Any]) -> None:
    harbor = partner(owner=person("Rosa"))
    contact(harbor)
    mou = agreement(harbor, "2028-09-30")
    given(mou)
    heartbeat(at("2027-07-06T11:01"))
    assert methods(mailoutbox, ANNA) == []
