"""A table on its way out: what goes into a cell, and what of it is made harmless. `table_out_files` writes the files.

A spreadsheet takes a text for a formula when it begins with one of a few signs, some programs also after spaces or in
their full-width forms. In CSV such a text gets an apostrophe in front; XLSX knows text cells, so nothing changes
there. A phone number like "+1 555 0100" stays as it is in both: digits with a space between them are no formula to any
spreadsheet, and a number that nobody can dial helps nobody. "+1-555-0100" would be computed, and gets its apostrophe.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

Cell = str | int | float | bool | date | None
#: Characters at which a spreadsheet begins to compute, after `unicodedata` folded their full-width forms.
STARTS = frozenset("=+-@")
#: The same where they stand first: they hide what comes after them.
HIDING = frozenset("\t\r\n")
PHONE = re.compile(r"\+\d{1,3} ?\(?\d+\)?(?:[ .-]\d+)*")
#: What XML cannot hold, and halves of characters that no encoding can.
UNHELD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LONGEST = 32_767  # of a cell in Excel


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its name, its headings, and its rows, which are walked through once."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def plain_cell(value: Cell) -> str | int | float | date | None:
    """The value as both kinds of file hold it: clean text, a number, a day or a local moment, None for nothing.

    Yes and no are words. Line ends become one kind; what no file can hold is replaced; a longer text than Excel takes
    ends in three dots. A day before 1900, which Excel has not, is text.
    """
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return value.replace(tzinfo=None, microsecond=0) if value.year >= 1900 else value.isoformat(" ")
    if isinstance(value, date):
        return value if value.year >= 1900 else value.isoformat()
    if not isinstance(value, str):
        return value
    if not value:
        return None
    text = UNHELD.sub(REPLACEMENT, value.replace("\r\n", "\n").replace("\r", "\n"))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def computes(text: str) -> bool:
    """Whether a spreadsheet may take this text for a formula."""
    if text[:1] in HIDING:
        return True
    first = next((sign for sign in text if not _unseen(sign)), "")
    if unicodedata.normalize("NFKC", first)[:1] not in STARTS:
        return False
    return not (PHONE.fullmatch(text) and " " in text)


def _unseen(sign: str) -> bool:
    """Spaces of every kind, and signs that are not drawn."""
    return sign.isspace() or unicodedata.category(sign) in {"Cf", "Cc", "Zs", "Zl", "Zp"}


def defused(text: str) -> str:
    """The text for CSV: one that may be taken for a formula gets an apostrophe in front."""
    return f"'{text}" if computes(text) else text
