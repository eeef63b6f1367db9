"""Anna leaves Harbor House: what she says by link, and what Rosa's one click moves."""

from datetime import timedelta
from typing import Any

import pytest

from prm.accounts.models import User
from prm.capacity.actions import pause
from prm.continuity import leaving
from prm.management.commands.tick import heartbeat
from prm.outbox.models import Message
from prm.partners import links
from prm.partners.links import Holder, Standing, Wish
from prm.partners.models import Contact, Link, Outcome, Purpose, Statement
from prm.partners.queries import holders, notice_is_stale
from prm.rules.refusal import Refusal
from prm.training.actions import answer_invitation, move_session
from prm.training.models import Invitation
from tests.rooms.continuity.departing import (
    ANNA,
    BEN,
    MONDAY,
    ROSA,
    START,
    letters,
    link_of,
    methods,
    says,
    session,
)
from tests.story import agreement, at, contact, day, partner, person, steps_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa() -> User:
    return person("Rosa")


@pytest.fixture
def anna(rosa: User) -> Contact:
    return contact(partner(owner=rosa))


def test_nothing_moves_before_our_side_confirms(anna: Contact) -> None:
    statement = says(anna, "2027-03-12")
    anna.refresh_from_db()
    assert (anna.left_on, anna.roles.filter(until__isnull=False).count()) == (None, 0)
    assert statement.data == {
        "last_on": "2027-03-12",
        "successor_name": "Ben Ortiz",
        "successor_email": BEN,
    }
    assert (statement.reference_on, statement.note) == (day("2027-03-12"), "I start elsewhere.")


def test_leaving_two_days_before_a_session(anna: Contact, rosa: User, mailoutbox: list[Any]) -> None:
    session(anna, starts="2027-03-10T10:00")
    heartbeat(at("2027-03-01T10:01"))
    leaving.confirm(says(anna, "2027-03-08"), now=MONDAY, by=rosa)
    heartbeat(MONDAY + timedelta(minutes=1))
    assert methods(mailoutbox, ANNA) == ["REQUEST", "CANCEL"]
    assert methods(mailoutbox, BEN) == ["REQUEST"]
    assert letters(mailoutbox, BEN) == ["You follow Anna Reyes: who we are and what comes next"]
    assert letters(mailoutbox, ROSA) == ["Ben Ortiz follows Anna Reyes at Harbor House"]
    heartbeat(at("2027-03-09T09:00"))
    assert START in steps_to(mailoutbox, BEN)
    assert START not in steps_to(mailoutbox, ANNA)


def test_a_session_through_the_last_day_stays_with_whoever_leaves(
    anna: Contact, rosa: User, mailoutbox: list[Any]
) -> None:
    session(anna, starts="2027-03-12T10:00")
    session(anna, starts="2027-03-15T10:00")
    heartbeat(at("2027-03-01T10:01"))
    leaving.confirm(says(anna, "2027-03-12"), now=MONDAY, by=rosa)
    for when in (
        "2027-03-08T10:01",
        "2027-03-11T09:00",
        "2027-03-12T09:00",
        "2027-03-13T00:05",
        "2027-03-15T09:00",
    ):
        heartbeat(at(when))
    assert methods(mailoutbox, ANNA) == ["REQUEST", "REQUEST", "CANCEL"]
    assert methods(mailoutbox, BEN) == ["REQUEST"]
    seats = Invitation.objects.filter(withdrawn_on__isnull=True).order_by("session__starts_at")
    assert [seat.contact.name for seat in seats] == ["Anna Reyes", "Ben Ortiz"]


def test_far_ahead_nothing_changes_hands_before_the_day_after(
    anna: Contact, rosa: User, mailoutbox: list[Any]
) -> None:
    agreement(anna.organization, "2027-06-15")
    session(anna, starts="2027-06-20T10:00")
    heartbeat(at("2027-03-17T09:00"))  # ninety days before the end: Anna holds the entry of the last day
    leaving.confirm(says(anna, "2027-05-28", now=at("2027-03-17T10:00")), now=at("2027-03-17T10:00"), by=rosa)
    for when in ("2027-03-17T10:01", "2027-04-16T09:00", "2027-05-28T09:00"):
        heartbeat(at(when))
    assert methods(mailoutbox, ANNA) == ["REQUEST", "REQUEST"]
    assert not [m for m in mailoutbox if BEN in m.to[0]]
    assert letters(mailoutbox, ROSA) == []
    heartbeat(
        at("2027-05-29T00:05")
    )  # a Saturday: entries pass at once, the letters wait for a working morning
    assert methods(mailoutbox, ANNA) == ["REQUEST", "REQUEST", "CANCEL", "CANCEL"]
    assert methods(mailoutbox, BEN) == ["REQUEST", "REQUEST"]
    assert letters(mailoutbox, BEN) == letters(mailoutbox, ROSA) == []
    heartbeat(at("2027-06-01T09:00"))  # Monday is Memorial Day
    assert len(letters(mailoutbox, BEN)) == len(letters(mailoutbox, ROSA)) == 1
    count = len(mailoutbox)
    heartbeat(at("2027-06-01T09:05"))
    assert len(mailoutbox) == count


def test_a_last_day_gone_by_counts_from_then_on(anna: Contact, rosa: User, mailoutbox: list[Any]) -> None:
    session(anna, starts="2027-03-10T10:00")
    heartbeat(at("2027-03-01T10:01"))
    page = link_of(anna, Purpose.PAGE)
    leaving.confirm(says(anna, "2027-02-26"), now=MONDAY, by=rosa)
    heartbeat(MONDAY + timedelta(minutes=1))
    assert methods(mailoutbox, ANNA) == ["REQUEST", "CANCEL"]
    assert [one.name for one in holders(anna.organization, "training", day("2027-03-08"))] == ["Ben Ortiz"]
    page.refresh_from_db()
    assert page.revoked_at == MONDAY


def test_old_links_die_with_the_last_day(anna: Contact, rosa: User) -> None:
    page = link_of(anna, Purpose.PAGE)
    leaving.confirm(says(anna, "2027-03-08"), now=MONDAY, by=rosa)
    page = Link.objects.select_related("contact").get(pk=page.pk)
    assert links.standing(page, now=MONDAY, today=day("2027-03-08")) is Standing.LIVE
    heartbeat(at("2027-03-09T00:05"))
    page = Link.objects.select_related("contact").get(pk=page.pk)
    assert page.revoked_at == at("2027-03-09T00:05")
    assert links.standing(page, now=at("2027-03-09T08:00"), today=day("2027-03-09")) is Standing.ENDED


def test_without_a_successor_the_fallback_is_asked_and_the_owner_has_the_task(
    anna: Contact, rosa: User, mailoutbox: list[Any]
) -> None:
    contact(anna.organization, "Sam Lee", "sam@harbor.example", roles=["signatory"])
    agreement(anna.organization, "2027-06-15")
    session(anna, starts="2027-03-10T10:00")
    heartbeat(at("2027-03-01T10:01"))
    leaving.confirm(says(anna, "2027-03-08", name="", email=""), now=MONDAY, by=rosa)
    heartbeat(MONDAY + timedelta(minutes=1))
    assert methods(mailoutbox, ANNA) == ["REQUEST", "CANCEL"]
    assert letters(mailoutbox, ROSA) == ["Anna Reyes leaves Harbor House, and nobody follows yet"]
    assert not notice_is_stale(anna.organization, day("2027-03-08"))
    assert notice_is_stale(anna.organization, day("2027-03-09"))
    heartbeat(at("2027-03-17T09:00"))
    assert any("sam@harbor.example" in m.to[0] and "agreement ends" in m.subject for m in mailoutbox)


def test_the_talk_about_a_pause_passes_to_the_main_contact(
    anna: Contact, rosa: User, mailoutbox: list[Any]
) -> None:
    pause(
        anna.organization,
        scope="referrals",
        starts_on=day("2027-03-01"),
        months=3,
        declared_by=anna,
        now=MONDAY,
    )
    heartbeat(MONDAY + timedelta(minutes=1))
    leaving.confirm(says(anna, "2027-03-12"), now=MONDAY + timedelta(minutes=2), by=rosa)
    heartbeat(at("2027-03-12T10:00"))
    assert (methods(mailoutbox, ANNA), methods(mailoutbox, BEN)) == (["REQUEST"], [])
    heartbeat(at("2027-03-13T00:05"))
    assert (methods(mailoutbox, ANNA), methods(mailoutbox, BEN)) == (["REQUEST", "CANCEL"], ["REQUEST"])


def test_known_people_are_not_entered_twice(anna: Contact, rosa: User) -> None:
    sam = contact(anna.organization, "Sam Lee", "sam@harbor.example", roles=["intake"])
    leaving.confirm(says(anna, "2027-03-12", "Samuel Lee", "SAM@harbor.example"), now=MONDAY, by=rosa)
    assert anna.organization.contacts.count() == 2
    assert set(sam.roles.values_list("kind", flat=True)) == {
        "primary",
        "notice",
        "signatory",
        "training",
        "intake",
    }


def test_a_known_name_without_an_address_is_that_person(anna: Contact, rosa: User) -> None:
    contact(anna.organization, "Sam Lee", "sam@harbor.example", roles=[])
    leaving.confirm(says(anna, "2027-03-12", "sam lee", ""), now=MONDAY, by=rosa)
    assert [one.name for one in holders(anna.organization, "primary", day("2027-03-13"))] == ["Sam Lee"]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"successor_name": "Ben", "successor_email": "Anna@Harbor.example"}, "successor_email"),
        ({"successor_name": "Ben", "successor_email": "ben at harbor"}, "successor_email"),
        ({"successor_email": BEN}, "successor_name"),
        ({"successor_name": "B" * 201}, "successor_name"),
        ({"last_day": day("2037-03-12")}, "last_day"),
        ({"last_day": day("2017-03-12")}, "last_day"),
        ({"note": "x" * 2001}, "note"),
    ],
)
def test_slips_are_refused_at_their_field(anna: Contact, words: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        leaving.announce(link_of(anna), **{"last_day": day("2027-03-12"), "now": MONDAY} | words)
    assert refused.value.field == field
    assert not Statement.objects.exists()


def test_a_shared_mailbox_has_nobody_who_could_leave(anna: Contact) -> None:
    nobody = links.issue([(Holder(anna.organization_id, None), Wish(Purpose.PAGE))], now=MONDAY)[0]
    with pytest.raises(Refusal, match="reply to our mail"):
        leaving.announce(nobody, last_day=day("2027-03-12"), now=MONDAY)


def test_said_again_the_last_word_counts(anna: Contact, rosa: User) -> None:
    first = says(anna, "2027-03-12")
    second = says(anna, "2027-03-19", name="", email="")
    assert leaving.open_leaving(anna) == second
    with pytest.raises(Refusal, match="took it back"):
        leaving.confirm(first, now=MONDAY, by=rosa)


def test_taken_back_while_nobody_confirmed(anna: Contact, rosa: User) -> None:
    statement = says(anna, "2027-03-12")
    leaving.take_back(statement, now=MONDAY)
    assert leaving.open_leaving(anna) is None
    confirmed = leaving.confirm(says(anna, "2027-03-12"), now=MONDAY, by=rosa)
    with pytest.raises(Refusal, match="confirmed it already"):
        leaving.take_back(confirmed, now=MONDAY)
    with pytest.raises(Refusal, match="We know that already"):
        says(anna, "2027-03-19")


def test_two_clicks_are_one(anna: Contact, rosa: User) -> None:
    statement = says(anna, "2027-03-12")
    leaving.confirm(statement, now=MONDAY, by=rosa)
    with pytest.raises(Refusal, match="Somebody was faster"):
        leaving.confirm(Statement.objects.get(), now=MONDAY, by=rosa)
    assert Message.objects.filter(kind="introduction").count() == 2


def test_rosa_may_know_better(anna: Contact, rosa: User) -> None:
    sam = contact(anna.organization, "Sam Lee", "sam@harbor.example", roles=[])
    statement = leaving.confirm(
        says(anna, "2027-03-12"), now=MONDAY, by=rosa, last_day=day("2027-03-31"), successor=sam
    )
    anna.refresh_from_db()
    assert (statement.outcome, anna.left_on) == (Outcome.CORRECTED, day("2027-03-31"))
    assert [one.name for one in holders(anna.organization, "primary", day("2027-04-01"))] == ["Sam Lee"]


def test_a_session_moved_behind_the_last_day_passes_too(
    anna: Contact, rosa: User, mailoutbox: list[Any]
) -> None:
    training = session(anna, starts="2027-03-11T10:00")
    heartbeat(at("2027-03-01T10:01"))
    leaving.confirm(says(anna, "2027-03-12"), now=MONDAY, by=rosa)
    move_session(training, starts_at=at("2027-03-25T10:00"), now=at("2027-03-09T10:00"))
    heartbeat(at("2027-03-09T10:01"))
    heartbeat(at("2027-03-13T00:05"))
    assert methods(mailoutbox, ANNA) == ["REQUEST", "REQUEST", "CANCEL"]
    assert methods(mailoutbox, BEN) == ["REQUEST"]


def test_declined_stays_declined(anna: Contact, rosa: User) -> None:
    training = session(anna, starts="2027-03-25T10:00")
    answer_invitation(training.invitations.get(), answer="declined", now=at("2027-03-02T10:00"))
    leaving.confirm(says(anna, "2027-03-12"), now=MONDAY, by=rosa)
    assert training.invitations.get().contact == anna
