"""What a reader sees of a page, asked once the page is there."""

from playwright.sync_api import Page


def fits(page: Page) -> bool:
    """Nothing stands out to the right: the page can be read without moving it sideways.

    A click returns as soon as the next page begins to arrive, when it may have no root yet: so this waits for it.
    """
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
