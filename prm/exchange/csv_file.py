"""CSV: separators, encodings, line numbers, and cells whose quotation mark is never closed."""

import codecs
import csv
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from django.utils.translation import gettext as _

from prm.exchange.sheet import (
    MOST_COLUMNS,
    Line,
    Reader,
    Score,
    Sheet,
    Unreadable,
    find_headings,
    first_bytes,
    trim,
)

LONGEST_LINE = 200_000
SEPARATORS = ",;\t|"
# First bytes of files that are no text, so that the answer can name them.
BINARY = {
    b"%PDF": "a PDF",
    b"\x1f\x8b": "an archive",
}
# Control characters that no text has; tab, line feed, vertical tab, form feed and return may stand in a cell.
NO_TEXT = frozenset(map(chr, {*range(9), *range(14, 26), *range(27, 32)}))


def open_csv(path: Path, score: Score) -> Sheet:
    """Find separator, encoding and headings of the text file at `path`. Raises Unreadable."""
    best: Sheet | None = None
    broken: Unreadable | None = None
    encoding = encoding_of(path)
    for separator in SEPARATORS:
        try:
            found = find_headings(_csv_reader(path, encoding, separator), score)
        except Unreadable as error:
            broken = broken or error
            continue
        if found and (best is None or found.rank > best.rank):
            best = found
    if best is None:
        raise broken or Unreadable(
            _("no line of headings was found: one column must hold the organizations' names")
        )
    return best


def encoding_of(path: Path) -> str:
    """The encoding of a text file: UTF-8 with or without byte order mark, UTF-16 with one, else Windows-1252."""
    start = first_bytes(path)
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
                    yield Line(start, tuple(map(trim, cells)))
                    start = feed.number + 1
            except csv.Error as error:
                raise Unreadable(_("line %(line)d: %(reason)s") % {"line": start, "reason": error}) from error

    return lines


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
