"""What people's calendars hold: told once, updated under the same UID, taken back from those who have it."""

from datetime import timedelta
from typing import Any

import pytest
import vobject
from syrupy.assertion import SnapshotAssertion

from prm.accounts.actions import set_sending
from prm.accounts.queries import program
from prm.agreements.actions import correct_end, end
from prm.calendars.models import Invite
from prm.capacity.actions import extend, pause, resume
from prm.management.commands.tick import heartbeat
from prm.outbox.models import Message
from prm.partners.actions import replace_contact
from prm.partners.models import Contact
from prm.training.actions import (
    answer_invitation,
    cancel_session,
    invite,
    move_session,
    plan_session,
    withdraw_invitation,
)
from prm.training.models import Session
from tests.story import NEW_YORK, agreement, at, contact, day, entries_to, partner, person

pytestmark = pytest.mark.django_db

ANNA, ROSA = "anna@harbor.example", "rosa@program.example"


@pytest.fixture
def anna() -> Contact:
    return contact(partner(owner=person("Rosa")))


def session(*people: Contact, starts: str = "2027-03-10T10:00", now: str = "2027-02-01T10:00") -> Session:
    start = at(starts)
    planned = plan_session(
        title="Spotting the signs",
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        place="Town hall",
        now=at(now),
    )
    invite(planned, people, now=at(now))
    return planned


def test_corrected_end_moves_the_entry_under_the_same_uid(anna: Contact, mailoutbox: list[Any]) -> None:
    mou = agreement(anna.organization, "2027-09-30")
    heartbeat(at("2027-07-02T09:00"))
    correct_end(mou, expires_on=day("2027-10-29"), now=at("2027-07-06T10:00"))
    heartbeat(at("2027-07-06T10:01"))
    for who in (ANNA, ROSA):
        found = entries_to(mailoutbox, who)
        assert [entry[:2] for entry in found] == [("REQUEST", 0), ("REQUEST", 1)]
        assert len({uid for _, _, uid in found}) == 1


def test_moved_session_is_one_update_of_the_same_event(anna: Contact, mailoutbox: list[Any]) -> None:
    training = session(anna)
    heartbeat(at("2027-02-01T10:01"))
    move_session(training, starts_at=at("2027-03-17T14:00"), now=at("2027-02-08T10:00"))
    heartbeat(at("2027-02-08T10:01"))
    heartbeat(at("2027-02-08T10:05"))
    found = entries_to(mailoutbox, ANNA)
    assert [entry[:2] for entry in found] == [("REQUEST", 0), ("REQUEST", 1)]
    assert len({uid for _, _, uid in found}) == 1


def test_another_hour_or_place_is_an_update_too(anna: Contact, mailoutbox: list[Any]) -> None:
    training = session(anna)
    heartbeat(at("2027-02-01T10:01"))
    move_session(training, starts_at=at("2027-03-10T11:00"), place="Library", now=at("2027-02-08T10:00"))
    heartbeat(at("2027-02-08T10:01"))
    assert [entry[:2] for entry in entries_to(mailoutbox, ANNA)] == [("REQUEST", 0), ("REQUEST", 1)]


def test_longer_pause_moves_the_talk(anna: Contact, mailoutbox: list[Any]) -> None:
    breath = pause(
        anna.organization,
        scope="all",
        starts_on=day("2027-03-01"),
        months=1,
        declared_by=anna,
        now=at("2027-02-22T10:00"),
    )
    heartbeat(at("2027-02-22T10:01"))
    extend(breath, ends_on=day("2027-05-03"), now=at("2027-03-22T10:00"))
    heartbeat(at("2027-03-22T10:01"))
    for who in (ANNA, ROSA):
        assert [entry[:2] for entry in entries_to(mailoutbox, who)] == [("REQUEST", 0), ("REQUEST", 1)]


def test_resumed_pause_takes_the_talk_back(anna: Contact, mailoutbox: list[Any]) -> None:
    breath = pause(
        anna.organization,
        scope="all",
        starts_on=day("2027-03-01"),
        months=2,
        declared_by=anna,
        now=at("2027-02-22T10:00"),
    )
    heartbeat(at("2027-02-22T10:01"))
    resume(breath, now=at("2027-03-22T10:00"))
    heartbeat(at("2027-03-22T10:01"))
    assert [entry[:2] for entry in entries_to(mailoutbox, ANNA)] == [("REQUEST", 0), ("CANCEL", 1)]


def test_cancelled_session_is_taken_from_holders_only(anna: Contact, mailoutbox: list[Any]) -> None:
    other = contact(anna.organization, "Sam Ode", "sam@harbor.example", roles=())
    training = session(anna)
    heartbeat(at("2027-02-01T10:01"))
    cancel_session(training, now=at("2027-02-08T10:00"))
    heartbeat(at("2027-02-08T10:01"))
    assert [entry[:2] for entry in entries_to(mailoutbox, ANNA)] == [("REQUEST", 0), ("CANCEL", 1)]
    assert entries_to(mailoutbox, other.email) == []


def test_unsent_request_is_withdrawn_without_a_word(
    anna: Contact, mailoutbox: list[Any], settings: Any
) -> None:
    settings.EMAIL_BACKEND = "tests.story.ClosedRoute"
    training = session(anna)
    heartbeat(at("2027-02-01T10:01"))
    Message.objects.update(attempts=0, state="waiting", lease_until=None)
    cancel_session(training, now=at("2027-02-08T10:00"))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    heartbeat(at("2027-02-08T10:01"))
    assert mailoutbox == []
    assert Message.objects.get(calendar_method="REQUEST").state == "cancelled"


def test_unsent_request_that_changes_goes_once_as_new(
    anna: Contact, mailoutbox: list[Any], settings: Any
) -> None:
    settings.EMAIL_BACKEND = "tests.story.ClosedRoute"
    training = session(anna)
    heartbeat(at("2027-02-01T10:01"))
    Message.objects.update(attempts=0, state="waiting", lease_until=None)
    move_session(training, starts_at=at("2027-03-10T11:00"), now=at("2027-02-08T10:00"))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    heartbeat(at("2027-02-08T10:01"))
    assert [entry[:2] for entry in entries_to(mailoutbox, ANNA)] == [("REQUEST", 0)]


def test_past_entry_is_never_cancelled(anna: Contact, mailoutbox: list[Any]) -> None:
    mou = agreement(anna.organization, "2027-09-30")
    heartbeat(at("2027-07-02T09:00"))
    end(mou, ended_on=day("2027-09-30"), now=at("2027-10-04T10:00"))
    heartbeat(at("2027-10-04T10:01"))
    assert [entry[:2] for entry in entries_to(mailoutbox, ANNA)] == [("REQUEST", 0)]


def test_successor_gets_no_entry_of_a_day_gone_by(anna: Contact, mailoutbox: list[Any]) -> None:
    agreement(anna.organization, "2027-09-30")
    heartbeat(at("2027-07-02T09:00"))
    replace_contact(
        anna, last_day=day("2027-10-04"), name="Cleo", email="cleo@harbor.example", now=at("2027-10-04T10:00")
    )
    heartbeat(at("2027-10-05T10:00"))
    assert entries_to(mailoutbox, "cleo@harbor.example") == []
    assert [entry[:2] for entry in entries_to(mailoutbox, ANNA)] == [("REQUEST", 0)]


def test_declined_invitee_is_asked_nothing_more(anna: Contact, mailoutbox: list[Any]) -> None:
    training = session(anna)
    heartbeat(at("2027-02-01T10:01"))
    answer_invitation(training.invitations.get(), answer="declined", now=at("2027-02-03T10:00"))
    heartbeat(at("2027-02-03T10:01"))
    move_session(training, starts_at=at("2027-03-17T14:00"), now=at("2027-02-08T10:00"))
    heartbeat(at("2027-02-08T10:01"))
    assert [entry[:2] for entry in entries_to(mailoutbox, ANNA)] == [("REQUEST", 0)]


def test_person_invited_again_is_asked_again(anna: Contact, mailoutbox: list[Any]) -> None:
    training = session(anna)
    heartbeat(at("2027-02-01T10:01"))
    withdraw_invitation(training.invitations.get(), now=at("2027-02-03T10:00"))
    heartbeat(at("2027-02-03T10:01"))
    invite(training, [anna], now=at("2027-02-05T10:00"))
    heartbeat(at("2027-02-05T10:01"))
    assert [entry[:2] for entry in entries_to(mailoutbox, ANNA)] == [
        ("REQUEST", 0),
        ("CANCEL", 1),
        ("REQUEST", 2),
    ]


def test_nothing_is_told_twice(anna: Contact, mailoutbox: list[Any]) -> None:
    agreement(anna.organization, "2027-09-30")
    for moment in ("2027-07-02T09:00", "2027-07-02T09:01", "2027-07-05T09:00"):
        heartbeat(at(moment))
    assert Invite.objects.count() == 2
    assert [entry[:2] for entry in entries_to(mailoutbox, ANNA)] == [("REQUEST", 0)]


@pytest.fixture
def fixed_uids(monkeypatch: pytest.MonkeyPatch) -> None:
    """UIDs that a golden file can hold: numbered in the order in which they are made."""
    numbers = iter(range(1, 100))
    monkeypatch.setattr("prm.calendars.actions._new_uid", lambda: f"{next(numbers):032x}@program.example")


def bodies(mails: list[Any], who: str) -> list[str]:
    """Return the calendar parts that reached an address; the attached file holds the same octets."""
    found = []
    for mail in mails:
        if entries_to([mail], who):
            part = next(str(a[0]) for a in mail.alternatives if a[1].startswith("text/calendar"))
            assert mail.attachments[0][1] in (part, part.encode())
            found.append(part)
    return found


@pytest.mark.usefixtures("fixed_uids")
def test_end_of_an_agreement_as_golden_file(
    anna: Contact, mailoutbox: list[Any], snapshot: SnapshotAssertion
) -> None:
    mou = agreement(anna.organization, "2027-09-30")
    heartbeat(at("2027-07-02T09:00"))
    correct_end(mou, expires_on=day("2027-10-29"), now=at("2027-07-06T10:00"))
    heartbeat(at("2027-07-06T10:01"))
    end(mou, now=at("2027-07-07T10:00"))
    heartbeat(at("2027-07-07T10:01"))
    for who in (ANNA, ROSA):
        found = bodies(mailoutbox, who)
        assert found == snapshot(name=who)
        events = [vobject.readOne(body).vevent for body in found]
        assert [event.dtstart.value for event in events] == [
            day("2027-09-30"),
            day("2027-10-29"),
            day("2027-10-29"),
        ]
        assert {event.transp.value for event in events} == {"TRANSPARENT"}
        assert not any(hasattr(event, "valarm") for event in events)


@pytest.mark.usefixtures("fixed_uids")
def test_talk_after_a_pause_as_golden_file(
    anna: Contact, mailoutbox: list[Any], snapshot: SnapshotAssertion
) -> None:
    type(anna.organization).objects.update(zone="America/Chicago")
    breath = pause(
        anna.organization,
        scope="all",
        starts_on=day("2027-03-01"),
        months=1,
        declared_by=anna,
        now=at("2027-02-22T10:00"),
    )
    heartbeat(at("2027-02-22T10:01"))
    extend(breath, ends_on=day("2027-05-03"), now=at("2027-03-22T10:00"))
    heartbeat(at("2027-03-22T10:01"))
    resume(breath, now=at("2027-04-05T10:00"))
    heartbeat(at("2027-04-05T10:01"))
    for who in (ANNA, ROSA):
        assert bodies(mailoutbox, who) == snapshot(name=who)


@pytest.mark.usefixtures("fixed_uids")
def test_session_as_golden_file(anna: Contact, mailoutbox: list[Any], snapshot: SnapshotAssertion) -> None:
    training = session(anna, starts="2027-07-07T10:00", now="2027-06-01T10:00")
    heartbeat(at("2027-06-01T10:01"))
    move_session(training, starts_at=at("2027-07-08T14:00"), now=at("2027-06-08T10:00"))
    heartbeat(at("2027-06-08T10:01"))
    cancel_session(training, now=at("2027-06-09T10:00"))
    heartbeat(at("2027-06-09T10:01"))
    found = bodies(mailoutbox, ANNA)
    assert found == snapshot
    starts = [vobject.readOne(body).vevent.dtstart.value.astimezone(NEW_YORK).isoformat() for body in found]
    assert starts == ["2027-07-07T10:00:00-04:00"] + 2 * ["2027-07-08T14:00:00-04:00"]


def test_asked_anew_after_the_first_one_never_left_is_asked(anna: Contact, mailoutbox: list[Any]) -> None:
    set_sending(program(), "held", now=at("2027-02-01T09:00"))
    training = session(anna)
    heartbeat(at("2027-02-01T10:01"))
    withdraw_invitation(training.invitations.get(), now=at("2027-02-02T10:00"))
    heartbeat(at("2027-02-02T10:01"))
    invite(training, [anna], now=at("2027-02-04T10:00"))
    set_sending(program(), "on", now=at("2027-02-04T10:00"))
    heartbeat(at("2027-02-04T10:01"))
    heartbeat(at("2027-02-05T10:01"))
    assert [entry[:2] for entry in entries_to(mailoutbox, ANNA)] == [("REQUEST", 0)]
