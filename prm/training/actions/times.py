"""When a session is, as people type it: a day and two times on the wall of a zone."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from prm.rules.refusal import Refusal
from prm.rules.timetable import NoSuchTime, moment

DAY = datetime.timedelta(days=1)


def span(
    day: datetime.date,
    starts: datetime.time,
    ends: datetime.time,
    zone: str,
    *,
    now: datetime.datetime,
) -> tuple[datetime.datetime, datetime.datetime]:
    """Return the two moments of a session to come. Refused at `day`, `starts` or `ends`.

    A time that the clocks of the zone leave out on that day is refused with the next one; of a time that comes twice
    the first is meant.
    """
    place = ZoneInfo(zone)
    if ends <= starts:
        raise Refusal(_("The session ends before it starts."), field="ends")
    start = _moment(day, starts, place, field="starts")
    if start <= now:
        raise Refusal(_("This time has gone by. Choose one that is still to come."), field="day")
    return start, _moment(day, ends, place, field="ends")


def minutes_between(starts: datetime.time, ends: datetime.time) -> int:
    """Return how long a session is on the wall, in minutes. Refused at `ends` where it is no time at all."""
    first = datetime.datetime.combine(datetime.date.min, starts)
    minutes = int((datetime.datetime.combine(datetime.date.min, ends) - first).total_seconds() // 60)
    if minutes <= 0:
        raise Refusal(_("The session ends before it starts."), field="ends")
    return minutes


def _moment(day: datetime.date, wall: datetime.time, zone: ZoneInfo, *, field: str) -> datetime.datetime:
    try:
        return moment(day, wall, zone)
    except NoSuchTime as left_out:
        words = {
            "day": date_format(day, "j M Y"),
            "time": time_format(wall, "H:i"),
            "instead": date_format(left_out.instead, "H:i"),
        }
        if left_out.instead.date() != day:
            words["instead"] = date_format(left_out.instead, "j M Y, H:i")
        sentence = _(
            "On %(day)s the clocks are put forward and there is no %(time)s. The next time is %(instead)s."
        )
        raise Refusal(sentence % words, field=field) from left_out
