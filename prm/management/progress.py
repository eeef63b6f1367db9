"""How far a long command is, on one line of a terminal; nothing where nobody looks."""

from __future__ import annotations

import time

from django.core.management.base import OutputWrapper
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

CELLS = 20
MINUTE = 60


class Progress:
    """Call it with (done, total) as often as you like: it writes only where the stream is a terminal.

    "[#####...............]  25%  25,000 of 100,000, 410 a second, 3 minutes left"
    """

    def __init__(self, stream: OutputWrapper) -> None:
        self.stream = stream
        self.begun: tuple[int, float] | None = None  # how many were done at the first call, and when that was
        self.width = 0

    def __call__(self, done: int, total: int) -> None:
        if not self.stream.isatty() or not total:
            return
        now = time.monotonic()
        self.begun = self.begun or (done, now)
        first, since = self.begun
        text = line(done, total, (done - first) / (now - since) if now > since else 0)
        rest = " " * (self.width - len(text))  # what an earlier, longer line left behind
        self.width = len(text)
        self.stream.write(f"\r{text}{rest}", style_func=str, ending="\n" if done >= total else "")
        self.stream.flush()


def line(done: int, total: int, speed: float) -> str:
    """The line where so many a second are done; 0 where nobody knows yet."""
    bar = "#" * (CELLS * done // total)
    counts = {"done": f"{done:,}", "total": f"{total:,}"}
    told = f"[{bar:.<{CELLS}}] {done * 100 // total:3}%  " + _("%(done)s of %(total)s") % counts
    if speed:
        told += ", " + _("%(count)s a second") % {"count": f"{speed:,.0f}"}
        if done < total:
            told += ", " + _left((total - done) / speed)
    return told


def _left(seconds: float) -> str:
    if seconds < MINUTE:
        return _("less than a minute left")
    minutes = round(seconds / MINUTE)
    return ngettext("%(minutes)d minute left", "%(minutes)d minutes left", minutes) % {"minutes": minutes}
