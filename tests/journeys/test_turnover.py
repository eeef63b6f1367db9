"""Anna leaves Harbor House while a mail to her is planned."""

from typing import Any

import pytest

from prm.accounts.actions import set_sending
from prm.accounts.queries import program
from prm.agreements.actions import renew
from prm.agreements.models import Agreement
from prm.management.commands.tick import heartbeat
from prm.outbox.models import Message
from prm.partners.actions import mark_undeliverable, replace_contact
from prm.partners.models import Contact
from prm.partners.timeline import mark_stale
from prm.reminders.actions import refresh
from prm.reminders.dispatch import hand_over
from tests.story import agreement, at, contact, day, entries_to, keys_to, partner, person, steps_to

pytestmark = pytest.mark.django_db

ANNA, CLEO = "anna@harbor.example", "cleo@harbor.example"


@pytest.fixture
def anna() -> Contact:
    return contact(partner(owner=person("Rosa")))


@pytest.fixture
def mou(anna: Contact) -> Agreement:
    return agreement(anna.organization, "2027-09-30")


def replaced(anna: Contact, last_day: str, now: str) -> Contact:
    return replace_contact(anna, last_day=day(last_day), name="Cleo Marsh", email=CLEO, now=at(now))


def test_replaced_between_planning_and_sending_the_successor_gets_it(
    mou: Agreement, anna: Contact, mailoutbox: list[Any]
) -> None:
    heartbeat(at("2027-06-30T17:00"))
    replaced(anna, "2027-07-01", "2027-06-30T17:30")
    heartbeat(at("2027-07-02T09:00"))  # 90 days before
    assert (steps_to(mailoutbox, ANNA), steps_to(mailoutbox, CLEO)) == ([], ["expiry-90d"])
    assert [entry[:2] for entry in entries_to(mailoutbox, CLEO)] == [("REQUEST", 0)]
    assert entries_to(mailoutbox, ANNA) == []


def test_on_the_last_day_it_is_still_anna(mou: Agreement, anna: Contact, mailoutbox: list[Any]) -> None:
    replaced(anna, "2027-07-02", "2027-06-30T17:30")
    heartbeat(at("2027-07-02T09:00"))
    assert (steps_to(mailoutbox, ANNA), steps_to(mailoutbox, CLEO)) == (["expiry-90d"], [])


def test_the_entry_is_taken_from_anna_and_given_to_the_successor(
    mou: Agreement, anna: Contact, mailoutbox: list[Any]
) -> None:
    heartbeat(at("2027-07-02T09:00"))
    [(_, _, uid)] = entries_to(mailoutbox, ANNA)
    mailoutbox.clear()
    replaced(anna, "2027-07-05", "2027-07-03T10:00")
    heartbeat(at("2027-07-05T10:00"))
    assert mailoutbox == []
    heartbeat(at("2027-07-06T10:00"))
    assert entries_to(mailoutbox, ANNA) == [("CANCEL", 1, uid)]
    [(method, sequence, new)] = entries_to(mailoutbox, CLEO)
    assert (method, sequence) == ("REQUEST", 0)
    assert new != uid


def test_the_cancel_goes_to_the_address_that_had_the_entry(
    mou: Agreement, anna: Contact, mailoutbox: list[Any]
) -> None:
    heartbeat(at("2027-07-02T09:00"))
    mailoutbox.clear()
    anna.email = "a.reyes@harbor.example"
    anna.save()
    replaced(anna, "2027-07-05", "2027-07-03T10:00")
    heartbeat(at("2027-07-06T10:00"))
    assert [entry[:2] for entry in entries_to(mailoutbox, ANNA)] == [("CANCEL", 1)]
    assert entries_to(mailoutbox, "a.reyes@harbor.example") == []


def test_no_cancel_to_an_address_that_is_undeliverable(
    mou: Agreement, anna: Contact, mailoutbox: list[Any]
) -> None:
    heartbeat(at("2027-07-02T09:00"))
    mailoutbox.clear()
    mark_undeliverable(anna, on=day("2027-07-03"), now=at("2027-07-03T10:00"))
    heartbeat(at("2027-07-06T10:00"))
    assert keys_to(mailoutbox, ANNA) == []


def test_somebody_who_comes_back_holds_the_entry_again(
    mou: Agreement, anna: Contact, mailoutbox: list[Any]
) -> None:
    heartbeat(at("2027-07-02T09:00"))
    cleo = replaced(anna, "2027-07-05", "2027-07-03T10:00")
    heartbeat(at("2027-07-06T10:00"))
    anna.left_on = None
    anna.save()
    replace_contact(cleo, last_day=day("2027-07-12"), successor=anna, now=at("2027-07-12T10:00"))
    heartbeat(at("2027-07-13T10:00"))
    assert [method for method, _, _ in entries_to(mailoutbox, ANNA)] == ["REQUEST", "CANCEL", "REQUEST"]
    sequences = [sequence for _, sequence, _ in entries_to(mailoutbox, ANNA)]
    assert sequences == sorted(sequences)


def test_a_mail_that_waits_is_written_anew_for_the_successor(
    mou: Agreement, anna: Contact, mailoutbox: list[Any], settings: Any
) -> None:
    settings.EMAIL_BACKEND = "tests.story.ClosedRoute"
    heartbeat(at("2027-07-02T09:00"))  # written to Anna, but the relay is down
    replaced(anna, "2027-07-02", "2027-07-02T17:00")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    heartbeat(at("2027-07-06T09:00"))
    assert keys_to(mailoutbox, ANNA) == []
    assert steps_to(mailoutbox, CLEO) == ["expiry-90d"]
    assert [entry[:2] for entry in entries_to(mailoutbox, CLEO)] == [("REQUEST", 0)]


def test_a_mail_that_waits_when_the_agreement_is_renewed_never_goes(
    mou: Agreement, mailoutbox: list[Any]
) -> None:
    refresh(now=at("2027-07-02T09:00"))
    assert hand_over(now=at("2027-07-02T09:00")) > 0
    set_sending(program(), "held", now=at("2027-07-02T09:00"))
    renew(mou, now=at("2027-07-05T10:00"))
    set_sending(program(), "on", now=at("2027-07-06T08:00"))
    heartbeat(at("2027-07-06T09:00"))
    assert keys_to(mailoutbox, ANNA) == []


def test_what_reached_the_signatory_does_not_reach_them_again(
    mou: Agreement, anna: Contact, mailoutbox: list[Any]
) -> None:
    sam = contact(anna.organization, "Sam Ode", "sam@harbor.example", roles=("signatory",))
    refresh(now=at("2027-08-31T09:00"))
    hand_over(now=at("2027-08-31T09:00"))
    Message.objects.filter(contact=sam, kind="partner").update(state="sent", sent_at=at("2027-08-31T09:01"))
    mark_stale([anna.organization_id], at("2027-08-31T09:02"))
    heartbeat(at("2027-08-31T09:03"))
    assert steps_to(mailoutbox, sam.email) == []
    assert steps_to(mailoutbox, ANNA) == ["expiry-30d"]
