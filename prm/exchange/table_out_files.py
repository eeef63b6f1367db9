"""A table -> CSV or XLSX. Rows are walked through once and written as they come, so a long table costs no more memory.

The file is whole before anybody gets it: a row that cannot be made ends in an error, and not in half a file.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from prm.exchange.table_out import Cell, Table, computes, defused, plain_cell

#: The widths of columns are told by so many rows.
LOOKED_AT = 200
NARROWEST, WIDEST = 9, 48
DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
#: Excel reads "_x0041_" in a text as a letter; the underscore itself is written so.
ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write_csv(tables: Sequence[Table], file: BinaryIO) -> None:
    """Write the first table as RFC 4180 has it, in UTF-8 with a mark by which Excel knows it."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    table = tables[0]
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(defused(str(plain_cell(heading) or "")) for heading in table.headings)
    for row in table.rows:
        writer.writerow([_csv_cell(cell) for cell in row])
    text.detach()


def _csv_cell(cell: Cell) -> str | int | float | None:
    value = plain_cell(cell)
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return defused(value) if isinstance(value, str) else value


def write_xlsx(tables: Sequence[Table], file: BinaryIO) -> None:
    """Write every table as a sheet: bold headings that stay in sight, real dates, text that is never computed."""
    book = Workbook(write_only=True)
    book.properties.creator = "PRM"
    book.properties.lastModifiedBy = None
    for table in tables:
        _write_sheet(book, table)
    book.save(file)


def _write_sheet(book: Workbook, table: Table) -> None:
    sheet: Any = book.create_sheet(sheet_name(table.name))
    rows = iter(table.rows)
    first = list(islice(rows, LOOKED_AT))
    for place, width in enumerate(_widths(table.headings, first), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "B2" if len(table.headings) > 2 else "A2"
    sheet.append([_heading(sheet, heading) for heading in table.headings])
    count = 1
    for row in chain(first, rows):
        sheet.append([_xlsx_cell(sheet, cell) for cell in row])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(len(table.headings), 1))}{count}"


def sheet_name(name: str) -> str:
    """The name as Excel allows it: 31 characters, none of its signs for references."""
    return NOT_IN_NAMES.sub(" ", name).strip(" '")[:31] or "Sheet1"


def _widths(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[int]:
    longest = [len(heading) + 4 for heading in headings]  # beside the filter's button
    for row in rows:
        for place, cell in enumerate(row[: len(longest)]):
            lines = str("" if cell is None else cell).splitlines() or [""]
            longest[place] = max(longest[place], *(len(line) + 2 for line in lines))
    return (min(max(width, NARROWEST), WIDEST) for width in longest)


def _heading(sheet: Any, heading: str) -> Any:
    cell = _text(sheet, str(plain_cell(heading) or ""))
    cell.font = Font(bold=True)
    cell.alignment = Alignment(vertical="top")
    return cell


def _xlsx_cell(sheet: Any, cell: Cell) -> Any:
    value = plain_cell(cell)
    if isinstance(value, str):
        told = ESCAPE.sub("_x005F_", value)
        special = computes(told) or told.startswith("=") or told in ERROR_CODES or "\n" in told
        return _text(sheet, told) if special else told
    if isinstance(value, date):
        made: Any = WriteOnlyCell(sheet)
        made.value = value
        made.number_format = MOMENT if isinstance(value, datetime) else DAY
        return made
    return value


def _text(sheet: Any, text: str) -> Any:
    """A cell that is text whatever stands in it, also after somebody edited it (`quotePrefix`)."""
    cell: Any = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    if computes(text):
        cell.quotePrefix = True
    if "\n" in text:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


WRITERS: dict[str, Callable[[Sequence[Table], BinaryIO], None]] = {CSV: write_csv, XLSX: write_xlsx}
