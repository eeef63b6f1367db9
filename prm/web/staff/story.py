"""The thread of a partner's page: an entry of it, and what comes next. What happened is in `past`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.partners.models import Organization
from prm.reporting.outlook import Line
from prm.reporting.written import Asked, told, written
from prm.web.frame import Frame
from prm.web.staff.badges import Badge
from prm.web.staff.matter import matter
from prm.web.words import listed

AHEAD = 90
NEXT = 6


@dataclass(frozen=True, slots=True)
class Knot:
    """One entry of the thread, for the component of that name."""

    day: date | None
    icon: str
    subject: str | SafeString
    matter: str = ""
    note: str = ""
    look: str = ""
    kind: str = "filled"
    spoken: str = ""
    badge: Badge | None = None
    link: str = ""
    action: tuple[str, str] | None = None
    private: bool = False
    #: A button beside it: its words and where it is sent.
    press: tuple[str, str] | None = None


# --- what comes next ------------------------------------------------------------------------------------------------


def coming(organization: Organization, frame: Frame, reader: User) -> list[Knot]:
    """What is planned or held in the next 90 days; both sides of one reminder are one entry.

    Promises stand above it with their own buttons.
    """
    asked, today = Asked(Organization.objects.filter(pk=organization.pk)), frame.program_day
    lines = [
        line
        for line in written(asked, program=frame.program, today=today, days=AHEAD).lines
        if line.state in ("planned", "held") and not line.rule.endswith("entry") and line.rule != "promise"
    ]
    next_ones = told_together(together(lines)[:NEXT], today)
    return [_ahead(organization, sides, frame.today, reader) for sides in next_ones]


def told_together(rows: Iterable[list[Line]], today: date) -> list[list[Line]]:
    """The same rows with whom they reach and why, read for all of them at once."""
    found = list(rows)
    lines = iter(told((line for sides in found for line in sides), today=today))
    return [[next(lines) for _side in sides] for sides in found]


def together(lines: Iterable[Line]) -> list[list[Line]]:
    """The sides of one reminder side by side, the partner first; in order of days, those without one last."""

    def one(line: Line) -> tuple[date, str, str, str]:
        return line.day or date.max, line.organization.name, line.key.rpartition(":org-")[0], line.state

    ordered = sorted(lines, key=lambda line: (*one(line), line.side != "partner"))
    return [list(sides) for _key, sides in groupby(ordered, key=one)]


def _ahead(organization: Organization, sides: list[Line], today: date, reader: User) -> Knot:
    line = sides[0]
    what = matter(line.key)
    names = to_whom(sides, reader)
    late = line.day is not None and line.day < today
    held = line.state == "held"
    return Knot(
        day=line.day,
        icon="pause-fill" if held else what.icon,
        subject=what.words,
        matter=_("to %s") % names if names else "",
        note=line.reason,
        look="paused" if held else "late" if late else "due" if line.day == today else "",
        kind="ring",
        spoken=_("Held") if held else _("Still to come"),
        action=_next_action(organization, what.rule, what.record),
    )


def to_whom(sides: Iterable[Line], reader: User) -> str:
    """ "Amina Yusuf and you"."""
    names = []
    for line in sides:
        for address, name in zip(line.recipients, line.names, strict=True):
            shown = _("you") if line.side == "ours" and address == reader.email else name
            if shown not in names:
                names.append(shown)
    return listed(names)


def _next_action(organization: Organization, rule: str, record: str) -> tuple[str, str] | None:
    """The one thing to press beside an entry: its words and where it leads."""
    number = record.partition(":")[2]
    if rule == "expiry":
        return _("Record renewal"), reverse(
            "partner-renewal", args=[organization.slug]
        ) + f"?agreement={number}"
    if rule == "talk":
        return _("Are they back?"), reverse("partner-pause-end", args=[organization.slug, number])
    if rule == "touch":
        return _("Record a talk"), reverse("partner-talk", args=[organization.slug])
    return None
