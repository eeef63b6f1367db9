"""A page of the portal is small: with every file that a browser fetches for it, under 100 kB."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.contrib.staticfiles import finders
from django.test import Client

from prm.capacity.actions import pause
from prm.partners.actions import say
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Link, Purpose, StatementKind
from prm.training.actions import invite
from tests.cast import NOW, TODAY, anna_reyes, harbor_house, make_agreement, make_session

LIMIT = 100_000
PATHS = ("", "full", "full/until", "leaving", "correct", "correct?about=me", "correct?about=person")
PATHS += ("mail", "listing", "data", "feed")


@pytest.fixture
def link(monday: None, own_cache: None) -> Link:
    """The link of somebody at a partner with a lot on its page."""
    harbor = harbor_house()
    anna = harbor.contacts.get()
    for n in range(10):
        make_agreement(harbor, title=f"Agreement number {n} about a long list of things")
        invite(make_session(f"2027-09-1{n}T10:00"), [anna], now=NOW)
        pause(harbor, scope="service", service=f"Service {n}", starts_on=TODAY, months=1, now=NOW)
    for n in range(40):
        anna_reyes(harbor, name=f"Somebody with a long name {n}", email=f"p{n}@harbor.example")
    return issue([(Holder(harbor.pk, anna.pk), Wish(Purpose.PAGE))], now=NOW)[0]


def files_of(page: BeautifulSoup) -> set[str]:
    """What a browser fetches besides the page: styles, marks and the file of icons."""
    found = {tag["href"] for tag in page.find_all("link", href=True)}
    found |= {tag["src"] for tag in page.find_all(src=True)}
    return found | {tag["href"].partition("#")[0] for tag in page.find_all("use", href=True)}


def weight(address: str) -> int:
    answer = Client().get(address)
    assert answer.status_code == 200
    files = files_of(BeautifulSoup(answer.content, "html.parser"))
    assert all(not urlsplit(one).netloc and one.startswith("/static/") for one in files)
    paths = [finders.find(one.removeprefix("/static/")) for one in files]
    return len(answer.content) + sum(Path(str(path)).stat().st_size for path in paths)


def test_every_page_is_small(link: Link):
    weights = {path: weight(f"/p/{token_of(link)}/{path}") for path in PATHS}
    assert {path: size for path, size in weights.items() if size >= LIMIT} == {}


def test_page_with_icons_is_small(link: Link):
    said = say(link, kind=StatementKind.CORRECTION, note="Something", now=NOW)
    size = weight(f"/p/{token_of(link)}/correct/{said.pk}")
    assert 20_000 < size < LIMIT
