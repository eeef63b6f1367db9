"""A file of whatever kind -> its sheets with headings, and the sheets that were left aside with the reason."""

from dataclasses import dataclass
from pathlib import Path

from prm.exchange.csv_file import open_csv
from prm.exchange.sheet import Score, Sheet, first_bytes
from prm.exchange.workbook import open_workbook
from prm.exchange.workbook_safety import OLD, ZIP, refuse_old


@dataclass(frozen=True, slots=True)
class Book:
    """`sheets` are read in their order; `aside` names each other sheet with the reason, to be read after its name."""

    sheets: tuple[Sheet, ...]
    aside: tuple[tuple[str, str], ...] = ()


def open_book(path: Path, score: Score) -> Book:
    """Open the file at `path`, by what is in it and not by its name. Raises Unreadable."""
    start = first_bytes(path)
    if start.startswith(OLD):
        refuse_old(path)
    if start.startswith(ZIP):
        sheets, aside = open_workbook(path, score)
        return Book(sheets, aside)
    return Book((open_csv(path, score),))
