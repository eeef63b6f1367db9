"""Loaded into a Celery worker beside its tasks: it tells by a file when the worker listens."""

import os
from pathlib import Path
from typing import Any

from celery.signals import worker_ready


@worker_ready.connect
def tell(**_of_the_signal: Any) -> None:
    Path(os.environ["RACE_READY"]).touch()
