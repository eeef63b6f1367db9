"""What stands in an uploaded file, for a person to choose from: sheets, headings, proposed meanings, some cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _

from prm.exchange.headings import NAME, Chosen
from prm.exchange.row import harmless
from prm.exchange.sheet import Sheet, Unreadable
from prm.exchange.source import Part, Source, survey_source
from prm.rules.refusal import Refusal

SAMPLES = 3
LOOKED_AT = 200
LONGEST_SAMPLE = 60


@contextmanager
def as_file(name: str, content: bytes) -> Iterator[Path]:
    """The content as a file of a folder that nobody else sees, as long as it is needed."""
    with TemporaryDirectory(prefix="prm-import-") as folder:
        path = Path(folder) / f"upload{Path(name).suffix[:10]}"
        path.write_bytes(content)
        yield path


def layout_of(path: Path) -> dict[str, Any]:
    """Return what `Import.layout` holds. Raises Unreadable where no sheet of the file can be a list.

    `sheets`: name, line of the headings, `headings`, proposed `meanings` ("" for none), `samples` (a list of cells for
    each column), number of `rows`; `guessed` where no heading says which column holds the names. `aside`: sheet and
    reason of each that is not read. `rows`: how many rows in all.
    """
    try:
        source, guessed = survey_source(path), False
    except Unreadable as reason:
        source, guessed = _guessed(path, reason), True
    aside = [{"sheet": notice.sheet, "reason": notice.reason} for notice in source.aside]
    return {
        "sheets": [_sheet(part, guessed) for part in source.parts],
        "aside": aside,
        "rows": source.total,
    }


def _guessed(path: Path, reason: Unreadable) -> Source:
    """The file with its fullest line of words taken for headings; whoever sees it chooses the names' column."""
    try:
        return survey_source(path, any_headings=True)
    except Unreadable:
        raise reason from None


def _sheet(part: Part, guessed: bool) -> dict[str, Any]:
    return {
        "name": part.sheet.name,
        "line": part.sheet.headings.number,
        "headings": list(part.sheet.headings.cells),
        "meanings": [column.meaning or "" for column in part.columns],
        "samples": _samples(part.sheet),
        "rows": part.total,
        "guessed": guessed,
    }


def _samples(sheet: Sheet) -> list[list[str]]:
    found: list[list[str]] = [[] for _heading in sheet.headings.cells]
    for line in islice(sheet.rows(), LOOKED_AT):
        for place, text in enumerate(line.cells[: len(found)]):
            told = harmless(text)[:LONGEST_SAMPLE]
            if told and len(found[place]) < SAMPLES and told not in found[place]:
                found[place].append(told)
    return found


def choices_of(columns: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, Chosen]:
    """What `Import.columns` holds, as `open_source` takes it."""
    return {
        name: Chosen(tuple(sheet["headings"]), tuple(sheet["meanings"])) for name, sheet in columns.items()
    }


def check_choices(choices: Mapping[str, Chosen]) -> None:
    """Raise Refusal where a sheet cannot be read with these columns: no names, or two columns with one meaning."""
    if not choices:
        raise Refusal(_("Choose at least one sheet to bring in."), field="sheets")
    for sheet, chosen in choices.items():
        told = [meaning for meaning in chosen.meanings if meaning]
        if NAME not in told:
            sentence = _("Choose which column holds the names of the organizations.")
            raise Refusal(f"{sheet}: {sentence}" if sheet else sentence, field="columns")
        for place, meaning in enumerate(chosen.meanings):
            if meaning and meaning in chosen.meanings[:place]:
                first = chosen.headings[chosen.meanings.index(meaning)]
                told_by = {"one": first, "other": chosen.headings[place]}
                sentence = _(
                    "“%(one)s” and “%(other)s” mean the same. Choose one of them, and put the other into the notes."
                )
                raise Refusal(sentence % told_by, field="columns")
