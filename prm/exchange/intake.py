"""One batch of rows after the other into the rooms, each with its place in the report."""

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from prm.exchange.headings import NAME
from prm.exchange.job import Day, Job
from prm.exchange.reading import Reading
from prm.exchange.recognition import Directory
from prm.exchange.report import Report
from prm.exchange.row import ERROR, Row, Spot
from prm.exchange.writing import enter, revise
from prm.rules.refusal import Refusal

# Which column a refusal of an action speaks of.
REFUSED = {
    "expires_on": "agreement_end",
    "starts_on": "agreement_start",
    "signed_on": "agreement_signed",
    "ends_on": "pause_until",
    "attended_on": "last_training",
    "since": "status",
}


class Journal(Protocol):
    """Who writes down what an import does, so that it can be undone. Both are called inside a batch's transaction."""

    def meet(self, organizations: Collection[int]) -> None:
        """Before anything of a batch is written: the pks of the known organizations that its rows may be about."""

    def keep(self, new: Collection[int], changed: Collection[int], users: Collection[str]) -> None:
        """At the end of a batch: pks of the organizations it entered and of others it changed, and the addresses of
        users it added."""


class Intake:
    """Takes batches of rows of one file. `seen` knows the row that first spoke of an organization in this file."""

    def __init__(self, day: Day, report: Report, journal: Journal | None = None) -> None:
        self.day, self.report, self.journal = day, report, journal
        self.directory = Directory()
        self.seen: dict[int, Spot] = {}
        self.new: set[int] = set()
        self.changed: set[int] = set()

    def take(self, batch: Sequence[tuple[Row, Reading]]) -> None:
        """Write a batch of rows; what keeps one out stands in the report."""
        users = len(self.day.colleagues.added)
        self.new, self.changed = set(), set()
        self.directory.prepare(reading.key for _, reading in batch)
        if self.journal:
            self.journal.meet(set(self.directory.batch))
        for row, reading in batch:
            self._write(row, reading)
        if self.journal:
            self.journal.keep(self.new, self.changed - self.new, self.day.colleagues.added[users:])

    def _write(self, row: Row, reading: Reading) -> None:
        """Write one row, or say why not."""
        self.report.rows += 1
        users = len(self.day.colleagues.added)
        if not row.wrong_at_all:
            before = self.directory.find(reading)
            try:
                with transaction.atomic():
                    if before is None:
                        job = enter(row, reading, self.day)
                        self.directory.add(reading, job.organization)
                    else:
                        again = self.seen.get(before.organization.pk)
                        job = revise(row, reading, self.day, before, again)
                self._note(job)
            except Refusal as refusal:
                row.wrong(REFUSED.get(refusal.field, refusal.field), _refused(row, refusal))
            except DatabaseError as error:
                reason = _("the database refused this row: %(reason)s")
                row.wrong("", reason % {"reason": str(error).splitlines()[0]})
            if before is not None:
                self.directory.forget(before.organization)
        if row.wrong_at_all:
            self.day.colleagues.keep(users)
            self.report.skip(row, reading.name)
            row.problems = [
                problem for problem in row.problems if problem.severity == ERROR
            ]  # nothing of it was kept
        self.report.problems += row.problems

    def _note(self, job: Job) -> None:
        pk = job.organization.pk
        if job.new:
            self.new.add(pk)
        elif job.wrote:
            self.changed.add(pk)
        _tell(job, self.report)
        self.seen.setdefault(pk, job.row.spot)


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
