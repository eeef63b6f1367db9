"""Two people before the same partner at once, each in a browser of their own: nothing that either wrote is lost."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from prm.accounts.models import User
from prm.partners.models import Organization
from tests.cast import daniel, harbor_house, rosa

HARBOR = "/partners/harbor-house/"
Opens = Callable[[User], Page]


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def opens(browser: Browser, house: str, request: Any) -> Iterator[Opens]:
    """The partner's page in a browser of somebody's own."""
    contexts = []

    def open_for(person: User) -> Page:
        client = Client()
        client.force_login(person)
        context = browser.new_context(java_script_enabled=request.param, base_url=house)
        contexts.append(context)
        context.set_default_timeout(10_000)
        key: Any = client.session.session_key
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": house}])
        page = context.new_page()
        page.goto(HARBOR)
        return page

    harbor_house(phone="555 0100", city="Oakland")
    yield open_for
    for context in contexts:
        context.close()


def begin(page: Page, fact: str, field: str, text: str) -> None:
    """Open a fact and type over it, without saving yet."""
    page.locator(f"#fact-{fact} a[data-fact-edit]").click()
    page.get_by_label(field, exact=True).fill(text)


def save(page: Page, field: str) -> None:
    page.get_by_label(field, exact=True).press("Enter")


def facts() -> tuple[str, str]:
    harbor = Organization.objects.get()
    return harbor.phone, harbor.city


def test_two_who_change_different_facts_both_keep_theirs(opens: Opens) -> None:
    one, other = opens(rosa()), opens(daniel())
    begin(one, "phone", "Phone", "555 0144")
    begin(other, "place", "Town", "Alameda")
    save(one, "Phone")
    expect(one.locator("#fact-phone")).to_contain_text("555 0144")
    save(other, "Town")
    expect(other.locator("#fact-place")).to_contain_text("Alameda")
    assert facts() == ("555 0144", "Alameda")


@pytest.mark.parametrize(("choice", "kept"), [("Keep theirs", "555 0144"), ("Use mine", "555 0199")])
def test_two_who_change_one_fact_are_told_and_neither_is_overwritten_unseen(
    opens: Opens, choice: str, kept: str
) -> None:
    one, other = opens(rosa()), opens(daniel())
    begin(one, "phone", "Phone", "555 0144")
    begin(other, "phone", "Phone", "555 0199")
    save(one, "Phone")
    expect(one.locator("#fact-phone")).to_contain_text("555 0144")
    save(other, "Phone")
    notice = other.locator(".conflict")
    expect(notice).to_contain_text("Rosa")
    expect(notice).to_contain_text("555 0144")
    expect(other.get_by_label("Phone", exact=True)).to_have_value("555 0199")
    assert facts()[0] == "555 0144"
    notice.get_by_role("button", name=choice).click()
    expect(notice).to_have_count(0)
    expect(other.locator("#fact-phone")).to_contain_text(kept)
    assert facts()[0] == kept


def test_two_who_write_at_once_are_both_in_the_timeline(opens: Opens) -> None:
    one, other = opens(rosa()), opens(daniel())
    one.get_by_label("What to remember").fill("They move in March")
    other.get_by_label("What to remember").fill("Their van is gone")
    for page in (one, other):
        page.get_by_role("button", name="Write it down", exact=True).click()
        page.get_by_text("The note is kept.").wait_for()
    expect(other.locator("#past-part")).to_contain_text("They move in March")
    expect(other.locator("#past-part")).to_contain_text("Their van is gone")


def test_two_who_end_one_pause_are_told_that_it_is_over(opens: Opens) -> None:
    one, other = opens(rosa()), opens(daniel())
    one.goto(f"{HARBOR}pause")
    one.get_by_role("button", name="Record the pause").click()
    for page in (one, other):
        page.goto(HARBOR)
    one.get_by_role("button", name="They are back").click()
    one.get_by_role("status").filter(has_text="open again").wait_for()
    other.get_by_role("button", name="They are back").click()
    other.get_by_role("status").filter(has_text="This pause was taken back meanwhile.").wait_for()
    pause = Organization.objects.get().pauses.get()
    assert pause.answer == "resumed"
