"""A partner's own page in a real browser, on a phone, without JavaScript; and axe on every page that it leads to."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import vobject
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Browser, Page, expect

from prm.capacity.actions import pause
from prm.partners.actions import give_consent, say
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Consent, Contact, Purpose, Statement, StatementKind
from prm.training.actions import invite
from tests.browser import axe
from tests.browser.conftest import Witness
from tests.cast import NOW, TODAY, anna_reyes, day, harbor_house, make_agreement, make_session

PHONE = 390


@pytest.fixture
def anna(house: str, settings: Any) -> Contact:
    settings.SITE_URL = house
    harbor = harbor_house()
    anna = harbor.contacts.get()
    anna_reyes(harbor, name="Sam Ode", email="sam@harbor.example", roles=("intake",))
    make_agreement(harbor, expires_on=day("2027-08-31"))
    invite(make_session(), [anna], now=NOW)
    pause(harbor, scope="referrals", starts_on=TODAY - timedelta(days=40), months=1, now=NOW)
    return anna


def door(contact: Contact, purpose: Purpose = Purpose.PAGE, about: str = "") -> str:
    holder = Holder(contact.organization_id, contact.pk)
    return f"/p/{token_of(issue([(holder, Wish(purpose, about))], now=NOW)[0])}/"


@pytest.fixture
def own(open_page: Callable[..., Page], anna: Contact) -> Page:
    """Anna's own page on her phone."""
    return open_page(door(anna), width=PHONE, javascript=False)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).or_(
        page.get_by_role("link", name=name, exact=True)
    ).first.click()


def heading(page: Page) -> Any:
    return expect(page.get_by_role("heading", level=1))


def test_dates_get_into_the_calendar_and_out_again(own: Page, house: str, witness: Witness):
    press(own, "Our dates in your calendar")
    press(own, "Make my calendar address")
    address = own.get_by_label("Or copy this address").input_value()
    read = vobject.readOne(Client().get(address.removeprefix(house)).content.decode())
    titles = {event.summary.value for event in read.contents["vevent"]}
    assert "Red flags and what to do" in titles
    own.locator("summary").click()
    press(own, "End this calendar")
    expect(own.get_by_role("button", name="Make my calendar address")).to_be_visible()
    assert Client().get(address.removeprefix(house)).status_code == 410
    assert not [line for line in witness.said if line.startswith("error")]
    assert {urlsplit(asked).netloc for asked in witness.asked} == {urlsplit(house).netloc}


def test_colleague_is_gone_and_it_is_taken_back(own: Page):
    press(own, "Something is not right")
    press(own, "One of my colleagues")
    press(own, "Send")
    heading(own).to_have_text("Thank you")
    assert Statement.objects.get().data["left"] is True
    press(own, "Take it back")
    heading(own).to_have_text("Taken back")


def test_listed_and_not_any_more(own: Page, anna: Contact):
    press(own, "Being listed for other partners")
    press(own, "Yes, list us")
    heading(own).to_have_text("You said yes")
    assert Consent.objects.get().ends_on == day("2028-06-06")
    press(own, "Do not list us any more")
    heading(own).to_have_text("May we list you?")


def test_less_mail_in_spanish(open_page: Callable[..., Page], anna: Contact):
    page = open_page(door(anna, Purpose.UNSUBSCRIBE, "renewal"), width=PHONE, javascript=False)
    press(page, "Stop this mail")
    expect(page.get_by_label("About our agreement")).not_to_be_checked()
    page.get_by_text("Español", exact=True).nth(1).click()
    page.locator("form button").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    anna.refresh_from_db()
    assert (anna.unsubscribed, anna.languages) == (["renewal"], ["es", "en"])


def test_file_with_everything_is_kept(own: Page):
    press(own, "Everything we hold about you")
    with own.expect_download() as kept:
        press(own, "Download the file")
    assert kept.value.suggested_filename == "what-we-hold.json"


def ways(page: Page) -> set[str]:
    """The addresses of the portal that a page leads to."""
    found = page.locator('main a[href^="/p/"]:not([download])').evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    return {str(one) for one in found}


def kind_of(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return str(resolve(parts.path).url_name), re.sub(r"\d+", "0", parts.query)


def walk(page: Page, house: str, start: list[str]) -> Iterator[tuple[str, str]]:
    """Open each kind of page that links lead to, and yield it with what axe finds there."""
    seen, waiting = set(), list(start)
    while waiting:
        address = waiting.pop(0)
        if kind_of(address) in seen:
            continue
        seen.add(kind_of(address))
        answer = page.goto(house + address)
        if answer is None or "text/html" not in answer.headers["content-type"]:
            continue
        assert answer.status == 200, kind_of(address)
        waiting += sorted(ways(page))
        for fault in axe.faults(page, menus=False) or [""]:
            yield kind_of(address)[0], fault


@pytest.fixture
def page(browser: Browser, house: str) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce", bypass_csp=True)  # axe is no file of ours
    yield context.new_page()
    context.close()


def test_no_page_of_theirs_has_a_fault(page: Page, house: str, anna: Contact):
    give_consent(anna.organization, contact=anna, now=NOW)
    link = issue([(Holder(anna.organization_id, anna.pk), Wish(Purpose.PAGE))], now=NOW)[0]
    said = say(link, kind=StatementKind.CORRECTION, note="Something", now=NOW)
    start = f"/p/{token_of(link)}/"
    less = door(anna, Purpose.UNSUBSCRIBE, "renewal")
    found = list(walk(page, house, [start, f"{start}correct/{said.pk}", f"{less}mail"]))
    assert [(name, fault) for name, fault in found if fault] == []
    assert {name for name, _fault in found} >= {
        "portal",
        "portal-correct",
        "portal-corrected",
        "portal-mail",
        "portal-listing",
        "portal-data",
        "portal-feed",
    }
