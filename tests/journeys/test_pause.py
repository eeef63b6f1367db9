"""A partner pauses everything from 30 Nov 2027 for three months."""

from typing import Any

import pytest

from prm.agreements.models import Agreement
from prm.capacity.actions import pause
from prm.capacity.models import Pause
from prm.management.commands.tick import heartbeat
from prm.partners.models import Organization
from prm.reminders import facts
from prm.reminders.models import Reminder
from prm.rules.pausing import Openness, openness
from tests.story import agreement, at, contact, day, entries_to, keys_to, partner, person, steps_to

pytestmark = pytest.mark.django_db

ANNA, ROSA = "anna@harbor.example", "rosa@program.example"


@pytest.fixture
def harbor() -> Organization:
    harbor = partner(owner=person("Rosa"), training=3, partner_since=day("2026-01-15"))
    contact(harbor)
    return harbor


@pytest.fixture
def mou(harbor: Organization) -> Agreement:
    return agreement(harbor, "2028-01-31", starts_on="2027-02-01")


@pytest.fixture
def breath(harbor: Organization, mou: Agreement) -> Pause:
    heartbeat(at("2027-11-22T09:30"))
    breath = pause(
        harbor,
        scope="all",
        starts_on=day("2027-11-30"),
        months=3,
        declared_by=harbor.contacts.get(),
        now=at("2027-11-22T10:00"),
    )
    heartbeat(at("2027-11-22T10:01"))
    return breath


def planned(rule: str, **more: Any) -> list[Reminder]:
    return list(Reminder.objects.filter(rule=rule, **more).order_by("day"))


def test_it_talks_again_on_the_last_day_of_february(breath: Pause, mailoutbox: list[Any]) -> None:
    assert (breath.ends_on, breath.talk_on) == (day("2028-02-29"), day("2028-02-29"))
    for who in (ANNA, ROSA):
        assert [entry[:2] for entry in entries_to(mailoutbox, who) if entry][-1] == ("REQUEST", 0)
    body = next(
        m.alternatives[-1][0]
        for m in mailoutbox
        if m.alternatives[-1][1].startswith("text/calendar") and "Talk" in m.subject
    )
    assert "20280229T100000" in body
    days = {r.offset: r.day for r in planned("talk", side="ours")}
    assert days == {-7: day("2028-02-22"), 0: day("2028-02-29"), 7: day("2028-03-07"), 14: day("2028-03-14")}


def test_training_inside_is_held_until_the_first_working_day_after(breath: Pause) -> None:
    inside = [
        r
        for r in planned("training", side="partner")
        if day("2027-11-30") <= r.nominal_on <= day("2028-02-29")
    ]
    assert inside
    assert {r.state for r in inside} <= {"held", "skipped"}
    assert {r.day for r in inside if r.state == "held"} == {day("2028-03-01")}


def test_renewal_inside_speaks_to_our_side_only(breath: Pause, mou: Agreement, mailoutbox: list[Any]) -> None:
    mailoutbox.clear()
    for moment in (
        "2027-12-02T09:30",
        "2027-12-30T09:30",
        "2028-01-14T09:30",
        "2028-01-24T09:30",
        "2028-01-31T09:30",
    ):
        heartbeat(at(moment))
    assert keys_to(mailoutbox, ANNA) == []
    found = steps_to(mailoutbox, ROSA, f"agreement:{mou.pk}")
    assert found == ["expiry-60d", "expiry-30d", "expiry-14d", "expiry-7d", "expiry-0d"]
    partner_rows = planned("expiry", side="partner", nominal_on__gte=day("2027-11-30"))
    assert {(r.state, r.reason) for r in partner_rows} == {("skipped", "paused")}


def test_afterwards_it_is_to_be_confirmed_until_somebody_answers(breath: Pause, harbor: Organization) -> None:
    known = facts.load([harbor], today=day("2028-03-01")).facts[harbor.pk]
    assert openness(known.pauses, day("2028-02-29")) is Openness.PAUSED
    assert openness(known.pauses, day("2028-03-01")) is Openness.TO_BE_CONFIRMED
    assert openness(known.pauses, day("2029-03-01")) is Openness.TO_BE_CONFIRMED


def test_question_goes_to_who_declared_it_although_paused(breath: Pause, mailoutbox: list[Any]) -> None:
    mailoutbox.clear()
    heartbeat(at("2028-02-22T09:30"))
    assert steps_to(mailoutbox, ANNA) == ["talk-7d"]
    assert "talk-7d" in steps_to(mailoutbox, ROSA)
