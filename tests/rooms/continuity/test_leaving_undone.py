"""Anna stays after all: what Rosa's click moved is undone, as far as nothing else happened since."""

from datetime import timedelta
from typing import Any

import pytest

from prm.accounts.models import User
from prm.continuity import leaving
from prm.management.commands.tick import heartbeat
from prm.partners.actions import give_role, revoke
from prm.partners.models import Contact, Purpose, Statement
from prm.rules.refusal import Refusal
from prm.training.actions import answer_invitation
from prm.training.models import Invitation
from tests.rooms.continuity.departing import (
    ANNA,
    BEN,
    MONDAY,
    ROSA,
    letters,
    link_of,
    methods,
    says,
    session,
)
from tests.story import at, contact, day, partner, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa() -> User:
    return person("Rosa")


@pytest.fixture
def anna(rosa: User) -> Contact:
    return contact(partner(owner=rosa))


def test_undone_before_any_mail_went_it_never_was(anna: Contact, rosa: User, mailoutbox: list[Any]) -> None:
    session(anna, starts="2027-03-10T10:00")
    heartbeat(at("2027-03-01T10:01"))
    statement = leaving.confirm(says(anna, "2027-03-08"), now=MONDAY, by=rosa)
    leaving.undo(statement, now=MONDAY + timedelta(minutes=1), by=rosa)
    heartbeat(MONDAY + timedelta(minutes=2))
    anna.refresh_from_db()
    assert (anna.left_on, anna.roles.filter(until__isnull=True).count()) == (None, 5)
    assert anna.organization.contacts.get() == anna
    assert Invitation.objects.get().withdrawn_on is None
    assert not [m for m in mailoutbox if BEN in m.to[0]]
    assert "CANCEL" not in methods(mailoutbox, ANNA)
    assert letters(mailoutbox, ROSA) == []
    assert leaving.open_leaving(anna) == statement
    assert anna.organization.entries.filter(event="leaving_undone").count() == 1


def test_undone_after_mail_went_the_session_is_annas_again(
    anna: Contact, rosa: User, mailoutbox: list[Any]
) -> None:
    session(anna, starts="2027-03-24T10:00")
    heartbeat(at("2027-03-01T10:01"))
    page = link_of(anna, Purpose.PAGE)
    statement = leaving.confirm(says(anna, "2027-03-05"), now=MONDAY, by=rosa)
    heartbeat(MONDAY + timedelta(minutes=1))
    leaving.undo(statement, now=at("2027-03-09T10:00"), by=rosa)
    heartbeat(at("2027-03-09T10:01"))
    assert methods(mailoutbox, ANNA) == ["REQUEST", "CANCEL", "REQUEST"]
    assert methods(mailoutbox, BEN) == ["REQUEST", "CANCEL"]
    ben = anna.organization.contacts.get(email=BEN)
    assert not ben.roles.exists()
    page.refresh_from_db()
    assert page.revoked_at is None
    again = leaving.confirm(Statement.objects.get(), now=at("2027-03-09T11:00"), by=rosa)
    heartbeat(at("2027-03-09T11:01"))
    assert again.data["done"]["heir"] == ben.pk
    assert letters(mailoutbox, BEN) == ["You follow Anna Reyes: who we are and what comes next"] * 2


def test_undo_of_a_known_successor_leaves_them_what_they_had(anna: Contact, rosa: User) -> None:
    sam = contact(anna.organization, "Sam Lee", "sam@harbor.example", roles=["intake"])
    statement = leaving.confirm(says(anna, "2027-03-12", "Sam Lee", sam.email), now=MONDAY, by=rosa)
    leaving.undo(statement, now=MONDAY, by=rosa)
    assert list(sam.roles.values_list("kind", "until")) == [("intake", None)]


def test_undo_is_refused_where_roles_changed_since(anna: Contact, rosa: User) -> None:
    statement = leaving.confirm(says(anna, "2027-03-12"), now=MONDAY, by=rosa)
    ben = anna.organization.contacts.get(email=BEN)
    give_role(ben, kind="front_desk", now=MONDAY)
    with pytest.raises(Refusal, match="The roles of Ben Ortiz changed since"):
        leaving.undo(statement, now=MONDAY, by=rosa)
    anna.refresh_from_db()
    assert anna.left_on == day("2027-03-12")


def test_undo_is_refused_where_the_successor_answered(anna: Contact, rosa: User) -> None:
    training = session(anna, starts="2027-03-24T10:00")
    statement = leaving.confirm(says(anna, "2027-03-12"), now=MONDAY, by=rosa)
    answer_invitation(training.invitations.get(contact__email=BEN), answer="accepted", now=MONDAY)
    with pytest.raises(Refusal, match="The invitation to Spotting the signs changed since"):
        leaving.undo(statement, now=MONDAY, by=rosa)


def test_nothing_to_undo_is_said(anna: Contact, rosa: User) -> None:
    with pytest.raises(Refusal, match="nothing to undo"):
        leaving.undo(says(anna, "2027-03-12"), now=MONDAY, by=rosa)


def test_a_link_revoked_by_hand_stays_so_after_undo(anna: Contact, rosa: User) -> None:
    page = revoke(link_of(anna, Purpose.PAGE), now=at("2027-03-01T10:00"), by=rosa)
    statement = leaving.confirm(says(anna, "2027-03-05"), now=MONDAY, by=rosa)
    leaving.undo(statement, now=MONDAY, by=rosa)
    page.refresh_from_db()
    assert page.revoked_at is not None
