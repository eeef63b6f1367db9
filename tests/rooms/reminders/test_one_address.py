"""One mail address in several places: one mail for an organization, and one for each that it speaks for."""

import pytest

from prm.management.commands.tick import heartbeat
from prm.partners.actions import change_organization, note_same_person
from tests.cast import NOW, anna_reyes, at, harbor_house, make_agreement, make_organization, make_program
from tests.story import steps_to

pytestmark = pytest.mark.django_db

ANNA = "anna@harbor.example"
NINETY = "2027-07-02T10:00"


def reminders_to(mailoutbox, receiver):
    """The mails to an address that carry the reminder of 90 days."""
    return [mail for mail in mailoutbox if "expiry-90d" in steps_to([mail], receiver)]


@pytest.fixture
def harbor():
    make_program(sending="on")
    return harbor_house()


def test_address_that_stands_twice_in_one_organization_is_asked_once(harbor, mailoutbox):
    anna_reyes(harbor, name="Anna R.")
    change_organization(harbor, role_mailbox=ANNA, now=NOW)
    make_agreement(harbor)
    heartbeat(at(NINETY))
    heartbeat(at("2027-07-02T11:00"))
    assert len(reminders_to(mailoutbox, ANNA)) == 1


def test_who_serves_two_parties_is_asked_once_for_each(harbor, mailoutbox):
    """Each organization answers for itself, by a link of its own: these are two questions, not one asked twice."""
    lighthouse = make_organization("Lighthouse", owner=harbor.assignments.get().user)
    there = anna_reyes(lighthouse)
    note_same_person(harbor.contacts.get(), there, now=NOW)
    make_agreement(harbor, [lighthouse])
    heartbeat(at(NINETY))
    heartbeat(at("2027-07-02T11:00"))
    mails = reminders_to(mailoutbox, ANNA)
    assert len(mails) == 2
    assert len({mail.body for mail in mails}) == 2
