"""A spreadsheet of partners -> the installation.

A row is written as a whole or not at all; what keeps it out, and what is only odd, stands in the report with line,
column and reason. The file as a whole is one transaction: when the process dies nothing of it is there, and a dry run
is the same work, taken back at the end. With `each_batch` every batch is one, so that others can write in between.
The same file again says nothing new (`prm.exchange.values`) and changes nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction

from prm.accounts.actions import set_sending
from prm.accounts.models import Sending
from prm.accounts.queries import program
from prm.exchange.colleagues import Colleagues
from prm.exchange.collecting import batch_by_batch
from prm.exchange.headings import Chosen
from prm.exchange.intake import Intake, Journal
from prm.exchange.job import Day
from prm.exchange.reading import Known, Reading, read
from prm.exchange.report import Report
from prm.exchange.row import Row
from prm.exchange.source import Source, open_source
from prm.vocabulary.models import Term

BATCH = 200
LISTS = ("sector", "partnership_kind", "agreement_kind")


def import_partners(
    path: Path,
    *,
    now: datetime,
    today: date,
    day_first: bool | None = None,
    columns: Mapping[str, Chosen] | None = None,
    dry_run: bool = False,
    hold: bool = False,
    each_batch: bool = False,
    journal: Journal | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Import the file at `path`; `today` is the day of entry of every row, `hold` leaves sending held.

    `columns` says for each sheet what its columns mean, where a person chose. `each_batch` commits each batch of
    rows, and what was committed stays when the process dies; `journal` hears of every batch inside its transaction.
    `progress` hears (rows done, rows in all) after each batch. Raises sheet.Unreadable, with nothing written, where the
    file as a whole cannot be imported, and ValueError where a dry run shall commit.
    """
    if dry_run and each_batch:
        raise ValueError("a dry run is one transaction: it is taken back as a whole")
    source = _open(path, day_first, columns)
    report = Report(dry_run=dry_run, problems=list(source.notices))
    whole: AbstractContextManager[Any] = nullcontext() if each_batch else transaction.atomic()
    with whole, batch_by_batch() as tidy:
        if hold:
            set_sending(program(), Sending.HELD, now=now)
        day = _day(now, today)
        intake = Intake(day, report, journal)
        for batch in _batches(source, day.known):
            with transaction.atomic():
                intake.take(batch)
            tidy()
            if progress:
                progress(report.rows, source.total)
        report.users = day.colleagues.added
        if dry_run:
            transaction.set_rollback(True)
    return report


def _open(path: Path, day_first: bool | None, columns: Mapping[str, Chosen] | None) -> Source:
    return open_source(path, day_first, columns)


def _day(now: datetime, today: date) -> Day:
    terms = {(term.list, term.key): term for term in Term.objects.filter(list__in=LISTS, active=True)}
    labels = {name: {key: term.label for (of, key), term in terms.items() if of == name} for name in LISTS}
    return Day(now, Known(today, labels["sector"], labels["partnership_kind"]), terms, Colleagues())


def _batches(source: Source, known: Known) -> Iterator[list[tuple[Row, Reading]]]:
    pairs = ((row, read(row, known)) for row in source.rows())
    while batch := list(islice(pairs, BATCH)):
        yield batch
