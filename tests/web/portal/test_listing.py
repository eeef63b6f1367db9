"""May we list you? A yes with a date and an end, taken back with one press."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from prm.partners.actions import give_consent
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Consent, Contact, Entry, Link, Organization, Purpose
from prm.reminders.actions import refresh
from prm.reminders.models import Reminder
from tests.cast import NOW, TODAY, anna_reyes, day, harbor_house

pytestmark = pytest.mark.usefixtures("monday", "own_cache")


@pytest.fixture
def harbor(monday: None) -> Organization:
    return harbor_house()


@pytest.fixture
def anna(harbor: Organization) -> Contact:
    return harbor.contacts.get()


def door(organization: Organization, contact: Contact | None, purpose: Purpose = Purpose.PAGE) -> str:
    holder = Holder(organization.pk, contact.pk if contact else None)
    return f"/p/{token_of(issue([(holder, Wish(purpose))], now=NOW)[0])}/listing"


def post(address: str, **said: str) -> Any:
    return Client(enforce_csrf_checks=True).post(address, said, follow=True)


def main_of(answer: Any) -> str:
    return " ".join(BeautifulSoup(answer.content, "html.parser").main.get_text(" ", strip=True).split())


def test_page_says_what_it_means_before_anybody_says_yes(harbor: Organization, anna: Contact):
    page = Client().get(door(harbor, anna))
    words = main_of(page)
    for part in (
        "The name of your organization",
        "Its public phone number",
        "Never the names of people. Never a place that is kept secret.",
        "12 months through 6 Jun 2028",
    ):
        assert part in words
    chosen = BeautifulSoup(page.content, "html.parser").find("input", {"name": "months", "checked": True})
    assert chosen["value"] == "12"
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("months", "ends"), [(6, "2027-12-06"), (12, "2028-06-06"), (24, "2029-06-06"), (36, "2030-06-06")]
)
def test_yes_is_dated_and_ends(harbor: Organization, anna: Contact, months: int, ends: str):
    words = main_of(post(door(harbor, anna), months=str(months)))
    assert "You said yes" in words
    assert "Anna Reyes said so on 7 Jun 2027." in words
    said = Consent.objects.get()
    assert (said.given_on, said.ends_on, said.contact, said.how) == (TODAY, day(ends), anna, "link")
    assert Entry.objects.get(event="consent_given").contact == anna
    assert Link.objects.get().used_at == NOW


@pytest.mark.parametrize("months", ["1", "48", "", "x"])
def test_other_spans_are_refused(harbor: Organization, anna: Contact, months: str):
    words = main_of(post(door(harbor, anna), months=months, more="1"))
    assert "Please choose one" in words
    assert not Consent.objects.exists()


def test_taken_back_by_whoever_answers_there_and_it_counts_at_once(harbor: Organization, anna: Contact):
    sam = anna_reyes(harbor, name="Sam Ode", email="sam@harbor.example", roles=())
    given = give_consent(harbor, contact=anna, now=NOW)
    refresh(now=NOW)
    assert Reminder.objects.filter(record=f"consent:{given.pk}", state="planned").exists()
    address = door(harbor, sam)
    words = main_of(post(address, do="withdraw"))
    assert "You are not listed. Your earlier yes was taken back on 7 Jun 2027." in words
    post(address, do="withdraw")  # twice is once
    given.refresh_from_db()
    assert given.withdrawn_at == NOW
    entry = Entry.objects.get(event="consent_withdrawn")
    assert (entry.contact, entry.data["contact"]) == (sam, "Sam Ode")
    refresh(now=NOW)
    assert not Reminder.objects.filter(record=f"consent:{given.pk}", state="planned").exists()


def test_longer_replaces_what_was_said_before(harbor: Organization, anna: Contact):
    give_consent(harbor, contact=anna, months=6, now=NOW)
    assert "Say yes for longer" in main_of(Client().get(door(harbor, anna)))
    post(door(harbor, anna), months="24")
    first, second = Consent.objects.order_by("pk")
    assert (first.withdrawn_at, second.withdrawn_at) == (NOW, None)


def test_old_yes_does_not_count(harbor: Organization, anna: Contact):
    give_consent(harbor, contact=anna, months=6, now=NOW - timedelta(days=200))
    assert "May we list you?" in main_of(Client().get(door(harbor, anna)))
    post(door(harbor, anna), do="withdraw")
    assert Consent.objects.get().withdrawn_at is None


def test_last_day_still_counts(harbor: Organization, anna: Contact):
    given = give_consent(harbor, contact=anna, months=12, now=NOW - timedelta(days=365))
    address = door(harbor, anna)
    with time_machine.travel(NOW.replace(year=given.ends_on.year, day=given.ends_on.day), tick=False):
        assert "You said yes We may list Harbor House through" in main_of(Client().get(address))


def test_shared_mailbox_can_take_back_but_not_say_yes(harbor: Organization, anna: Contact):
    address = door(harbor, None)
    post(address, months="12")
    assert not Consent.objects.exists()
    assert "A yes must come from somebody by name." in main_of(Client().get(address))
    give_consent(harbor, contact=anna, now=NOW)
    post(address, do="withdraw")
    assert Consent.objects.get().withdrawn_at == NOW


def test_other_links_and_other_agencies_stay_out(harbor: Organization, anna: Contact):
    assert Client().get(door(harbor, anna, Purpose.PAUSE)).status_code == 404
    lighthouse = harbor_house(name="Lighthouse")
    theirs = give_consent(lighthouse, contact=lighthouse.contacts.get(), now=NOW)
    post(door(harbor, anna), do="withdraw")
    theirs.refresh_from_db()
    assert theirs.withdrawn_at is None


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_the_same(
    harbor: Organization, anna: Contact, number: int, django_assert_num_queries: Any
):
    for n in range(number):
        give_consent(harbor, contact=anna, now=NOW - timedelta(days=n))
    address = door(harbor, anna)
    with django_assert_num_queries(3):
        Client().get(address)
