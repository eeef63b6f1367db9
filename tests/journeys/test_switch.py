"""What happens to what is due while nothing may go, or nothing runs."""

from datetime import timedelta
from typing import Any

import pytest

from prm.accounts.actions import set_sending
from prm.accounts.queries import program
from prm.management.commands.tick import heartbeat
from prm.partners.models import Organization
from prm.reminders.models import Reminder
from prm.reporting.outlook import outlook
from tests.story import agreement, at, contact, day, entries_to, partner, person, steps_to

pytestmark = pytest.mark.django_db

ANNA, ROSA = "anna@harbor.example", "rosa@program.example"


@pytest.fixture
def harbor() -> Organization:
    harbor = partner(owner=person("Rosa"))
    contact(harbor)
    agreement(harbor, "2027-09-30")
    return harbor


def test_held_for_a_week_then_released_everything_goes_once(
    harbor: Organization, mailoutbox: list[Any]
) -> None:
    set_sending(program(), "held", now=at("2027-07-01T10:00"))
    for n in range(7):
        heartbeat(at("2027-07-02T09:30") + timedelta(n))
    assert mailoutbox == []
    set_sending(program(), "on", now=at("2027-07-09T10:00"))
    heartbeat(at("2027-07-09T10:01"))
    heartbeat(at("2027-07-09T10:02"))
    assert (steps_to(mailoutbox, ANNA), steps_to(mailoutbox, ROSA, "agreement")) == (
        ["expiry-90d"],
        ["expiry-90d"],
    )
    assert [entry[:2] for entry in entries_to(mailoutbox, ANNA)] == [("REQUEST", 0)]


def test_holding_changes_neither_state_nor_day_in_the_outlook(harbor: Organization) -> None:
    heartbeat(at("2027-06-30T09:30"))
    before = [line.as_json() for line in outlook(from_day=day("2027-06-30"), days=90)]
    set_sending(program(), "held", now=at("2027-06-30T10:00"))
    heartbeat(at("2027-06-30T10:01"))
    assert [line.as_json() for line in outlook(from_day=day("2027-06-30"), days=90)] == before


def test_after_an_outage_only_the_latest_of_a_ladder_and_side_goes(
    harbor: Organization, mailoutbox: list[Any]
) -> None:
    heartbeat(at("2027-09-14T17:00"))
    mailoutbox.clear()
    heartbeat(at("2027-09-24T10:00"))  # -14 lay on 16 Sep, -7 on 23 Sep
    assert (steps_to(mailoutbox, ANNA), steps_to(mailoutbox, ROSA, "agreement")) == (
        ["expiry-7d"],
        ["expiry-7d"],
    )
    left_out = Reminder.objects.filter(offset=-14)
    assert {(r.state, r.reason) for r in left_out} == {("skipped", "overtaken")}


def test_an_outage_over_the_end_tells_the_partner_nothing_late(
    harbor: Organization, mailoutbox: list[Any]
) -> None:
    heartbeat(at("2027-09-28T17:00"))
    mailoutbox.clear()
    heartbeat(at("2027-10-08T10:00"))
    assert steps_to(mailoutbox, ANNA) == []
    assert steps_to(mailoutbox, ROSA, "agreement") == ["expiry+7d"]
