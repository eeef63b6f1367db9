"""One stack, several seeds: `python -m tests.chaos.run sqlite|postgres --seeds 1,2 [--short] [--control]`.

Prints what happened, and as its last line a JSON list of reports. For postgres it wants to be run inside pg_virtualenv;
`scripts/run_chaos.py` sees to that.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.chaos import faults, verdict
from tests.chaos.servers import Redis, Servers
from tests.chaos.sink import Sink
from tests.chaos.verdict import Evidence, Row
from tests.chaos.world import World, settings
from tests.tasks.stack import ROOT

STILL = 60.0  # seconds without any change: the run is over, however it stands
LATER = 10  # partners who come in when all is quiet
Report = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """`partners`: three mails each. `patience`: seconds that the relay takes over each mail."""

    partners: int
    patience: float


LONG, SHORT = Size(700, 0.05), Size(90, 0.15)


def wait(world: World, over: Callable[[], bool], still: float = STILL) -> bool:
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


def story(world: World, seed: int, expected: list[tuple[str, str]], *, short: bool) -> None:
    """Everything is due at once; the faults strike as the mails go; then a worker sits idle through a restart."""
    dice = random.Random(seed)
    world.begin()
    for part, fault in faults.script(world, dice, short=short):
        wait(world, lambda part=part: len(world.sink.book.taken) >= part * len(expected), still=20)
        fault(world, dice)
    wait(world, lambda: world.is_quiet(len(expected)))
    world.note("all is quiet")
    (faults.redis_restarted if world.redis else faults.broker_forgets)(world, dice)
    time.sleep(2)
    expected += world.write(len(expected) // 3, LATER)
    world.note("more partners came in after the workers had been idle")
    wait(world, lambda: world.is_quiet(len(expected)))


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


def one_run(
    servers: Servers, template: Path, seed: int, size: Size, expected: list[tuple[str, str]]
) -> Report:
    with tempfile.TemporaryDirectory(prefix="prm-chaos-") as name:
        folder = Path(name)
        servers.make_database("prm_chaos", folder, like=template)
        sink = Sink(seed, size.patience)
        world = World(settings(folder, servers.address(folder, "prm_chaos"), sink.port), sink, folder)
        world.servers = servers
        if servers.redis:
            servers.redis.forget()
            world.environment |= {
                "CELERY_BROKER_URL": f"{servers.redis.url}/0",
                "CACHE_URL": f"{servers.redis.url}/1",
            }
        try:
            story(world, seed, expected, short=size is SHORT)
            found = report(world, seed, evidence(world, expected))
        finally:
            world.end()
            sink.close()
        if found["complaints"]:
            keep_logs(world, seed)
        return found


def keep_logs(world: World, seed: int) -> None:
    kept = ROOT / "var" / "chaos" / f"{'postgres' if world.redis else 'sqlite'}-{seed}"
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    for log in world.folder.glob("*.log"):
        shutil.copy(log, kept)
    print(f"  what the processes said: {kept}", flush=True)


def prepare(servers: Servers, folder: Path, size: Size) -> list[tuple[str, str]]:
    """A database with all tables and all facts, from which each run gets a copy."""
    servers.make_database(folder.name, folder)
    told = settings(folder, servers.address(folder, folder.name), 25)
    world = World(told, None, folder)  # type: ignore[arg-type]
    world.run("manage.py", "migrate", "-v", "0")
    world.run("manage.py", "createcachetable", "-v", "0")
    return world.write(0, size.partners)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("stack", choices=("sqlite", "postgres"))
    asked.add_argument("--seeds", default="1")
    asked.add_argument("--short", action="store_true")
    given = asked.parse_args()
    size, reports = SHORT if given.short else LONG, []
    with tempfile.TemporaryDirectory(prefix="prm_chaos_facts_", dir="/tmp") as name:
        folder = Path(name)
        servers = Servers(Redis(folder) if given.stack == "postgres" else None)
        try:
            expected = prepare(servers, folder, size)
            for seed in map(int, given.seeds.split(",")):
                print(f"{given.stack}, seed {seed}: {len(expected)} mails are due", flush=True)
                reports.append(one_run(servers, folder, seed, size, list(expected)))
                print(json.dumps(reports[-1] | {"faults": []}), flush=True)
        finally:
            if servers.redis:
                servers.redis.kill()
    print(json.dumps(reports))
    return int(any(one["complaints"] for one in reports))


if __name__ == "__main__":
    sys.exit(main())
