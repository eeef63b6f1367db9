"""What every kind of file becomes: lines of text cells, each with its number in the file. Knows nothing of partners.

A reader is a function that, each time it is called, walks through one sheet from its start and yields `Line`s.
`csv_file` and `workbook` make readers; whatever comes next only has to yield the same lines.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

LARGEST_FILE = 100 * 1024 * 1024
MOST_COLUMNS = 500
HEADINGS_WITHIN = 20


class Unreadable(Exception):
    """The file as a whole cannot be imported; the message is one line for a person."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet: the number of the line on which it begins (1 is the first of the file) and its cells."""

    number: int
    cells: tuple[str, ...]

    @property
    def blank(self) -> bool:
        return not any(self.cells)


Reader = Callable[[], Iterator[Line]]
# How many cells of a line are headings with a known meaning, 0 where no column holds the name.
Score = Callable[[tuple[str, ...]], int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet whose headings were found. `above` are the lines before them (titles), `rows` walks those after; `name`
    is empty where a file has no named sheets, `rank` says how sure the headings are, `hidden` lists hidden lines."""

    headings: Line
    above: tuple[Line, ...]
    lines: Reader
    rank: tuple[int, int] = (0, 0)
    name: str = ""
    hidden: tuple[int, ...] = ()

    def rows(self) -> Iterator[Line]:
        """Every line after the headings that is not blank; may be called again."""
        return (line for line in self.lines() if line.number > self.headings.number and not line.blank)


def find_headings(reader: Reader, score: Score) -> Sheet | None:
    """The sheet behind `reader` from the line of headings on, the best of its first lines; None where there is none."""
    best: Sheet | None = None
    first = [line for line in islice(reader(), HEADINGS_WITHIN) if not line.blank]
    for place, line in enumerate(first):
        rank = (score(line.cells), len(line.cells))
        if rank[0] and (best is None or rank > best.rank):
            best = Sheet(line, tuple(first[:place]), reader, rank)
    return best


def first_bytes(path: Path) -> bytes:
    """The first eight bytes of an ordinary file of a size that can be read. Raises Unreadable."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise Unreadable(_("is a folder, not a file"))
        if not path.is_file():
            raise Unreadable(_("is not an ordinary file"))
        if size == 0:
            raise Unreadable(_("is empty"))
        if size > LARGEST_FILE:
            raise Unreadable(_("is larger than %(size)d MB") % {"size": LARGEST_FILE // 1024**2})
        with path.open("rb") as file:
            return file.read(8)
    except OSError as error:
        raise Unreadable(_("cannot be opened: %(reason)s") % {"reason": error.strerror}) from error


def trim(cell: str) -> str:
    """Without space around it; a tab in front stays, since it marks a cell that may be a formula."""
    return cell.strip(" \xa0\r\n") if cell.strip() else ""
