"""axe at the doors that do not open, and at a leaving from its form to its thanks."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from prm.partners.actions import revoke
from prm.partners.links import LIFETIME, Holder, Wish, issue, token_of
from prm.partners.models import Contact, Link, Purpose
from tests.browser import axe
from tests.cast import NOW, harbor_house

PHONE = 390


@pytest.fixture
def anna(house: str) -> Contact:
    return harbor_house().contacts.get()


def link(contact: Contact, purpose: Purpose, *, ago: timedelta = timedelta(0)) -> Link:
    holder = Holder(contact.organization_id, contact.pk)
    return issue([(holder, Wish(purpose))], now=NOW - ago)[0]


def test_closed_doors_have_no_fault(open_page: Callable[..., Page], anna: Contact) -> None:
    old, ended = link(anna, Purpose.PAUSE, ago=LIFETIME), link(anna, Purpose.PAUSE)
    revoke(ended, now=NOW)
    for token, title in (
        ("x" * 32, "This link leads nowhere"),
        (token_of(old), "This link is too old"),
        (token_of(ended), "This link has ended"),
    ):
        page = open_page(f"/p/{token}/", width=PHONE)
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        assert axe.faults(page) == []


def test_old_link_brings_a_new_one(open_page: Callable[..., Page], anna: Contact) -> None:
    page = open_page(f"/p/{token_of(link(anna, Purpose.PAUSE, ago=LIFETIME))}/", width=PHONE)
    page.get_by_role("button", name="Send me a new link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A new link is on its way")
    assert axe.faults(page) == []


def test_leaving_has_no_fault_from_slip_to_thanks(open_page: Callable[..., Page], anna: Contact) -> None:
    page = open_page(f"/p/{token_of(link(anna, Purpose.LEAVING))}/", width=PHONE)
    page.locator("button.primary").click()
    expect(page.locator(".wrongs")).to_be_focused()
    assert axe.faults(page) == []
    page.set_viewport_size({"width": PHONE, "height": 844})
    page.get_by_label("Your last day").fill("2027-06-30")
    page.get_by_text("I do not know yet", exact=True).click()
    page.locator("button.primary").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    assert axe.faults(page) == []
