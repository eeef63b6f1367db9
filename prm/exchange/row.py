"""One row on its way in: cells by meaning, what was kept as notes, and every problem with its line and column.

Whoever reads a cell takes it; what nobody took at the end goes into the notes (`leftovers`), so that no cell is lost.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from prm.exchange.calculated import is_calculated
from prm.exchange.dates import NoDate, NoDay, spelled
from prm.exchange.headings import Column
from prm.exchange.sheet import Line
from prm.exchange.words import plain

ERROR, WARNING = "error", "warning"
# Cells that stand for "nothing": kept as a note, since someone wrote them.
NOTHING = frozenset(
    "na|n a|none|no|nil|null|tbd|tba|tbc|to be determined|unknown|not known|pending|not applicable|"
    "ninguno|never|nunca|not yet|none yet".split("|")
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SHEET_ERROR = re.compile(r"#(REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!)")
NUMBER_OR_PHONE = re.compile(r"[+-]?[\d\s().,/-]*\d[\d\s().,/-]*(?:\s*(?:ext|x)\.?\s*\d+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a row stands: its line, and the name of its sheet in a workbook."""

    line: int
    sheet: str = ""

    def __str__(self) -> str:
        told = {"line": self.line, "sheet": self.sheet}
        return (_("line %(line)d of sheet “%(sheet)s”") if self.sheet else _("line %(line)d")) % told


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a person should look at. An error keeps its row out; a warning does not. `column` is the heading
    as written ("" where the row as a whole is meant), `value` the cell, made harmless; line 0 means the whole sheet."""

    line: int
    column: str
    reason: str
    severity: str = ERROR
    value: str = ""
    sheet: str = ""

    def as_json(self) -> dict[str, str | int]:
        return {
            "sheet": self.sheet,
            "line": self.line,
            "column": self.column,
            "value": self.value,
            "reason": self.reason,
            "severity": self.severity,
        }


@dataclass(slots=True)
class Row:
    """The cells of one line that are not empty: by meaning, and those without one as (heading, text).

    `given` and `given_others` are the same as the file has them, whatever becomes of the others.
    """

    spot: Spot
    cells: dict[str, str]
    headings: Mapping[str, str]
    others: list[tuple[str, str]]
    day_first: Mapping[str, bool] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    given: Mapping[str, str] = field(init=False)
    given_others: Sequence[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.given, self.given_others = dict(self.cells), tuple(self.others)

    def text(self, meaning: str) -> str:
        """The cell, one line, taken; "" where it is empty. A formula is never handed out: it goes into the notes."""
        text = self.cells.get(meaning, "")
        if text and meaning not in self.taken:
            self.taken.add(meaning)
            if is_formula(text):
                self.note(meaning, _("looks like a formula: kept as plain text in the notes"))
                text = self.cells[meaning] = ""
            elif SHEET_ERROR.fullmatch(text):
                self.note(meaning, _("is an error of the spreadsheet: kept in the notes"))
                text = self.cells[meaning] = ""
        return " ".join(text.split())

    def value(self, meaning: str) -> str:
        """Like `text`, but "n/a", "TBD" and the like count as empty and stay as a note."""
        text = self.text(meaning)
        if text and is_nothing(text):
            self.note(meaning, _("is read as empty: kept in the notes"))
            text = self.cells[meaning] = ""
        return text

    def date(self, meaning: str, loose: bool = False) -> date | None:
        """The day in the cell, or None; a cell that is no date is an error. `loose`: only an impossible day is, and
        words ("2019", "yes") stay as a note."""
        text = self.strict(meaning)
        if not text:
            return None
        try:
            return spelled(text).on(self.day_first.get(meaning, False))
        except NoDate as reason:
            if loose and not isinstance(reason, NoDay):
                self.note(meaning, _("is not a full date: kept in the notes"))
            else:
                self.wrong(meaning, str(reason))
            return None

    def strict(self, meaning: str) -> str:
        """Like `value`, for cells that decide what is sent and when: a formula in one keeps the row out."""
        if meaning not in self.taken and is_formula(self.cells.get(meaning, "")):
            self.taken.add(meaning)
            self.wrong(meaning, _("is a formula, not a value"))
            self.cells[meaning] = ""
        if meaning not in self.taken and SHEET_ERROR.fullmatch(self.cells.get(meaning, "")):
            self.taken.add(meaning)
            self.wrong(meaning, _("is an error of the spreadsheet, not a value"))
            self.cells[meaning] = ""
        return self.value(meaning)

    def number(self, meaning: str, most: int) -> int | None:
        """The whole number in the cell ("120", "120 days", "120.0"), or None; anything else is an error."""
        text = self.strict(meaning)
        match = re.fullmatch(
            r"(\d{1,6})(?:[.,]0+)?(?:\s*(?:calendar )?(?:days?|d|months?|m))?\.?",
            text,
            re.IGNORECASE,
        )
        if not text:
            return None
        if not match or int(match[1]) > most:
            self.wrong(meaning, _("is not a whole number from 0 to %(most)d") % {"most": most})
            return None
        return int(match[1])

    def yes(self, meaning: str) -> bool | None:
        """Yes, no, or None where the cell says nothing. Any other text counts as yes, since these cells protect
        someone, and stays as a note."""
        if plain(self.cells.get(meaning, "")) in {"no", "n", "false", "0"}:
            self.taken.add(meaning)
            return False
        text = plain(self.value(meaning))
        if not text:
            return None
        if text not in {"yes", "y", "true", "1", "x", "si", "s", "confidential", "discreet"}:
            self.note(meaning, _("is read as yes: kept in the notes"))
        return True

    def wrong(self, meaning: str, reason: str) -> None:
        """An error: this row will not be written."""
        self.tell(self.headings.get(meaning, ""), reason, self.cells.get(meaning, ""), ERROR)

    def odd(self, meaning: str, reason: str) -> None:
        """A warning: the row is written, and someone should look."""
        self.tell(self.headings.get(meaning, ""), reason, self.cells.get(meaning, ""))

    def tell(self, heading: str, reason: str, text: str, severity: str = WARNING) -> None:
        """A problem of this row, by the heading of its column."""
        told = Problem(self.spot.line, heading, reason, severity, harmless(text), self.spot.sheet)
        self.problems.append(told)

    def note(self, meaning: str, reason: str = "") -> None:
        """Keep the cell as a line of the notes; with a reason it is a warning as well."""
        text, heading = self.cells.get(meaning, ""), self.headings.get(meaning, "")
        self.taken.add(meaning)
        self.notes.append(f"{heading}: {harmless(text)}")
        if reason:
            self.tell(heading, reason, text)

    def leftovers(self) -> None:
        """Whatever nobody took becomes a note: columns without a meaning, and meanings that found no place."""
        for meaning in [
            meaning for meaning, text in self.cells.items() if text and meaning not in self.taken
        ]:
            self.note(meaning, _("has no place of its own: kept in the notes"))
        for heading, text in self.others:
            self.notes.append(f"{heading}: {harmless(text)}")
            if is_formula(text):
                reason = _("looks like a formula: kept as plain text in the notes")
                self.tell(heading, reason, text)
        self.others = []

    @property
    def wrong_at_all(self) -> bool:
        return any(problem.severity == ERROR for problem in self.problems)


def make_row(line: Line, columns: Sequence[Column], day_first: Mapping[str, bool], sheet: str = "") -> Row:
    """Cells of `line` under their columns; cells beyond the last heading get the number of their column.

    What our own export only calculated is left aside.
    """
    cells: dict[str, str] = {}
    others: list[tuple[str, str]] = []
    for place, text in enumerate(line.cells):
        if not text:
            continue
        column = columns[place] if place < len(columns) else Column(place, f"({place + 1})", None)
        if column.meaning:
            cells[column.meaning] = text
        elif not is_calculated(column.heading):
            others.append((harmless(column.heading), text))
    headings = {column.meaning: column.heading for column in columns if column.meaning}
    return Row(Spot(line.number, sheet), cells, headings, others, day_first)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might run this text; numbers, phone numbers and a lone "-" are let through."""
    return text.startswith(FORMULA) and bool(plain(text)) and not NUMBER_OR_PHONE.fullmatch(text)


def harmless(text: str) -> str:
    """Text that no spreadsheet runs: a formula gets an apostrophe in front."""
    return f"'{text}" if is_formula(text) else text


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing to say: "n/a", "TBD", "-", "?"."""
    return plain(text) in NOTHING or not plain(text)
