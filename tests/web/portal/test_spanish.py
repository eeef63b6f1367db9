"""Whoever reads Spanish meets no English: on any page by link, in any mail."""

import gettext
import re
from pathlib import Path
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client

from prm.capacity.actions import pause
from prm.management.commands.tick import heartbeat
from prm.outbox.models import Message
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Contact, Purpose
from prm.training.actions import invite, plan_session
from tests.cast import make_program
from tests.story import agreement, at, contact, day, partner, person

pytestmark = pytest.mark.django_db

CATALOGUE = Path(__file__).parents[3] / "locale" / "es" / "LC_MESSAGES" / "django.mo"
MORNING = at("2027-07-02T09:00")
PAGES = (
    "",
    "full",
    "full?scope=nonsense",
    "full/until?scope=all",
    "full/until?scope=service",
    "leaving",
    "correct",
    "correct?about=me",
    "correct?about=new",
    "correct?about=other",
    "mail",
    "listing",
    "data",
    "feed",
)


def english_sentences() -> list[str]:
    """Every English text of more than two words that Spanish says differently, without what is filled in."""
    with CATALOGUE.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    texts = {key[0] if isinstance(key, tuple) else key for key, said in catalogue.items() if key != said}
    plain = [text for text in texts if text and not re.search(r"[%{<]", text)]
    return [text for text in plain if len(text.split()) > 2]


@pytest.fixture
def lucia() -> Contact:
    cache.clear()
    make_program(name="Coastal Partners", phone="555 0142")
    clinic = partner("Orchard Clinic", owner=person("Rosa"), training=3)
    lucia = contact(clinic, "Lucía Serrano", "lucia@orchard.example", languages=["es"])
    agreement(clinic)
    pause(
        clinic,
        scope="referrals",
        starts_on=day("2027-05-01"),
        months=1,
        declared_by=lucia,
        now=at("2027-05-01T10:00"),
    )
    starts = at("2027-07-20T10:00")
    session = plan_session(title="Señales", starts_at=starts, ends_at=starts.replace(hour=12), now=MORNING)
    invite(session, [lucia], now=MORNING)
    heartbeat(MORNING)
    return lucia


def words(html: bytes) -> str:
    soup = BeautifulSoup(html, "html.parser")
    return " ".join(soup.get_text(" ").replace("\xa0", " ").split())


def english_in(text: str) -> list[str]:
    flat = " ".join(text.replace("\xa0", " ").split())
    return [sentence for sentence in english_sentences() if sentence in flat]


@pytest.mark.parametrize("page", PAGES)
def test_page_has_no_english(lucia: Contact, page: str) -> None:
    with time_machine.travel(MORNING, tick=False):
        wish = Wish(Purpose.PAGE)
        link = issue([(Holder(lucia.organization_id, lucia.pk), wish)], now=MORNING)[0]
        answer = Client().get(f"/p/{token_of(link)}/{page}")
    assert b'<html lang="es"' in answer.content
    assert english_in(words(answer.content)) == []


@pytest.mark.parametrize(
    ("purpose", "about"),
    [
        (Purpose.RENEWAL, "agreement"),
        (Purpose.TALK, "pause"),
        (Purpose.LEAVING, ""),
        (Purpose.UNSUBSCRIBE, "renewal"),
    ],
)
def test_first_page_of_each_link_and_its_refusal_have_no_english(
    lucia: Contact, purpose: Purpose, about: str
) -> None:
    clinic = lucia.organization
    records = {
        "agreement": f"agreement:{clinic.agreement_parties.get().agreement_id}:2027-09-30",
        "pause": f"pause:{clinic.pauses.get().pk}",
    }
    with time_machine.travel(MORNING, tick=False):
        wish = Wish(purpose, records.get(about, about))
        link = issue([(Holder(clinic.pk, lucia.pk), wish)], now=MORNING)[0]
        for answer in (Client().get(f"/p/{token_of(link)}/"), Client().post(f"/p/{token_of(link)}/", {})):
            assert b'<html lang="es"' in answer.content
            assert english_in(words(answer.content)) == []


def test_answer_page_has_no_english(lucia: Contact) -> None:
    with time_machine.travel(MORNING, tick=False):
        link = issue([(Holder(lucia.organization_id, lucia.pk), Wish(Purpose.PAUSE))], now=MORNING)[0]
        address = f"/p/{token_of(link)}/full/until?scope=all"
        answer = Client().post(address, {"until": "3"}, follow=True)
    assert "Todo está en pausa" in words(answer.content)
    assert english_in(words(answer.content)) == []


def test_mails_have_no_english(lucia: Contact, mailoutbox: list[Any]) -> None:
    mails = Message.objects.filter(contact=lucia)
    assert {mail.kind for mail in mails} == {"partner", "entry"}
    texts = [f"{mail.subject} {mail.text} {words(mail.html.encode())}" for mail in mails]
    assert [sentence for text in texts for sentence in english_in(text)] == []
