"""What a person holds or changed outlives a replan, until today's facts want none of it any more."""

from datetime import datetime, timedelta

import pytest

from prm.accounts.models import User
from prm.agreements.actions import end
from prm.capacity.actions import pause
from prm.outbox import steering
from prm.outbox.models import Message
from prm.partners.actions import add_contact, mark_undeliverable
from prm.partners.models import Organization
from prm.reminders import dispatch
from prm.reminders.actions import refresh
from prm.reminders.models import Reminder
from tests.cast import NOW, TODAY, at, day, make_agreement

LATER = at("2027-07-02T10:00")  # the working day on which the mail of 60 days before goes
NEXT = LATER + timedelta(minutes=1)


@pytest.fixture
def held(harbor: Organization, rosa: User) -> Message:
    return keep(harbor, rosa)


def keep(harbor: Organization, rosa: User) -> Message:
    """Return the mail that asks about the agreement, held back by Rosa."""
    make_agreement(harbor, expires_on=day("2027-08-31"))
    refresh(now=LATER)
    dispatch.hand_over(now=LATER)
    mail = Message.objects.get(kind="partner")
    steering.hold([mail], by=rosa, now=LATER)
    return mail


def over(harbor: Organization, rosa: User) -> None:
    """Let both sides end the agreement, and the plan follow."""
    end(harbor.agreement_parties.get().agreement, ended_on=LATER.date(), now=NEXT, by=rosa)
    beat()


def beat(now: datetime = NEXT) -> None:
    refresh(now=now)
    dispatch.hand_over(now=now)


def states() -> list[str]:
    return list(Message.objects.filter(kind="partner").order_by("pk").values_list("state", flat=True))


def test_held_mail_stays_held_and_its_reminder_handed_over(held: Message) -> None:
    before = Reminder.objects.get(key=held.keys[0]).handed_at
    beat()
    beat(LATER + timedelta(days=3))
    assert states() == ["held"]
    reminder = Reminder.objects.get(key=held.keys[0])
    assert (reminder.state, reminder.handed_at) == ("handed_over", before)


def test_held_mail_is_withdrawn_when_its_reason_is_gone(harbor: Organization, rosa: User) -> None:
    pause(harbor, scope="training", starts_on=TODAY, months=6, now=NOW)
    mail = keep(harbor, rosa)
    over(harbor, rosa)
    mail.refresh_from_db()
    assert mail.state == "cancelled"
    assert "facts changed" in mail.last_error
    assert states() == ["cancelled"]


def test_held_mail_with_two_reminders_says_when_one_of_them_is_no_longer_right(
    held: Message, harbor: Organization, rosa: User
) -> None:
    over(harbor, rosa)
    held.refresh_from_db()
    assert held.state == "held"
    assert "A part of it is no longer right" in held.last_error
    assert sorted(Reminder.objects.filter(key__in=held.keys).values_list("state", flat=True)) == [
        "handed_over",
        "withdrawn",
    ]


def test_held_mail_to_somebody_who_is_gone_is_withdrawn_and_the_next_one_is_asked(
    held: Message, harbor: Organization
) -> None:
    add_contact(harbor, name="Ben Cho", email="ben@harbor.example", roles=["primary"], now=NEXT)
    mark_undeliverable(harbor.contacts.get(name="Anna Reyes"), on=LATER.date(), now=NEXT)
    beat()
    assert states() == ["cancelled", "waiting"]
    assert Message.objects.filter(kind="partner").latest("pk").recipient == "ben@harbor.example"


def test_untouched_mail_is_still_written_anew(harbor: Organization, rosa: User) -> None:
    make_agreement(harbor, expires_on=day("2027-08-31"))
    refresh(now=LATER)
    dispatch.hand_over(now=LATER)
    Organization.objects.update(plan_stale_at=NEXT)
    beat()
    assert states() == ["cancelled", "waiting"]


def test_second_reader_of_a_reminder_gets_a_mail_while_the_firsts_is_held(
    held: Message, harbor: Organization
) -> None:
    add_contact(harbor, name="Ben Cho", email="ben@harbor.example", roles=["notice"], now=NEXT)
    beat()
    assert states() == ["held"]  # it was handed over before Ben came


def test_stopped_mail_does_not_come_again(held: Message, rosa: User) -> None:
    steering.stop([held], by=rosa, now=NEXT)
    beat()
    beat(LATER + timedelta(days=1))
    assert states() == ["cancelled"]
