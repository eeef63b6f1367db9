"""The thread of a partner's page: what comes next, and what happened, entries and mails on one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.models import User
from prm.capacity.actions import can_be_undone
from prm.outbox.models import Message
from prm.partners import sentences
from prm.partners.actions import promises
from prm.partners.models import Entry, EntryKind, Organization
from prm.partners.queries import timeline
from prm.reporting.outlook import Line, outlook
from prm.web.frame import Frame
from prm.web.staff.badges import Badge
from prm.web.staff.letter import Letter
from prm.web.staff.matter import matter
from prm.web.words import listed

AHEAD = 90
NEXT = 6
SHOWN = 12
#: What leads an entry that was recorded together with what was promised in it.
TALKED = ("talked", "tried_to_talk")
ICONS = {
    EntryKind.TALK: "telephone",
    EntryKind.MAIL: "envelope",
    EntryKind.NOTE: "journal-text",
    EntryKind.AGREEMENT: "file-earmark-text",
    EntryKind.PAUSE: "pause-fill",
    EntryKind.PEOPLE: "arrow-left-right",
    EntryKind.TRAINING: "mortarboard",
    EntryKind.ORGANIZATION: "building",
}
FILTERS = [
    ("talk", gettext_lazy("Talks")),
    ("mail", gettext_lazy("Mail")),
    ("agreement", gettext_lazy("Agreements")),
    ("pause", gettext_lazy("Pauses")),
    ("people", gettext_lazy("People")),
    ("training", gettext_lazy("Training")),
]


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
    mine = Organization.objects.filter(pk=organization.pk)
    lines = [
        line
        for line in outlook(from_day=frame.today, days=AHEAD, organizations=mine)
        if line.state in ("planned", "held") and not line.rule.endswith("entry") and line.rule != "promise"
    ]
    return [_ahead(organization, sides, frame.today, reader) for sides in together(lines)[:NEXT]]


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


# --- what happened --------------------------------------------------------------------------------------------------


def shown(request: HttpRequest) -> str:
    """What the address asks for: a key of FILTERS, or empty."""
    show = request.GET.get("show", "")
    return show if show in dict(FILTERS) else ""


def happened(
    organization: Organization, frame: Frame, reader: User, *, show: str, everything: bool
) -> list[Knot]:
    """Entries and mails, latest first; `show` is a key of FILTERS or empty."""
    limit = 500 if everything else SHOWN + 1
    found: list[tuple[datetime, Knot]] = []
    if show != "mail":
        kinds = [show] if show else []
        entries = timeline(organization, reader=reader, kinds=kinds, limit=limit * 2)
        undo = undoable(entries, frame, organization.slug)
        found += [(_moment(some[0], frame.zone), _past(some, undo)) for some in at_once(entries)]
    if show in ("", "mail"):
        gone = ~Q(state=Message.State.CANCELLED)
        mails = organization.messages.filter(gone).select_related("user").order_by("-due_at", "-id")[:limit]
        letters = (Letter(mail, frame.zone, held=frame.held, now=frame.now) for mail in mails)
        found += [(some[0].moment, _mail(some)) for some in same_words(letters)]
    found.sort(key=lambda pair: pair[0], reverse=True)
    return [knot for _when, knot in found]


def _moment(entry: Entry, zone: str) -> datetime:
    """An entry stands at the moment of its recording, or on the day it tells of where that was earlier."""
    end_of_day = datetime.combine(entry.happened_on, time.max, ZoneInfo(zone))
    return min(entry.recorded_at, end_of_day)


def at_once(entries: Iterable[Entry]) -> list[list[Entry]]:
    """What was recorded in one go about one kind of thing, such as a successor and each role; the outcome first."""
    groups: dict[tuple[datetime, str, date], list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.recorded_at, entry.kind, entry.happened_on), []).append(entry)
    return list(groups.values())


def undoable(entries: Iterable[Entry], frame: Frame, slug: str) -> dict[int, str]:
    """Where an entry is undone with one press: what was done last about a promise or a pause, for a day."""
    last: dict[str, Entry] = {}
    for entry in entries:
        known = last.setdefault(entry.record, entry)
        last[entry.record] = max(known, entry, key=lambda one: one.pk)
    found = ((one.pk, _way_back(one, frame.now, slug)) for one in last.values())
    return {pk: way for pk, way in found if way}


def _way_back(entry: Entry, now: datetime, slug: str) -> str:
    kind, _colon, number = entry.record.partition(":")
    if kind == "pause" and can_be_undone(entry, now):
        return reverse("partner-pause-undo", args=[slug, number])
    fresh = now - entry.recorded_at <= promises.UNDONE_WITHIN
    if kind == "promise" and entry.event in promises.UNDOABLE and fresh:
        return reverse("promise-undo", args=[number])
    return ""


def _past(entries: list[Entry], undo: dict[int, str]) -> Knot:
    lead = next((one for one in entries if one.event in TALKED), entries[0])
    entry, others = lead, [one for one in entries if one is not lead]
    about = [entry.interaction.label] if entry.interaction else []
    about += [entry.by.name] if entry.by else []
    back = next((undo[one.pk] for one in entries if one.pk in undo), "")
    notes = [*(sentences.sentence(other) for other in others), *(one.note for one in entries if one.note)]
    return Knot(
        day=entry.happened_on,
        icon=ICONS.get(EntryKind(entry.kind), "circle"),
        subject=sentences.sentence(entry),
        matter=", ".join(about),
        note="\n".join(notes),
        private=any(one.private for one in entries),
        press=(_("Undo"), back) if back else None,
    )


def same_words(letters: Iterable[Letter]) -> list[list[Letter]]:
    """Mails that say the same on the same day and stand alike are one entry."""
    groups: dict[tuple[date, str, str], list[Letter]] = {}
    for letter in letters:
        groups.setdefault((letter.day, letter.message.subject, letter.message.state), []).append(letter)
    return list(groups.values())


def _mail(letters: list[Letter]) -> Knot:
    letter, mail = letters[0], letters[0].message
    knot = Knot(
        day=letter.day,
        icon="calendar3" if mail.calendar_method else "envelope",
        subject=mail.subject,
        matter=_("to %s") % listed([one.to_whom for one in letters]),
        badge=letter.badge,
        link=reverse("outbox-message", args=[mail.pk]),
    )
    waits = mail.state in (Message.State.WAITING, Message.State.SENDING)
    return replace(knot, kind="ring", spoken=_("Still to come")) if waits else knot
