"""Guessed, altered, old, ended, forwarded: what each link is answered, and that nothing about it is kept."""

import logging
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from prm.capacity.models import Pause
from prm.partners.actions import note_leaving, revoke
from prm.partners.links import LIFETIME, Holder, Wish, issue, token_of
from prm.partners.models import Contact, Entry, Link, Purpose, Statement
from prm.partners.sentences import sentence
from tests.cast import NEW_YORK, anna_reyes, make_agreement, make_organization, make_program

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()
    make_program()


def link(contact: Contact, purpose: Purpose = Purpose.PAUSE, *, ago: timedelta = timedelta(0)) -> Link:
    holder = Holder(contact.organization_id, contact.pk)
    return issue([(holder, Wish(purpose))], now=timezone.now() - ago)[0]


def door(one: Link) -> str:
    return f"/p/{token_of(one)}/"


def test_live_link_opens_and_the_browser_is_told_to_keep_nothing(visitor: Client, anna: Contact) -> None:
    page = visitor.get(door(link(anna)), follow=True)
    assert page.status_code == HTTPStatus.OK
    assert page["Cache-Control"] == "no-store, private"
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "default-src 'self'" in page["Content-Security-Policy"]
    assert not visitor.cookies


@pytest.mark.parametrize("guess", ["x", "a" * 32, "~page~", "..%2f..%2fetc", "é" * 20, "a" * 4000])
def test_guessed_link_leads_nowhere_kindly(visitor: Client, anna: Contact, guess: str) -> None:
    page = visitor.get(f"/p/{guess}/")
    assert page.status_code == HTTPStatus.NOT_FOUND
    if "%2f" not in guess:
        assert "This link leads nowhere" in page.content.decode()
        assert anna.name not in page.content.decode()


def test_altered_link_leads_nowhere(visitor: Client, anna: Contact) -> None:
    token = token_of(link(anna))
    altered = {token[:-1], token + "A", token.swapcase(), token[::-1]} - {token}
    assert {visitor.get(f"/p/{one}/").status_code for one in altered} == {HTTPStatus.NOT_FOUND}


def test_what_the_table_knows_opens_nothing(visitor: Client, anna: Contact) -> None:
    row = link(anna)
    for stored in (row.token_hash, row.nonce, str(row.pk)):
        assert visitor.get(f"/p/{stored}/").status_code == HTTPStatus.NOT_FOUND


def test_old_link_offers_a_new_one_and_names_nobody(visitor: Client, anna: Contact) -> None:
    page = visitor.get(door(link(anna, ago=LIFETIME)))
    assert page.status_code == HTTPStatus.GONE
    assert "Send me a new link" in page.content.decode()
    assert anna.name not in page.content.decode()
    assert anna.email not in page.content.decode()


def test_ended_link_offers_nothing(visitor: Client, anna: Contact) -> None:
    one = link(anna)
    revoke(one, now=timezone.now())
    page = visitor.get(door(one))
    assert page.status_code == HTTPStatus.GONE
    assert "This link has ended" in page.content.decode()
    assert "<form" not in page.content.decode()


def test_link_ends_with_its_person(visitor: Client, anna: Contact) -> None:
    one = link(anna)
    note_leaving(anna, last_day=timezone.localdate(timezone=NEW_YORK) - timedelta(2), now=timezone.now())
    assert visitor.get(door(one)).status_code == HTTPStatus.GONE
    assert visitor.post(door(one), {}).status_code == HTTPStatus.GONE


@pytest.mark.parametrize("page", ["full", "leaving", "mail", "correct", "data", "listing"])
def test_link_for_one_purpose_opens_no_other_door(visitor: Client, anna: Contact, page: str) -> None:
    for purpose in (Purpose.RENEWAL, Purpose.TALK, Purpose.FEED):
        for method in (visitor.get, visitor.post):
            assert method(f"{door(link(anna, purpose))}{page}").status_code == HTTPStatus.NOT_FOUND


def test_link_of_one_partner_says_nothing_about_another(visitor: Client, anna: Contact) -> None:
    other = make_organization("North Clinic")
    stranger = anna_reyes(other, name="Nora Quist", email="nora@north.example")
    seen = visitor.get(door(link(anna, Purpose.PAGE)), follow=True).content.decode()
    assert other.name not in seen
    assert stranger.name not in seen


def test_record_of_another_partner_is_none_of_theirs(visitor: Client, anna: Contact) -> None:
    other = make_organization("North Clinic")
    theirs = make_agreement(other)
    for page in (f"renewal/{theirs.pk}", f"talk/{theirs.pk}", "said/1"):
        for method in (visitor.get, visitor.post):
            assert method(f"{door(link(anna, Purpose.PAGE))}{page}").status_code == HTTPStatus.NOT_FOUND


def test_same_answer_once_more_is_said_once(visitor: Client, anna: Contact) -> None:
    address = f"{door(link(anna))}full/until?scope=referrals"
    pages = [visitor.post(address, {"until": "3"}, follow=True) for _ in range(2)]
    assert pages[0].redirect_chain == pages[1].redirect_chain
    assert Statement.objects.count() == Pause.objects.count() == 1


def test_link_that_was_passed_on_speaks_for_its_person_alone(anna: Contact) -> None:
    """Somebody else's browser, somebody else's address: the link is all that counts."""
    stranger = Client(enforce_csrf_checks=True, REMOTE_ADDR="203.0.113.9", HTTP_ACCEPT_LANGUAGE="fr")
    one = link(anna)
    said = stranger.post(f"{door(one)}full/until?scope=referrals", {"until": "1"}, follow=True)
    assert anna.email not in said.content.decode()
    assert (Statement.objects.get().contact, Statement.objects.get().link) == (anna, one)
    entry = Entry.objects.get(event="said_pause")
    assert sentence(entry) == "Anna Reyes told us by link that they are full"


def test_guessing_is_slowed_down_and_then_a_good_link_waits_too(visitor: Client, anna: Contact) -> None:
    answers = [visitor.get(f"/p/{number:032}/").status_code for number in range(32)]
    assert answers == [HTTPStatus.NOT_FOUND] * 30 + [HTTPStatus.TOO_MANY_REQUESTS] * 2
    assert visitor.get(door(link(anna))).status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_pressing_one_link_without_end_is_slowed_down(visitor: Client, anna: Contact) -> None:
    address = door(link(anna))
    answers = [visitor.post(address, {}).status_code for _ in range(31)]
    assert HTTPStatus.TOO_MANY_REQUESTS not in answers[:30]
    assert answers[30] == HTTPStatus.TOO_MANY_REQUESTS


def test_language_is_the_contacts_and_can_be_changed_on_the_page(visitor: Client, anna: Contact) -> None:
    one = link(anna)
    assert '<html lang="en"' in visitor.get(door(one), follow=True).content.decode()
    anna.languages = ["es"]
    anna.save()
    assert '<html lang="es"' in visitor.get(door(one), follow=True).content.decode()
    assert '<html lang="en"' in visitor.get(f"{door(one)}?lang=en", follow=True).content.decode()


def test_opening_a_link_leaves_no_trace_in_table_or_log(
    visitor: Client, anna: Contact, caplog: pytest.LogCaptureFixture
) -> None:
    one = link(anna)
    before = Link.objects.values().get(pk=one.pk)
    with caplog.at_level(logging.DEBUG):
        visitor.get(door(one), follow=True)
        visitor.get(door(one), follow=True)
    assert Link.objects.values().get(pk=one.pk) == before
    assert anna.name not in caplog.text
