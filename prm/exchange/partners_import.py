"""A spreadsheet of partners -> the installation.

A row is written as a whole or not at all; what keeps it out, and what is only odd, stands in the report with line,
column and reason. The file as a whole is one transaction: when the process dies nothing of it is there, and a dry run
is the same work, taken back at the end. The same file again says nothing new
(`prm.exchange.values`) and changes nothing.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from prm.accounts.actions import set_sending
from prm.accounts.models import Sending
from prm.accounts.queries import program
from prm.exchange.colleagues import Colleagues
from prm.exchange.headings import NAME
from prm.exchange.job import Day, Job
from prm.exchange.reading import Known, Reading, read
from prm.exchange.recognition import Directory
from prm.exchange.report import Report
from prm.exchange.row import ERROR, Row, Spot
from prm.exchange.source import Source, open_source
from prm.exchange.writing import enter, revise
from prm.rules.refusal import Refusal
from prm.vocabulary.models import Term

BATCH = 200
LISTS = ("sector", "partnership_kind", "agreement_kind")
# Which column a refusal of an action speaks of.
REFUSED = {
    "expires_on": "agreement_end",
    "starts_on": "agreement_start",
    "signed_on": "agreement_signed",
    "ends_on": "pause_until",
    "attended_on": "last_training",
    "since": "status",
}


def import_partners(
    path: Path,
    *,
    now: datetime,
    today: date,
    day_first: bool | None = None,
    dry_run: bool = False,
    hold: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Import the file at `path`; `today` is the day of entry of every row, `hold` leaves sending held.

    `progress` hears (rows done, rows in all) now and then. Raises sheet.Unreadable, with nothing written, where the
    file as a whole cannot be imported.
    """
    source = open_source(path, day_first)
    report = Report(dry_run=dry_run, problems=list(source.notices))
    with transaction.atomic():
        if hold:
            set_sending(program(), Sending.HELD, now=now)
        day = _day(now, today)
        directory, seen = Directory(), dict[int, Spot]()
        for readings in _batches(source, day.known):
            directory.prepare(reading.key for _, reading in readings)
            for row, reading in readings:
                _write(row, reading, day, directory, seen, report)
            if progress:
                progress(report.rows, source.total)
        report.users = day.colleagues.added
        transaction.set_rollback(dry_run)
    return report


def _day(now: datetime, today: date) -> Day:
    terms = {(term.list, term.key): term for term in Term.objects.filter(list__in=LISTS, active=True)}
    labels = {name: {key: term.label for (of, key), term in terms.items() if of == name} for name in LISTS}
    return Day(now, Known(today, labels["sector"], labels["partnership_kind"]), terms, Colleagues())


def _batches(source: Source, known: Known) -> Iterator[list[tuple[Row, Reading]]]:
    pairs = ((row, read(row, known)) for row in source.rows())
    while batch := list(islice(pairs, BATCH)):
        yield batch


def _write(
    row: Row, reading: Reading, day: Day, directory: Directory, seen: dict[int, Spot], report: Report
) -> None:
    """Write one row, or say why not. `seen` knows the row that first spoke of an organization in this file."""
    report.rows += 1
    users = len(day.colleagues.added)
    if not row.wrong_at_all:
        before = directory.find(reading)
        try:
            with transaction.atomic():
                if before is None:
                    job = enter(row, reading, day)
                    directory.add(reading, job.organization)
                else:
                    job = revise(row, reading, day, before, seen.get(before.organization.pk))
            _tell(job, report)
            seen.setdefault(job.organization.pk, row.spot)
        except Refusal as refusal:
            row.wrong(REFUSED.get(refusal.field, refusal.field), _refused(row, refusal))
        except DatabaseError as error:
            row.wrong(
                "", _("the database refused this row: %(reason)s") % {"reason": str(error).splitlines()[0]}
            )
        if before is not None:
            directory.forget(before.organization)
    if row.wrong_at_all:
        day.colleagues.keep(users)
        report.skip(row, reading.name)
        row.problems = [
            problem for problem in row.problems if problem.severity == ERROR
        ]  # nothing of it was kept
    report.problems += row.problems


def _refused(row: Row, refusal: Refusal) -> str:
    told = row.cells.get(REFUSED.get(refusal.field, refusal.field))
    return (
        _("cannot be: %(reason)s") % {"reason": str(refusal).rstrip(".")}
        if told
        else str(refusal).rstrip(".")
    )


def _tell(job: Job, report: Report) -> None:
    told: dict[str, Any] = {"sheet": job.row.spot.sheet, "line": job.row.spot.line}
    told |= {"organization": job.organization.name, "slug": job.organization.slug}
    if job.new:
        report.new.append(told)
    elif job.again:
        job.row.tell(job.row.headings[NAME], _same_as(job), job.reading.name)
        into = {"into_sheet": job.again.sheet, "into_line": job.again.line}
        report.merged.append(told | into | {"changes": job.done})
    elif job.done:
        report.changed.append(told | {"changes": job.done})
    else:
        report.unchanged += 1


def _same_as(job: Job) -> str:
    if job.done:
        text = _("is the organization of %(row)s: merged with it (%(what)s)")
        return text % {"row": job.again, "what": ", ".join(job.done)}
    return _("is the organization of %(row)s and says nothing new") % {"row": job.again}
