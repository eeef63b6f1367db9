"""One installation with two workers and two beats, started as the Procfile starts them, that can be struck."""

import json
import os
import shlex
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.servers import Redis, Servers
from tests.chaos.sink import Sink
from tests.chaos.verdict import Struck
from tests.tasks.stack import ROOT, Stack

LEASE = 12  # seconds; 90 in production
PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "deploy" / "Procfile").read_text().splitlines())
WORKERS, BEATS = ("worker1", "worker2"), ("beat1", "beat2")


def settings(folder: Path, database: str, relay: int) -> dict[str, str]:
    """All that the product is told. Lease and retries are those of a hurry; everything else is as in production."""
    kept = {key: value for key, value in os.environ.items() if key.startswith(("PATH", "HOME", "LANG", "PG"))}
    return kept | {
        "PRM_ENV_FILE": os.devnull,
        "PRM_DATA_DIR": str(folder),
        "PRM_LEASE_SECONDS": str(LEASE),
        "PRM_RETRY_SECONDS": "2",
        "SECRET_KEY": "only-for-chaos-" + "z" * 40,
        "DEFAULT_FROM_EMAIL": "Partner program <partners@program.example>",
        "DATABASE_URL": database,
        "EMAIL_URL": f"smtp://127.0.0.1:{relay}",
        "PYTHONPATH": str(ROOT),
    }


def group_of(leader: int) -> Iterator[Path]:
    """The processes of a group, as folders of /proc."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                after_name = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(after_name[2]) == leader:
                yield folder


def ports_of(leader: int) -> set[int]:
    """The local ports of all TCP connections that a group of processes holds."""
    inodes = set()
    for folder in group_of(leader):
        for descriptor in (folder / "fd").iterdir():
            try:
                inodes.add(str(descriptor.readlink()).partition("socket:[")[2].rstrip("]"))
            except OSError:
                continue
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {int(line[1].rpartition(":")[2], 16) for line in lines if line[9] in inodes - {""}}


@dataclass
class World(Stack):
    """`clock`: the module with the Celery application. `struck`: connections whose mail in hand may come twice."""

    sink: Sink  # type: ignore[assignment]
    servers: Servers = field(default_factory=Servers)
    clock: str = "tests.chaos.clockwork"
    struck: list[Struck] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def begin(self) -> None:
        for name in (*WORKERS, *BEATS):
            self.start_again(name)

    def start_again(self, name: str) -> None:
        words = shlex.split(PROCFILE[name.rstrip("12")])
        assert words[:3] == ["celery", "-A", "config"], words
        self.start(name, sys.executable, "-m", "celery", "-A", self.clock, *words[3:])

    def note(self, what: str) -> None:
        self.told.append(f"{time.monotonic() - self.began:6.1f} s, {len(self.sink.book.taken)} taken: {what}")
        print(f"  {self.told[-1]}", flush=True)

    def freeze(self, name: str) -> list[Struck]:
        """Stop a whole group, and see which connections to the relay it has open and how far each is."""
        leader = self.processes[name].pid
        os.killpg(leader, signal.SIGSTOP)
        time.sleep(0.5)  # the sink reads what is still on its way
        ours = ports_of(leader)
        lines = list(self.sink.book.open.values())
        return [Struck(line.number, line.taken) for line in lines if line.port in ours]

    def thaw(self, name: str) -> None:
        os.killpg(self.processes[name].pid, signal.SIGCONT)

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Like `sql`; nothing while the database is away."""
        try:
            return self.sql(statement)
        except Exception:  # noqa: BLE001 - it is the database's day off
            return []

    def progress(self) -> tuple[int, list[tuple[Any, ...]]]:
        """Something that changes as long as anything goes on."""
        rows = "SELECT state, COUNT(*), SUM(attempts) FROM outbox_message GROUP BY state ORDER BY state"
        plans = "SELECT COUNT(*) FROM partners_organization WHERE planned_for IS NOT NULL"
        return len(self.sink.book.taken), self.ask(rows) + self.ask(plans)

    def is_quiet(self, wanted: int) -> bool:
        """Whether at least so many messages were written and all of them have come to an end."""
        open_and_all = (
            "SELECT COUNT(*), SUM(CASE WHEN state IN ('waiting', 'sending') THEN 1 ELSE 0 END)"
            " FROM outbox_message WHERE state <> 'cancelled'"
        )
        found = self.ask(open_and_all)
        return bool(found) and found[0][0] >= wanted and found[0][1] == 0

    def is_planned(self) -> bool:
        """Whether every partner has a plan of today, so that what is due is known."""
        without = "SELECT COUNT(*) FROM partners_organization WHERE planned_for IS NULL OR plan_stale_at IS NOT NULL"
        return self.ask(without) == [(0,)]

    def write(self, first: int, number: int) -> list[tuple[str, str]]:
        told = self.run("-m", "tests.chaos.story", str(first), str(number))
        return [(recipient, piece) for recipient, piece in json.loads(told)]

    @property
    def redis(self) -> Redis | None:
        return self.servers.redis
