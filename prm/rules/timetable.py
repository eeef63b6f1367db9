"""When the sessions of a series take place: the nth weekday of some months, at the same time on the wall.

A session at 10:00 in New York is at 14:00 UTC in summer and at 15:00 in winter. Twice a year the wall plays a trick: an
hour that is left out has no moment at all (`NoSuchTime`), and of an hour that comes twice the first one is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from prm.rules.dates import add_months

LAST = -1
#: Which weekday of a month may be meant. A fifth one is not in every month, the last one is.
WEEKS = (1, 2, 3, 4, LAST)
MINUTE = timedelta(minutes=1)
#: No clock of the world is put forward by more than this.
LONGEST_GAP = timedelta(days=1)


class NoSuchTime(ValueError):
    """A time that the clocks leave out on its day; `instead` is the first one that they show again."""

    def __init__(self, wall: datetime, instead: datetime) -> None:
        super().__init__(f"{wall.isoformat()} is left out; the next one is {instead.isoformat()}")
        self.wall = wall
        self.instead = instead


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The nth weekday of chosen months, or of every so many months counted from the month of the first day.

    `week` is one of WEEKS; Monday is weekday 0. Of `months` (1 to 12) and `every` exactly one is given.
    """

    week: int
    weekday: int
    months: frozenset[int] = frozenset()
    every: int = 0

    def __post_init__(self) -> None:
        if self.week not in WEEKS or self.weekday not in range(7):
            raise ValueError(f"no such weekday of a month: {self.week}, {self.weekday}")
        if self.every < 0 or bool(self.months) == bool(self.every):
            raise ValueError("a rhythm has chosen months, or every so many months")
        if not self.months <= frozenset(range(1, 13)):
            raise ValueError(f"no such months: {sorted(self.months)}")

    def days(self, first: date) -> Iterator[date]:
        """Yield the days of the rhythm on or after `first`, without end but that of the calendar."""
        month = first.replace(day=1)
        step = self.every or 1
        while month.year < date.max.year:
            day = nth_weekday(month.year, month.month, self.week, self.weekday)
            if day >= first and (not self.months or month.month in self.months):
                yield day
            month = add_months(month, step)

    def through(self, first: date, last: date) -> list[date]:
        """Return the days from `first` through `last`."""
        return list(takewhile(lambda day: day <= last, self.days(first)))

    def so_many(self, first: date, number: int) -> list[date]:
        """Return the first `number` days on or after `first`."""
        return list(islice(self.days(first), number))


def nth_weekday(year: int, month: int, week: int, weekday: int) -> date:
    """Return the first (1) to fourth, or the last (-1) such weekday of a month."""
    if week == LAST:
        last = add_months(date(year, month, 1), 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (week - 1))


def moment(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return the moment, in `zone`, at which the clocks there show a time on a day; of two the first one.

    Raises NoSuchTime where they leave it out.
    """
    shown = datetime.combine(day, wall)
    found = shown.replace(tzinfo=zone, fold=0)
    if not _is_shown(found):
        raise NoSuchTime(shown, _next_shown(shown, zone))
    return found


def comes_twice(moment: datetime) -> bool:
    """Whether the clocks of its zone show this time twice on its day."""
    both = (moment.replace(fold=0), moment.replace(fold=1))
    return both[0].utcoffset() != both[1].utcoffset() and all(_is_shown(one) for one in both)


def _is_shown(moment: datetime) -> bool:
    """Whether a wall time comes back from UTC as itself: one that is left out comes back as another."""
    back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return back.replace(tzinfo=None, fold=0) == moment.replace(tzinfo=None, fold=0)


def _next_shown(shown: datetime, zone: ZoneInfo) -> datetime:
    later = shown.replace(second=0, microsecond=0)
    for _minute in range(LONGEST_GAP // MINUTE + 1):
        later += MINUTE
        if _is_shown(later.replace(tzinfo=zone, fold=0)):
            return later
    raise ValueError(f"no clock of {zone.key} shows anything after {shown.isoformat()}")


# --- a rule that changes --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Planned:
    """One session of a series: the day of the rule for which it was planned, and whether it may still follow the rule.

    It is fixed once somebody was invited, it was moved by hand, cancelled, or has begun.
    """

    id: int
    slot: date
    fixed: bool


@dataclass(frozen=True, slots=True)
class Shifts:
    """What a changed rule does: sessions that take another day, sessions without a day, and days without a session."""

    moved: Mapping[int, date]
    dropped: tuple[int, ...]
    added: tuple[date, ...]


def shifts(planned: list[Planned], days: list[date]) -> Shifts:
    """Return what brings the sessions of a series to the days of its new rule; what is fixed stays as it is.

    A month holds at most one session of a series, so months tell which session belongs to which day.
    """
    wanted = {(day.year, day.month): day for day in days}
    moved: dict[int, date] = {}
    dropped: list[int] = []
    for session in sorted(planned, key=lambda one: not one.fixed):
        day = wanted.pop((session.slot.year, session.slot.month), None)
        if session.fixed:
            continue
        if day is None:
            dropped.append(session.id)
        else:
            moved[session.id] = day
    return Shifts(moved, tuple(dropped), tuple(sorted(wanted.values())))
