"""A file opened for import: its columns by meaning, the order of day and month in each date column, and its rows.

Two walks through the file: the first asks every date column which order it is written in, the second hands out rows.
Both stream, so a long file costs no more memory than a short one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from django.utils.translation import gettext as _

from prm.exchange.dates import Order, some
from prm.exchange.headings import Column, columns, meaning_of, score
from prm.exchange.opening import open_book
from prm.exchange.row import WARNING, Problem, Row, harmless, is_formula, make_row
from prm.exchange.sheet import Line, Sheet, Unreadable

DATE_COLUMNS = frozenset(
    "agreement_signed agreement_start agreement_end pause_from pause_until pause_resumes last_training "
    "partner_since".split()
)


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet with its columns and the order of its dates. `total` is the number of rows that are not blank."""

    sheet: Sheet
    columns: tuple[Column, ...]
    day_first: dict[str, bool]
    notices: tuple[Problem, ...]
    total: int

    def rows(self) -> Iterator[Row]:
        lines = (line for line in self.sheet.rows() if not _repeats(line, self.sheet))
        return (make_row(line, self.columns, self.day_first, self.sheet.name) for line in lines)


@dataclass(frozen=True, slots=True)
class Source:
    """All sheets of one file that are lists of partners, and what is odd about the file itself."""

    parts: tuple[Part, ...]
    notices: tuple[Problem, ...]

    @property
    def total(self) -> int:
        return sum(part.total for part in self.parts)

    def rows(self) -> Iterator[Row]:
        return chain.from_iterable(part.rows() for part in self.parts)


def open_source(path: Path, day_first: bool | None = None) -> Source:
    """Open the file at `path`; `day_first` answers for date columns that leave it open. Raises Unreadable."""
    book = open_book(path, score)
    asked: list[str] = []
    parts = tuple(_part(sheet, day_first, asked, len(book.sheets) > 1) for sheet in book.sheets)
    if asked:
        raise Unreadable(_("%(columns)s: say --day-first or --month-first") % {"columns": "; ".join(asked)})
    aside = (Problem(0, "", reason, WARNING, "", name) for name, reason in book.aside)
    return Source(parts, tuple(chain(aside, chain.from_iterable(part.notices for part in parts))))


def _part(sheet: Sheet, day_first: bool | None, asked: list[str], several: bool) -> Part:
    known = columns(sheet.headings.cells)
    of = f" ({sheet.name})" if several else ""
    orders = {column.place: Order(column.heading + of) for column in known if column.meaning in DATE_COLUMNS}
    used: set[int] = set()
    repeated: list[int] = []
    total = 0
    for line in sheet.rows():
        if _repeats(line, sheet):
            repeated.append(line.number)
            continue
        total += 1
        used.update(place for place, text in enumerate(line.cells) if text)
        for place, order in orders.items():
            if place < len(line.cells) and line.cells[place]:
                order.weigh(line.number, line.cells[place])
    decided = {known[place].meaning: order.decide(day_first) for place, order in orders.items()}
    asked += [order.question() for order in orders.values() if order.decide(day_first) is None]
    firm = {meaning: order for meaning, order in decided.items() if meaning and order is not None}
    again = _("repeats the headings and was not imported")
    notices = [
        Problem(number, "", again, WARNING, harmless(sheet.headings.cells[0]), sheet.name)
        for number in repeated
    ]
    return Part(sheet, tuple(known), firm, (*_notices(sheet, known, used), *notices), total)


def _repeats(line: Line, sheet: Sheet) -> bool:
    """Whether the headings stand here once more, as they do at the top of a printed page."""
    cells = [(place, text) for place, text in enumerate(line.cells) if text]
    headings = sheet.headings.cells
    return len(cells) > 1 and all(place < len(headings) and text == headings[place] for place, text in cells)


def _notices(sheet: Sheet, known: Sequence[Column], used: set[int]) -> Iterator[Problem]:
    """What is odd about the sheet itself: lines above the headings, hidden lines, columns that go into the notes."""

    def told(line: int, column: str, reason: str, value: str = "") -> Problem:
        return Problem(line, column, reason, WARNING, value, sheet.name)

    for line in sheet.above:
        text = " | ".join(harmless(cell) for cell in line.cells if cell)
        yield told(line.number, "", _("stands above the headings and was not imported"), text)
    if sheet.hidden:
        lines = some(sheet.hidden)
        yield told(0, "", _("has hidden rows, which were read like the others: %(lines)s") % {"lines": lines})
    at = sheet.headings.number
    meanings = {column.meaning for column in known if column.meaning}
    for column in known:
        if column.meaning is None and column.place in used:
            reason = (
                _("this column means the same as an earlier one, so its cells are kept in the notes")
                if meaning_of(column.heading) in meanings
                else _("this column is not known here, so its cells are kept in the notes")
            )
            yield told(at, harmless(column.heading), reason)
        elif is_formula(column.heading):
            yield told(at, harmless(column.heading), _("this heading looks like a formula"))
    for place in sorted(used):
        if place >= len(known):
            yield told(
                at, f"({place + 1})", _("this column has no heading, so its cells are kept in the notes")
            )
