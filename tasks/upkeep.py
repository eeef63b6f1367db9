"""Upkeep: the staff digests of the morning and the broker's leftovers."""

import time
from pathlib import Path

from celery import current_app, shared_task
from django.utils import timezone

from prm.desk import digest

KEEP_SECONDS = 3600


@shared_task
def send_digests() -> None:
    digest.send_digests(now=timezone.now())


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
