"""Dates in the spellings people use, read cell by cell; what one cell leaves open is told by its whole column.

`spelled` takes a cell apart without deciding anything. A pair such as 3/4/2027 stays open until `Spelled.on` is told
whether the column writes the day first.
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.dates import MONTHS as MONTH_NAMES
from django.utils.translation import gettext as _

from prm.exchange.words import plain

# Day 0 of the serial numbers that spreadsheets write for dates (1900 system, its leap-year error included).
SERIAL_START = date(1899, 12, 30)
SERIALS = range(20_000, 100_000)
YEARS = range(1900, 2200)
MONTHS = (
    "january enero|february febrero|march marzo|april abril|may mayo|june junio|july julio|august agosto|"
    "september septiembre setiembre|october octubre|november noviembre|december diciembre"
).split("|")
TIME = re.compile(
    r"(?i)(?:[\sT,]+|\s+at\s+)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?\s?m\.?)?\s*(?:Z|UTC|GMT|[+-]\d\d:?\d\d)?$"
)
WEEKDAY = re.compile(
    r"(?i)^(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mie|mié|jue|vie|sab|sáb|dom)[a-zéá]*\.?,?\s+(?=\S)"
)
SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.\s]\s*(\d{1,2})\s*[-/.\s]\s*(\d{1,2})")
COMPACT = re.compile(r"((?:19|20|21)\d\d)(\d\d)(\d\d)")
NUMBERS = re.compile(r"(\d{1,2})\s*[-/.\s]\s*(\d{1,2})\s*[-/.\s]\s*(\d{4}|'?\d\d)")
DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|º|°)?[\s./-]*(?:of |de )?\s*([^\W\d_]{3,})\.?[\s,./-]*(?:de |del )?\s*(\d{4}|'?\d\d)"
)
MONTH_DAY = re.compile(r"([^\W\d_]{3,})\.?[\s./-]*(\d{1,2})(?:st|nd|rd|th)?[\s,./-]+(\d{4}|'?\d\d)")


class NoDate(ValueError):
    """The cell holds no date; the message says why, to be read after the cell: "“soon” is not a date"."""


class NoDay(NoDate):
    """The cell is a date as far as its spelling goes, but the calendar has no such day."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """A date taken apart. `first` and `second` are month and day; where `open` is true their order is not known."""

    year: int
    first: int
    second: int
    open: bool = False

    def on(self, day_first: bool) -> date:
        """The calendar day. `day_first` counts only where the cell leaves it open. Raises NoDate."""
        month, day = (self.second, self.first) if self.open and day_first else (self.first, self.second)
        if self.year not in YEARS:
            raise NoDay(_("names the year %(year)d, which cannot be meant") % {"year": self.year})
        try:
            return date(self.year, month, day)
        except ValueError:
            raise NoDay(self._why(month, day)) from None

    @property
    def reads(self) -> frozenset[bool]:
        """The orders (day first?) in which the cell is a day of the calendar; both where it does not matter."""
        return frozenset(order for order in (True, False) if self._exists(order))

    @property
    def undecided(self) -> bool:
        return self.open and self.first != self.second and len(self.reads) == 2

    def _why(self, month: int, day: int) -> str:
        if self.open and month > 12 >= day:
            month, day = day, month
        if not (1 <= month <= 12 and day):
            return (
                _("is not a day: there is no month %(month)d") % {"month": month}
                if day
                else _("is not a day")
            )
        days = monthrange(self.year, month)[1]
        told = {"month": MONTH_NAMES[month], "year": self.year, "days": days}
        return _("is not a day: %(month)s %(year)d has %(days)d days") % told

    def _exists(self, day_first: bool) -> bool:
        try:
            self.on(day_first)
        except NoDate:
            return False
        return True


def spelled(text: str) -> Spelled:
    """Take apart one cell. Raises NoDate where nothing in it can be a full date."""
    bare = TIME.sub("", text.strip()).strip().rstrip(",.")
    if match := SERIAL.fullmatch(bare):
        if int(match[1]) not in SERIALS:
            raise NoDate(_("is a number, not a date"))
        day = SERIAL_START + timedelta(days=int(match[1]))
        return Spelled(day.year, day.month, day.day)
    if match := YEAR_FIRST.fullmatch(bare) or COMPACT.fullmatch(bare):
        return Spelled(int(match[1]), int(match[2]), int(match[3]))
    if match := NUMBERS.fullmatch(bare):
        return Spelled(_year(match[3]), int(match[1]), int(match[2]), open=True)
    if match := DAY_MONTH.fullmatch(bare):
        return Spelled(_year(match[3]), _month(match[2]), int(match[1]))
    if match := MONTH_DAY.fullmatch(bare):
        return Spelled(_year(match[3]), _month(match[1]), int(match[2]))
    if (without_weekday := WEEKDAY.sub("", bare)) != bare:
        return spelled(without_weekday)
    raise NoDate(_("is not a date"))


def _year(digits: str) -> int:
    """Two digits are a year of this century."""
    number = int(digits.lstrip("'"))
    return number if len(digits.lstrip("'")) == 4 else 2000 + number


def _month(name: str) -> int:
    """1 to 12 for a month's name or its beginning, of three letters at least, in English or Spanish."""
    for number, names in enumerate(MONTHS, start=1):
        if any(full.startswith(plain(name)) for full in names.split()):
            return number
    raise NoDate(_("is not a date"))


@dataclass(slots=True)
class Order:
    """What one column says of the order of its dates: the lines that can only be read day first, or month first."""

    heading: str
    day_first: list[int] = field(default_factory=list)
    month_first: list[int] = field(default_factory=list)
    undecided: list[tuple[int, str]] = field(default_factory=list)

    def weigh(self, line: int, text: str) -> None:
        try:
            cell = spelled(text)
        except NoDate:
            return
        if cell.undecided:
            self.undecided.append((line, text))
        elif cell.open and len(cell.reads) == 1:
            (self.day_first if True in cell.reads else self.month_first).append(line)

    def decide(self, answer: bool | None) -> bool | None:
        """Whether the column is day first; None where it must be asked. `answer` is what the person said, if anything.

        A column that says one thing is believed. One that contradicts itself follows the answer; without one it follows
        its greater part, but only where no date of it could be read both ways. A column without numeric dates is
        whatever the answer is.
        """
        if bool(self.day_first) != bool(self.month_first):
            return bool(self.day_first)
        if answer is not None:
            return answer
        if self.undecided or (self.day_first and len(self.day_first) == len(self.month_first)):
            return None
        return len(self.day_first) > len(self.month_first)

    def question(self) -> str:
        """Why this column must be asked about, with lines."""
        if self.day_first:
            lines = {
                "day": some(self.day_first),
                "month": some(self.month_first),
                "column": self.heading,
            }
            return _("%(column)s is day first in line %(day)s and month first in line %(month)s") % lines
        line, text = self.undecided[0]
        return _("%(column)s leaves open what %(text)s in line %(line)d means") % {
            "column": self.heading,
            "text": text,
            "line": line,
        }


def some(lines: Iterable[int]) -> str:
    """The first few of many lines, for a sentence."""
    shown = [str(line) for line in lines]
    return ", ".join(shown[:5]) + (" ..." if len(shown) > 5 else "")
