"""What runs when, in UTC: the whole heartbeat on one screen.

Every entry is a wake-up without data. It expires before the next one is written, so a broker that was away never
comes back with a pile of them. What is due, and when, stands in the database.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

from celery.beat import Scheduler

BEAT: dict[str, dict[str, Any]] = {
    "plan": {"task": "tasks.plan.wake", "schedule": 30.0, "options": {"expires": 28}},
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

    def apply_async(self, *args: Any, **options: Any) -> Any:
        make_folders(self.app.conf.broker_transport_options)
        return super().apply_async(*args, **options)
