"""Whoever leaves a form with something typed in it is asked first; whoever sends it, or typed nothing, is not."""

import pytest

from prm.partners.actions import make_promise
from prm.partners.models import Entry, Organization
from tests.cast import NOW, TODAY, harbor_house

HARBOR = "/partners/harbor-house/"


@pytest.fixture
def _harbor(house):
    harbor_house()


@pytest.fixture
def opens(rosa_opens):
    """Rosa's browser; `page.asked` gets a line each time it asks. She stays, until `page.leaves` is true."""

    def open_at(path):
        page = rosa_opens(path)
        page.set_default_timeout(10_000)
        page.asked, page.leaves = [], False

        def answer(dialog):
            page.asked.append(dialog.type)
            if page.leaves:
                dialog.accept()
            else:
                dialog.dismiss()

        page.on("dialog", answer)
        return page

    return open_at


def try_to_leave(page):
    """Press a link to another page; return whether the browser asked. Where it did not, the other page is there."""
    before = len(page.asked)
    page.locator(".side").get_by_role("link", name="Partners").click()
    if len(page.asked) == before:
        page.wait_for_url("**/partners/")
    return len(page.asked) > before


@pytest.mark.usefixtures("_harbor")
def test_typed_words_are_asked_about_and_stay(opens):
    page = opens(f"{HARBOR}talk")
    page.get_by_label("What was said").fill("They can take two more")
    assert try_to_leave(page)
    assert page.url.endswith(f"{HARBOR}talk")
    assert page.get_by_label("What was said").input_value() == "They can take two more"
    page.leaves = True
    page.locator(".side").get_by_role("link", name="Partners").click()
    page.wait_for_url("**/partners/")
    assert page.asked == ["beforeunload"] * 2


@pytest.mark.usefixtures("_harbor")
@pytest.mark.parametrize(
    ("path", "change"),
    [
        (f"{HARBOR}pause", lambda page: page.get_by_label("Why").fill("Two are ill")),
        (f"{HARBOR}pause", lambda page: page.locator("main [type=radio]:not(:checked) + *").first.click()),
        (f"{HARBOR}replace", lambda page: page.locator("main select").first.select_option(index=0)),
        (HARBOR, lambda page: page.get_by_label("What to remember").fill("Parking is behind the house")),
        ("/account/", lambda page: page.get_by_label("Name", exact=True).fill("Rosa Alvarez")),
    ],
)
def test_each_kind_of_field_counts(opens, path, change):
    page = opens(path)
    change(page)
    assert try_to_leave(page)


@pytest.mark.usefixtures("_harbor")
@pytest.mark.parametrize("path", ["talk", "pause", "replace", "renewal", ""])
def test_form_that_was_only_looked_at_asks_nothing(opens, path):
    page = opens(HARBOR + path)
    page.locator("h1").click()
    assert not try_to_leave(page)


@pytest.mark.usefixtures("_harbor")
def test_what_was_taken_back_asks_nothing(opens):
    page = opens(f"{HARBOR}talk")
    words = page.get_by_label("What was said")
    words.fill("They")
    words.fill("")
    assert not try_to_leave(page)


@pytest.mark.usefixtures("_harbor")
@pytest.mark.parametrize("by_key", [True, False])
def test_sending_asks_nothing(opens, by_key):
    page = opens(HARBOR)
    page.get_by_label("What to remember").fill("Parking is behind the house")
    if by_key:
        page.keyboard.press("Control+Enter")
    else:
        page.get_by_role("button", name="Write it down").click()
    page.get_by_text("The note is kept.").wait_for()
    assert page.asked == []
    assert not try_to_leave(page)
    assert Entry.objects.filter(event="noted").count() == 1


@pytest.mark.usefixtures("_harbor")
def test_what_came_back_with_an_error_is_asked_about(opens):
    page = opens("/account/")
    page.get_by_label("Name", exact=True).fill("")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Nothing is saved yet.").wait_for()
    assert page.asked == []
    assert try_to_leave(page)


@pytest.mark.usefixtures("_harbor")
def test_searching_asks_nothing(opens):
    page = opens("/partners/")
    page.get_by_label("Find a partner").press_sequentially("harb")
    page.wait_for_url("**q=harb**")
    page.locator(".side").get_by_role("link", name="Outbox").click()
    page.wait_for_url("**/outbox/")
    assert page.asked == []


@pytest.mark.usefixtures("_harbor")
def test_pressing_a_button_does_not_lose_what_was_typed_beside_it(opens):
    make_promise(Organization.objects.get(), side="ours", what="Send posters", due_on=TODAY, now=NOW)
    page = opens(HARBOR)
    page.get_by_label("What to remember").fill("Parking is behind the house")
    page.get_by_role("button", name="Kept").click()
    assert page.asked == ["beforeunload"]
    assert page.get_by_label("What to remember").input_value() == "Parking is behind the house"
