"""The ten commonest tasks by mouse, by keyboard alone, on a phone and without scripts, as docs/tasks.md promises."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser

from tests.browser.errands import ERRANDS, Errand
from tests.browser.hands import PHONE, PLAIN, WAYS, Hands
from tests.browser.targets import targets
from tests.cast import rosa

TARGETS = targets()
LIMIT = 10_000  # two cores for everybody


@pytest.fixture
def hands(browser: Browser, house: str, request: Any) -> Iterator[Hands]:
    """Rosa, signed in, before her own browser."""
    way: str = request.param
    phone: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    desk: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
    context = browser.new_context(
        **(phone if way == PHONE else desk),
        java_script_enabled=way != PLAIN,
        reduced_motion="reduce",
        locale="en-US",
        base_url=house,
    )
    context.set_default_timeout(LIMIT)
    client = Client()
    client.force_login(rosa())
    key: Any = client.session.session_key
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": house}])
    yield Hands(context.new_page(), way)
    context.close()


@pytest.mark.parametrize("hands", WAYS, indirect=True)
@pytest.mark.parametrize("errand", ERRANDS, ids=lambda errand: f"{errand.number}")
def test_task_is_done_within_what_the_page_of_tasks_says(hands: Hands, errand: Errand) -> None:
    errand.world()
    hands.page.goto(errand.start)
    hands.pages = 0  # the page one starts from is there already
    errand.do(hands)
    hands.page.wait_for_load_state()
    assert errand.facts() == errand.true
    target = TARGETS[errand.number]
    assert hands.presses <= target.presses(hands.way), f"{hands.presses} presses"
    assert hands.seconds <= target.seconds, f"{hands.seconds:.1f} seconds"


def test_every_task_of_the_page_is_done_here() -> None:
    assert [errand.number for errand in ERRANDS] == sorted(TARGETS) == list(range(1, 11))
