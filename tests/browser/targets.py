"""What docs/tasks.md promises, read from its table: the tests have no numbers of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.browser.hands import KEYBOARD, PHONE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tasks.md"
ROW = re.compile(r"^\| (\d+) \|.*\| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Target:
    """The most presses by mouse (with scripts or without), on a phone and by keyboard, and the most seconds."""

    clicks: int
    taps: int
    keys: int
    seconds: int

    def presses(self, way: str) -> int:
        return {PHONE: self.taps, KEYBOARD: self.keys}.get(way, self.clicks)


def targets() -> dict[int, Target]:
    """The targets by the number of the task."""
    found = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return {int(number): Target(*map(int, figures)) for number, *figures in found}
