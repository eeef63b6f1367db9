"""An old link sends a new one of the same kind to the address that we know, and shows that address to nobody."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from prm.accounts.actions import set_sending
from prm.accounts.queries import program
from prm.management.commands.tick import heartbeat
from prm.outbox.models import Message
from prm.partners.actions import change_organization, mark_undeliverable, note_leaving, revoke
from prm.partners.links import LIFETIME, Holder, Wish, find, issue, token_of
from prm.partners.models import Contact, Link, Organization, Purpose
from tests.cast import NEW_YORK, make_program

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()
    make_program()


def old(harbor: Organization, contact: Contact | None, wish: Wish, ago: timedelta = LIFETIME) -> Link:
    holder = Holder(harbor.pk, contact.pk if contact else None)
    return issue([(holder, wish)], now=timezone.now() - ago)[0]


def ask(visitor: Client, link: Link) -> str:
    page = visitor.post(f"/p/{token_of(link)}/new", follow=True)
    assert page.status_code == HTTPStatus.OK
    return page.content.decode()


def test_a_new_link_of_the_same_kind_goes_to_the_known_address(
    visitor: Client, harbor: Organization, anna: Contact, mailoutbox: list
) -> None:
    wish = Wish(Purpose.RENEWAL, "agreement:17:2027-09-30", "notice")
    seen = ask(visitor, old(harbor, anna, wish))
    assert "A new link is on its way" in seen
    assert anna.email not in seen
    assert anna.name not in seen
    heartbeat(timezone.now())
    mail = mailoutbox[-1]
    assert (anna.email in mail.to[0], mail.subject) == (True, "Your new link")
    token = next(word for word in mail.body.split() if "/p/" in word).split("/p/")[1].strip("/")
    found = find(token)
    assert found is not None
    assert (found.purpose, found.about, found.role, found.contact) == (
        "renewal",
        wish.about,
        "notice",
        anna,
    )
    assert token not in str(Message.objects.filter(kind="link").values())


def test_a_scanner_sends_nothing(visitor: Client, harbor: Organization, anna: Contact) -> None:
    link = old(harbor, anna, Wish(Purpose.PAGE))
    for _time in range(2):
        for path in ("", "new"):
            page = visitor.get(f"/p/{token_of(link)}/{path}")
            assert page.status_code == HTTPStatus.GONE
            assert "Send me a new link" in page.content.decode()
    assert not Message.objects.exists()
    assert Link.objects.count() == 1


def test_asked_too_often_it_waits(visitor: Client, harbor: Organization, anna: Contact) -> None:
    link = old(harbor, anna, Wish(Purpose.PAGE))
    codes = [visitor.post(f"/p/{token_of(link)}/new").status_code for _time in range(5)]
    assert codes == [HTTPStatus.SEE_OTHER] * 3 + [HTTPStatus.TOO_MANY_REQUESTS] * 2
    assert Message.objects.filter(kind="link").count() == 3


def test_a_live_link_needs_no_new_one(visitor: Client, harbor: Organization, anna: Contact) -> None:
    link = old(harbor, anna, Wish(Purpose.LEAVING), timedelta(days=1))
    for answer in (visitor.get(f"/p/{token_of(link)}/new"), visitor.post(f"/p/{token_of(link)}/new")):
        assert (answer.status_code, answer["Location"]) == (303, f"/p/{token_of(link)}/")
    assert not Message.objects.exists()


def test_ended_and_unknown_links_get_none(visitor: Client, harbor: Organization, anna: Contact) -> None:
    ended = revoke(old(harbor, anna, Wish(Purpose.PAGE)), now=timezone.now())
    of_gone = old(harbor, anna, Wish(Purpose.PAUSE))
    note_leaving(anna, last_day=timezone.localdate(timezone=NEW_YORK) - timedelta(days=2), now=timezone.now())
    for link in (ended, of_gone):
        page = visitor.post(f"/p/{token_of(link)}/new")
        assert page.status_code == HTTPStatus.GONE
        assert "This link has ended" in page.content.decode()
    assert visitor.post("/p/guessed/new").status_code == HTTPStatus.NOT_FOUND
    assert not Message.objects.exists()


def test_no_address_that_works_is_said(visitor: Client, harbor: Organization, anna: Contact) -> None:
    mark_undeliverable(anna, on=timezone.localdate(timezone=NEW_YORK), now=timezone.now())
    for link in (old(harbor, anna, Wish(Purpose.PAGE)), old(harbor, None, Wish(Purpose.PAGE))):
        assert "We could not send it" in ask(visitor, link)
    assert not Message.objects.exists()


def test_the_shared_mailbox_gets_its_own(visitor: Client, harbor: Organization) -> None:
    change_organization(harbor, role_mailbox="office@harbor.example", now=timezone.now())
    assert "on its way" in ask(visitor, old(harbor, None, Wish(Purpose.PAUSE)))
    message = Message.objects.get()
    assert (message.recipient, message.contact) == ("office@harbor.example", None)


def test_while_sending_is_held_it_is_said_to_wait(
    visitor: Client, harbor: Organization, anna: Contact, mailoutbox: list
) -> None:
    set_sending(program(), "held", now=timezone.now())
    assert "At the moment it waits." in ask(visitor, old(harbor, anna, Wish(Purpose.PAGE)))
    heartbeat(timezone.now())
    assert not mailoutbox
