"""What may befall an installation. Each fault ends with everything running again; none waits for quiet."""

import os
import random
import signal
import time
from collections.abc import Callable

from tests.chaos.world import BEATS, LEASE, WORKERS, World
from tests.tasks.stack import lose_the_broker

Fault = Callable[[World, random.Random], None]


def worker_killed(world: World, dice: random.Random) -> None:
    """`kill -9` of a whole worker: parent and children at once, as when a machine loses its power."""
    name = dice.choice(WORKERS)
    struck = world.freeze(name)  # for a moment, to see what it has in hand
    process = world.processes.pop(name)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    world.struck += struck
    world.note(f"{name} was killed with {len(struck)} connections open")
    time.sleep(dice.uniform(0, 2))
    world.start_again(name)


def worker_stopped(world: World, dice: random.Random) -> None:
    """SIGSTOP past the lease, then SIGCONT: it goes on in the middle of what others did meanwhile."""
    name = dice.choice(WORKERS)
    struck = world.freeze(name)
    world.note(f"{name} was stopped with {len(struck)} connections open")
    if world.servers.nobody_can_write(world.environment["DATABASE_URL"]):
        for other in set(WORKERS) - {name}:
            struck += world.freeze(other)
            world.thaw(other)
        world.note("it holds SQLite's only pen: the other worker stands still with it")
    time.sleep(LEASE + 3)
    world.struck += struck
    world.thaw(name)
    world.note(f"{name} goes on")


def beats_away(world: World, dice: random.Random) -> None:
    """No clock for a while: what is under way ends, and nothing new begins."""
    for name in BEATS:
        world.kill(name)
    world.note("both beats are gone")
    until = time.monotonic() + dice.uniform(6, 12)
    while time.monotonic() < until:
        time.sleep(0.2)
    for name in BEATS:
        world.start_again(name)
    world.note("both beats are back")


def broker_forgets(world: World, _dice: random.Random) -> None:
    """Redis FLUSHALL; or the folder of the filesystem broker is deleted."""
    if world.redis:
        world.redis.forget()
    else:
        lose_the_broker(world)
    world.note("the broker has forgotten everything")


def redis_restarted(world: World, dice: random.Random) -> None:
    """Redis is killed, away for a moment, and comes back empty."""
    assert world.redis
    world.redis.kill()
    time.sleep(dice.uniform(0.5, 4))
    world.redis.start()
    world.note("Redis was restarted")


def postgres_restarted(world: World, _dice: random.Random) -> None:
    world.servers.restart_postgres(signal.SIGINT)
    world.note("PostgreSQL was restarted")


def postgres_crashed(world: World, _dice: random.Random) -> None:
    world.servers.restart_postgres(signal.SIGQUIT)
    world.note("PostgreSQL crashed and came back")


def script(world: World, dice: random.Random, *, short: bool) -> list[tuple[float, Fault]]:
    """The faults of one run in the order of its seed, each with the part of all mails after which it strikes."""
    faults: list[Fault] = [worker_killed, worker_stopped, beats_away, broker_forgets]
    if not short:
        faults += [worker_killed, worker_killed, broker_forgets]
    if world.redis:
        faults += [redis_restarted, redis_restarted, postgres_restarted]
        if not short:
            faults += [postgres_crashed, redis_restarted]
    dice.shuffle(faults)
    return [
        (0.05 + 0.8 * (number + dice.random()) / len(faults), fault) for number, fault in enumerate(faults)
    ]
