"""Sinks as those who send to them see them: started, counted, and waited for."""

import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.counting import Miscount

ROOT = Path(__file__).resolve().parent.parent


class Count(NamedTuple):
    """Mails that came, different ones among them, and when the last of them came, as time.monotonic() tells it."""

    mails: int
    different: int
    last: float


class Relay:
    """A sink in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.port = int(self._hear(30))

    def _hear(self, seconds: float) -> str:
        if self.process.stdout is None or not select.select([self.process.stdout], [], [], seconds)[0]:
            raise Miscount(f"the sink said nothing within {seconds} s")
        return self.process.stdout.readline()

    def _say(self, words: str) -> None:
        if self.process.stdin:
            self.process.stdin.write(f"{words}\n")
            self.process.stdin.flush()

    def count(self) -> Count:
        """What came since the last count."""
        self._say("COUNT")
        mails, different, last = self._hear(30).split()
        return Count(int(mails), int(different), float(last))

    def wait(self, mails: int, seconds: float) -> None:
        """Return once so many came since the last count; raise Miscount when that takes too long."""
        self._say(f"WAIT {mails}")
        try:
            self._hear(seconds)
        except Miscount:
            came = self.count()
            raise Miscount(f"{came.mails} of {mails} mails came within {seconds} s") from None


@contextmanager
def running(name: str = "sink", *, delay: float = 0.0) -> Iterator[Relay]:
    """One sink: `sink` speaks SMTP, `http_sink` HTTP; each of its answers takes `delay` seconds."""
    command = [sys.executable, "-m", f"benchmarks.{name}", "--delay", str(delay)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
        try:
            yield Relay(process)
        finally:
            process.terminate()


def route(port: int) -> dict[str, Any]:
    """Settings of a process that sends to an SMTP sink."""
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": port,
        "EMAIL_USE_TLS": False,
        "EMAIL_USE_SSL": False,
        "EMAIL_HOST_USER": "",
    }
