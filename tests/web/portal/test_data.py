"""The file with everything we hold: only for the person it is about, kept by nothing in between."""

import json
from typing import Any

import pytest
from django.test import Client

from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Contact, Organization, Purpose
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
    return f"/p/{token_of(issue([(holder, Wish(purpose))], now=NOW)[0])}/"


def test_file_is_to_be_kept_by_the_reader_and_by_nothing_in_between(harbor: Organization, anna: Contact):
    anna_reyes(harbor, name="Sam Ode", email="sam@harbor.example")
    answer = Client().get(f"{door(harbor, anna)}data.json")
    assert answer["Content-Disposition"] == 'attachment; filename="what-we-hold.json"'
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert answer["Cache-Control"] == "no-store, private"
    found = json.loads(answer.content)
    assert found["person"]["name"] == "Anna Reyes"
    assert found["made_at"].startswith("2027-06-07T15:00:00")
    assert "Sam" not in answer.content.decode()


def test_page_says_what_is_in_it_and_leads_to_it(harbor: Organization, anna: Contact):
    address = door(harbor, anna)
    page = Client().get(f"{address}data").content.decode()
    assert f'href="{address}data.json" download' in page
    assert "Left out: private notes of our staff" in page
    assert (
        f'href="{address}data.json?lang=es" download'
        in Client().get(f"{address}data?lang=es").content.decode()
    )


def test_nobody_else_gets_it(harbor: Organization, anna: Contact):
    for purpose in (Purpose.UNSUBSCRIBE, Purpose.LEAVING, Purpose.FEED):
        assert Client().get(f"{door(harbor, anna, purpose)}data.json").status_code == 404
    assert Client().get(f"{door(harbor, None)}data.json").status_code == 404
    assert "shared mailbox" in Client().get(f"{door(harbor, None)}data").content.decode()


@pytest.mark.parametrize("path", ["data", "data.json"])
def test_nothing_can_be_said_here(harbor: Organization, anna: Contact, path: str):
    assert Client().post(f"{door(harbor, anna)}{path}").status_code == 405


@pytest.mark.parametrize("number", [1, 3])
def test_file_costs_the_same(
    harbor: Organization, anna: Contact, number: int, django_assert_num_queries: Any
):
    for _n in range(number):
        door(harbor, anna)
    address = door(harbor, anna)
    with django_assert_num_queries(13):
        found = json.loads(Client().get(f"{address}data.json").content)
    assert len(found["links"]) == number + 1
