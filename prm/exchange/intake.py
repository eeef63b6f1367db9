"""One batch of rows after the other into the rooms, each with its place in the report."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any, Protocol

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from prm.exchange.entering import Draft, draft, enter_all
from prm.exchange.headings import NAME
from prm.exchange.job import Day, Job
from prm.exchange.reading import Reading
from prm.exchange.recognition import Directory
from prm.exchange.report import Entered, Report
from prm.exchange.row import ERROR, Row, Spot
from prm.exchange.writing import compare, revise
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
        self.waiting: dict[str, Draft] = {}
        self.jobs: dict[Spot, Job] = {}

    def take(self, batch: Sequence[tuple[Row, Reading]]) -> None:
        """Write a batch of rows; what keeps one out stands in the report."""
        users = len(self.day.colleagues.added)
        self.directory.prepare(reading.key for _, reading in batch)
        if self.journal:
            self.journal.meet(set(self.directory.batch))
        for row, reading in batch:
            if not row.wrong_at_all:
                self._place(row, reading)
        self._enter_waiting()
        for row, reading in batch:
            self._tell(row, reading)
        if self.journal:
            self._tell_journal(self.journal, users)
        self.jobs = {}

    def _place(self, row: Row, reading: Reading) -> None:
        """Bring a known organization in line with its row; a new one waits, so that all new ones go in together."""
        if reading.key in self.waiting:
            self._enter_waiting()  # this row may be about one of them
        before = self.directory.find(reading)
        if before is None:
            self.waiting[reading.key] = draft(row, reading, self.day)
            return
        job = compare(row, reading, self.day, before, self.seen.get(before.organization.pk))
        if not job.wrote:
            self._note(job)
            return
        self._write(row, lambda: revise(job, before))
        self.directory.forget(before.organization)

    def _enter_waiting(self) -> None:
        """Enter all organizations that wait; where one is refused, each by itself, so that only that one stays out."""
        drafts, self.waiting = list(self.waiting.values()), {}
        if not drafts:
            return
        users = len(self.day.colleagues.added)
        try:
            with transaction.atomic():
                jobs = enter_all(drafts, self.day)
        except (Refusal, DatabaseError):
            self.day.colleagues.keep(users)
            for one in drafts:
                self._write(one.row, partial(self._enter_one, one))
        else:
            for job in jobs:
                self._note(job)

    def _enter_one(self, alone: Draft) -> Job:
        return enter_all([alone], self.day)[0]

    def _write(self, row: Row, work: Callable[[], Job]) -> None:
        """Write one row, or let it say why not."""
        users = len(self.day.colleagues.added)
        try:
            with transaction.atomic():
                job = work()
            self._note(job)
        except Refusal as refusal:
            row.wrong(REFUSED.get(refusal.field, refusal.field), _refused(row, refusal))
        except DatabaseError as error:
            reason = _("the database refused this row: %(reason)s")
            row.wrong("", reason % {"reason": str(error).splitlines()[0]})
        if row.wrong_at_all:
            self.day.colleagues.keep(users)

    def _note(self, job: Job) -> None:
        self.jobs[job.row.spot] = job
        self.seen.setdefault(job.organization.pk, job.row.spot)
        if job.new:
            self.directory.add(job.reading, job.organization)

    def _tell(self, row: Row, reading: Reading) -> None:
        """Give a row its place in the report."""
        self.report.rows += 1
        if row.wrong_at_all:
            self.report.skip(row, reading.name)
            row.problems = [one for one in row.problems if one.severity == ERROR]  # nothing of it was kept
        else:
            _tell(self.jobs[row.spot], self.report)
        self.report.problems += row.problems

    def _tell_journal(self, journal: Journal, users: int) -> None:
        new = {job.organization.pk for job in self.jobs.values() if job.new}
        changed = {job.organization.pk for job in self.jobs.values() if job.wrote}
        journal.keep(new, changed - new, self.day.colleagues.added[users:])


def _refused(row: Row, refusal: Refusal) -> str:
    told = row.cells.get(REFUSED.get(refusal.field, refusal.field))
    return (
        _("cannot be: %(reason)s") % {"reason": str(refusal).rstrip(".")}
        if told
        else str(refusal).rstrip(".")
    )


def _tell(job: Job, report: Report) -> None:
    spot, organization = job.row.spot, job.organization
    if job.new:
        report.new.append(Entered(spot.sheet, spot.line, organization.name, organization.slug))
        return
    told: dict[str, Any] = {"sheet": spot.sheet, "line": spot.line}
    told |= {"organization": organization.name, "slug": organization.slug}
    if job.again:
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
