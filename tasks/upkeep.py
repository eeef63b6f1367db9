"""Upkeep: the staff digests of the morning, waiting jobs, old uploads and links, and the broker's leftovers."""

import os
import socket
import time
from pathlib import Path
from uuid import uuid4

from celery import current_app, shared_task
from django.utils import timezone

from prm.desk import digest
from prm.exchange import imports, work
from prm.partners import actions as partners

KEEP_SECONDS = 3600
#: A long import has hours; a worker that is asked to stop before is ended, and another takes the job up.
LONGEST_JOB = 6 * 3600


@shared_task
def send_digests() -> None:
    digest.send_digests(now=timezone.now())


@shared_task(soft_time_limit=LONGEST_JOB, time_limit=LONGEST_JOB + 60)
def run_jobs() -> None:
    owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:12]}"
    work.run_jobs(now=timezone.now, owner=owner)


@shared_task
def forget_files() -> None:
    imports.forget_files(now=timezone.now())


@shared_task
def forget_links() -> None:
    partners.forget_links(now=timezone.now())


@shared_task
def clear_broker() -> None:
    """Remove old wake-ups that the filesystem transport has put aside; other brokers keep none."""
    aside = current_app.conf.broker_transport_options.get("processed_folder")
    if not aside:
        return
    oldest = time.time() - KEEP_SECONDS
    for file in Path(aside).glob("*.msg"):
        if file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)
