"""The outlook as the plans hold it: they are written down, so a page reads rows instead of weighing facts anew.

What `outlook` computes live for any day is here read for today, in few queries however many partners there are: first
the lines in their order, then, for those that a page shows, whom they reach. Partners whose plan waits to be made anew
are still computed, as long as they are few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Case, F, Q, QuerySet, When

from prm.accounts.models import Program
from prm.partners.models import Organization
from prm.reminders import facts, people
from prm.reminders.actions import out_of_date
from prm.reminders.models import Handover, Reminder
from prm.reporting import outlook
from prm.reporting.outlook import ONE_DAY, Line
from prm.rules.dates import WorkingWeek
from prm.rules.facts import People, Side, State

#: So many partners whose plan is out of date are computed while a page waits.
COMPUTED = 50
#: So many lines are read; where there are more, the last days are left out.
MOST = 10_000
#: The step of a ladder that passed longest before its record was entered lies so many days back at most.
LONG_AGO = timedelta(400)
OF_REMINDER = (
    "key",
    "record",
    "rule",
    "offset",
    "reference_on",
    "side",
    "audience",
    "person",
    "category",
    "nominal_on",
    "day",
    "at_once",
    "nobody",
    "state",
    "reason",
    "reason_data",
    "handed_at",
)
OF_ORGANIZATION = ("name", "slug", "zone", "is_demo", "role_mailbox")


@dataclass(frozen=True, slots=True)
class Outlook:
    """The lines of the coming days in no order, without recipients (`told` adds them), and what they do not hold.

    `last` is the last day that is whole; `shortened`: later ones are left out; `crowded`: even of the first day there
    is more. `waiting`: so many partners wait for a new plan, and their lines are those of the one before.
    """

    lines: list[Line]
    last: date
    shortened: bool = False
    crowded: bool = False
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader wants to see: of which organizations, of which side and in which state (empty: all)."""

    organizations: QuerySet[Organization]
    side: str = ""
    state: str = ""

    def rows(self) -> QuerySet[Reminder]:
        """Return the reminders that it is about."""
        rows = Reminder.objects.filter(organization__in=self.organizations.order_by())
        rows = rows.filter(side=self.side) if self.side else rows
        return rows.filter(state=self.state) if self.state else rows

    def meets(self, line: Line) -> bool:
        """Whether a line that was computed is about it."""
        return self.side in ("", line.side) and self.state in ("", line.state)


def written(
    asked: Asked, *, program: Program, today: date, days: int = 90, most: int | None = MOST
) -> Outlook:
    """Return what stands in the plans for `today`, the program's day, and the days after it, `days` in all.

    Of more than `most` reminders the nearest; None: all of them.
    """
    window = _Window(program, today, today + timedelta(days - 1))
    old = asked.organizations.filter(out_of_date(today))
    few = list(old.order_by("pk").values_list("pk", flat=True)[: COMPUTED + 1])
    waiting, few = (old.count(), []) if len(few) > COMPUTED else (0, few)
    rows = list(_rows(asked, window).exclude(organization__in=few)[: most and most + 1])
    lines = list(_lines(rows, window))
    if few:
        anew = Organization.objects.filter(pk__in=few)
        lines += filter(asked.meets, outlook.outlook(from_day=today, days=days, organizations=anew))
    if most is None or len(rows) <= most:
        return Outlook(lines, window.last, waiting=waiting)
    cut = window.cut(rows[-1])
    last = max(cut - ONE_DAY, today)
    kept = [line for line in lines if line.day is not None and line.day <= last]
    return Outlook(kept, last, shortened=True, crowded=cut <= today, waiting=waiting)


def told(lines: Iterable[Line], *, today: date) -> list[Line]:
    """Return lines with whom they reach as known now, and why: a fixed number of queries for any number of lines."""
    found = list(lines)
    ahead = {line.organization for line in found if line.row and line.row.state != State.HANDED_OVER}
    there = people.people(ahead) if ahead else {}
    return [_told(line, line.row, there, today) if line.row else line for line in found]


class _Window:
    """The days that are looked at. The program's working week is read when a late reminder asks for it."""

    def __init__(self, program: Program, today: date, last: date) -> None:
        self.program, self.today, self.last = program, today, last
        # A day wider than today: the local day is the partner's or ours, not that of the database.
        self.dawn = datetime.combine(today - ONE_DAY, time.min, UTC)

    @cached_property
    def week(self) -> WorkingWeek:
        return facts.working_week(self.program, self.today)

    def day_of(self, row: Reminder) -> date | None:
        """Return the local day on which a reminder goes, went or was to go; a late one goes when mail goes next."""
        if row.handed_at is not None:
            zone = row.organization.zone if row.side == Side.PARTNER else ""
            return row.handed_at.astimezone(ZoneInfo(zone or self.program.zone)).date()
        if row.state == State.SKIPPED or row.day is None or row.day >= self.today:
            return row.day
        return self.today if row.at_once else self.week.on_or_after(self.today)

    def cut(self, row: Reminder) -> date:
        """Return the day on which there may be more than was read, when this was the last reminder read."""
        passed = row.state == State.SKIPPED and row.day is not None and row.day < self.today
        return self.last + ONE_DAY if passed or row.day is None else row.day

    def holds(self, row: Reminder, day: date | None) -> bool:
        """Held ones without a day are shown when their own day is near; what passed before entry on that of entry."""
        if day is None:
            return row.state == State.HELD and row.nominal_on <= self.last
        entered = row.reason_data.get("entered") if row.state == State.SKIPPED else None
        return self.today <= day <= self.last or entered == self.today.isoformat()


def _rows(asked: Asked, window: _Window) -> QuerySet[Reminder]:
    """Return the reminders of the window and a little more, in the order of their days.

    Those without a day come last, and after them what passed before it was entered: after a large import that is much.
    """
    today, last = window.today, window.last
    ahead = Q(state=State.PLANNED.value, day__lte=last)
    held = Q(state=State.HELD.value) & (Q(day__lte=last) | Q(day__isnull=True))
    skipped = Q(state=State.SKIPPED.value, day__range=(today, last))
    before = Q(state=State.SKIPPED.value, reason="entered", day__range=(today - LONG_AGO, today - ONE_DAY))
    gone = Q(state=State.HANDED_OVER.value, handed_at__gte=window.dawn)
    passed = Case(When(before, then=1), default=0)
    rows = asked.rows().filter(ahead | held | skipped | before | gone).select_related("organization")
    columns = (*OF_REMINDER, *(f"organization__{name}" for name in OF_ORGANIZATION))
    return rows.only(*columns).order_by(passed, F("day").asc(nulls_last=True), "pk")


def _lines(rows: Iterable[Reminder], window: _Window) -> Iterator[Line]:
    shown = [(row, day) for row in rows if window.holds(row, day := window.day_of(row))]
    went = _went([row.pk for row, _day in shown if row.state == State.HANDED_OVER])
    for row, day in shown:
        line = Line(
            day=day,
            key=row.key,
            organization=row.organization,
            side=row.side,
            audience=tuple(row.audience),
            recipients=(),
            names=(),
            state=row.state,
            reason="",
            rule=row.rule,
            offset=row.offset,
            reference=row.reference_on,
            nobody=row.nobody,
            row=row,
        )
        yield _gone(line, went.get(row.pk, [])) if row.state == State.HANDED_OVER else line


def _went(ids: list[int]) -> dict[int, list[Handover]]:
    """Return into which messages these reminders went, without the messages' bodies."""
    found: dict[int, list[Handover]] = {}
    if ids:
        rows = Handover.objects.filter(reminder__in=ids).select_related("message").order_by("pk")
        for one in rows.only("reminder", "recipient", "message__state", "message__recipient_name"):
            found.setdefault(one.reminder_id, []).append(one)
    return found


def _gone(line: Line, handovers: list[Handover]) -> Line:
    return replace(
        line,
        recipients=tuple(one.recipient for one in handovers),
        names=tuple(one.message.recipient_name or one.recipient for one in handovers),
        state=outlook.became(line.state, (one.message.state for one in handovers)),
    )


def _told(line: Line, row: Reminder, there: dict[int, People], today: date) -> Line:
    reason = outlook.why(row, row.reference_on, row.reason, row.reason_data)
    if row.state == State.HANDED_OVER:
        return replace(line, reason=reason)
    day = max(line.day or today, today)
    people = outlook.reached(there[row.organization_id], row, Side(row.side), row.person_id, day)
    return replace(
        line,
        recipients=tuple(one.address for one in people),
        names=tuple(one.name or one.address for one in people),
        reason=reason,
    )
