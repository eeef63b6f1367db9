"""The compact rule of a time zone: the one yearly change that calendar programs of all makes read right.

A TZif file ends with a POSIX rule such as `EST5EDT,M3.2.0,M11.1.0` (RFC 9636, section 3.3). Lists of single changes,
as libraries write them, are read one hour wrong by several programs; this rule is not. Where it does not tell the
truth about an instant (zones with irregular years, hours beyond the day), the answer is None and UTC is written.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from importlib import resources
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

FIRST_YEAR = 2007  # the rules of today hold in most zones since then
_NAME = r"(<[^>]+>|[A-Za-z]{3,})"
_OFFSET = r"([+-]?\d+(?::\d+){0,2})"
_RULE = r"M(\d+)\.(\d)\.(\d)(?:/([+-]?\d+(?::\d+){0,2}))?"
_POSIX = re.compile(rf"{_NAME}{_OFFSET}(?:{_NAME}{_OFFSET}?,{_RULE},{_RULE})?")


@dataclass(frozen=True)
class Onset:
    """The yearly moment when a half of the year begins: nth weekday of a month, on the clock that went before."""

    name: str
    offset: timedelta  # east of UTC, from then on
    before: timedelta  # east of UTC, until then
    month: int
    week: int  # 1 to 4, or -1 for the last one
    weekday: int  # Monday is 0
    at: time

    def wall(self, year: int) -> datetime:
        """The moment in a year as the clocks show it before they are moved."""
        if self.week == -1:
            last = date(year, self.month, monthrange(year, self.month)[1])
            day = last - timedelta(days=(last.weekday() - self.weekday) % 7)
        else:
            first = date(year, self.month, 1)
            day = first + timedelta(days=(self.weekday - first.weekday()) % 7 + 7 * (self.week - 1))
        return datetime.combine(day, self.at)


@dataclass(frozen=True)
class ZoneRule:
    """A zone as calendar files tell it: its name, its standard time and, where it has one, its summer time."""

    key: str
    name: str
    offset: timedelta
    onsets: tuple[Onset, ...] = ()  # none, or two: standard, daylight

    def offset_at(self, instant: datetime) -> timedelta:
        """The offset that a reader of this rule finds for an instant (naive, UTC)."""
        if not self.onsets:
            return self.offset
        moments = [
            (onset.wall(year) - onset.before, onset.offset)
            for onset in self.onsets
            for year in (instant.year - 1, instant.year, instant.year + 1)
        ]
        return max(moment for moment in moments if moment[0] <= instant)[1]


def rule_for(*moments: datetime) -> ZoneRule | None:
    """The rule of the zone that the aware moments are in, if it is true of each of them; None where UTC is safer.

    Raises ValueError when the moments are not all in one and the same ZoneInfo.
    """
    zones = {moment.tzinfo for moment in moments}
    zone = zones.pop()
    if zones or not isinstance(zone, ZoneInfo) or zone.key is None:
        raise ValueError("all moments must be in one named zone")
    rule = _rule(zone.key)
    if rule is None or any(not _is_true(rule, moment) for moment in moments):
        return None
    return rule


def _is_true(rule: ZoneRule, moment: datetime) -> bool:
    offset = moment.utcoffset()
    if offset is None or moment.year <= FIRST_YEAR:
        return False
    return rule.offset_at(moment.replace(tzinfo=None) - offset) == offset


@lru_cache(maxsize=600)
def _rule(key: str) -> ZoneRule | None:
    match = _POSIX.fullmatch(_footer(key))
    if not match:
        return None
    name, offset, summer, summer_offset, *changes = match.groups()
    standard = -_span(offset)
    if summer is None:
        return ZoneRule(key, name.strip("<>"), standard)
    daylight = -_span(summer_offset) if summer_offset else standard + timedelta(hours=1)
    begins = _onset(summer, daylight, standard, changes[:4])
    ends = _onset(name, standard, daylight, changes[4:])
    if begins is None or ends is None:
        return None
    return ZoneRule(key, name.strip("<>"), standard, (ends, begins))


def _onset(name: str, offset: timedelta, before: timedelta, change: list[str]) -> Onset | None:
    month, week, weekday, at = change
    since_midnight = _span(at or "2")
    if not timedelta(0) <= since_midnight < timedelta(days=1):
        return None
    minutes, seconds = divmod(since_midnight.seconds, 60)
    moment = time(minutes // 60, minutes % 60, seconds)
    day = (int(weekday) - 1) % 7  # POSIX counts from Sunday = 0
    return Onset(name.strip("<>"), offset, before, int(month), -1 if week == "5" else int(week), day, moment)


def _span(text: str) -> timedelta:
    sign = -1 if text.startswith("-") else 1
    hours, minutes, seconds = (*map(int, text.lstrip("+-").split(":")), 0, 0)[:3]
    return sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _footer(key: str) -> str:
    """The last line of the zone's TZif file, found where zoneinfo finds it."""
    for folder in TZPATH:
        path = Path(folder, *key.split("/"))
        if path.is_file():
            return _last_line(path.read_bytes())
    packed = resources.files("tzdata").joinpath("zoneinfo", *key.split("/"))
    return _last_line(packed.read_bytes()) if packed.is_file() else ""


def _last_line(content: bytes) -> str:
    return content.rstrip(b"\n").rpartition(b"\n")[2].decode("ascii", "replace")
