"""How a person does a task: by mouse, by keyboard alone, on a phone, or in a browser that runs no script.

One task is written once, in the words below; each way counts its presses, and by keyboard nothing is ever clicked.
"""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, Request, expect

MOUSE, KEYBOARD, PHONE, PLAIN = "mouse", "keyboard", "phone", "no scripts"
WAYS = (MOUSE, KEYBOARD, PHONE, PLAIN)
#: What a person needs, in seconds: for a press, for a typed character, until the next page is there.
PRESS, CHARACTER, PAGE = 0.3, 0.2, 1.0
FAR = 60  # presses of Tab: nobody goes further

#: What is wrong with where the keyboard is, in words; "" where one sees it.
UNSEEN = """() => {
    const one = document.activeElement;
    if (one === document.body || one.id === "main") return "";
    const called = `${one.localName} ${one.name || one.textContent.trim().slice(0, 40)}`;
    const marked = (shown) => shown.outlineStyle !== "none" && parseFloat(shown.outlineWidth) >= 2;
    const around = [one, one.parentElement, one.parentElement.parentElement];
    if (!around.some((near) => marked(getComputedStyle(near)))) return `nothing marks ${called}`;
    const box = one.getBoundingClientRect();
    if (!box.width || box.bottom <= 0 || box.top >= innerHeight) return `out of sight: ${called}`;
    const top = document.elementFromPoint(box.x + box.width / 2, Math.min(box.y + box.height / 2, innerHeight - 1));
    const over = top && !one.contains(top) && !top.contains(one) && !one.closest("label")?.contains(top);
    return over ? `${called} is behind ${top.localName}.${top.className}` : "";
}"""
HERE = "one => one === document.activeElement"
BEFORE = (
    "one => (document.activeElement.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING) !== 0"
)
BEYOND = "one => document.activeElement.classList.contains('skip') && document.getElementById('main').contains(one)"


class Hands:
    """One person before one page. `presses` are clicks, taps or keys; `typed` are characters, which are no presses."""

    def __init__(self, page: Page, way: str) -> None:
        self.page, self.way = page, way
        self.presses = self.typed = self.pages = 0
        page.on("request", self._note_page)

    def _note_page(self, asked: Request) -> None:
        own = asked.is_navigation_request() and asked.frame == self.page.main_frame
        self.pages += own and asked.redirected_from is None

    @property
    def seconds(self) -> float:
        return self.presses * PRESS + self.typed * CHARACTER + self.pages * PAGE

    # --- what a task is made of ---------------------------------------------------------------------------------

    def press(self, what: Locator) -> None:
        """A link, a button, or what unfolds."""
        if self.way == KEYBOARD:
            self._reach(what)
            self._key("Enter")
        else:
            self._point(what)

    def choose(self, word: str) -> None:
        """One of several choices, by its words."""
        choice = self.page.locator("label.choice", has_text=word)
        if self.way != KEYBOARD:
            self._point(choice)
            return
        mine = choice.locator("input")
        name = mine.get_attribute("name")
        group = self.page.locator(f'input[type=radio][name="{name}"]')
        checked = group.and_(self.page.locator(":checked"))
        self._reach(checked if checked.count() else group.first)
        down = not mine.evaluate(BEFORE)
        while not mine.is_checked():
            self._key("ArrowDown" if down else "ArrowUp")

    def write(self, field: Locator, text: str) -> None:
        """Words into an empty field."""
        self._enter(field)
        self._type(text)

    def rewrite(self, field: Locator, text: str) -> None:
        """Other words in place of those that are there."""
        self._enter(field)
        if self.way != KEYBOARD:  # who comes by Tab has all of it marked
            self._key("Control+a")
        self._type(text)

    def write_day(self, field: Locator, day: str) -> None:
        """A day, "2027-06-18", as the keys of a date field take it."""
        year, month, number = day.split("-")
        self._enter(field)
        if self.way != KEYBOARD:
            field.evaluate("one => one.focus()")  # a click may stand on the year
            field.fill(day)
            self.typed += 8
        else:
            self._type(month + number + year)

    def keys(self, keys: str) -> None:
        """A shortcut."""
        self._key(keys)

    def save(self, button: Locator) -> None:
        """The button of a form; by keyboard Ctrl and Enter from where one is."""
        if self.way == KEYBOARD:
            self._key("Control+Enter")
        else:
            self._point(button)

    def sees(self, words: str | re.Pattern[str]) -> None:
        """The page answers, and says so."""
        expect(self.page.get_by_role("status").filter(has_text=words).first).to_be_visible()

    # --- how ----------------------------------------------------------------------------------------------------

    def _point(self, what: Locator) -> None:
        what.tap() if self.way == PHONE else what.click()
        self.presses += 1

    def _enter(self, field: Locator) -> None:
        if field.evaluate(HERE):
            return  # the page put us there
        if self.way == KEYBOARD:
            self._reach(field)
        else:
            self._point(field)

    def _type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.typed += len(text)

    def _key(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.presses += 1

    def _reach(self, what: Locator) -> None:
        """Go there by Tab, back by Shift and Tab, past the menu by the first link; one sees where one is."""
        what.wait_for()
        for _press in range(FAR):
            if what.evaluate(HERE):
                return
            if what.evaluate(BEYOND):
                self._key("Enter")
            self._key("Shift+Tab" if what.evaluate(BEFORE) else "Tab")
            unseen = self.page.evaluate(UNSEEN)
            assert unseen == "", unseen
        raise AssertionError(f"no way to {what} by keyboard")
