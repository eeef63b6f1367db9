"""A file opened for import: its columns by meaning, the order of day and month in each date column, and its rows.

Two walks through the file: the first asks every date column which order it is written in, the second hands out rows.
Both stream, so a long file costs no more memory than a short one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from prm.exchange.dates import Order
from prm.exchange.headings import Column, columns, score
from prm.exchange.row import WARNING, Problem, Row, harmless, is_formula, make_row
from prm.exchange.sheet import Sheet, Unreadable, open_sheet

DATE_COLUMNS = frozenset(
    "agreement_signed agreement_start agreement_end pause_from pause_until pause_resumes last_training "
    "partner_since".split()
)


@dataclass(frozen=True, slots=True)
class Source:
    """Columns, orders and notices of one file. `total` is the number of rows that are not blank."""

    sheet: Sheet
    columns: tuple[Column, ...]
    day_first: dict[str, bool]
    notices: tuple[Problem, ...]
    total: int

    def rows(self) -> Iterator[Row]:
        return (make_row(line, self.columns, self.day_first) for line in self.sheet.rows())


def open_source(path: Path, day_first: bool | None = None) -> Source:
    """Open the file at `path`; `day_first` answers for date columns that leave it open. Raises Unreadable."""
    sheet = open_sheet(path, score)
    known = columns(sheet.headings.cells)
    orders = {column.place: Order(column.heading) for column in known if column.meaning in DATE_COLUMNS}
    used: set[int] = set()
    total = 0
    for line in sheet.rows():
        total += 1
        used.update(place for place, text in enumerate(line.cells) if text)
        for place, order in orders.items():
            if place < len(line.cells) and line.cells[place]:
                order.weigh(line.number, line.cells[place])
    decided = {known[place].meaning: order.decide(day_first) for place, order in orders.items()}
    if None in decided.values():
        asked = [order.question() for order in orders.values() if order.decide(day_first) is None]
        raise Unreadable(_("%(columns)s: say --day-first or --month-first") % {"columns": "; ".join(asked)})
    firm = {meaning: order for meaning, order in decided.items() if meaning and order is not None}
    return Source(sheet, tuple(known), firm, tuple(_notices(sheet, known, used)), total)


def _notices(sheet: Sheet, known: Sequence[Column], used: set[int]) -> Iterator[Problem]:
    """What is odd about the file itself: lines above the headings, and columns that go into the notes."""
    for line in sheet.above:
        text = " | ".join(harmless(cell) for cell in line.cells if cell)
        yield Problem(
            line.number,
            "",
            _("stands above the headings and was not imported"),
            WARNING,
            text,
        )
    at = sheet.headings.number
    meanings = {column.meaning for column in known if column.meaning}
    for column in known:
        if column.meaning is None and column.place in used:
            again = any(twin in meanings for twin in _meaning(column))
            reason = (
                _("this column means the same as an earlier one, so its cells are kept in the notes")
                if again
                else _("this column is not known here, so its cells are kept in the notes")
            )
            yield Problem(at, harmless(column.heading), reason, WARNING)
        elif is_formula(column.heading):
            yield Problem(at, harmless(column.heading), _("this heading looks like a formula"), WARNING)
    for place in sorted(used):
        if place >= len(known):
            yield Problem(
                at,
                f"({place + 1})",
                _("this column has no heading, so its cells are kept in the notes"),
                WARNING,
            )


def _meaning(column: Column) -> tuple[str, ...]:
    meaning = columns([column.heading])[0].meaning
    return (meaning,) if meaning else ()
