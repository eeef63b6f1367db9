"""Less mail: by one click of a mail reader, by a button, by ticks; and the language of what is left."""

from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from prm.management.commands.tick import heartbeat
from prm.outbox import delivery
from prm.partners.actions import change_contact
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Contact, Entry, Link, Organization, Purpose
from prm.reminders import dispatch
from prm.reminders.actions import refresh
from prm.training.actions import set_cadence
from tests.cast import NOW, anna_reyes, at, day, harbor_house, make_agreement
from tests.tasks.stack import Sink, open_sink

pytestmark = pytest.mark.usefixtures("monday", "own_cache")


@pytest.fixture
def harbor(monday: None) -> Organization:
    return harbor_house()


@pytest.fixture
def anna(harbor: Organization) -> Contact:
    return harbor.contacts.get()


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A real SMTP server that keeps what it gets, and an installation that the world reaches by HTTPS."""
    handler = Sink()
    controller = open_sink(handler)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.SITE_URL = "https://prm.a-rather-long-name-of-a-county.example.org"
    yield handler
    controller.stop()


def door(contact: Contact | None, organization: Organization, purpose: Purpose, about: str = "") -> str:
    holder = Holder(organization.pk, contact.pk if contact else None)
    return f"/p/{token_of(issue([(holder, Wish(purpose, about))], now=NOW)[0])}/"


def less(contact: Contact, about: str = "renewal") -> str:
    return door(contact, contact.organization, Purpose.UNSUBSCRIBE, about)


def visitor() -> Client:
    return Client(enforce_csrf_checks=True)


def unsubscribed(contact: Contact) -> list[str]:
    contact.refresh_from_db()
    return list(contact.unsubscribed)


def main_of(answer: Any) -> str:
    return " ".join(BeautifulSoup(answer.content, "html.parser").main.get_text(" ", strip=True).split())


def one_click(address: str) -> Any:
    """What a mail reader posts (RFC 8058, section 3.2)."""
    return visitor().post(
        address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )


def send_what_is_due(harbor: Organization) -> None:
    """Ask about an agreement that ends soon, by mail that really goes."""
    make_agreement(harbor, expires_on=day("2027-08-31"))
    later = at("2027-07-02T10:00")
    refresh(now=later)
    dispatch.hand_over(now=later)
    delivery.drain(now=lambda: later, owner="test")


def test_one_click_from_a_real_mail_stops_that_kind_of_mail(
    sink: Sink, harbor: Organization, anna: Contact, settings: Any
):
    set_cadence(harbor, every_months=None, reason="not part of this story", now=NOW)
    send_what_is_due(harbor)
    mails = [mail for mail in sink.mails if "anna@harbor.example" in mail["To"]]
    assert mails
    for mail in mails:
        header = " ".join(mail["List-Unsubscribe"].split())
        assert header.startswith(f"<{settings.SITE_URL}/p/")
        assert header.endswith("/>")
        assert header.count("<") == 1
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "~" not in header
        address = header[1:-1].removeprefix(settings.SITE_URL)
        answer = one_click(address)
        assert (answer.status_code, answer.cookies) == (200, {})
    assert unsubscribed(anna) == ["renewal"]


def test_one_click_is_not_offered_where_it_cannot_be(sink: Sink, harbor: Organization, settings: Any):
    settings.SITE_URL = "http://localhost:8000"
    send_what_is_due(harbor)
    assert {mail["List-Unsubscribe-Post"] for mail in sink.mails} == {None}
    assert all(mail["List-Unsubscribe"] for mail in sink.mails if "anna@" in mail["To"])


def test_one_click_twice_is_once_and_looking_is_nothing(anna: Contact):
    address = less(anna, "renewal,training")
    for _look in range(2):
        page = visitor().get(address)
        assert "Stop this mail" in main_of(page)
    assert unsubscribed(anna) == []
    for _click in range(2):
        assert one_click(address).status_code == 200
    assert unsubscribed(anna) == ["renewal", "training"]
    assert Entry.objects.filter(event="contact_unsubscribed").count() == 2
    assert Link.objects.get().used_at == NOW


def test_one_click_as_a_form_of_parts(anna: Contact):
    answer = visitor().post(less(anna), {"List-Unsubscribe": "One-Click"})  # multipart
    assert answer.status_code == 200
    assert unsubscribed(anna) == ["renewal"]


@pytest.mark.parametrize("body", ["", "List-Unsubscribe=Two-Clicks", "x=1"])
def test_other_posts_change_nothing(anna: Contact, body: str):
    address = less(anna)
    assert visitor().post(address, body, content_type="application/x-www-form-urlencoded").status_code == 200
    assert unsubscribed(anna) == []


def test_one_click_to_another_link_changes_nothing(anna: Contact):
    for purpose in (Purpose.PAGE, Purpose.PAUSE, Purpose.LEAVING):
        one_click(door(anna, anna.organization, purpose))
    assert unsubscribed(anna) == []


def test_button_stops_the_mail_they_came_from(anna: Contact):
    page = visitor().post(f"{less(anna)}mail", {"stop": "yes"}, follow=True)
    assert "Saved. This is how it stands now." in main_of(page)
    assert "Stop this mail" not in main_of(page)
    assert unsubscribed(anna) == ["renewal"]


def test_ticks_say_what_is_wanted(anna: Contact):
    address = door(anna, anna.organization, Purpose.PAGE)
    said = {"form": "mail", "mail": ["renewal", "pause"], "language": "en"}
    page = visitor().post(f"{address}mail", said, follow=True)
    ticks = BeautifulSoup(page.content, "html.parser").find_all("input", {"name": "mail"})
    assert [tick["value"] for tick in ticks if tick.has_attr("checked")] == ["renewal", "pause"]
    assert unsubscribed(anna) == ["letter", "listing", "training"]
    visitor().post(f"{address}mail", said | {"mail": ["training"]})
    assert unsubscribed(anna) == ["letter", "listing", "pause", "renewal"]


def test_what_follows_is_explained(anna: Contact):
    words = main_of(visitor().get(f"{door(anna, anna.organization, Purpose.PAGE)}mail"))
    assert "If you stop one kind, we ask somebody else at Harbor House instead." in words
    assert "Rosa sees what you chose." in words


def test_somebody_else_is_asked_instead(harbor: Organization, anna: Contact, mailoutbox: list[Any]):
    anna_reyes(harbor, name="Sam Ode", email="sam@harbor.example", roles=("primary",))
    make_agreement(harbor, expires_on=day("2027-08-31"))
    one_click(less(anna))
    heartbeat(at("2027-07-02T10:00"))
    about = [mail for mail in mailoutbox if "agreement" in mail.extra_headers.get("X-PRM-Key", "")]
    assert {mail.to[0].rpartition("<")[2].strip(">") for mail in about} & {
        "anna@harbor.example",
        "sam@harbor.example",
    } == {"sam@harbor.example"}


def test_language_of_the_page_and_of_mail(anna: Contact):
    change_contact(anna, languages=["en", "fr"], now=NOW)
    address = door(anna, anna.organization, Purpose.PAGE)
    every = ["renewal", "training", "pause", "listing", "letter"]
    page = visitor().post(
        f"{address}mail", {"form": "mail", "mail": every, "language": "es", "lang": "en"}, follow=True
    )
    assert BeautifulSoup(page.content, "html.parser").html["lang"] == "es"
    anna.refresh_from_db()
    assert (anna.languages, anna.unsubscribed) == (["es", "en", "fr"], [])
    visitor().post(f"{address}mail", {"form": "mail", "mail": every, "language": "xx"})
    anna.refresh_from_db()
    assert anna.languages == ["es", "en", "fr"]


def test_shared_mailbox_is_nobody(harbor: Organization):
    page = visitor().get(f"{door(None, harbor, Purpose.PAGE)}mail")
    assert "This is a shared mailbox" in main_of(page)


def test_link_for_less_mail_opens_nothing_else(anna: Contact):
    address = less(anna)
    for path in ("listing", "data", "data.json", "correct", "feed"):
        assert visitor().get(f"{address}{path}").status_code == 404
    assert Link.objects.get().used_at is None


def test_page_costs_the_same(anna: Contact, django_assert_num_queries: Any):
    address = less(anna)
    with django_assert_num_queries(3):
        visitor().get(address)
