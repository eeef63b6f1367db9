"""What happened with a partner, entries and mails on one line: several kinds at once, newest first, page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, DateField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.access import may_see_reasons
from prm.accounts.models import User
from prm.outbox.models import Message
from prm.partners import sentences
from prm.partners.edits import undoable
from prm.partners.models import Entry, EntryKind, Organization
from prm.web.frame import Frame
from prm.web.staff.discretion import keep_names
from prm.web.staff.letter import Letter
from prm.web.staff.story import Knot
from prm.web.staff.ways_back import way_back
from prm.web.typed import read_number
from prm.web.words import listed

SHOWN, PAGE = 12, 50
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
FILTERS = {
    "talk": gettext_lazy("Talks"),
    "note": gettext_lazy("Notes"),
    "mail": gettext_lazy("Mail"),
    "agreement": gettext_lazy("Agreements"),
    "pause": gettext_lazy("Pauses"),
    "people": gettext_lazy("People"),
    "training": gettext_lazy("Training"),
    "organization": gettext_lazy("Facts"),
}
MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Trace:
    """What the light query knows of one row: enough to order, to count and to group it."""

    kind: str
    pk: int
    moment: datetime
    line: tuple[Any, ...]  # rows with the same one are one line
    record: str = ""
    mail: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """One kind that the line can be narrowed to; `asked` is the question to the address after a press on it."""

    word: str
    number: int
    chosen: bool
    asked: str


@dataclass(frozen=True, slots=True)
class Past:
    """What a page shows of it. `page` 0 is the short beginning; `first` and `last` count from 1."""

    knots: Sequence[Knot]
    chips: Sequence[Chip]
    chosen: Sequence[str]
    number: int
    page: int
    first: int
    last: int

    @property
    def older(self) -> int:
        """The number of the page with what is older, 0 where there is none."""
        return self.page + 1 if self.last < self.number else 0

    @property
    def newer(self) -> int:
        return self.page - 1 if self.page > 1 else 0


def shown(request: HttpRequest) -> list[str]:
    """The kinds that the address asks for, `?show=talk&show=people`; empty: all of them."""
    asked = request.GET.getlist("show")
    return [kind for kind in FILTERS if kind in asked]


def page_of(request: HttpRequest) -> int:
    """The page of 50 lines that the address asks for, `?all=1` the first; 0 for the short beginning."""
    asked = request.GET.get("all", "")
    return (read_number(asked) or 0) if len(asked) < 5 else 0


def past(organization: Organization, frame: Frame, reader: User, *, show: Sequence[str], page: int) -> Past:
    """One page of what happened, with how much there is of each kind."""
    traces = _traces(organization, frame, reader)
    lines = _lines(traces, show)
    start, end = (0, SHOWN) if page == 0 else ((page - 1) * PAGE, page * PAGE)
    here = lines[start:end]
    return Past(
        knots=_knots(organization, frame, reader, here, traces),
        chips=_chips(traces, show),
        chosen=[str(FILTERS[kind]) for kind in show],
        number=len(lines),
        page=page,
        first=start + 1,
        last=start + len(here),
    )


def happened(organization: Organization, frame: Frame, reader: User, *, show: Sequence[str]) -> list[Knot]:
    """All of what happened, latest first; `show` are keys of FILTERS or empty."""
    traces = _traces(organization, frame, reader)
    return _knots(organization, frame, reader, _lines(traces, show), traces)


# --- what there is --------------------------------------------------------------------------------------------------


def _traces(organization: Organization, frame: Frame, reader: User) -> list[Trace]:
    """Every entry and mail of a partner that this reader may see, latest first; of each just what orders and counts."""
    zone = ZoneInfo(frame.zone)
    columns = ("row_kind", "pk", "row_at", "row_on", "row_about", "row_state", "row_mail")
    rows = (
        _entries(organization, reader)
        .values_list(*columns)
        .union(_mails(organization).values_list(*columns), all=True)
    )
    found = [_trace(row, zone) for row in rows]
    return sorted(found, key=lambda one: (one.moment, one.pk), reverse=True)


def _entries(organization: Organization, reader: User) -> QuerySet[Entry]:
    rows = Entry.objects.filter(organization=organization).order_by()
    if not may_see_reasons(reader):
        rows = rows.filter(private=False)
    return rows.annotate(
        row_kind=F("kind"),
        row_at=F("recorded_at"),
        row_on=F("happened_on"),
        row_about=Cast("record", CharField(max_length=300)),
        row_state=Value("", CharField(max_length=20)),
        row_mail=Value(0),
    )


def _mails(organization: Organization) -> QuerySet[Message]:
    rows = Message.objects.filter(~Q(state=Message.State.CANCELLED), organization=organization).order_by()
    return rows.annotate(
        row_kind=Value(MAIL, CharField(max_length=20)),
        row_at=Coalesce("sent_at", "due_at"),
        row_on=Cast(Value(None), DateField(null=True)),
        row_about=Cast("subject", CharField(max_length=300)),
        row_state=F("state"),
        row_mail=Value(1),
    )


def _trace(row: tuple[Any, ...], zone: ZoneInfo) -> Trace:
    """An entry stands at the moment of its recording, or on the day it tells of where that was earlier.

    Entries that were recorded in one go about one kind of thing are one line, such as a successor and each role; so
    are mails that say the same on the same day and stand alike.
    """
    kind, pk, at, on, about, state, is_mail = row
    if is_mail:
        return Trace(kind, pk, at, (MAIL, at.astimezone(zone).date(), about, state), mail=True)
    end_of_day = datetime.combine(on, time.max, zone)
    return Trace(kind, pk, min(at, end_of_day), (kind, at, on), about)


def _lines(traces: Iterable[Trace], show: Sequence[str]) -> list[list[Trace]]:
    lines: dict[tuple[Any, ...], list[Trace]] = {}
    for trace in traces:
        if not show or trace.kind in show:
            lines.setdefault(trace.line, []).append(trace)
    return list(lines.values())


def _chips(traces: Iterable[Trace], show: Sequence[str]) -> list[Chip]:
    """The kinds there are, and those that were chosen; a press adds or takes away one."""
    counted = Counter(kind for kind, *_rest in {(one.kind, *one.line) for one in traces})
    found = []
    for kind, word in FILTERS.items():
        if not counted[kind] and kind not in show:
            continue
        after = [one for one in FILTERS if (one in show) != (one == kind)]
        asked = "&".join(f"show={one}" for one in after)
        found.append(Chip(str(word), counted[kind], kind in show, f"?{asked}"))
    return found


# --- the lines themselves -------------------------------------------------------------------------------------------


def _knots(
    organization: Organization,
    frame: Frame,
    reader: User,
    lines: Sequence[list[Trace]],
    traces: Iterable[Trace],
) -> list[Knot]:
    entries = _rows(Entry.objects.select_related("by", "contact", "interaction"), lines, mail=False)
    keep_names(entries.values(), reader)
    slim = Message.objects.select_related("user").defer("text", "html", "calendar_body")
    mails = _rows(slim, lines, mail=True)
    edits = undoable(entries.values(), frame.now)
    free = {*_last_about(traces).values(), *edits}
    found = []
    for line in lines:
        if line[0].mail:
            letters = [Letter(mails[one.pk], frame.zone, held=frame.held, now=frame.now) for one in line]
            found.append(_mail(letters))
        else:
            told = [entries[one.pk] for one in line]
            backs = (way_back(one, frame.now, organization.slug, edits) for one in told if one.pk in free)
            found.append(_past(told, next((way for way in backs if way), "")))
    return found


def _rows(rows: QuerySet[Any], lines: Iterable[list[Trace]], *, mail: bool) -> dict[int, Any]:
    numbers = [one.pk for line in lines for one in line if one.mail == mail]
    found: dict[int, Any] = {}
    for start in range(0, len(numbers), 500):
        found |= rows.in_bulk(numbers[start : start + 500])
    return found


def _last_about(traces: Iterable[Trace]) -> dict[str, int]:
    """The number of the entry that says last what was done about a record."""
    last: dict[str, int] = {}
    for trace in traces:
        if not trace.mail:
            last[trace.record] = max(trace.pk, last.get(trace.record, 0))
    return last


def _past(entries: list[Entry], back: str) -> Knot:
    lead = next((one for one in entries if one.event in TALKED), entries[0])
    entry, others = lead, [one for one in entries if one is not lead]
    about = [entry.interaction.label] if entry.interaction else []
    about += [entry.by.name] if entry.by else []
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
