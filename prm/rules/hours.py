"""The hours in which mail goes, where its reader is. Pure: the local time comes from the caller."""

from datetime import datetime, time

from prm.rules.dates import WorkingWeek


def within(moment: time, start: time, until: time) -> bool:
    """Return whether a local time lies in the sending hours; one minute to midnight means through the day's end."""
    return start <= moment and (moment < until or until >= time(23, 59))


def opening(local: datetime, week: WorkingWeek, start: time, until: time) -> datetime:
    """Return `local` itself (aware, in the reader's zone) where mail goes at that time, else the next opening."""
    day = local.date()
    if week.is_working(day) and within(local.time(), start, until):
        return local
    early = local.time() < start
    return datetime.combine(week.on_or_after(day) if early else week.after(day), start, local.tzinfo)
