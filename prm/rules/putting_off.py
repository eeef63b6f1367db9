"""A row of the day is put off: until which day that makes sense, and the days that are offered."""

from datetime import date, timedelta

from prm.rules.dates import ONE_DAY, WorkingWeek

#: So far ahead something can be put off; what lies further away is a date to talk again, or a promise.
FARTHEST = timedelta(90)
#: So long a row that has come back is shown, unless somebody has done it before.
LINGERS = timedelta(7)


def offered(today: date, week: WorkingWeek) -> list[date]:
    """Return the days that are offered: the next working day, the first of next week, and two weeks on; each once."""
    monday = today + timedelta(7 - today.weekday())
    return sorted({week.after(today), week.on_or_after(monday), week.on_or_after(today + timedelta(14))})


def first(today: date) -> date:
    """Return the first day until which something can be put off."""
    return today + ONE_DAY


def last(today: date) -> date:
    """Return the last day until which something can be put off."""
    return today + FARTHEST


def is_back(until: date, ended_on: date | None, today: date) -> bool:
    """Whether a row that was put off has come back lately: on its day, or when somebody fetched it back."""
    since = until if ended_on is None else min(until, ended_on)
    return today - LINGERS < since <= today
