"""A whole installation in a folder of its own: real worker, real beat, real broker, real database, real mail."""

import logging
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import psycopg
import redis
from aiosmtpd.controller import Controller

logging.getLogger("mail.log").setLevel(logging.WARNING)

ROOT = Path(__file__).resolve().parent.parent.parent
CELERY = [sys.executable, "-m", "celery", "-A", "tests.tasks.quick"]
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat"]


class Sink:
    """An SMTP server that keeps what it accepts, and may take its time over it."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.seconds_each = 0.0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        time.sleep(self.seconds_each)  # noqa: ASYNC251 - one mail after another is what is wanted
        self.mails.append(message_from_bytes(envelope.content))
        return "250 kept"

    def ids(self) -> Counter[str]:
        return Counter(mail["Message-ID"] for mail in self.mails)

    def keys(self, recipient: str) -> list[str]:
        return [mail["X-PRM-Key"] for mail in self.mails if recipient in mail["To"]]


@dataclass
class Stack:
    """One installation; `environment` is all it knows of the world."""

    environment: dict[str, str]
    sink: Sink
    folder: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def tell(self, *, due_in: int, organizations: int) -> None:
        self.run("-m", "tests.tasks.story", str(due_in), str(organizations))

    def start(self, name: str, *command: str) -> None:
        """Start a process in a group of its own; its words go to a log in the stack's folder."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def start_worker(self, name: str = "worker") -> None:
        self.start(name, *CELERY, "worker", "-c", "2", "-n", f"{name}@localhost", *QUIET, "-l", "INFO")

    def start_beat(self, name: str = "beat") -> None:
        self.start(name, *CELERY, "beat", "--pidfile", "")

    def kill(self, name: str) -> None:
        """End a whole group at once, as a machine that loses its power does."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the stack's database itself, beside Django."""
        url = self.environment["DATABASE_URL"]
        if url.startswith("sqlite"):
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)) as lite, lite:
                return list(lite.execute(statement))
        with psycopg.connect(f"dbname={url.rpartition('/')[2]}", autocommit=True) as connection:
            cursor = connection.execute(statement)  # type: ignore[call-overload]
            return list(cursor) if cursor.description else []

    def states(self) -> dict[str, str]:
        """Message-ID -> state of everything in the outbox."""
        return dict(self.sql("SELECT message_id, state FROM outbox_message"))

    def is_done(self) -> bool:
        states = self.states()
        return bool(states) and not {"waiting", "sending"} & set(states.values())

    def let_leases_run_out(self) -> None:
        """Stands for waiting a minute and a half, while nobody sends."""
        self.sql(
            "UPDATE outbox_message SET lease_until = '2026-01-01 00:00:00' WHERE lease_until IS NOT NULL"
        )

    def let_retries_be_due(self) -> None:
        """Stands for waiting until what was pushed away may be tried again."""
        self.sql("UPDATE outbox_message SET due_at = '2026-01-01 00:00:00' WHERE state = 'waiting'")

    def logs(self) -> str:
        return "\n".join(
            f"--- {log.name}\n{log.read_text()[-3000:]}" for log in sorted(self.folder.glob("*.log"))
        )

    def wait_until(self, true: Callable[[], bool], seconds: float) -> float:
        """Wait, and return for how long; fail with what the processes said."""
        began = time.monotonic()
        while not true():
            assert time.monotonic() - began < seconds, f"not within {seconds} s\n{self.logs()}"
            time.sleep(0.1)
        return time.monotonic() - began

    def end(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def open_sink(sink: Sink) -> Controller:
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    return controller


def free_port() -> int:

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def lose_the_connection(stack: Stack) -> None:
    """Break what the processes hold to their broker, and leave its content; a folder has nothing to break."""
    if url := stack.environment.get("CELERY_BROKER_URL"):
        with redis.Redis.from_url(url) as server:
            for client in server.client_list():
                if client["db"] == url.rpartition("/")[2] and client["id"] != str(server.client_id()):
                    server.client_kill_filter(_id=client["id"])


def lose_the_broker(stack: Stack) -> None:
    """Take everything away that the broker holds: the folder itself, or all of its own Redis database."""
    if url := stack.environment.get("CELERY_BROKER_URL"):
        with redis.Redis.from_url(url) as server:
            server.flushdb()
    else:
        shutil.rmtree(stack.folder / "broker", ignore_errors=True)
