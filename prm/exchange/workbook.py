"""XLSX through openpyxl: every visible sheet with headings -> the same lines of text cells that CSV gives.

Real dates become ISO dates, so nobody has to be asked about them; of a formula the value counts that the spreadsheet
last computed, and one that was never computed stays a formula. A cell merged over several rows speaks for each of them.
"""

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from prm.exchange.calculated import EXPLAINED
from prm.exchange.sheet import Line, Reader, Score, Sheet, Unreadable, find_headings, trim
from prm.exchange.workbook_safety import check_workbook
from prm.exchange.workbook_survey import Survey, survey

BATCH = 200
MOST_SHEETS = 100
SHARED = "xl/sharedStrings.xml"
PADDED = re.compile(r"0{2,10}")  # a number format such as 00000 for ZIP codes
FEWEST = 3  # known headings that a sheet must have where another sheet has that many


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet of a workbook: its name, its path in the archive, whether people see it."""

    name: str
    path: str
    visible: bool


def open_workbook(path: Path, score: Score) -> tuple[tuple[Sheet, ...], tuple[tuple[str, str], ...]]:
    """The sheets with headings, and the others by name with the reason why they are not read. Raises Unreadable."""
    check_workbook(path)
    _check_texts(path)
    parts = _parts(path)
    if len(parts) > MOST_SHEETS:
        raise Unreadable(_("has more than %(most)d sheets") % {"most": MOST_SHEETS})
    found: list[Sheet] = []
    aside: list[tuple[str, str]] = []
    for part in parts:
        if not part.visible:
            aside.append((part.name, _("is hidden and was not read")))
            continue
        reader, seen = _sheet_reader(path, part)
        sheet = find_headings(reader, score)
        if sheet:
            found.append(replace(sheet, name=part.name, hidden=tuple(seen.hidden)))
        elif seen.width and part.name != EXPLAINED:
            aside.append((part.name, _("is no list of partners and was not read")))
    best = max((sheet.rank[0] for sheet in found), default=0)
    sheets = tuple(sheet for sheet in found if sheet.rank[0] >= min(FEWEST, best))
    aside += [
        (sheet.name, _("is no list of partners and was not read"))
        for sheet in found
        if sheet not in sheets and sheet.name != EXPLAINED
    ]
    if not sheets:
        raise Unreadable(_("no line of headings was found: one column must hold the organizations' names"))
    return sheets, tuple(aside)


def _parts(path: Path) -> list[Part]:
    with _opened(path) as book:
        return [
            Part(sheet.title, sheet._worksheet_path, sheet.sheet_state == "visible")  # noqa: SLF001 - it has no other name
            for sheet in book.worksheets
        ]


def _check_texts(path: Path) -> None:
    """Hold the table of texts, which openpyxl reads as a whole, to cells of a believable length."""
    with _guarded(), ZipFile(path) as archive:
        if SHARED in archive.namelist():
            with archive.open(SHARED) as stream:
                survey(stream)


def _sheet_reader(path: Path, part: Part) -> tuple[Reader, Survey]:
    with _guarded(), ZipFile(path) as archive, archive.open(part.path) as stream:
        seen = survey(stream)

    def lines() -> Iterator[Line]:
        with _opened(path) as book:
            sheet = next(sheet for sheet in book.worksheets if sheet._worksheet_path == part.path)  # noqa: SLF001
            sheet.reset_dimensions()  # what a file says of its own size may be wrong
            rows = sheet.iter_rows(max_col=seen.width or 1)
            yield from _filled(_texts(rows, seen), seen.merges)

    return lines, seen


@contextmanager
def _guarded() -> Iterator[None]:
    """A mutilated workbook breaks the library in any place; to the person it is one thing. Warnings are about looks."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(_("is a damaged workbook: a sheet in it cannot be read")) from error


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        with _guarded():
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        with closing(book):
            yield book


def _texts(rows: Iterator[Any], seen: Survey) -> Iterator[Line]:
    """Lines with something in them; a sheet may be formatted down to its millionth row."""
    number = 0
    empty: object = None
    while True:
        found: list[Line] = []
        with _guarded():
            batch = list(islice(rows, BATCH))
            for row in batch:
                number += 1
                if row is empty:  # openpyxl hands out one and the same row for every gap
                    continue
                cells = tuple(_text(cell, seen, number, column) for column, cell in enumerate(row, start=1))
                if any(cells):
                    found.append(Line(number, cells))
                else:
                    empty = row
        yield from found
        if not batch:
            return


def _text(cell: Any, seen: Survey, row: int, column: int) -> str:
    """The text of one cell, as the CSV reader gives it."""
    value = cell.value
    if value is None:
        return seen.formulas.get((row, column), "") if seen.formulas else ""
    if isinstance(value, str):
        if cell.data_type == "e":  # a number formatted as a date that can be none comes as an error
            return seen.odd.get((row, column), value)
        return trim(value.replace("_x000D_", "").replace("\x00", ""))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (int, float)):
        text = str(int(value)) if value == value // 1 else format(value, ".15g")
        return text.zfill(len(cell.number_format)) if PADDED.fullmatch(cell.number_format) else text
    return str(value)


def _filled(lines: Iterator[Line], merges: Sequence[tuple[int, int, int]]) -> Iterator[Line]:
    """The same lines with cells that are merged over several rows filled in for each row that has anything else."""
    starting: dict[int, list[tuple[int, int]]] = {}
    for top, bottom, column in merges:
        starting.setdefault(top, []).append((bottom, column))
    running: Mapping[int, tuple[int, str]] = {}
    for bare in lines:
        line = bare
        if running and not bare.blank:
            cells = list(bare.cells)
            for place, (_bottom, text) in running.items():
                cells[place] = cells[place] or text
            line = Line(bare.number, tuple(cells))
        yield line
        begun = {
            column - 1: (bottom, line.cells[column - 1])
            for bottom, column in starting.get(line.number, ())
            if column <= len(line.cells)
        }
        running = {place: told for place, told in {**running, **begun}.items() if told[0] > line.number}
