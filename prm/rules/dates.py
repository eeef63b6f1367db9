"""Calendar arithmetic, done right once: months from an anchor, terms, working days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

ONE_DAY = timedelta(days=1)

#: Longest run of closed days that is searched before a working week counts as misconfigured.
LONGEST_CLOSURE = 60


def add_months(day: date, months: int) -> date:
    """Return `day` moved by whole calendar months, clamped to the month's last day (31 Jan + 1 is 28 or 29 Feb)."""
    return day + relativedelta(months=months)


def term_end(start: date, months: int) -> date:
    """Return the last valid day of a term of `months` (at least 1): 1 Mar 2027 for 12 months ends 29 Feb 2028."""
    if months < 1:
        raise ValueError(f"a term has at least one month, not {months}")
    return add_months(start, months) - ONE_DAY


def whole_months(start: date, last_day: date) -> int | None:
    """Return the length of a term in months, or None where it is not a whole number of them."""
    months = (last_day.year - start.year) * 12 + last_day.month - start.month
    return next((m for m in (months, months + 1) if m > 0 and term_end(start, m) == last_day), None)


def anchored(anchor: date, months: int, *, first: int = 0) -> Iterator[date]:
    """Yield anchor + n x months for n = first, first + 1, ...: each from the anchor, never chained."""
    if months < 1:
        raise ValueError(f"a rhythm has at least one month, not {months}")
    n = first
    while True:
        yield add_months(anchor, n * months)
        n += 1


def first_anchored(anchor: date, months: int, *, not_before: date, first: int = 0) -> date:
    """Return the earliest anchored date (n >= first) on or after `not_before`."""
    elapsed = (not_before.year - anchor.year) * 12 + not_before.month - anchor.month
    start = max(first, elapsed // months - 1)
    return next(day for day in anchored(anchor, months, first=start) if day >= not_before)


@dataclass(frozen=True, slots=True)
class WorkingWeek:
    """Which days people work: weekdays (Monday is 0) less closed days."""

    closed: frozenset[date] = frozenset()
    weekdays: frozenset[int] = frozenset(range(5))

    def is_working(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.closed

    def on_or_before(self, day: date) -> date:
        """Return the day itself if worked, else the working day before it: where deadlines go."""
        return self._step(day, -ONE_DAY)

    def on_or_after(self, day: date) -> date:
        """Return the day itself if worked, else the working day after it: where nudges go."""
        return self._step(day, ONE_DAY)

    def after(self, day: date) -> date:
        """Return the next working day, strictly later than `day`."""
        return self._step(day + ONE_DAY, ONE_DAY)

    def _step(self, day: date, step: timedelta) -> date:
        for n in range(LONGEST_CLOSURE):
            if self.is_working(day + n * step):
                return day + n * step
        raise ValueError(f"no working day within {LONGEST_CLOSURE} days of {day.isoformat()}")
