"""A calendar entry that a person holds back is not sent by itself because a fact changed: the new one is held too."""

from datetime import timedelta
from typing import Any

import pytest

from prm.accounts.models import User
from prm.management.commands.tick import heartbeat
from prm.outbox import steering
from prm.outbox.models import Message
from prm.partners.actions import change_contact
from prm.partners.models import Contact
from prm.training.actions import cancel_session, invite, move_session, plan_session
from prm.training.models import Session
from tests.story import at, contact, entries_to, partner, person

pytestmark = pytest.mark.django_db

ANNA = "anna@harbor.example"
START = at("2027-03-10T10:00")
NOW = at("2027-02-01T10:00")
LATER = at("2027-02-08T10:00")
SOON = timedelta(minutes=1)


@pytest.fixture
def rosa() -> User:
    return person("Rosa")


@pytest.fixture
def anna(rosa: User) -> Contact:
    return contact(partner(owner=rosa))


@pytest.fixture
def training(anna: Contact) -> Session:
    planned = plan_session(title="Signs", starts_at=START, ends_at=START + timedelta(hours=2), now=NOW)
    invite(planned, [anna], now=NOW)
    return planned


def held(rosa: User, settings: Any, moment: Any = NOW) -> Message:
    """Let the invitation be written while the mail route is down, and Rosa hold it back before it was tried."""
    route, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.story.ClosedRoute"
    heartbeat(moment + SOON)
    settings.EMAIL_BACKEND = route
    Message.objects.filter(state="waiting").update(attempts=0, last_error="")
    mail = Message.objects.get(kind="entry", state="waiting")
    steering.hold([mail], by=rosa, now=moment + SOON)
    return mail


def states() -> list[str]:
    return list(Message.objects.filter(kind="entry").order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize(
    "starts", [START + timedelta(hours=1), START + timedelta(days=7)], ids=["hour", "day"]
)
def test_held_invitation_stays_held_when_the_session_moves(
    training: Session, rosa: User, mailoutbox: list[Any], settings: Any, starts: Any
) -> None:
    old = held(rosa, settings)
    move_session(training, starts_at=starts, now=LATER)
    heartbeat(LATER + SOON)
    assert states() == ["cancelled", "held"]
    assert entries_to(mailoutbox, ANNA) == []
    new = Message.objects.latest("pk")
    assert (new.handled_by, new.handled_at) == (rosa, NOW + SOON)
    assert new.last_error.startswith("The facts changed, so this was written anew.")
    assert new.calendar_body != old.calendar_body
    steering.let_go([new], by=rosa, now=LATER + SOON)
    heartbeat(LATER + 2 * SOON)
    assert [entry[:2] for entry in entries_to(mailoutbox, ANNA)] == [("REQUEST", 0)]


def test_held_update_stays_held_and_a_cancelled_session_is_told_at_once(
    training: Session, rosa: User, mailoutbox: list[Any], settings: Any
) -> None:
    heartbeat(NOW + SOON)
    move_session(training, starts_at=START + timedelta(hours=1), now=NOW)
    held(rosa, settings, NOW + SOON)
    move_session(training, starts_at=START + timedelta(hours=3), now=LATER)
    heartbeat(LATER + SOON)
    assert states() == ["sent", "cancelled", "held"]
    cancel_session(training, now=LATER + SOON)
    heartbeat(LATER + 2 * SOON)
    assert [entry[0] for entry in entries_to(mailoutbox, ANNA)] == ["REQUEST", "CANCEL"]
    assert states() == ["sent", "cancelled", "cancelled", "sent"]


def test_held_invitation_of_a_cancelled_session_is_withdrawn_without_a_word(
    training: Session, rosa: User, mailoutbox: list[Any], settings: Any
) -> None:
    held(rosa, settings)
    cancel_session(training, now=LATER)
    heartbeat(LATER + SOON)
    assert (states(), entries_to(mailoutbox, ANNA)) == (["cancelled"], [])


def test_it_stays_held_at_another_address_of_the_same_person(
    training: Session, anna: Contact, rosa: User, mailoutbox: list[Any], settings: Any
) -> None:
    held(rosa, settings)
    change_contact(anna, email="a.reyes@harbor.example", now=LATER)
    heartbeat(LATER + SOON)
    assert states() == ["cancelled", "held"]
    assert Message.objects.latest("pk").recipient == "a.reyes@harbor.example"


def test_one_that_was_tried_before_it_was_held_is_not_overtaken_by_its_update(
    training: Session, rosa: User, mailoutbox: list[Any], settings: Any
) -> None:
    mail = held(rosa, settings)
    Message.objects.filter(pk=mail.pk).update(attempts=1)
    move_session(training, starts_at=START + timedelta(hours=1), now=LATER)
    heartbeat(LATER + SOON)
    assert states() == ["held", "held"]
    assert entries_to(mailoutbox, ANNA) == []
