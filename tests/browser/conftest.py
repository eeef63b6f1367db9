"""A real browser before the real server; every console message and every request of it is kept."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from tests.cast import NOW, make_program, rosa

# Playwright runs an event loop in this thread; the ORM is only used between its calls.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PASSWORD = "a harbor without wind"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass
class Witness:
    """What a page said to its console, and which addresses it asked."""

    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("request", lambda request: self.asked.append(request.url))


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def house(transactional_db: None, live_server: Any) -> Iterator[str]:
    """The address of the running house, on the cast's Monday; Rosa has a password, and nobody has tried the door."""
    cache.clear()  # sign-ins of all tests together are more than one minute allows
    with time_machine.travel(NOW, tick=True):
        make_program(heartbeat_at=NOW, worked_at=NOW)
        rosa(password=PASSWORD)
        yield live_server.url


@pytest.fixture
def witness() -> Witness:
    return Witness()


@pytest.fixture
def open_page(browser: Browser, house: str, witness: Witness) -> Iterator[Callable[..., Page]]:
    """Open a page in a browser of its own; `width`, `scheme` and so on as the reader has them."""
    contexts = []

    def open_at(
        path: str, *, width: int = 1440, scheme: str = "light", javascript: bool = True, session: str = ""
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=javascript
        )
        contexts.append(context)
        if session:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": house}])
        page = context.new_page()
        witness.watch(page)
        page.goto(house + path)
        return page

    yield open_at
    for context in contexts:
        context.close()


@pytest.fixture
def rosa_opens(open_page: Callable[..., Page], house: str) -> Callable[..., Page]:
    """Open a page as Rosa, who is signed in. The door itself has tests of its own."""

    def open_at(path: str, **reader: Any) -> Page:
        client = Client()
        client.force_login(rosa())
        return open_page(path, session=client.session.session_key, **reader)

    return open_at
