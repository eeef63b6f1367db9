"""One stack, several seeds: `python -m tests.chaos.run sqlite|postgres long|short|control 1,2,3 REPORTS`.

Prints what happened and leaves a JSON list of reports in the file REPORTS. For postgres it must run inside
pg_virtualenv; `scripts/run_chaos.py` sees to that.
"""

import argparse
import json
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.chaos import faults, verdict
from tests.chaos.servers import Redis, Servers
from tests.chaos.sink import Sink
from tests.chaos.verdict import Evidence, Row
from tests.chaos.world import World, settings
from tests.tasks.stack import ROOT

LATER = 10  # partners who come in when all is quiet
Report = dict[str, Any]


@dataclass(frozen=True)
class Way:
    """How a run is made. `partners`: three mails each. `patience`: seconds that the relay takes over each mail.

    `still`: after so many seconds without any change the run is over, however it stands. `clock`: the module with the
    Celery application; the control's has no sweep, so its workers are woken when something was written, and then only.
    """

    partners: int
    patience: float
    short: bool = False
    still: float = 60.0
    clock: str = "tests.chaos.clockwork"

    @property
    def sweeps(self) -> bool:
        return self.clock == "tests.chaos.clockwork"


LONG, SHORT = Way(700, 0.05), Way(70, 0.15, short=True)
CONTROL = replace(SHORT, still=25.0, clock="tests.chaos.without_sweep")
WAYS = {"long": LONG, "short": SHORT, "control": CONTROL}


def wait(world: World, over: Callable[[], bool], still: float) -> bool:
    """Wait as long as anything goes on; True when `over`, False when nothing has changed for `still` seconds."""
    last, since = world.progress(), time.monotonic()
    while not over():
        time.sleep(0.25)
        now = world.progress()
        if now != last:
            last, since = now, time.monotonic()
        if time.monotonic() - since > still:
            return False
    return True


def story(world: World, seed: int, expected: list[tuple[str, str]], way: Way) -> None:
    """Everything is due at once; the faults strike as the mails go; then a worker sits idle through a restart."""
    dice = random.Random(seed)
    world.begin()
    wake(world, way)
    for part, fault in faults.script(world, dice, short=way.short):
        wait(world, lambda part=part: len(world.sink.book.taken) >= part * len(expected), way.still / 3)  # type: ignore[misc]
        fault(world, dice)
    finish(world, expected, way)
    (faults.redis_restarted if world.redis else faults.broker_forgets)(world, dice)
    time.sleep(2)
    expected += world.write(len(expected) // 3, LATER)
    world.note("more partners came in after the workers had been idle")
    wake(world, way)
    finish(world, expected, way)


def wake(world: World, way: Way) -> None:
    """Without a sweep somebody must say that there is work: as often as is needed when nothing goes wrong."""
    if not way.sweeps:
        wait(world, world.is_planned, way.still)
        world.run("-m", "tests.chaos.wake", "12")


def finish(world: World, expected: list[tuple[str, str]], way: Way) -> None:
    done = wait(world, lambda: world.is_quiet(len(expected)), way.still)
    world.note("all is quiet" if done else f"nothing has moved for {way.still:g} s")


def evidence(world: World, expected: list[tuple[str, str]]) -> Evidence:
    asked = json.loads(world.run("-m", "tests.chaos.asked"))
    queue = json.loads(world.run("manage.py", "queue", "--json"))
    book = world.sink.book
    return Evidence(
        expected=frozenset(expected),
        taken=tuple(book.taken),
        refused=dict(book.refused),
        struck=tuple(world.struck),
        rows=tuple(Row(*one[:4]) for one in asked),
        keys={one[0]: one[4] for one in asked},
        messages=queue["messages"],
        expired_leases=queue["expired_leases"],
    )


def report(world: World, seed: int, found: Evidence) -> Report:
    held = verdict.complaints(found)
    return {
        "seed": seed,
        "messages": len(found.rows),
        "taken": len(found.taken),
        "not_acknowledged": sum(not one.acknowledged for one in found.taken),
        "extra_copies": verdict.extra_copies(found.taken),
        "extra_copies_allowed": len(found.struck) + sum(not one.acknowledged for one in found.taken),
        "refused_for_good": sum(bool(found.words_for(row)) for row in found.rows),
        "moods": dict(sorted(world.sink.book.moods.items())),
        "faults": [line.strip() for line in world.told],
        "seconds": round(time.monotonic() - world.began, 1),
        "complaints": held,
    }


def one_run(servers: Servers, template: Path, seed: int, way: Way, expected: list[tuple[str, str]]) -> Report:
    with tempfile.TemporaryDirectory(prefix="prm-chaos-") as name:
        folder = Path(name)
        servers.make_database("prm_chaos", folder, like=template)
        sink = Sink(seed, way.patience)
        world = World(settings(folder, servers.address(folder, "prm_chaos"), sink.port), sink, folder)
        world.servers, world.clock = servers, way.clock
        if servers.redis:
            servers.redis.forget()
            world.environment |= {
                "CELERY_BROKER_URL": f"{servers.redis.url}/0",
                "CACHE_URL": f"{servers.redis.url}/1",
            }
        try:
            story(world, seed, expected, way)
            found = report(world, seed, evidence(world, expected))
        finally:
            world.end()
            sink.close()
        keep_logs(world, seed)
        return found


def keep_logs(world: World, seed: int) -> None:
    """What the processes said is of use to whoever looks for the reason; nothing of it is committed."""
    kept = ROOT / "var" / "chaos" / f"{'postgres' if world.redis else 'sqlite'}-{seed}"
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    for log in world.folder.glob("*.log"):
        shutil.copy(log, kept)


def prepare(servers: Servers, folder: Path, way: Way) -> list[tuple[str, str]]:
    """A database with all tables and all facts, from which each run gets a copy."""
    servers.make_database(folder.name, folder)
    told = settings(folder, servers.address(folder, folder.name), 25)
    world = World(told, None, folder)  # type: ignore[arg-type]
    world.run("manage.py", "migrate", "-v", "0")
    world.run("manage.py", "createcachetable", "-v", "0")
    return world.write(0, way.partners)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("stack", choices=("sqlite", "postgres"))
    asked.add_argument("way", choices=WAYS)
    asked.add_argument("seeds")
    asked.add_argument("reports", type=Path)
    given = asked.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing of ours goes on alone
    way, reports = WAYS[given.way], []
    with tempfile.TemporaryDirectory(prefix="prm_chaos_facts_", dir="/tmp") as name:
        folder = Path(name)
        servers = Servers(Redis(folder) if given.stack == "postgres" else None)
        try:
            expected = prepare(servers, folder, way)
            for seed in map(int, given.seeds.split(",")):
                print(f"{given.stack}, {given.way}, seed {seed}: {len(expected)} mails are due", flush=True)
                reports.append(one_run(servers, folder, seed, way, list(expected)))
                print_report(reports[-1])
        finally:
            if servers.redis:
                servers.redis.kill()
    given.reports.write_text(json.dumps(reports), encoding="utf-8")
    return 0


def print_report(one: Report) -> None:
    print(
        f"  {one['messages']} messages, {one['taken']} taken, {one['extra_copies']} extra copies"
        f" of at most {one['extra_copies_allowed']}, {one['refused_for_good']} refused for good, {one['seconds']:g} s"
    )
    for complaint in one["complaints"]:
        print(f"  BROKEN: {complaint}")
    print(f"  {'the promise was broken' if one['complaints'] else 'the promise was kept'}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
