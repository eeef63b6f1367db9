"""Looking up in a real browser: by keyboard, on a phone, without JavaScript, and for those who listen."""

import pytest
from playwright.sync_api import expect

from prm.partners.actions import record_talk
from prm.search.actions import refresh
from tests.browser import axe
from tests.browser.screen import fits
from tests.cast import NOW, TODAY, harbor_house, make_agreement, make_organization, rosa


@pytest.fixture
def _full(house):
    harbor = harbor_house(city="Sausalito")
    make_agreement(harbor)
    make_organization("Lighthouse")
    record_talk(harbor, happened_on=TODAY, note="They asked for a second evening.", now=NOW, by=rosa())
    refresh(now=NOW)


def box(page):
    return page.get_by_role("dialog", name="Look up")


def chosen(page):
    return page.locator("[role=option][aria-selected=true] .hit-title")


@pytest.mark.usefixtures("_full")
@pytest.mark.parametrize("keys", ["/", "Control+k", "Meta+k"])
def test_by_keyboard_from_any_page_to_a_partner(rosa_opens, keys, witness):
    page = rosa_opens("/outbox/")
    page.keyboard.press(keys)
    expect(box(page)).to_be_visible()
    page.keyboard.type("harb", delay=20)
    expect(chosen(page)).to_have_text("Harbor House")
    field = box(page).get_by_role("combobox")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_have_text("Record a talk with Harbor House")
    active = page.locator("[aria-selected=true]").get_attribute("id")
    expect(field).to_have_attribute("aria-activedescendant", active)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(chosen(page)).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/partners/harbor-house/")
    assert [line for line in witness.said if line.startswith("error")] == []


@pytest.mark.usefixtures("_full")
def test_escape_closes_and_gives_the_focus_back(rosa_opens):
    page = rosa_opens("/partners/")
    page.get_by_role("link", name="Harbor House").first.focus()
    page.keyboard.press("/")
    page.keyboard.type("anna", delay=20)
    expect(chosen(page)).to_have_text("Anna Reyes")
    page.keyboard.press("Escape")
    expect(box(page)).to_be_hidden()
    expect(page.get_by_role("link", name="Harbor House").first).to_be_focused()


@pytest.mark.usefixtures("_full")
def test_a_slash_in_a_field_is_a_slash(rosa_opens):
    page = rosa_opens("/partners/")
    page.get_by_label("Find a partner").press_sequentially("a/b")
    expect(box(page)).to_be_hidden()
    assert page.get_by_label("Find a partner").input_value() == "a/b"


@pytest.mark.usefixtures("_full")
def test_enter_before_the_list_came_leads_to_the_page(rosa_opens):
    page = rosa_opens("/partners/")
    page.keyboard.press("/")
    page.keyboard.type("evening")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=evening")
    expect(page.get_by_role("heading", name="Conversations")).to_be_visible()


@pytest.mark.usefixtures("_full")
def test_nothing_found_says_what_to_do_and_a_lost_connection_too(rosa_opens):
    page = rosa_opens("/partners/")
    page.keyboard.press("/")
    said = box(page).get_by_role("status")
    expect(said).to_contain_text("Half a word is enough")
    page.keyboard.type("qqqq")
    expect(said).to_contain_text("Nothing found for “qqqq”")
    page.context.set_offline(True)
    page.keyboard.type("q")
    expect(said).to_contain_text("The list did not come")


@pytest.mark.usefixtures("_full")
def test_a_press_in_the_sidebar_opens_the_box_and_a_press_beside_closes_it(rosa_opens):
    page = rosa_opens("/partners/")
    page.locator("#look-up-side").click()
    expect(box(page)).to_be_visible()
    page.mouse.click(5, 800)
    expect(box(page)).to_be_hidden()
    page.locator("#look-up-side").click()
    page.keyboard.type("lightho", delay=20)
    page.get_by_role("option", name="Lighthouse").first.click()
    page.wait_for_url("**/partners/lighthouse/")


@pytest.mark.usefixtures("_full")
def test_without_javascript_the_field_leads_to_the_page(rosa_opens):
    page = rosa_opens("/partners/", javascript=False)
    page.locator("#look-up-side").fill("reyes")
    page.locator("#look-up-side").press("Enter")
    page.get_by_role("link", name="Anna Reyes").click()
    page.wait_for_url("**/partners/harbor-house/people/*/")
    expect(page.get_by_role("heading", name="Anna Reyes", level=1)).to_be_visible()


@pytest.mark.usefixtures("_full")
@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("javascript", [True, False])
def test_on_a_phone_from_the_bar(rosa_opens, width, javascript):
    page = rosa_opens("/partners/", width=width, javascript=javascript)
    page.locator("nav.bottom").get_by_role("link", name="Look up").click()
    page.get_by_label("What are you looking for?").first.fill("harbor")
    page.get_by_role("button", name="Look up").click()
    hit = page.get_by_role("link", name="Harbor House").first
    assert hit.bounding_box()["height"] >= 44
    if javascript:
        assert fits(page)
    hit.click()
    page.wait_for_url("**/partners/harbor-house/")


@pytest.mark.usefixtures("_full")
def test_axe_finds_nothing_on_the_page_and_in_the_box(rosa_opens):
    page = rosa_opens("/search?q=harbor")
    page.emulate_media(reduced_motion="reduce")
    assert axe.faults(page, menus=False) == []
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("harb")
    expect(chosen(page)).to_have_text("Harbor House")
    assert axe.faults(page, menus=False) == []
    page.get_by_role("combobox").fill("qqqq")
    expect(box(page).get_by_role("status")).to_contain_text("Nothing found")
    assert axe.faults(page, menus=False) == []
