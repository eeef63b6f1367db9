"""A training from the invitation to the thanks."""

from datetime import timedelta
from typing import Any

import pytest

from prm.capacity.actions import pause, withdraw
from prm.management.commands.tick import heartbeat
from prm.partners.models import Contact
from prm.reminders.models import Reminder
from prm.training.actions import answer_invitation, invite, move_session, plan_session, record_attendance
from prm.training.models import Session
from tests.story import at, contact, day, entries_to, partner, person, steps_to

pytestmark = pytest.mark.django_db

ANNA, SAM = "anna@harbor.example", "sam@harbor.example"


@pytest.fixture
def anna() -> Contact:
    return contact(partner(owner=person("Rosa"), training=3, partner_since=day("2027-01-15")))


@pytest.fixture
def sam(anna: Contact) -> Contact:
    return contact(anna.organization, "Sam Ode", SAM, roles=())


@pytest.fixture
def training(anna: Contact, sam: Contact) -> Session:
    """A session on Wed 10 Mar 2027 at 10:00, to which Anna and Sam are invited on 1 Feb."""
    start = at("2027-03-10T10:00")
    session = plan_session(
        title="Signs", starts_at=start, ends_at=start + timedelta(hours=2), now=at("2027-02-01T10:00")
    )
    invite(session, [anna, sam], now=at("2027-02-01T10:00"))
    heartbeat(at("2027-02-01T10:01"))
    return session


def test_reminders_go_to_whoever_has_not_declined(
    training: Session, sam: Contact, mailoutbox: list[Any]
) -> None:
    answer_invitation(training.invitations.get(contact=sam), answer="declined", now=at("2027-02-20T10:00"))
    for moment in ("2027-03-03T09:00", "2027-03-09T09:00"):
        heartbeat(at(moment))
    assert [s for s in steps_to(mailoutbox, ANNA) if s.startswith("start")] == ["start-7d", "start-1d"]
    assert [s for s in steps_to(mailoutbox, SAM) if s.startswith("start")] == []


def test_afterwards_thanks_and_we_missed_you(training: Session, anna: Contact, mailoutbox: list[Any]) -> None:
    record_attendance(training, contacts=[anna], now=at("2027-03-10T15:00"))
    heartbeat(at("2027-03-12T09:00"))
    said = {
        m.to[0].rpartition("<")[2]: m.subject
        for m in mailoutbox
        if "after+2d" in m.extra_headers.get("X-PRM-Key", "")
    }
    assert said["anna@harbor.example>"].startswith("Thank you for coming")
    assert said["sam@harbor.example>"].startswith("Sorry we missed you")


def test_session_covers_the_training_that_is_due(training: Session, anna: Contact) -> None:
    rows = Reminder.objects.filter(rule="training", reference_on=day("2027-02-14"))
    assert {(r.state, r.reason) for r in rows} - {("handed_over", "planned")} == {("skipped", "covered")}


def test_moved_session_reminds_of_the_new_day_only(training: Session, mailoutbox: list[Any]) -> None:
    move_session(training, starts_at=at("2027-03-24T10:00"), now=at("2027-02-15T10:00"))
    for moment in (
        "2027-02-15T10:01",
        "2027-03-03T09:00",
        "2027-03-09T09:00",
        "2027-03-17T09:00",
        "2027-03-23T09:00",
    ):
        heartbeat(at(moment))
    assert [s for s in steps_to(mailoutbox, ANNA) if s.startswith("start")] == ["start-7d", "start-1d"]
    assert [entry[:2] for entry in entries_to(mailoutbox, ANNA)] == [("REQUEST", 0), ("REQUEST", 1)]


def test_pause_takes_the_invitation_back_and_its_withdrawal_gives_it_again(
    training: Session, anna: Contact, mailoutbox: list[Any]
) -> None:
    breath = pause(
        anna.organization, scope="training", starts_on=day("2027-03-01"), months=1, now=at("2027-02-15T10:00")
    )
    heartbeat(at("2027-02-15T10:01"))
    assert [entry[:2] for entry in entries_to(mailoutbox, SAM)] == [("REQUEST", 0), ("CANCEL", 1)]
    withdraw(breath, now=at("2027-02-16T10:00"))
    heartbeat(at("2027-02-16T10:01"))
    assert [entry[:2] for entry in entries_to(mailoutbox, SAM)] == [
        ("REQUEST", 0),
        ("CANCEL", 1),
        ("REQUEST", 2),
    ]
    assert Reminder.objects.filter(rule="start", offset=-7, state="planned").count() == 2
