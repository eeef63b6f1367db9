"""Today: the first page. What partners said, what is late and due, what comes up, and what was settled this morning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prm.desk import today as desk
from prm.desk.rows import Row
from prm.desk.today import Day, Group
from prm.web.frame import frame_of
from prm.web.gate import staff
from prm.web.staff.statements import cards
from prm.web.staff.story import Knot

#: Groups of the desk: their words, look, icon, and what is said to those who listen.
GROUPS = {
    "late": (gettext_lazy("Late"), "late", "exclamation-triangle", gettext_lazy("Late")),
    "today": (gettext_lazy("Today"), "due", "clock", gettext_lazy("Due today")),
    "week": (gettext_lazy("This week"), "planned", "calendar3", gettext_lazy("Still to come")),
    "waiting": (
        gettext_lazy("Waiting for the partner"),
        "waiting",
        "hourglass-split",
        gettext_lazy("Waiting"),
    ),
    "failed": (gettext_lazy("Could not be sent"), "failed", "x-lg", gettext_lazy("Did not go")),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A group as the page shows it; `date` and `small` of each knot stand left of the line."""

    key: str
    word: Any
    look: str
    icon: str
    number: int
    more: int
    knots: list[tuple[Knot, str, str]]


@staff
def today(request: HttpRequest) -> HttpResponse:
    """`/today/`; `?whose=all` looks at everyone's partners, `?show=late` at one group at length."""
    frame, user = frame_of(request), request.user
    whose = request.GET.get("whose", "")
    keeps = desk.keeps_any(user, frame.today)  # type: ignore[arg-type]
    everyone = whose == "all" or (whose != "me" and not keeps)
    show = request.GET.get("show", "")
    day = desk.day_of(user, everyone=everyone, now=frame.now, show=show)  # type: ignore[arg-type]
    groups = [_shown(day.groups[key], day) for key in GROUPS if day.groups[key].rows]
    back = "all" if everyone else "today"
    context = {
        "day": day,
        "headline": _headline(day.needs_you),
        "said": cards(day.said, frame, back=back),
        "done": cards(day.done, frame, back=back),
        "groups": [group for group in groups if show not in GROUPS or group.key == show],
        "chips": groups,
        "back": back,
        "show": show if show in GROUPS else "",
        "empty": not (day.said or groups),
    }
    return render(request, "staff/today.html", context)


def _headline(number: int) -> str:
    if not number:
        return _("Nothing needs you today.")
    return ngettext("%(number)d thing needs you", "%(number)d things need you", number) % {"number": number}


def _shown(group: Group, day: Day) -> Shown:
    word, look, icon, spoken = GROUPS[group.key]
    knots = [_knot(row, day, look, icon, str(spoken)) for row in group.rows]
    return Shown(group.key, word, look, icon, group.number, group.more, knots)


def _knot(row: Row, day: Day, look: str, icon: str, spoken: str) -> tuple[Knot, str, str]:
    slug = day.slugs[row.organization]
    when, _bracket, small = row.when.partition(" (")
    knot = Knot(
        day=row.day,
        icon=icon,
        subject=row.subject,
        matter=row.matter,
        look=look,
        kind="ring",
        spoken=spoken,
        link=reverse("partner", args=[slug]),
        action=action_of(row, slug),
        press=_press_of(row),
    )
    return knot, when, small.removesuffix(")")


def _press_of(row: Row) -> tuple[str, str] | None:
    """What is done with one press: a promise that was kept."""
    if row.rule != "promise":
        return None
    return _("Done"), reverse("promise-keep", args=[row.record.partition(":")[2]])


def action_of(row: Row, slug: str) -> tuple[str, str]:
    """The one thing to press beside a row: its words and where it leads."""
    number = row.record.partition(":")[2]
    page = reverse("partner", args=[slug])
    talk = reverse("partner-talk", args=[slug])
    ways = {
        "expiry": (_("Record renewal"), reverse("partner-renewal", args=[slug]) + f"?agreement={number}"),
        "stuck": (row.next_action, talk),
        "touch": (row.next_action, talk),
        "unreached": (row.next_action, reverse("partner-replacement", args=[slug]) + f"?contact={number}"),
        "vacant": (row.next_action, reverse("partner-replacement", args=[slug]) + f"?contact={number}"),
        "nobody": (row.next_action, f"{page}#people"),
        "promise": (row.next_action, f"{page}#promises"),
    }
    if row.rule == "talk" and number:
        return _("Are they back?"), reverse("partner-pause-end", args=[slug, number])
    if row.rule == "message":
        return _("See why"), reverse("outbox-message", args=[number])
    return ways.get(row.rule, (row.next_action, page))
