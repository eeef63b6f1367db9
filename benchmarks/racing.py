"""Senders side by side: the same mails to the same relay, one after another in each round, timed alike.

The clock runs from the word "go" until the relay has taken the last mail. Mails lie ready before, workers are up and
have sent a few already. What each sent is counted by the relay, and where it keeps a book, by its book.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import monotonic

from benchmarks import relays
from benchmarks.counting import Miscount, expect

ROOT = Path(__file__).resolve().parent.parent
WARM_UP = 20  # mails
PATIENCE = 300  # seconds

Rates = dict[str, list[float]]  # name -> mails per second, one for each round


@dataclass(frozen=True)
class Entry:
    """One contestant: `module` of benchmarks.peers, how many mails it gets, and what it is told beside."""

    name: str
    words: str
    module: str
    mails: int
    options: dict[str, str] = field(default_factory=dict)


class Runner:
    """A contestant's process."""

    def __init__(self, entry: Entry, environment: dict[str, str], folder: Path) -> None:
        self.entry, self.log = entry, folder / "log"
        pipe = subprocess.PIPE
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.peers", entry.module],
                cwd=ROOT,
                env=environment | entry.options | {"RACE_FOLDER": str(folder)},
                stdin=pipe,
                stdout=pipe,
                stderr=log,
                text=True,
                start_new_session=True,  # whatever it starts ends with it
            )

    def tell(self, words: str) -> None:
        if self.process.stdin:
            self.process.stdin.write(f"{words}\n")
            self.process.stdin.flush()

    def hear(self, words: str) -> None:
        found = self.process.stdout.readline().strip() if self.process.stdout else ""
        if found != words:
            raise Miscount(
                f"{self.entry.name} said {found!r} and not {words!r}:\n{self.log.read_text()[-3000:]}"
            )

    def lap(self, mails: int, relay: relays.Relay) -> float:
        """Seconds for so many mails."""
        self.tell(f"lap {mails}")
        self.hear("ready")
        expect(relay.count()[:2], (0, 0), f"{self.entry.name}: mails before anybody said go")
        began = monotonic()
        self.tell("go")
        try:
            relay.wait(mails, PATIENCE)
        except Miscount as error:
            raise Miscount(f"{self.entry.name}: {error}\n{self.log.read_text()[-3000:]}") from error
        self.tell("taken")
        self.hear("checked")
        came = relay.count()
        expect(came[:2], (mails, mails), f"{self.entry.name}: mails that arrived, different ones")
        return came.last - began

    def end(self) -> None:
        """End it, and its group with it: a worker's processes too."""
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@contextmanager
def _ready(entry: Entry, environment: dict[str, str], folder: Path) -> Iterator[Runner]:
    own = folder / entry.name
    own.mkdir(parents=True)
    runner = Runner(entry, environment, own)
    try:
        yield runner
    finally:
        runner.end()


def race(
    entries: Sequence[Entry],
    environments: dict[str, dict[str, str]],
    relay: relays.Relay,
    folder: Path,
    rounds: int,
) -> Rates:
    """Each entry once in each round, beginning with another one each time. `environments` by the entries' names."""
    rates: Rates = {entry.name: [] for entry in entries}
    with ExitStack() as stack:
        runners = [stack.enter_context(_ready(entry, environments[entry.name], folder)) for entry in entries]
        for runner in runners:
            runner.lap(min(WARM_UP, runner.entry.mails), relay)
        for number in range(rounds):
            for runner in runners[number % len(runners) :] + runners[: number % len(runners)]:
                mails = runner.entry.mails
                rates[runner.entry.name].append(round(mails / runner.lap(mails, relay), 2))
    return rates


def middles(rates: Rates) -> dict[str, float]:
    return {name: median(found) for name, found in rates.items()}
