"""What happened is narrowed without loading the page anew; what was typed stays, and the way back is the browser's."""

import pytest
from playwright.sync_api import expect

from prm.partners.actions import record_note, record_talk
from tests.cast import NOW, harbor_house, rosa

HARBOR = "/partners/harbor-house/"


@pytest.fixture
def page(house, rosa_opens):
    harbor = harbor_house()
    record_talk(harbor, note="A busy autumn", now=NOW, by=rosa())
    record_note(harbor, note="Ring twice", now=NOW, by=rosa())
    return rosa_opens(HARBOR)


def chip(page, word):
    return page.locator(".past-chips a.chip", has_text=word)


def test_line_is_narrowed_kept_in_the_address_and_the_way_back_works(page, witness):
    page.get_by_label("What to remember").fill("Half a sentence")
    chip(page, "Notes").click()
    expect(page.locator("#past-count")).to_have_text("1 line: Notes")
    expect(chip(page, "Notes")).to_be_focused()
    chip(page, "Talks").click()
    expect(page.locator("#past-count")).to_have_text("2 lines: Talks, Notes")
    assert "show=talk&show=note" in page.url
    page.go_back()
    expect(page.locator("#past-count")).to_have_text("1 line: Notes")
    assert page.get_by_label("What to remember").input_value() == "Half a sentence"
    loaded = [one for one in witness.asked if one.partition("?")[0].endswith(HARBOR)]
    assert page.evaluate("performance.getEntriesByType('navigation').length") == 1
    assert len(loaded) == 4  # the page once, three parts
    page.reload()
    expect(page.locator("#past-count")).to_have_text("1 line: Notes")
    page.get_by_role("link", name="Everything").click()
    expect(page.locator(".thread", has_text="A busy autumn")).to_be_visible()
    assert witness.said == []


def test_whoever_was_signed_out_meanwhile_is_led_to_the_door(page):
    page.context.clear_cookies()
    chip(page, "Notes").click()
    page.wait_for_url("**/accounts/login/**")
