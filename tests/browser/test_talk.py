"""A call is written down in under a minute: by keyboard alone, on a phone, without scripts; nothing in its way."""

import time

import pytest

from prm.partners.models import Entry, Promise
from tests.browser import axe
from tests.cast import day, harbor_house

HARBOR = "/partners/harbor-house/"
MINUTE = 60


@pytest.fixture
def _harbor(house):
    harbor_house()


def tab_to(page, name, limit=60):
    """Press Tab until the field of this name has the focus."""
    for _press in range(limit):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {name} by Tab")


def recorded():
    talk, promise = Entry.objects.get(event="talked"), Promise.objects.get()
    return talk.interaction.key, talk.note, promise.what, promise.due_on, promise.entry_id == talk.pk


EXPECTED = ("call", "They can take two more", "Send 200 flyers", day("2027-06-18"), True)


@pytest.mark.usefixtures("_harbor")
@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (390, True), (1280, False)])
def test_call_with_a_promise_by_keyboard_alone(rosa_opens, width, javascript):
    start = time.monotonic()
    page = rosa_opens(f"{HARBOR}talk", width=width, javascript=javascript)
    tab_to(page, "interaction")
    page.keyboard.press("ArrowDown")  # from "Not said" to the first kind
    tab_to(page, "note")
    page.keyboard.type("They can take two more")
    tab_to(page, "next_talk_on")
    for _press in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    page.keyboard.press("Enter")
    tab_to(page, "promise1_what")
    page.keyboard.type("Send 200 flyers")
    tab_to(page, "promise1_due_on")
    page.keyboard.type("06182027")
    if javascript:
        page.keyboard.press("Control+Enter")
    else:
        page.keyboard.press("Enter")
    page.wait_for_url(f"**{HARBOR}")
    assert time.monotonic() - start < MINUTE
    assert recorded() == EXPECTED
    assert "1 promise is noted." in page.get_by_role("status").first.inner_text()


@pytest.mark.usefixtures("_harbor")
def test_composer_saves_by_ctrl_and_enter(rosa_opens):
    page = rosa_opens(HARBOR)
    page.get_by_label("What to remember").fill("Parking is behind the house")
    page.keyboard.press("Control+Enter")
    page.get_by_text("The note is kept.").wait_for()
    assert Entry.objects.get(event="noted").note == "Parking is behind the house"


@pytest.mark.usefixtures("_harbor")
@pytest.mark.parametrize("javascript", [True, False])
def test_promise_is_kept_and_undone_with_one_press_each(rosa_opens, house, javascript):
    page = rosa_opens(f"{HARBOR}talk", javascript=javascript)
    page.get_by_label("What was said").fill("All well")
    page.locator("summary", has_text="Promise 1").click()
    page.get_by_label("What was promised").first.fill("Send 200 flyers")
    page.get_by_label("By when").first.fill("2027-06-18")
    page.get_by_role("button", name="Record the talk").click()
    page.get_by_role("button", name="Kept").click()
    page.get_by_text("Kept: Send 200 flyers").first.wait_for()
    assert Promise.objects.get().kept_on is not None
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_role("button", name="Kept").wait_for()
    assert Promise.objects.get().kept_on is None


@pytest.mark.usefixtures("_harbor")
def test_nothing_stands_in_anybodys_way(rosa_opens, house):
    page = rosa_opens(f"{HARBOR}talk")
    page.emulate_media(reduced_motion="reduce")
    assert axe.faults(page) == []
    page.get_by_label("What was said").fill("All well")
    page.get_by_label("Talk again on").fill("2027-06-07")
    page.get_by_role("button", name="Record the talk").click()
    page.wait_for_url(f"**{HARBOR}")
    assert axe.faults(page) == []
    promise = Promise.objects.get()
    for act in ("move", "drop"):
        page.goto(f"{house}/promises/{promise.pk}/{act}")
        assert axe.faults(page) == []
    page.goto(f"{house}{HARBOR}write")
    assert axe.faults(page) == []
