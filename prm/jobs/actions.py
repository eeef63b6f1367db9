"""The only writers of jobs. One job runs at a time: two long ones beside each other would only slow the mail down."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.jobs.models import Job, JobState

#: How long a worker may be silent before another takes its job up. Every note of progress renews it.
LEASE = timedelta(minutes=5)
#: A job that ended its worker so many times is not taken up again.
MOST_ATTEMPTS = 3


class LostLease(Exception):
    """Somebody else has the job by now: stop, and write nothing more about it."""


def ask(kind: str, *, now: datetime, by: User | None = None, total: int = 0, **arguments: Any) -> Job:
    """Ask for some work to be done; `arguments` are what JSON can hold."""
    return Job.objects.create(kind=kind, arguments=arguments, asked_at=now, asked_by=by, total=total)


@transaction.atomic
def claim(*, kinds: Collection[str], now: datetime, owner: str, only: int | None = None) -> Job | None:
    """Take the oldest job that waits, or whose worker has been silent for a lease; None while one is running.

    `owner` names this worker and nobody else. `only` is the id of the one job wanted.
    """
    rows = Job.objects.select_for_update().filter(state__in=(JobState.WAITING, JobState.RUNNING))
    rows = rows.filter(kind__in=kinds).order_by("asked_at", "id")
    found = list(rows)
    if any(job.state == JobState.RUNNING and job.lease_until and job.lease_until > now for job in found):
        return None
    for job in found:
        if job.attempts >= MOST_ATTEMPTS:
            end = Q(pk=job.pk)
            _end(
                end, JobState.FAILED, now, error=_("It stopped several times without a reason it could give.")
            )
        elif only in (None, job.pk):
            return _start(job, now, owner)
    return None


def _start(job: Job, now: datetime, owner: str) -> Job:
    job.state, job.started_at, job.attempts = JobState.RUNNING, now, job.attempts + 1
    job.lease_until, job.lease_owner, job.done, job.error = now + LEASE, owner, 0, ""
    job.save()
    return job


def note_progress(job: Job, *, done: int, total: int, now: datetime) -> None:
    """Write down how far the work is, and keep the lease. Raises LostLease where it is somebody else's by now."""
    if not _mine(job).update(done=done, total=total, lease_until=now + LEASE):
        raise LostLease
    job.done, job.total = done, total


def finish(job: Job, *, now: datetime, result: Mapping[str, Any] | None = None) -> bool:
    """It is done. False where the job is somebody else's by now."""
    ended = _end(_own(job), JobState.DONE, now, result=dict(result or {}))
    job.refresh_from_db()
    return ended


def fail(job: Job, *, now: datetime, error: str) -> bool:
    """It cannot be done; `error` is a sentence for a person. False where the job is somebody else's by now."""
    ended = _end(_own(job), JobState.FAILED, now, error=error)
    job.refresh_from_db()
    return ended


def _own(job: Job) -> Q:
    return Q(pk=job.pk, state=JobState.RUNNING, lease_owner=job.lease_owner)


def _mine(job: Job) -> Any:
    return Job.objects.filter(_own(job))


def _end(which: Q, state: JobState, now: datetime, **told: Any) -> bool:
    rows = Job.objects.filter(which)
    return bool(rows.update(state=state, ended_at=now, lease_until=None, lease_owner="", **told))
