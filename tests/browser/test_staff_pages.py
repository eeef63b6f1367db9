"""The staff screens in a real browser: they work, they look as they should, and they ask nobody outside."""

import base64
from urllib.parse import urlsplit

import pytest

from prm.agreements.models import Agreement
from prm.capacity.actions import pause
from prm.reminders import dispatch
from prm.reminders.actions import refresh
from tests.browser.screen import fits
from tests.cast import NOW, TODAY, at, day, harbor_house, make_agreement, make_organization

SCREENS = [
    "/today/",
    "/partners/",
    "/partners/harbor-house/",
    "/partners/harbor-house/renewal",
    "/partners/harbor-house/pause",
    "/partners/harbor-house/replace",
    "/partners/harbor-house/talk",
    "/outlook/",
    "/outbox/",
    "/more/",
    "/first-steps/",
    "/program/",
    "/closed-days/",
    "/colleagues/",
    "/colleagues/add",
    "/demo/remove",
]


@pytest.fixture
def _full(house):
    """Harbor House with an agreement, a pause and mail that went."""
    harbor = harbor_house(role_mailbox="a-rather-long-shared-mailbox-name@harbor-house-of-the-bay.example")
    make_agreement(
        harbor,
        expires_on=day("2027-08-31"),
        title="Memorandum of understanding on emergency beds and referrals",
    )
    pause(harbor, scope="referrals", starts_on=TODAY, months=1, reason="Two are ill", now=NOW)
    refresh(now=at("2027-07-02T10:00"))
    dispatch.hand_over(now=at("2027-07-02T10:00"))
    refresh(now=NOW)


@pytest.mark.usefixtures("_full")
def test_no_screen_breaks_the_security_policy_or_asks_another_host(rosa_opens, house, witness):
    page = rosa_opens("/partners/")
    for path in SCREENS:
        page.goto(house + path)
        page.wait_for_load_state("networkidle")
    assert witness.said == []
    assert {urlsplit(address).netloc for address in witness.asked} == {urlsplit(house).netloc}


@pytest.mark.usefixtures("_full")
@pytest.mark.parametrize("width", [320, 390, 768, 1024])
def test_no_screen_scrolls_sideways(rosa_opens, house, width):
    page = rosa_opens("/partners/", width=width)
    for path in SCREENS:
        page.goto(house + path)
        assert fits(page), (path, width)


@pytest.mark.usefixtures("_full")
def test_phone_has_the_bar_and_no_sidebar(rosa_opens):
    page = rosa_opens("/partners/", width=390)
    bar = page.locator("nav.bottom")
    assert bar.get_by_role("link").all_inner_texts() == [
        "Today",
        "Partners",
        "Look up",
        "Outlook",
        "Outbox",
        "More",
    ]
    assert not page.locator(".side").is_visible()
    box = bar.get_by_role("link", name="Outlook").bounding_box()
    assert box["height"] >= 44


@pytest.mark.usefixtures("_full")
@pytest.mark.parametrize("javascript", [True, False])
def test_renewal_is_recorded_with_and_without_javascript(rosa_opens, javascript):
    page = rosa_opens("/partners/harbor-house/", javascript=javascript)
    page.get_by_role("link", name="Record renewal").first.click()
    page.get_by_text("As long as before").click()
    page.get_by_role("button", name="Record the renewal").click()
    page.wait_for_url("**/partners/harbor-house/")
    assert "is renewed through 31\xa0Jul\xa02029." in page.get_by_role("status").first.inner_text()
    assert Agreement.objects.get(renews__isnull=False).expires_on == day("2029-07-31")


@pytest.mark.usefixtures("_full")
def test_what_belongs_to_a_choice_shows_when_it_is_chosen(rosa_opens):
    page = rosa_opens("/partners/harbor-house/replace")
    assert page.get_by_label("Name", exact=True).is_visible()
    page.get_by_text("Somebody we know already").click()
    assert page.get_by_label("Choose the person").is_visible()
    assert not page.get_by_label("Name", exact=True).is_visible()


@pytest.mark.usefixtures("_full")
def test_typing_narrows_the_list_keeps_the_focus_and_tells_the_number(rosa_opens, witness):
    make_organization("Lighthouse")
    page = rosa_opens("/partners/?sort=-name")
    page.get_by_label("Find a partner").press_sequentially("light", delay=30)
    page.wait_for_url("**q=light**")
    page.get_by_role("link", name="Harbor House").wait_for(state="detached")
    assert page.get_by_label("Find a partner").evaluate("one => one === document.activeElement")
    assert page.locator("#count").inner_text() == "1 partner"
    assert "sort=-name" in page.url
    assert "q=light" in page.get_by_role("link", name="My partners").get_attribute("href")
    assert witness.said == []


def pixels(page, png):
    """How many pixels of a picture are light, and how many dark: counted by a blank page."""
    blank = page.context.browser.new_page()
    script = """async (data) => {
        const image = await createImageBitmap(await (await fetch("data:image/png;base64," + data)).blob());
        const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
        canvas.drawImage(image, 0, 0);
        const bytes = canvas.getImageData(5, 5, image.width - 10, image.height - 10).data;
        let light = 0, dark = 0;
        for (let at = 0; at < bytes.length; at += 4) (bytes[at] > 200 ? light++ : bytes[at] < 80 ? dark++ : 0);
        return [light, dark];
    }"""
    counted = blank.evaluate(script, base64.b64encode(png).decode())
    blank.close()
    return counted


def ticked(page):
    """Tick the box, wait until its mark was asked for and two frames were drawn, and count its pixels."""
    box = page.get_by_label("Keep me signed in on this device")
    with page.expect_event("request", lambda asked: asked.url.endswith("/marks/tick.svg")) as asking:
        box.check()
    asking.value.response()
    page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    return pixels(page, box.screenshot())


def test_ticked_box_looks_ticked(open_page):
    light, dark = ticked(open_page("/accounts/login/"))
    assert light > 10
    assert dark > light


def test_ticked_box_without_its_mark_would_be_noticed(open_page):
    page = open_page("/more/")
    page.route("**/marks/tick.svg", lambda route: route.abort())
    page.goto(page.url)
    light, _dark = ticked(page)
    assert light == 0


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(250, 248, 244)"), ("dark", "rgb(20, 25, 27)")])
def test_page_follows_the_device_unless_the_reader_chose(rosa_opens, scheme, paper):
    page = rosa_opens("/more/", scheme=scheme)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper
    page.get_by_role("button", name="Dark", exact=True).click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 25, 27)"


@pytest.mark.usefixtures("_full")
def test_keyboard_reaches_the_page_first_and_sees_where_it_is(rosa_opens):
    page = rosa_opens("/partners/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"


@pytest.mark.usefixtures("_full")
def test_menu_closes_by_escape_and_gives_the_focus_back(rosa_opens):
    page = rosa_opens("/partners/harbor-house/")
    menu = page.get_by_label("More to do")
    menu.click()
    assert page.get_by_role("link", name="Replace a contact").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("link", name="Replace a contact").is_visible()
    assert menu.evaluate("one => one === document.activeElement")
