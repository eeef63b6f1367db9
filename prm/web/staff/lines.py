"""Rows of the desk as the page shows them: each with the one thing to do next, and whatever else is one press away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.desk import finding, halted
from prm.desk.rows import Row
from prm.desk.today import Day, Group
from prm.partners.models import Contact

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
    "off": (gettext_lazy("Put off"), "paused", "pause-fill", gettext_lazy("Put off")),
}
#: What of a telephone number is dialled; what follows an "x" is said once somebody answers.
DIALLED = re.compile(r"[^\d+]")


@dataclass(frozen=True, slots=True)
class Way:
    """One thing to do: its words and where it leads, pressed (`post`) or another page. `key` does it, too."""

    word: str
    address: str
    post: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row for the eye: the ways to go from it, the next action first; `phone` is the number as it is dialled."""

    row: Row
    when: str
    small: str
    link: str
    ways: list[Way]
    hint: str
    name: str
    number: str
    phone: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A group as the page shows it."""

    key: str
    word: Any
    look: str
    icon: str
    spoken: Any
    number: int
    more: int
    lines: list[Line]


def shown(group: Group, day: Day, back: str) -> Shown:
    """A group with its lines; `back` says where their pages lead back to."""
    word, look, icon, spoken = GROUPS[group.key]
    lines = [_line(row, day, back) for row in group.rows]
    return Shown(group.key, word, look, icon, spoken, group.number, group.more, lines)


def _line(row: Row, day: Day, back: str) -> Line:
    slug, person = day.slugs[row.organization], day.people.get(row.person)
    when, _bracket, small = row.when.partition(" (")
    ways = ways_of(row, slug, back)
    return Line(
        row=row,
        when=when,
        small=small.removesuffix(")"),
        link=reverse("partner", args=[slug]),
        ways=ways,
        hint=""
        if row.rule == "message" or row.next_action in {way.word for way in ways}
        else row.next_action,
        name=person.name if person and person.name not in row.next_action else "",
        number=person.phone if person else "",
        phone=dialled(person),
    )


def ways_of(row: Row, slug: str, back: str) -> list[Way]:
    """What can be done about a row from here, the next action first."""
    action, done = action_of(row, slug), _done(row)
    if row.off is not None:
        return [Way(_("Back now"), reverse("put-off-back", args=[row.off.pk]), post=True)]
    if row.rule == "message":
        return [action, *([done] if done else [])]
    if row.rule == halted.RULE:
        return [Way(_("See the partner"), reverse("partner", args=[slug]))]
    off = Way(_("Put off"), put_off_address(row, slug, back), key="s")
    return [*([done] if done else []), action, *_paper(row, slug), off]


def _paper(row: Row, slug: str) -> list[Way]:
    """The agreement that waits for a signature: who has signed it, and the way to send it once more."""
    table, _colon, number = row.record.partition(":")
    if row.rule != "stuck" or table != "agreement":
        return []
    return [Way(_("See the agreement"), reverse("agreement", args=[slug, number]))]


def dialled(person: Contact | None) -> str:
    """What a telephone dials to reach somebody, or ""."""
    number = re.split(r"[xe]", person.phone.lower(), maxsplit=1)[0] if person else ""
    return DIALLED.sub("", number)


def put_off_address(row: Row, slug: str, back: str) -> str:
    """The page that puts a row off."""
    asked = {"row": finding.written(row.key)} | ({"back": back} if back == "all" else {})
    return f"{reverse('today-put-off', args=[slug])}?{urlencode(asked)}"


def _done(row: Row) -> Way | None:
    """What is done with one press: a promise that was kept, a mail that is sent once more."""
    number = row.record.partition(":")[2]
    if row.rule == "promise":
        return Way(_("Done"), reverse("promise-keep", args=[number]), post=True, key="d")
    if row.rule == "message":
        return Way(_("Send it again"), reverse("outbox-again", args=[number]), post=True)
    return None


def action_of(row: Row, slug: str) -> Way:
    """The one thing to press beside a row: its words and where it leads."""
    number = row.record.partition(":")[2]
    page = reverse("partner", args=[slug])
    talk = reverse("partner-talk", args=[slug]) + (f"?contact={row.person}" if row.person else "")
    ways = {
        "review": (row.next_action, reverse("agreement", args=[slug, number])),
        "expiry": (_("Record renewal"), reverse("partner-renewal", args=[slug]) + f"?agreement={number}"),
        "stuck": (_("Record a talk"), talk),
        "touch": (_("Record a talk"), talk),
        "training": (_("Record a talk"), talk),
        "unreached": (row.next_action, reverse("partner-replacement", args=[slug]) + f"?contact={number}"),
        "vacant": (row.next_action, reverse("partner-replacement", args=[slug]) + f"?contact={number}"),
        "nobody": (row.next_action, f"{page}#people"),
        "promise": (_("Move it"), reverse("promise-move", args=[number])),
        "message": (_("See why"), reverse("outbox-message", args=[number])),
    }
    if row.rule == "talk" and number:
        return Way(_("Are they back?"), reverse("partner-pause-end", args=[slug, number]))
    if row.rule == "review":
        return Way(_("Look it through"), reverse("agreement", args=[slug, number]))
    return Way(*ways.get(row.rule, (row.next_action, page)))
