"""A link on its own, and the letters that introduce two people: who gets them, what they say, what stays unsaid."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from prm.accounts.actions import change_program, set_sending
from prm.accounts.models import User
from prm.accounts.queries import program
from prm.continuity import leaving
from prm.continuity.letters import send_link, sent_lately
from prm.management.commands.tick import heartbeat
from prm.outbox.enclosed import GREYED, greyed
from prm.outbox.models import Message
from prm.outbox.wording import names_trafficking
from prm.partners.actions import change_contact, mark_undeliverable, note_leaving
from prm.partners.links import LASTING, Wish, feed_address
from prm.partners.models import Contact, Purpose
from tests.rooms.continuity.departing import BEN, EARLIER, MONDAY, ROSA, says, session
from tests.story import agreement, at, contact, day, partner, person

pytestmark = pytest.mark.django_db

PAGE = Wish(Purpose.PAGE)
FORBIDDEN = ("touch", "ladder", "audience", "entity", "sync", "token", "stakeholder", "invalid", "!")


@pytest.fixture
def rosa() -> User:
    return person("Rosa")


@pytest.fixture
def anna(rosa: User) -> Contact:
    return contact(partner(owner=rosa))


def plain(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split())


def letter(kind: str, to: str) -> Message:
    return Message.objects.get(kind=kind, recipient=to)


@pytest.fixture
def introduced(anna: Contact, rosa: User) -> dict[str, Message]:
    """Anna leaves, Ben follows: the letters to Ben and Rosa."""
    change_program(program(), phone="555 0142")
    agreement(anna.organization, "2027-09-30")
    agreement(anna.organization, None, starts_on="2026-06-01")
    session(anna, starts="2027-03-24T10:00")
    leaving.confirm(says(anna, "2027-03-12"), now=MONDAY, by=rosa)
    return {to: letter("introduction", to) for to in (BEN, ROSA)}


def test_who_follows_learns_who_we_are_and_what_comes_next(introduced: dict[str, Message]) -> None:
    said = plain(introduced[BEN].text)
    assert introduced[BEN].subject == "You follow Anna Reyes: who we are and what comes next"
    for part in (
        "Anna Reyes leaves Harbor House, with Fri 12 Mar 2027 as the last day. From Sat 13 Mar 2027 our mail",
        "Rosa (rosa@program.example) looks after our partnership",
        "You reach us at 555 0142.",
        "“MOU with Harbor House”, valid through Thu 30 Sep 2027",
        "“MOU with Harbor House”, without an end",
        "Wed 24 Mar 2027, 10:00: Spotting the signs",
        "Thu 30 Sep 2027: an agreement ends",
        "Tue 1 Jun 2027: we look through an agreement",
        "Anna Reyes named you as the contact of Harbor House",
    ):
        assert part in said
    assert introduced[BEN].reply_to == ROSA


def test_rosa_learns_what_passed_and_by_when_to_call(introduced: dict[str, Message]) -> None:
    said = plain(introduced[ROSA].text)
    for part in (
        "Ben Ortiz (ben@harbor.example) follows.",
        "Please call Ben Ortiz by Fri 26 Mar 2027",  # ten working days after the last one
        "- Main contact",
        "- Agreement notices",
        "- Wed 24 Mar 2027, 10:00: Spotting the signs",
    ):
        assert part in said
    assert not introduced[ROSA].links


def test_letters_are_calm_whole_and_carry_links_only_as_marks(introduced: dict[str, Message]) -> None:
    for message in introduced.values():
        said = message.subject + message.text
        assert not [word for word in FORBIDDEN if word in said.casefold()]
        assert max(len(line) for line in message.text.splitlines()) <= 66
        html = BeautifulSoup(message.html, "html.parser").get_text(" ")
        assert plain(message.text.splitlines()[2])[:40] in plain(html)
    page = introduced[BEN]
    assert set(page.links) == {"~pause~", "~page~", "~leaving~"}
    assert f"/p/{GREYED}/" in greyed(page, page.text)
    assert "/p/~page~/" in page.text


def test_a_letter_waits_while_sending_is_held(introduced: dict[str, Message], mailoutbox: list[Any]) -> None:
    set_sending(program(), "held", now=MONDAY)
    heartbeat(MONDAY)
    assert not mailoutbox
    set_sending(program(), "on", now=MONDAY)
    heartbeat(MONDAY)
    assert {BEN, ROSA} <= {mail.to[0].rpartition("<")[2].strip(">") for mail in mailoutbox}


def test_a_discreet_reader_gets_neutral_words(anna: Contact, rosa: User) -> None:
    change_program(program(), name="Human Trafficking Task Force", neutral_name="Partner program")
    change_contact(anna, discreet=True, now=EARLIER)
    session(anna, starts="2027-03-24T10:00", title="Trata de personas: lo básico")
    leaving.confirm(says(anna, "2027-03-12"), now=MONDAY, by=rosa)
    to_ben = letter("introduction", BEN)
    send_link(anna.organization, anna, PAGE, now=MONDAY)
    for message in (to_ben, letter("link", anna.email)):
        words = (message.subject, message.text, message.html, message.from_name)
        assert not [part for part in words if names_trafficking(part)]


def test_no_address_known_only_rosa_is_written_to(anna: Contact, rosa: User) -> None:
    leaving.confirm(says(anna, "2027-03-12", email=""), now=MONDAY, by=rosa)
    to_rosa = Message.objects.get(kind="introduction")
    assert "We have no e-mail address for Ben Ortiz yet: please ask and enter it." in plain(to_rosa.text)


def test_a_link_can_be_asked_for_again(anna: Contact, rosa: User) -> None:
    assert send_link(anna.organization, anna, PAGE, now=MONDAY)
    assert send_link(anna.organization, anna, PAGE, now=MONDAY)  # the same press twice
    assert Message.objects.filter(kind="link").count() == 1
    assert send_link(anna.organization, anna, PAGE, now=at("2027-03-08T10:05"), by=rosa)
    subjects = Message.objects.filter(kind="link").order_by("pk").values_list("subject", flat=True)
    assert list(subjects) == ["Your new link", "Your link"]
    assert anna.organization.entries.filter(event="link_sent", by=rosa, contact=anna).count() == 1


@pytest.mark.parametrize("purpose", [one for one in Purpose if one is not Purpose.DESK])
def test_every_link_says_what_it_is_for(anna: Contact, rosa: User, purpose: Purpose) -> None:
    wish = Wish(purpose)
    assert send_link(anna.organization, anna, wish, now=MONDAY, by=rosa)
    message = letter("link", anna.email)
    address = feed_address(wish.mark) if purpose == Purpose.FEED else wish.address
    assert address in message.text
    assert address in message.html
    assert list(message.links) == [wish.mark]
    assert ("It opens for 30 days" in plain(message.text)) == (purpose not in LASTING)


def test_sent_lately_knows_whose_and_which(anna: Contact) -> None:
    send_link(anna.organization, anna, PAGE, now=MONDAY)
    harbor = anna.organization
    assert sent_lately(harbor, anna, PAGE, now=at("2027-03-08T10:29"))
    assert not sent_lately(harbor, anna, PAGE, now=at("2027-03-08T10:31"))
    assert not sent_lately(harbor, anna, Wish(Purpose.PAUSE), now=MONDAY)
    assert not sent_lately(harbor, None, PAGE, now=MONDAY)


def test_nobody_gone_or_out_of_reach_gets_a_link(anna: Contact) -> None:
    harbor = anna.organization
    assert not send_link(harbor, None, PAGE, now=MONDAY)
    note_leaving(anna, last_day=day("2027-03-05"), now=EARLIER)
    assert not send_link(harbor, anna, PAGE, now=MONDAY)
    sam = contact(harbor, "Sam Lee", "sam@harbor.example", roles=[])
    mark_undeliverable(sam, on=MONDAY.date(), now=MONDAY)
    assert not send_link(harbor, sam, PAGE, now=MONDAY)
    assert not Message.objects.exists()
