"""What every contestant is and does, and what several of them need."""

import os
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from django.db import connection

from benchmarks.counting import Miscount, expect

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = Path(os.environ.get("RACE_FOLDER", "."))  # this contestant's own
FLAGS = ["-c", "2", "--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "WARNING"]
PATIENCE = 30  # seconds

Taken = Callable[[float], bool]  # waits so many seconds; whether the relay has all


class Contestant(ABC):
    """Sends the same mails as all others, again and again."""

    @abstractmethod
    def prepare(self, mails: int) -> None:
        """Have so many mails ready; no clock runs yet."""

    @abstractmethod
    def go(self, taken: Taken) -> bool:
        """Send them. Return whether it was told that all are taken; others are told afterwards."""

    def check(self, mails: int) -> None:  # noqa: B027 - some keep no book
        """Raise Miscount unless one's own book says that so many were sent."""


def eventually(count: Callable[[], int], wanted: int, what: str) -> None:
    """What was sent is written down a moment later."""
    until = monotonic() + PATIENCE
    while (found := count()) != wanted and monotonic() < until:
        sleep(0.1)
    expect(found, wanted, what)


def empty(*tables: str) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            if connection.vendor == "postgresql":
                cursor.execute(f'TRUNCATE "{table}" CASCADE')
            else:
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - our own tables' names


def take_statistics() -> None:
    """As PostgreSQL does by itself within a minute."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@contextmanager
def worker(app: str) -> Iterator[None]:
    """A Celery worker with two processes, from the moment on at which it listens."""
    ready = FOLDER / "ready"
    command = [sys.executable, "-m", "celery", "-A", app, "worker", *FLAGS]
    command += ["-I", "benchmarks.peers.announcing"]
    environment = os.environ | {"RACE_READY": str(ready)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=sys.stderr) as process:
        try:
            until = monotonic() + PATIENCE
            while not ready.exists():
                if process.poll() is not None or monotonic() > until:
                    raise Miscount(f"the worker of {app} did not start")
                sleep(0.05)
            yield
        finally:
            process.terminate()
