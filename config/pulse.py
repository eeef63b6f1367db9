"""A worker's pulse: it touches a file while it listens to its broker, so that a container can ask after its health.

Only where PRM_PULSE_PATH names one. The heartbeat in the database says that reminders run at all; this says that
this one worker takes part.
"""

from pathlib import Path
from typing import Any

from celery import Celery, bootsteps
from celery.worker.consumer.tasks import Tasks

SECONDS = 5.0


class Pulse(bootsteps.StartStopStep):
    """Starts anew with every connection to the broker, and stops with its loss."""

    requires = (Tasks,)

    def start(self, parent: Any) -> None:
        file = Path(parent.app.conf.prm_pulse_path)
        file.touch()
        self.entry = parent.timer.call_repeatedly(SECONDS, file.touch)

    def stop(self, parent: Any) -> None:
        if hasattr(self, "entry"):
            parent.timer.cancel(self.entry)


def give(app: Celery, file: str) -> None:
    """Let every worker of this application touch `file`."""
    app.conf.prm_pulse_path = file
    app.steps["consumer"].add(Pulse)
