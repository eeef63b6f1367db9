"""A file as people keep it -> lines of text cells, each with its number in the file. Knows nothing of partners.

This is the seam for further kinds of file: a reader is a function that, each time it is called, walks through the file
from its start and yields `Line`s. CSV is read here; whatever comes next only has to yield the same lines.
"""

import codecs
import csv
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

LARGEST_FILE = 100 * 1024 * 1024
LONGEST_LINE = 200_000
MOST_COLUMNS = 500
HEADINGS_WITHIN = 20
SEPARATORS = ",;\t|"
# First bytes of files that are no text, so that the answer can name them.
BINARY = {
    b"PK\x03\x04": "a workbook or an archive",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "an archive",
}
# Control characters that no text has; tab, line feed, vertical tab, form feed and return may stand in a cell.
NO_TEXT = frozenset(map(chr, {*range(9), *range(14, 26), *range(27, 32)}))


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


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet whose headings were found. `above` are the lines before them (titles), `rows` walks those after."""

    headings: Line
    above: tuple[Line, ...]
    lines: Reader

    def rows(self) -> Iterator[Line]:
        """Every line after the headings that is not blank; may be called again."""
        return (line for line in self.lines() if line.number > self.headings.number and not line.blank)


def open_sheet(path: Path, score: Callable[[tuple[str, ...]], int]) -> Sheet:
    """Find separator, encoding and headings of the file at `path`.

    `score` says how many cells of a line are headings with a known meaning, 0 where no column holds the name.
    Raises Unreadable.
    """
    readers = [_csv_reader(path, encoding_of(path), separator) for separator in SEPARATORS]
    best: tuple[int, int, Sheet] | None = None
    broken: Unreadable | None = None
    for reader in readers:
        try:
            first = [line for line in islice(reader(), HEADINGS_WITHIN) if not line.blank]
        except Unreadable as error:
            broken = broken or error
            continue
        for place, line in enumerate(first):
            rank = (score(line.cells), len(line.cells))
            if rank[0] and (best is None or rank > best[:2]):
                best = (*rank, Sheet(line, tuple(first[:place]), reader))
    if best is None:
        raise broken or Unreadable(
            _("no line of headings was found: one column must hold the organizations' names")
        )
    return best[2]


def encoding_of(path: Path) -> str:
    """The encoding of a text file: UTF-8 with or without byte order mark, UTF-16 with one, else Windows-1252."""
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
            start = file.read(8)
    except OSError as error:
        raise Unreadable(_("cannot be opened: %(reason)s") % {"reason": error.strerror}) from error
    for magic, kind in BINARY.items():
        if start.startswith(magic):
            raise Unreadable(_("is %(kind)s, not a CSV file: save the sheet as CSV first") % {"kind": kind})
    marked = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            _look_through(path, encoding)
            return encoding
    raise Unreadable(_("is not text in UTF-8 or Windows-1252"))


def _look_through(path: Path, encoding: str) -> None:
    seen = False
    with path.open(encoding=encoding, newline="") as text:
        while block := text.read(1 << 16):
            if not NO_TEXT.isdisjoint(block):
                raise Unreadable(_("is not a text file"))
            seen = seen or not block.isspace()
    if not seen:
        raise Unreadable(_("is empty"))


def _csv_reader(path: Path, encoding: str, separator: str) -> Reader:
    def lines() -> Iterator[Line]:
        with path.open(encoding=encoding, newline="") as text:
            feed = _Feed(lambda: text.readline(LONGEST_LINE + 1))
            start = 1
            try:
                for cells in csv.reader(feed, delimiter=separator):
                    feed.finish_record(start)
                    if len(cells) > MOST_COLUMNS:
                        raise Unreadable(
                            _("line %(line)d has more than %(most)d columns")
                            % {"line": start, "most": MOST_COLUMNS}
                        )
                    yield Line(start, tuple(map(_trim, cells)))
                    start = feed.number + 1
            except csv.Error as error:
                raise Unreadable(_("line %(line)d: %(reason)s") % {"line": start, "reason": error}) from error

    return lines


def _trim(cell: str) -> str:
    """Without space around it; a tab in front stays, since it marks a cell that may be a formula."""
    return cell.strip(" \xa0\r\n") if cell.strip() else ""


class _Feed:
    """Physical lines for the csv module. Guards memory, and finds a quotation mark that is opened and never closed:
    such a cell would swallow the rows after it."""

    def __init__(self, readline: Callable[[], str]) -> None:
        self.readline, self.number, self.quotes, self.taken = readline, 0, 0, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.readline()
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > LONGEST_LINE:
            raise Unreadable(
                _("line %(line)d is longer than %(most)d characters")
                % {"line": self.number, "most": LONGEST_LINE}
            )
        self.quotes += line.count('"')
        self.taken += 1
        return line

    def finish_record(self, start: int) -> None:
        """Called after each record: several physical lines with an odd number of quotation marks are a broken cell."""
        if self.taken > 1 and self.quotes % 2:
            raise Unreadable(
                _("line %(line)d: a quotation mark is opened and never closed") % {"line": start}
            )
        self.quotes = self.taken = 0
