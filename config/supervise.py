"""`make run`: web, worker and beat as children of one process: `python -m config.supervise`.

A child that ends is started again, after a pause that grows to ten seconds. SIGTERM or SIGINT stops all of them.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import IO

from config import settings
from config.environment import stop

LONGEST_PAUSE = 10.0
STEADY_AFTER = 30.0  # a child that lived this long starts anew with the shortest pause
PATIENCE = 25.0  # longer than one stretch of sending, see tasks/deliver.py
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
FIRST_SIGN_IN = settings.DATA_DIR / "first-sign-in.txt"
CELERY = [sys.executable, "-m", "celery", "--quiet", "-A", "config"]
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
COMMANDS = {
    "web": [sys.executable, "-m", "gunicorn"],
    "worker": [*CELERY, "worker", "-c", "2", *QUIET, "-l", "WARNING"],
    "beat": [*CELERY, "beat", "--pidfile", "", "-l", "WARNING"],
}


def say(name: str, line: str) -> None:
    print(f"{name:<7}| {line}", flush=True)


def relay(name: str, stream: IO[str] | None) -> None:
    for line in stream or ():
        say(name, line.rstrip())


@dataclass
class Child:
    """One process in a group of its own, its output passed on line by line."""

    name: str
    command: list[str]
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    start_at: float = 0.0
    pause: float = field(default=0.5)

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        threading.Thread(target=relay, args=(self.name, self.process.stdout), daemon=True).start()

    def keep_alive(self) -> None:
        """Notice an end, and start again when its pause is over."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            self.end_group()
            if now - self.started > STEADY_AFTER:
                self.pause = 0.5
            say(
                "prm",
                f"{self.name} ended with status {self.process.returncode}; starting again in {self.pause:g} s",
            )
            self.start_at, self.pause, self.process = (
                now + self.pause,
                min(self.pause * 2, LONGEST_PAUSE),
                None,
            )
        if self.process is None and now >= self.start_at:
            self.start()

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end_group(self) -> None:
        """Leave nothing behind: workers of a killed parent go on running otherwise."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return


def refuse_taken_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", settings.PORT))
        except OSError as problem:
            stop(
                "PORT",
                f"{settings.PORT} cannot be used: {problem.strerror}. Try: make run PORT={settings.PORT + 1}",
            )


def prepare() -> None:
    """Bring database, cache table and static files up to date; on the first start also the demo and a sign-in."""
    for command in (
        ["migrate", "--verbosity", "0"],
        ["createcachetable", "-v", "0"],
        ["collectstatic", "--noinput", "-v", "0"],
    ):
        manage(*command)
    if not FIRST_SIGN_IN.exists():
        say("prm", "first start: writing the demo data (this takes a moment)")
        manage("demo", "--if-empty")
        manage("first_user")


def manage(*command: str) -> None:
    status = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, check=False
    ).returncode
    if status:
        stop(f"manage.py {command[0]}", f"ended with status {status}; see the lines above.")


def run(children: list[Child]) -> None:
    """Keep all children alive until a signal arrives."""
    ended = threading.Event()
    for number in SIGNALS:
        signal.signal(number, lambda *_: ended.set())
    try:
        greeted = False
        while not ended.wait(0.2):
            for child in children:
                child.keep_alive()
            if not greeted and answers():
                greeted = True
                say(
                    "prm", f"open {settings.SITE_URL} (the first sign-in is in {FIRST_SIGN_IN}); Ctrl-C stops"
                )
    finally:
        say("prm", "stopping")
        end(children)


def answers() -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", settings.PORT)) == 0


def end(children: list[Child]) -> None:
    """Ask all, wait for all, end those that do not listen."""
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        if child.process is not None:
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                say("prm", f"{child.name} did not stop in {PATIENCE:g} s and is ended")
        child.end_group()


def main() -> None:
    for number in SIGNALS:  # until the children run, a signal ends the preparing command too
        signal.signal(number, lambda *_: sys.exit(1))
    refuse_taken_port()
    prepare()
    run([Child(name, command) for name, command in COMMANDS.items()])
    say("prm", "stopped")


if __name__ == "__main__":
    main()
