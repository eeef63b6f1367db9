"""One streamed look at the XML of a sheet for what openpyxl does not tell when it streams: merged cells, hidden rows,
formulas that nobody computed. It also holds the sheet to what a sheet can be, so that reading it afterwards is safe.
"""

from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.utils.cell import range_boundaries

from prm.exchange.sheet import MOST_COLUMNS, Unreadable

MOST_ROWS = 1_048_576
LONGEST_CELL = 100_000
MOST_MERGES = 20_000
LAST_SERIAL = 2_958_465  # 31 December 9999


class _Damaged(Exception):
    """The XML is none, or not that of a sheet."""


@dataclass(slots=True)
class Survey:
    """`formulas` and `odd` (numbers that can be no date) by (row, column), both from 1; `merges` are ranges over more
    than one row as (first row, last row, column); `width` is the last column with something in it."""

    width: int = 0
    hidden: list[int] = field(default_factory=list)
    merges: list[tuple[int, int, int]] = field(default_factory=list)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    odd: dict[tuple[int, int], str] = field(default_factory=dict)


def survey(stream: IO[bytes]) -> Survey:
    """Walk through the XML of one sheet, or of the table of texts. Raises Unreadable."""
    walk = _Walk()
    try:
        walk.parser.ParseFile(stream)
    except (expat.ExpatError, _Damaged, ValueError, KeyError) as error:
        raise Unreadable(_("is a damaged workbook: a sheet in it cannot be read")) from error
    return walk.found


class _Walk:
    def __init__(self) -> None:
        self.found = Survey()
        self.row = self.column = self.size = 0
        self.kind = self.inside = ""
        self.text: dict[str, list[str]] = {}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _refuse(self, *_args: Any) -> None:
        raise _Damaged

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self._start_row(attributes)
        elif name in {"c", "si"}:
            self.size, self.text, self.kind = 0, {}, attributes.get("t", "n")
            if name == "c":
                self._start_cell(attributes.get("r", ""))
        elif name == "mergeCell":
            self._merge(attributes["ref"])
        elif name in {"f", "v", "t"}:
            self.inside = name
            self.text.setdefault(name, [])

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = int(float(attributes["r"])) if "r" in attributes else self.row + 1
        if number <= self.row:
            raise _Damaged
        if number > MOST_ROWS:
            raise Unreadable(_("has more than %(most)s rows") % {"most": f"{MOST_ROWS:,}"})
        self.row, self.column = number, 0
        if attributes.get("hidden") in {"1", "true"}:
            self.found.hidden.append(number)

    def _start_cell(self, reference: str) -> None:
        letters = reference.rstrip("0123456789")
        column = 0
        for letter in letters[:4]:
            column = column * 26 + ord(letter) - 64
        self.column = column if letters else self.column + 1
        if not 0 < self.column <= 16_384:
            raise _Damaged

    def _characters(self, text: str) -> None:
        if not self.inside:
            return
        self.size += len(text)
        if self.size > LONGEST_CELL:
            raise Unreadable(_("has a cell of more than %(most)s characters") % {"most": f"{LONGEST_CELL:,}"})
        self.text[self.inside].append(text)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == self.inside:
            self.inside = ""
        elif name == "c" and self.text:
            self._end_cell()

    def _end_cell(self) -> None:
        told = "".join(self.text.get("v", ())) or "".join(self.text.get("t", ()))
        place = (self.row, self.column)
        if "f" in self.text and not told and self.kind != "str":
            self.found.formulas[place] = "=" + ("".join(self.text["f"]) or _("(a formula)"))
        elif not told:
            return
        elif self.kind == "n" and not -1 < float(told) <= LAST_SERIAL:
            self.found.odd[place] = told
        self.found.width = max(self.found.width, self.column)
        if self.column > MOST_COLUMNS:
            told_in = {"line": self.row, "most": MOST_COLUMNS}
            raise Unreadable(_("line %(line)d has more than %(most)d columns") % told_in)

    def _merge(self, reference: str) -> None:
        left, top, _right, bottom = (number or 1 for number in range_boundaries(reference))
        if bottom > top and len(self.found.merges) < MOST_MERGES:
            self.found.merges.append((top, bottom, left))
