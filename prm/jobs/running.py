"""Doing jobs: claim one, do it, write down how it ended; until none waits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from prm.jobs import actions
from prm.jobs.models import Job
from prm.rules.refusal import Refusal

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
#: Hears (done, total) after each step; the work may be ended by it.
Progress = Callable[[int, int], None]
#: What a kind of job does. It returns what is to be remembered of it.
Work = Callable[[Job, datetime, Progress], dict[str, object]]


def run_waiting(work: Mapping[str, Work], *, now: Clock, owner: str, only: int | None = None) -> int:
    """Do every job that waits, oldest first, and return their number. `only`: this one job, if it can be had."""
    number = 0
    while (job := actions.claim(kinds=work.keys(), now=now(), owner=owner, only=only)) is not None:
        run(job, work[job.kind], now)
        number += 1
    return number


def run(job: Job, work: Work, now: Clock) -> None:
    """Do one job that was claimed. A refusal is its answer; any other fault is logged and named without its details."""

    def progress(done: int, total: int) -> None:
        actions.note_progress(job, done=done, total=total, now=now())

    try:
        result = work(job, now(), progress)
    except actions.LostLease:
        log.warning("job %s was taken over by another worker", job.pk)
    except Refusal as refusal:
        actions.fail(job, now=now(), error=str(refusal))
    except Exception:
        log.exception("job %s (%s) failed", job.pk, job.kind)
        actions.fail(
            job, now=now(), error=_("Something went wrong on our side. The log of the worker says what.")
        )
    else:
        actions.finish(job, now=now(), result=result)
