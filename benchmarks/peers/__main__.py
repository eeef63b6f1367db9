"""`python -m benchmarks.peers NAME`: one contestant, told by lines what to do.

`lap N`: have N mails ready to go, and answer `ready`. `go`: send them. `taken`: the relay has them all; look whether
one's own book says so too, and answer `checked`. It ends with the one who tells it.
"""

import select
import sys
from importlib import import_module

import django


def said(seconds: float | None = None) -> str:
    """The next line, or nothing when there is none yet after so many seconds."""
    if seconds is not None and not select.select([sys.stdin], [], [], seconds)[0]:
        return ""
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)
    return line.strip()


def answer(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def expected(line: str) -> None:
    if (found := said()) != line:
        sys.exit(f"{found!r} instead of {line!r}")


def main(name: str) -> None:
    """Serve laps until nobody wants more."""
    django.setup()
    with import_module(f"benchmarks.peers.{name}").contestant() as one:
        while True:
            mails = int(said().removeprefix("lap "))
            one.prepare(mails)
            answer("ready")
            expected("go")
            told = one.go(lambda seconds: said(seconds) == "taken")
            if not told:
                expected("taken")
            one.check(mails)
            answer("checked")


if __name__ == "__main__":
    main(sys.argv[1])
