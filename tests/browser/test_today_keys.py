"""Today by single keys: walking, acting, putting off; switched off they do nothing; the focus is never lost."""

import pytest
from playwright.sync_api import expect

from prm.continuity.full import we_are_full
from prm.desk.models import Snooze
from prm.partners.actions import make_promise
from prm.partners.links import Holder, Wish, issue
from prm.partners.models import Organization, Promise, Purpose, Statement
from prm.reminders.actions import refresh
from tests.browser import axe
from tests.browser.screen import fits
from tests.cast import NOW, TODAY, at, harbor_house


@pytest.fixture
def _promises(house):
    harbor = harbor_house()
    for number in ("one", "two", "three"):
        make_promise(harbor, side="ours", what=f"Send {number}", due_on=TODAY, now=at("2027-06-04T10:00"))
    refresh(now=NOW)


def row(page, words):
    return page.locator("[data-rows] > .knot", has_text=words)


def walkable(page):
    """The page, once its script hears keys and the window has them: a busy machine may lose the first one before."""
    expect(page.locator("[data-rows] > .knot").first).to_have_attribute("tabindex", "-1")
    page.bring_to_front()  # the page of the test before may have taken the window's keys with it
    page.wait_for_function("document.hasFocus()")
    page.evaluate("addEventListener('keydown', (event) => (window.heard ??= []).push(event.key), true)")
    return page


def walk(page, key, wanted):
    """Press a key; the row that is wanted has the focus, or the failure tells which keys the page heard."""
    page.keyboard.press(key)
    expect(wanted, f"after {key}, heard {page.evaluate('window.heard')}").to_be_focused()


@pytest.mark.usefixtures("_promises")
def test_rows_are_walked_done_and_put_off_by_keys(rosa_opens):
    page = walkable(rosa_opens("/today/"))
    for key, words in (("j", "Send one"), ("j", "Send two"), ("k", "Send one")):
        walk(page, key, row(page, words))
    page.keyboard.press("d")
    expect(page.get_by_role("status").first).to_contain_text("Kept: Send one")
    expect(row(page, "Send two")).to_be_focused()
    page.keyboard.press("s")
    page.wait_for_url("**/put-off?**")
    page.get_by_label("Why does it wait?").fill("They print on Monday")
    page.keyboard.press("Enter")
    page.wait_for_url("**/today/")
    expect(row(page, "Send three")).to_be_focused()
    assert (Promise.objects.filter(kept_on=TODAY).count(), Snooze.objects.count()) == (1, 1)
    page.keyboard.press("?")
    expect(page.locator("#keys summary")).to_be_focused()
    expect(page.get_by_text("Next row, row before")).to_be_visible()


@pytest.mark.usefixtures("_promises")
def test_what_partners_said_is_walked_first_and_enter_opens_the_partner(rosa_opens):
    harbor = Organization.objects.get()
    [link] = issue([(Holder(harbor.pk, harbor.contacts.get().pk), Wish(Purpose.PAUSE))], now=NOW)
    we_are_full(link, scope="referrals", now=NOW)
    page = walkable(rosa_opens("/today/"))
    said = page.locator("[data-rows=said] > .knot")
    for key, wanted in (("j", said), ("j", row(page, "Send one")), ("k", said)):
        walk(page, key, wanted)
    for key in ("d", "s"):  # neither is theirs
        page.keyboard.press(key)
    expect(said).to_be_focused()
    page.emulate_media(reduced_motion="reduce")
    assert axe.faults(page) == []
    said.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/partners/harbor-house/")
    assert Statement.objects.get().outcome == ""


@pytest.mark.usefixtures("_promises")
def test_switched_off_no_key_does_anything_and_none_acts_while_typing(rosa_opens):
    page = rosa_opens("/today/")
    page.locator(".look-up-side input").focus()
    page.keyboard.press("d")
    page.keyboard.press("Escape")
    page.goto(page.url)
    page.get_by_text("Keys on this page").click()
    page.get_by_role("button", name="Switch these keys off").click()
    expect(page.locator("#keys")).to_have_attribute("data-keys", "off")
    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page.locator("[data-rows] > .knot:focus")).to_have_count(0)
    assert not Promise.objects.filter(kept_on__isnull=False).exists()


@pytest.mark.usefixtures("_promises")
@pytest.mark.parametrize("width", [390, 1440])
def test_without_scripts_a_row_is_put_off_and_fetched_back(rosa_opens, width):
    page = rosa_opens("/today/", width=width, javascript=False)
    assert fits(page)
    row(page, "Send two").get_by_role("link", name="Put off").click()
    assert fits(page)
    page.get_by_label("Mon 14 Jun").check()
    page.get_by_label("Why does it wait?").fill("They print on Monday")
    page.get_by_role("button", name="Put it off").click()
    page.wait_for_url("**/today/")
    row(page, "They print on Monday").get_by_role("button", name="Back now").click()
    expect(page.get_by_role("status").first).to_contain_text("it is back")
    assert fits(page)


@pytest.mark.usefixtures("_promises")
def test_axe_finds_nothing_on_rows_put_off_nor_where_one_is(rosa_opens):
    page = rosa_opens("/today/")
    page.emulate_media(
        reduced_motion="reduce"
    )  # a colour on its way from dark to light is none of the page's
    row(page, "Send two").get_by_role("link", name="Put off").click()
    page.wait_for_url("**/put-off?**")
    page.get_by_label("Another day").check()
    page.get_by_role("button", name="Put it off").click()
    page.get_by_role("alert").wait_for()
    assert axe.faults(page) == []
    page.get_by_label("Mon 14 Jun").check()
    page.get_by_label("Why does it wait?").fill("They print on Monday")
    page.get_by_role("button", name="Put it off").click()
    page.wait_for_url("**/today/")
    assert row(page, "They print on Monday").count() == 1
    assert axe.faults(page) == []
