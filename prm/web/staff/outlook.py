"""The outlook: what would go to whom in the next 90 days, and why on that day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from prm.reporting.outlook import Line
from prm.reporting.written import Asked, told, written
from prm.web.frame import frame_of
from prm.web.gate import staff
from prm.web.staff.badges import Badge
from prm.web.staff.change import visible
from prm.web.staff.matter import Matter, matter
from prm.web.staff.partners import kept
from prm.web.staff.story import to_whom, together, told_together

DAYS = 90
PER_PAGE = 150
WEEKS = 13
#: The chart, in its own units: one slot per week, bars up to this height.
SLOT, BAR, HEIGHT, FOOT = 72, 46, 96, 24


@dataclass(frozen=True, slots=True)
class Row:
    """One reminder; `line` is its first side, `whom` the people of all its sides."""

    line: Line
    matter: Matter
    whom: str
    badge: Badge


@dataclass(frozen=True, slots=True)
class Bar:
    """One week of the chart: numbers, and where its rectangles stand."""

    first: date
    planned: int
    held: int
    x: int
    middle: int
    planned_y: int
    planned_height: int
    held_y: int
    held_height: int
    top: int

    @property
    def together(self) -> int:
        return self.planned + self.held


def state_badge(state: str) -> Badge:
    """The state of a line as icon and word."""
    return {
        "planned": Badge("planned", "calendar3", _("Planned")),
        "held": Badge("paused", "pause-fill", _("Held")),
        "skipped": Badge("planned", "slash-circle", _("Not sent")),
        "withdrawn": Badge("planned", "slash-circle", _("Withdrawn")),
        "handed_over": Badge("waiting", "hourglass-split", _("On its way")),
        "sent": Badge("steady", "check-lg", _("Sent")),
        "delivered": Badge("steady", "check-lg", _("Delivered")),
        "bounced": Badge("failed", "x-lg", _("Came back")),
        "failed": Badge("failed", "x-lg", _("Did not go")),
        "cancelled": Badge("planned", "slash-circle", _("Stopped")),
    }[state]


@staff
def outlook_page(request: HttpRequest) -> HttpResponse:
    """`/outlook/`: `kept=me`, `state=held`, `side=partner|ours`, `partner=<slug>` narrow it."""
    frame, chosen = frame_of(request), _chosen(request)
    today = frame.program_day
    found = written(_asked_for(request), program=frame.program, today=today, days=DAYS)
    rows = together(found.lines)
    bars = weeks((sides[0] for sides in rows), today)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = [_row(sides, request.user) for sides in told_together(page, today)]
    context = {
        "page": page,
        "days": [(day, list(some)) for day, some in groupby(shown, key=lambda row: row.line.day)],
        "bars": bars,
        "total": sum(bar.together for bar in bars),
        "any_held": any(bar.held for bar in bars),
        "chart": {
            "width": WEEKS * SLOT,
            "height": HEIGHT + FOOT + 20,
            "ground": HEIGHT + 20,
            "bar": BAR,
            "foot": HEIGHT + 38,
        },
        "chosen": chosen,
        "found": found,
        "partner": visible(request).filter(slug=chosen["partner"]).first() if chosen["partner"] else None,
    }
    return render(request, "staff/outlook.html", context)


def found_lines(request: HttpRequest) -> list[Line]:
    """The lines of the next 90 days that the address asks for, of however many partners."""
    frame = frame_of(request)
    found = written(_asked_for(request), program=frame.program, today=frame.program_day, days=DAYS, most=None)
    return told(found.lines, today=frame.program_day)


def _asked_for(request: HttpRequest) -> Asked:
    today, chosen, seen = frame_of(request).today, _chosen(request), visible(request)
    if chosen["partner"]:
        seen = seen.filter(slug=chosen["partner"])
    elif chosen["kept"]:
        seen = seen.filter(kept(request, today))
    return Asked(seen, side=chosen["side"], state=chosen["state"])


def _row(sides: list[Line], reader: Any) -> Row:
    line = sides[0]
    return Row(line, matter(line.key), to_whom(sides, reader), state_badge(line.state))


def _chosen(request: HttpRequest) -> dict[str, Any]:
    allowed = {"kept": ("me",), "state": ("held", "planned", "skipped"), "side": ("partner", "ours")}
    found = {name: request.GET.get(name, "") for name in allowed}
    found = {name: value if value in allowed[name] else "" for name, value in found.items()}
    return {**found, "partner": request.GET.get("partner", "")}


def weeks(lines: Iterable[Line], today: date) -> list[Bar]:
    """Thirteen weeks from today's on: how much would go, and how much is held for a day in that week."""
    monday = today - timedelta(today.weekday())
    counted: Counter[tuple[int, str]] = Counter()
    for line in lines:
        if line.day is not None and line.state in ("planned", "held"):
            counted[(line.day - monday).days // 7, line.state] += 1
    most = max((counted[week, "planned"] + counted[week, "held"] for week in range(WEEKS)), default=0) or 1
    return [
        _bar(week, monday, counted[week, "planned"], counted[week, "held"], most) for week in range(WEEKS)
    ]


def _bar(week: int, monday: date, planned: int, held: int, most: int) -> Bar:
    ground = HEIGHT + 20
    planned_height = round(planned / most * HEIGHT)
    held_height = round(held / most * HEIGHT)
    planned_y = ground - planned_height
    held_y = planned_y - held_height - (2 if held and planned else 0)
    x = week * SLOT + (SLOT - BAR) // 2
    first = monday + timedelta(7 * week)
    return Bar(
        first, planned, held, x, x + BAR // 2, planned_y, planned_height, held_y, held_height, held_y - 7
    )
