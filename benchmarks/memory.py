"""Whether a worker that sends and sends grows: what one process holds after each portion of mails.

`python -m benchmarks.memory` is that process: at each line it drains the outbox, and says how much it holds.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parent.parent
PORTIONS = 10


def resident() -> int:
    """Kilobytes of the machine's memory that this process holds."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


def measure(messages: int) -> dict[str, Any]:
    """Write a portion, have it sent, ask; ten times. Raises Miscount unless each mail came once."""
    from benchmarks import relays  # noqa: PLC0415 - the process that sends needs none of it
    from benchmarks.counting import expect  # noqa: PLC0415
    from benchmarks.mails import NOW, draft  # noqa: PLC0415
    from prm.outbox import actions  # noqa: PLC0415

    portion, held = messages // PORTIONS, []
    with relays.running() as relay:
        environment = os.environ | {"EMAIL_URL": f"smtp://127.0.0.1:{relay.port}"}
        pipe = subprocess.PIPE
        command = [sys.executable, "-m", "benchmarks.memory"]
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True
        ) as sender:
            for number in range(PORTIONS):
                numbers = range(number * portion, (number + 1) * portion)
                actions.write(map(draft, numbers), now=NOW)
                told, _ = _ask(sender), relay.wait(portion, 10)
                held.append(round(told / 1024, 2))
                expect(relay.count()[:2], (portion, portion), "mails that arrived, different ones")
            if sender.stdin:
                sender.stdin.close()
    growth = (held[-1] / held[0] - 1) * 100
    return {"messages": messages, "resident_mb": held, "growth_percent": round(growth, 2)}


def _ask(sender: subprocess.Popen[str]) -> int:
    if sender.stdin is None or sender.stdout is None:
        raise ValueError("a sender without pipes")
    sender.stdin.write("drain\n")
    sender.stdin.flush()
    return int(sender.stdout.readline())


def _serve() -> None:
    """Drain at each line, as a worker does at each wake-up; say what is held then."""
    from benchmarks.delivering import send_from_outbox  # noqa: PLC0415 - Django must be set up first

    for _ in sys.stdin:
        send_from_outbox()
        sys.stdout.write(f"{resident()}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    django.setup()
    _serve()
