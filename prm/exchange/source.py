"""A file opened for import: its columns by meaning, the order of day and month in each date column, and its rows.

Two walks through the file: the first asks every date column which order it is written in, the second hands out rows.
Both stream, so a long file costs no more memory than a short one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from django.utils.translation import gettext as _

from prm.exchange.calculated import is_calculated
from prm.exchange.dates import Order, some
from prm.exchange.headings import (
    LONGEST_HEADING,
    Chosen,
    Column,
    chosen_columns,
    columns,
    meaning_of,
    score,
)
from prm.exchange.opening import open_book
from prm.exchange.row import WARNING, Problem, Row, harmless, is_formula, make_row
from prm.exchange.sheet import Line, Score, Sheet, Unreadable

SURE = 100  # a choice counts whatever else is in the book
NO_HEADING = re.compile(r"\d{3}|@|^[\d\s.,/-]+$")
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
    questions: tuple[str, ...] = ()

    def rows(self) -> Iterator[Row]:
        lines = (line for line in self.sheet.rows() if not _repeats(line, self.sheet))
        return (make_row(line, self.columns, self.day_first, self.sheet.name) for line in lines)


@dataclass(frozen=True, slots=True)
class Source:
    """All sheets of one file that are lists of partners; the sheets left `aside`, and what is `odd` about these."""

    parts: tuple[Part, ...]
    aside: tuple[Problem, ...]
    odd: tuple[Problem, ...]

    @property
    def notices(self) -> tuple[Problem, ...]:
        return (*self.aside, *self.odd)

    @property
    def total(self) -> int:
        return sum(part.total for part in self.parts)

    @property
    def questions(self) -> tuple[str, ...]:
        """Which date columns leave open whether the day or the month comes first, each as a sentence."""
        return tuple(chain.from_iterable(part.questions for part in self.parts))

    def rows(self) -> Iterator[Row]:
        return chain.from_iterable(part.rows() for part in self.parts)


def open_source(
    path: Path, day_first: bool | None = None, choices: Mapping[str, Chosen] | None = None
) -> Source:
    """Open the file at `path`; `day_first` answers for date columns that leave it open. Raises Unreadable.

    `choices` are the columns as a person chose them, by the name of the sheet; sheets without a choice are left aside.
    """
    source = survey_source(path, day_first, choices)
    if source.questions:
        told = "; ".join(source.questions)
        raise Unreadable(_("%(columns)s: say --day-first or --month-first") % {"columns": told})
    return source


def survey_source(
    path: Path,
    day_first: bool | None = None,
    choices: Mapping[str, Chosen] | None = None,
    *,
    any_headings: bool = False,
) -> Source:
    """Open the file at `path` as `open_source` does, and leave it to the caller to ask its questions.

    With `any_headings` the fullest line of words counts as headings, whatever it says.
    """
    chosen = choices or {}
    book = open_book(path, _as_chosen(chosen) if chosen else _words if any_headings else score)
    sheets = [sheet for sheet in book.sheets if not chosen or sheet.name in chosen]
    parts = tuple(_part(sheet, day_first, chosen.get(sheet.name), len(book.sheets) > 1) for sheet in sheets)
    left = [(sheet.name, _("was left out")) for sheet in book.sheets if sheet not in sheets]
    aside = tuple(Problem(0, "", reason, WARNING, "", name) for name, reason in (*book.aside, *left))
    return Source(parts, aside, tuple(chain.from_iterable(part.notices for part in parts)))


def _as_chosen(choices: Mapping[str, Chosen]) -> Score:
    """The line of headings is the one that the person saw."""
    known = {chosen.headings for chosen in choices.values()}
    return lambda cells: SURE if tuple(cells) in known else 0


def _words(cells: tuple[str, ...]) -> int:
    """How many cells are words; 0 for a line with a number, a date or an address in it, and for a lone title."""
    told = [cell for cell in cells if cell]
    plain = all(len(cell) < LONGEST_HEADING and not NO_HEADING.search(cell) for cell in told)
    return len(told) if len(told) > 1 and plain else 0


def _part(sheet: Sheet, day_first: bool | None, chosen: Chosen | None, several: bool) -> Part:
    known = chosen_columns(chosen) if chosen else columns(sheet.headings.cells)
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
    firm = {meaning: order for meaning, order in decided.items() if meaning and order is not None}
    questions = tuple(order.question() for order in orders.values() if order.decide(day_first) is None)
    again = _("repeats the headings and was not imported")
    notices = [
        Problem(number, "", again, WARNING, harmless(sheet.headings.cells[0]), sheet.name)
        for number in repeated
    ]
    told = (*_notices(sheet, known, used, chosen is not None), *notices)
    return Part(sheet, tuple(known), firm, told, total, questions)


def _repeats(line: Line, sheet: Sheet) -> bool:
    """Whether the headings stand here once more, as they do at the top of a printed page."""
    cells = [(place, text) for place, text in enumerate(line.cells) if text]
    headings = sheet.headings.cells
    return len(cells) > 1 and all(place < len(headings) and text == headings[place] for place, text in cells)


def _notices(sheet: Sheet, known: Sequence[Column], used: set[int], chosen: bool) -> Iterator[Problem]:
    """What is odd about the sheet itself: lines above the headings, hidden lines, columns that go into the notes.

    Whoever chose the columns knows the last already.
    """

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
        if is_calculated(column.heading) and column.place in used:
            yield told(at, harmless(column.heading), _("follows from the other columns and was left aside"))
        elif column.meaning is None and column.place in used and not chosen:
            reason = (
                _("this column means the same as an earlier one, so its cells are kept in the notes")
                if meaning_of(column.heading) in meanings
                else _("this column is not known here, so its cells are kept in the notes")
            )
            yield told(at, harmless(column.heading), reason)
        if is_formula(column.heading):
            yield told(at, harmless(column.heading), _("this heading looks like a formula"))
    for place in sorted(used):
        if place >= len(known):
            yield told(
                at, f"({place + 1})", _("this column has no heading, so its cells are kept in the notes")
            )
