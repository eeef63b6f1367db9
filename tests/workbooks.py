"""Workbooks for tests: written by openpyxl, then spoiled by hand where openpyxl writes none like it."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"


def save(
    folder: Path,
    sheets: Mapping[str, Iterable[list[object]]],
    name: str = "partners.xlsx",
    *,
    merged: Iterable[str] = (),
    hidden: Iterable[str] = (),
) -> Path:
    """A workbook with these sheets; `merged` ranges lie in the first one."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        if title in hidden:
            sheet.sheet_state = "hidden"
    for reference in merged:
        book.worksheets[0].merge_cells(reference)
    book.save(folder / name)
    return folder / name


def rewrite(path: Path, part: str, old: str, new: str) -> None:
    """Replace text in one part of the workbook at `path`; the text must be there."""
    parts = read_parts(path)
    assert old.encode() in parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode())
    write_parts(path, parts)


def read_parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_parts(path: Path, parts: Mapping[str, bytes]) -> None:
    fresh = path.with_suffix(".tmp")
    with ZipFile(fresh, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    shutil.move(fresh, path)
