"""A spreadsheet by a page, step by step: uploaded, columns chosen, tried, imported, undone. The only writers of Import.

Whatever takes long is asked for as a job; `prm.exchange.work` does it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.actions import set_sending
from prm.accounts.models import Sending, User
from prm.accounts.queries import program
from prm.exchange.headings import Chosen
from prm.exchange.layout import as_file, check_choices, choices_of, layout_of
from prm.exchange.models import Import, ImportState
from prm.exchange.sheet import Unreadable
from prm.exchange.source import survey_source
from prm.jobs import actions as jobs
from prm.rules.refusal import Refusal

LARGEST = 20 * 1024 * 1024
#: How long a file can be looked through again and an import be undone. Afterwards only the counts are kept.
KEPT = timedelta(days=30)
TRY, IMPORT, UNDO = "import-try", "import", "import-undo"
#: From these states the next step may be taken.
OPEN = (ImportState.CHOOSING, ImportState.TRIED, ImportState.UNDONE, ImportState.FAILED)


def upload(*, name: str, content: bytes, now: datetime, by: User | None) -> Import:
    """Keep an uploaded file and look into it. Raises Refusal (field "file") where it cannot be a list of partners."""
    if len(content) > LARGEST:
        sentence = _("This file is larger than %(size)d MB. Split it, or ask whoever runs PRM to import it.")
        raise Refusal(sentence % {"size": LARGEST // 1024**2}, field="file")
    try:
        with as_file(name, content) as path:
            layout = layout_of(path)
    except Unreadable as reason:
        raise Refusal(in_words(reason), field="file") from reason
    columns = {
        sheet["name"]: {"headings": sheet["headings"], "meanings": sheet["meanings"]}
        for sheet in layout["sheets"]
    }
    return Import.objects.create(
        name=name[-200:], content=content, layout=layout, columns=columns, uploaded_at=now, uploaded_by=by
    )


def in_words(reason: Unreadable) -> str:
    """A whole sentence: "This file is empty."; a reason may speak of a line or of headings instead."""
    text = str(reason).rstrip(".")
    of_the_file = text.split(" ", 1)[0] in {"is", "has", "holds", "cannot"}
    sentence = _("This file %(reason)s.") if of_the_file else _("This file cannot be read: %(reason)s.")
    return sentence % {"reason": text}


@transaction.atomic
def choose(
    source: Import, choices: dict[str, Chosen], *, day_first: bool | None, now: datetime, by: User | None
) -> Import:
    """Take a person's choice of columns, and ask for a look through the file: nothing is written by that.

    Raises Refusal: field "sheets" or "columns" where the choice cannot be read, "day_first" where dates leave open
    which number is the day and nobody said it.
    """
    source = _lock(source, *OPEN)
    check_choices(choices)
    source.columns = {
        name: {"headings": list(chosen.headings), "meanings": list(chosen.meanings)}
        for name, chosen in choices.items()
    }
    source.day_first = day_first
    rows = _check_dates(source)
    source.state, source.tried = ImportState.TRYING, {}
    source.job = jobs.ask(TRY, now=now, by=by, total=rows, source=source.pk)
    source.save()
    return source


def _check_dates(source: Import) -> int:
    """Return how many rows are chosen. Raises Refusal where a date column must be asked about."""
    try:
        with as_file(source.name, bytes(source.content)) as path:
            found = survey_source(path, source.day_first, choices_of(source.columns))
    except Unreadable as reason:
        raise Refusal(in_words(reason), field="columns") from reason
    if found.questions:
        sentence = _("%(question)s. Say which comes first, the day or the month.")
        raise Refusal(sentence % {"question": "; ".join(found.questions)}, field="day_first")
    return found.total


def note_tried(source: Import, report: dict[str, Any]) -> None:
    """The file was looked through; `report` says what an import would do. Who comes late with it changes nothing."""
    Import.objects.filter(pk=source.pk, state=ImportState.TRYING).update(
        state=ImportState.TRIED, tried=report
    )


@transaction.atomic
def ask_import(source: Import, *, now: datetime, by: User | None) -> Import:
    """Ask for the import itself, also once more where it stopped in the middle.

    Sending is held from here on, until somebody has looked at what would leave.
    """
    source = _lock(source, ImportState.TRIED, ImportState.FAILED)
    if source.state not in (ImportState.TRIED, ImportState.IMPORTING):
        raise Refusal(_("Somebody else has just worked on this import. Look at it again."))
    set_sending(program(), Sending.HELD, by=by, now=now)
    source.state, source.undone = ImportState.IMPORTING, {}
    source.job = jobs.ask(IMPORT, now=now, by=by, total=source.tried.get("rows", 0), source=source.pk)
    source.save()
    return source


def note_imported(source: Import, report: dict[str, Any], *, now: datetime) -> None:
    """The file is in."""
    Import.objects.filter(pk=source.pk).update(
        state=ImportState.IMPORTED, report=report, imported_at=now, undone_at=None
    )


@transaction.atomic
def ask_undo(source: Import, *, now: datetime, by: User | None) -> Import:
    """Ask for everything that the import wrote to be taken back, also where it stopped in the middle."""
    source = _lock(source, ImportState.IMPORTED, ImportState.FAILED, ImportState.TRIED)
    source.state = ImportState.UNDOING
    source.job = jobs.ask(UNDO, now=now, by=by, total=source.traces.count(), source=source.pk)
    source.save()
    return source


def note_undone(source: Import, undone: dict[str, Any], *, now: datetime) -> None:
    """It is taken back. With its file still here, it can be looked through and imported once more."""
    Import.objects.filter(pk=source.pk).update(state=ImportState.UNDONE, undone=undone, undone_at=now)


@transaction.atomic
def discard(source: Import) -> None:
    """Throw away an uploaded file that nothing came of."""
    source = _lock(source, *OPEN)
    if source.traces.exists():
        raise Refusal(_("Some of this file is imported. Undo that first."))
    source.delete()


def forget_files(*, now: datetime) -> int:
    """Empty old uploads, what stood in their cells, and how partners were before; return of how many imports.

    They hold names and addresses that nobody needs twice. Names of partners and the counts stay.
    """
    working = (ImportState.TRYING, ImportState.IMPORTING, ImportState.UNDOING)
    old = Import.objects.filter(uploaded_at__lt=now - KEPT, forgotten=False).exclude(state__in=working)
    ids = list(old.values_list("pk", flat=True))
    for pk in ids:
        _forget(pk)
    return len(ids)


@transaction.atomic
def _forget(pk: int) -> None:
    source = Import.objects.select_for_update().defer("content").get(pk=pk)
    source.content, source.layout, source.columns, source.tried = b"", {}, {}, {}
    source.report = source.report | {"problems": [], "skipped": [], "users": []} if source.report else {}
    source.forgotten = True
    source.traces.all().delete()
    source.save()


def _lock(source: Import, *states: str) -> Import:
    """Return the row, locked. Raises Refusal where it is in no such state, or too old."""
    row = Import.objects.select_for_update().get(pk=source.pk)
    if row.forgotten:
        sentence = _(
            "This import is older than %(days)d days. Its file is gone, and it cannot be undone any more."
        )
        raise Refusal(sentence % {"days": KEPT.days})
    if row.phase not in states:
        raise Refusal(_("Somebody else has just worked on this import. Look at it again."))
    return row
