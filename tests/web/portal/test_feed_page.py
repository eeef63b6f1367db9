"""How a partner gets our dates into their own calendar, and out of it again."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils.crypto import get_random_string

from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Contact, Entry, Link, Organization, Purpose
from tests.cast import NOW, anna_reyes, harbor_house

pytestmark = pytest.mark.usefixtures("monday", "own_cache")


@pytest.fixture
def harbor(monday: None) -> Organization:
    return harbor_house()


@pytest.fixture
def anna(harbor: Organization) -> Contact:
    return harbor.contacts.get()


def door(organization: Organization, contact: Contact | None, purpose: Purpose = Purpose.PAGE) -> str:
    holder = Holder(organization.pk, contact.pk if contact else None)
    return f"/p/{token_of(issue([(holder, Wish(purpose))], now=NOW)[0])}/feed"


def press(address: str, do: str) -> Any:
    return Client(enforce_csrf_checks=True).post(address, {"do": do}, follow=True)


def shown(answer: Any) -> str:
    """The address on the page, or ""."""
    field = BeautifulSoup(answer.content, "html.parser").find("input", {"id": "id_address"})
    return str(field["value"]) if field else ""


def fetched(address: str) -> int:
    return int(Client().get(address.removeprefix("http://localhost:8000")).status_code)


def test_address_is_made_by_pressing_not_by_looking(harbor: Organization, anna: Contact):
    address = door(harbor, anna)
    for _look in range(2):
        assert shown(Client().get(address)) == ""
    assert not Link.objects.filter(purpose=Purpose.FEED).exists()
    first = shown(press(address, "make"))
    assert first.startswith("http://localhost:8000/feeds/")
    assert first.endswith(".ics")
    assert fetched(first) == 200
    assert shown(press(address, "make")) == first  # twice is once
    assert Link.objects.filter(purpose=Purpose.FEED).count() == 1
    assert Link.objects.get(purpose=Purpose.PAGE).used_at == NOW
    assert f'href="webcal://{first.partition("://")[2]}"' in Client().get(address).content.decode()


def test_new_address_ends_the_old_one(harbor: Organization, anna: Contact):
    address = door(harbor, anna)
    first = shown(press(address, "make"))
    second = shown(press(address, "anew"))
    assert second != first
    assert (fetched(first), fetched(second)) == (410, 200)
    assert shown(press(address, "end")) == ""
    assert fetched(second) == 410
    assert Entry.objects.filter(event="link_revoked", contact=anna).count() == 2


def test_each_person_has_an_own_address(harbor: Organization, anna: Contact):
    sam = anna_reyes(harbor, name="Sam Ode", email="sam@harbor.example")
    first = shown(press(door(harbor, anna), "make"))
    assert shown(Client().get(door(harbor, sam))) == ""
    shared = shown(press(door(harbor, None), "make"))
    press(door(harbor, sam), "end")
    assert fetched(first) == 200
    assert fetched(shared) == 200
    assert shared != first


def test_address_of_another_secret_key_is_made_anew(harbor: Organization, anna: Contact, settings: Any):
    press(door(harbor, anna), "make")
    settings.SECRET_KEY = get_random_string(50)
    address = door(harbor, anna)
    assert shown(Client().get(address)) == ""
    again = shown(press(address, "make"))
    assert fetched(again) == 200


@pytest.mark.parametrize("do", ["", "x"])
def test_other_wishes_change_nothing(harbor: Organization, anna: Contact, do: str):
    press(door(harbor, anna), "make")
    address = door(harbor, anna)
    before = list(Link.objects.values())
    press(address, do)
    assert list(Link.objects.values()) == before


def test_only_the_page_leads_here(harbor: Organization, anna: Contact):
    for address in (door(harbor, anna, Purpose.FEED), door(harbor, anna, Purpose.FEED).removesuffix("feed")):
        assert Client().get(address).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_the_same(
    harbor: Organization, anna: Contact, number: int, django_assert_num_queries: Any
):
    address = door(harbor, anna)
    for _n in range(number):
        press(address, "anew")
    with django_assert_num_queries(3):
        assert shown(Client().get(address))
