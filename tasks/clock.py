"""What runs when, in UTC: the whole heartbeat on one screen.

Every entry is a wake-up without data. It expires before the next one is written, so a broker that was away never
comes back with a pile of them. What is due, and when, stands in the database.
"""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

from celery.beat import Scheduler
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

log = logging.getLogger(__name__)

#: The entry with which the clock says that it runs.
HEARTBEAT = "plan"
BEAT: dict[str, dict[str, Any]] = {
    HEARTBEAT: {"task": "tasks.plan.wake", "schedule": 30.0, "options": {"expires": 28}},
    "digests": {"task": "tasks.upkeep.send_digests", "schedule": 60.0, "options": {"expires": 55}},
    "deliver": {"task": "tasks.deliver.wake", "schedule": 20.0, "options": {"expires": 19}},
    "free leases": {"task": "tasks.deliver.free_leases", "schedule": 60.0, "options": {"expires": 55}},
    "jobs": {"task": "tasks.upkeep.run_jobs", "schedule": 5.0, "options": {"expires": 4}},
    "old uploads": {"task": "tasks.upkeep.forget_files", "schedule": 3600.0, "options": {"expires": 600}},
    "old links": {"task": "tasks.upkeep.forget_links", "schedule": 3600.0, "options": {"expires": 600}},
    "clear broker": {"task": "tasks.upkeep.clear_broker", "schedule": 600.0, "options": {"expires": 300}},
}
LONG_AGO = timedelta(days=1)


def make_folders(options: dict[str, Any]) -> None:
    """Make the folders of the filesystem transport; nothing else in Celery makes them again once they are gone."""
    for name in ("data_folder_in", "control_folder", "processed_folder"):
        if name in options:
            Path(options[name]).mkdir(parents=True, exist_ok=True)


class Clock(Scheduler):
    """Beat without a state file: two of them, or one that was restarted, only wake up more often."""

    def setup_schedule(self) -> None:
        """Begin with everything at once: who restarts it is not kept waiting for the first round."""
        super().setup_schedule()
        for entry in self.schedule.values():
            entry.last_run_at -= LONG_AGO

    def apply_async(self, entry: Any, *args: Any, **options: Any) -> Any:
        make_folders(self.app.conf.broker_transport_options)
        sent = super().apply_async(entry, *args, **options)
        if entry.name == HEARTBEAT:
            note_that_it_ran()
        return sent


def note_that_it_ran() -> None:
    """Note the heartbeat once it is on its way. A database that is away for a while does not stop the clock."""
    from prm.accounts.actions import note_heartbeat  # noqa: PLC0415 - this module is read before the tables are

    try:
        note_heartbeat(now=timezone.now())
    except DatabaseError as error:
        log.warning("the heartbeat could not be noted: %s", type(error).__name__)
    finally:
        close_old_connections()
