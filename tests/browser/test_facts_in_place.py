"""A fact is changed where it stands, by mouse, keyboard or phone; Escape leaves it, Undo brings it back."""

import pytest
from playwright.sync_api import expect

from prm.partners.actions import change_organization
from tests.browser import axe, screen
from tests.cast import NOW, daniel, harbor_house

PAGE = "/partners/harbor-house/"


@pytest.fixture
def harbor(house):
    return harbor_house(phone="555 0100", notes="Ring twice")


def pencil(page, fact):
    return page.locator(f"#fact-{fact} [data-fact-edit]")


def test_value_is_saved_in_its_place_said_politely_and_undone(rosa_opens, harbor, witness):
    page = rosa_opens(PAGE)
    pencil(page, "phone").click()
    field = page.get_by_label("Phone", exact=True)
    expect(field).to_be_focused()
    field.fill("555 0144")
    field.press("Enter")
    toast = page.locator("[data-toast]")
    expect(toast).to_contain_text("Phone: 555 0144.")
    expect(page.locator("#fact-phone")).to_contain_text("555 0144")
    expect(pencil(page, "phone")).to_be_focused()
    assert toast.get_attribute("role") == "status"
    page.keyboard.press("Control+z")
    expect(page.locator("#fact-phone")).to_contain_text("555 0100")
    harbor.refresh_from_db()
    assert harbor.phone == "555 0100"
    assert [words for words in witness.said if words.startswith("error")] == []


def test_tab_saves_and_escape_leaves_everything_as_it_was(rosa_opens, harbor):
    page = rosa_opens(PAGE)
    pencil(page, "phone").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Phone", exact=True)).to_be_focused()
    page.keyboard.type("555 0199")
    page.keyboard.press("Escape")
    expect(pencil(page, "phone")).to_be_focused()
    expect(page.locator("#fact-phone")).to_contain_text("555 0100")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Phone", exact=True)).to_be_focused()
    page.keyboard.type("555 0144")
    page.keyboard.press("Tab")
    expect(page.locator("#fact-phone")).to_contain_text("555 0144")


def test_error_stands_at_the_field_and_the_rest_of_the_page_stays(rosa_opens, harbor):
    page = rosa_opens(PAGE)
    page.get_by_label("What to remember").fill("Half a sentence")
    pencil(page, "mailbox").click()
    page.locator("#fact-mailbox input[name=role_mailbox]").fill("desk@")
    page.keyboard.press("Enter")
    expect(page.locator("#fact-mailbox .field-error")).to_contain_text("no full e-mail address")
    expect(page.locator("#fact-mailbox input[name=role_mailbox]")).to_be_focused()
    page.keyboard.type("harbor.example")
    page.keyboard.press("End")
    page.locator("#fact-mailbox input[name=role_mailbox]").fill("desk@harbor.example")
    page.keyboard.press("Enter")
    expect(page.locator("#fact-mailbox")).to_contain_text("desk@harbor.example")
    assert page.get_by_label("What to remember").input_value() == "Half a sentence"


@pytest.mark.parametrize("choice", ["Keep theirs", "Use mine"])
def test_who_was_slower_chooses_and_nothing_typed_is_lost(rosa_opens, harbor, choice):
    page = rosa_opens(PAGE)
    pencil(page, "phone").click()
    page.get_by_label("Phone", exact=True).fill("555 0144")
    change_organization(harbor, phone="555 0177", now=NOW, by=daniel())
    page.keyboard.press("Enter")
    notice = page.locator("#fact-phone .conflict")
    expect(notice).to_be_focused()
    expect(notice).to_contain_text("Daniel changed this")
    expect(page.get_by_label("Phone", exact=True)).to_have_value("555 0144")
    page.get_by_role("button", name=choice).click()
    expect(page.locator("#fact-phone .conflict")).to_have_count(0)
    kept = "555 0177" if choice == "Keep theirs" else "555 0144"
    expect(page.locator("#fact-phone")).to_contain_text(kept)
    harbor.refresh_from_db()
    assert harbor.phone == kept


def test_without_scripts_the_same_link_opens_a_page_with_the_field(rosa_opens, harbor):
    page = rosa_opens(PAGE, javascript=False)
    pencil(page, "phone").click()
    page.wait_for_url("**/facts/phone")
    page.get_by_label("Phone", exact=True).fill("555 0144")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**{PAGE}")
    expect(page.get_by_role("status").first).to_contain_text("Phone: 555 0144.")
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_role("status").first).to_contain_text("Undone: Details changed: phone")


def test_open_form_and_notice_are_sound_for_everyone_and_fit_a_phone(rosa_opens, harbor):
    page = rosa_opens(PAGE, width=390)
    page.emulate_media(reduced_motion="reduce")
    pencil(page, "place").click()
    expect(page.get_by_label("Town")).to_be_focused()
    assert screen.fits(page)
    assert axe.faults(page) == []
    page.keyboard.press("Escape")
    pencil(page, "phone").click()
    page.get_by_label("Phone", exact=True).fill("555 0144")
    change_organization(harbor, phone="555 0177", now=NOW, by=daniel())
    page.keyboard.press("Enter")
    expect(page.locator(".conflict")).to_be_focused()
    assert screen.fits(page)
    assert axe.faults(page) == []
