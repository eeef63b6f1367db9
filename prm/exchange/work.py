"""The long work of imports, as jobs: kind of job -> what it does. Whichever process claims a job does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from prm.accounts.history import IMPORT, changing
from prm.accounts.queries import local_today
from prm.exchange import imports
from prm.exchange.aside import aside
from prm.exchange.journal import ImportJournal
from prm.exchange.layout import as_file, choices_of
from prm.exchange.models import Import
from prm.exchange.partners_import import import_partners
from prm.exchange.report import Report
from prm.exchange.sheet import Unreadable
from prm.exchange.undo import undo
from prm.jobs.models import Job
from prm.jobs.running import Clock, Progress, Work, run_waiting
from prm.partners.models import Organization
from prm.reminders.actions import out_of_date, refresh
from prm.rules.refusal import Refusal

#: So few rows are looked through and imported while the page waits; more are left to the workers.
AT_ONCE = 300

Step = Callable[[Import, Job, datetime, Progress], dict[str, Any]]


def run_jobs(*, now: Clock, owner: str, only: int | None = None) -> int:
    """Do every job that waits, or only one; return how many were done."""
    return run_waiting(WORK, now=now, owner=owner, only=only)


def try_out(source: Import, _job: Job, now: datetime, progress: Progress) -> dict[str, Any]:
    """Do the whole import aside, and take it back."""
    with aside() as outside:
        report = _import(source, now, dry_run=True, progress=outside(progress))
    imports.note_tried(source, report.as_json())
    return {"rows": report.rows}


def carry_out(source: Import, _job: Job, now: datetime, progress: Progress) -> dict[str, Any]:
    """Import batch by batch. Done once more after a process died, it finds its own rows and says nothing new."""
    report = _import(source, now, each_batch=True, journal=ImportJournal(source), progress=progress)
    imports.note_imported(source, report.as_json(), now=now)
    _plan_a_few(now)
    return {"rows": report.rows}


def take_back(source: Import, job: Job, now: datetime, progress: Progress) -> dict[str, Any]:
    """Undo what the import wrote."""
    undone = undo(source, now=now, by=job.asked_by, progress=progress)
    imports.note_undone(source, undone.as_json(), now=now)
    _plan_a_few(now)
    return undone.as_json()


def _plan_a_few(now: datetime) -> None:
    """Make the plans that changed, where they are few, for the page that tells what would leave."""
    if Organization.objects.filter(out_of_date(local_today(now))).count() <= AT_ONCE:
        refresh(now=now)


def _import(source: Import, now: datetime, **how: Any) -> Report:
    with as_file(source.name, bytes(source.content)) as path:
        return import_partners(
            path,
            now=now,
            today=local_today(now),
            day_first=source.day_first,
            columns=choices_of(source.columns),
            **how,
        )


def _on_import(step: Step) -> Work:
    """A step with its import. Whatever stops it is written down there too."""

    def work(job: Job, now: datetime, progress: Progress) -> dict[str, Any]:
        source = Import.objects.get(pk=job.arguments["source"])
        try:
            with changing(lambda: job.asked_by, IMPORT):
                return step(source, job, now, progress)
        except Unreadable as reason:
            raise Refusal(imports.in_words(reason)) from reason

    return work


WORK: dict[str, Work] = {
    imports.TRY: _on_import(try_out),
    imports.IMPORT: _on_import(carry_out),
    imports.UNDO: _on_import(take_back),
}
