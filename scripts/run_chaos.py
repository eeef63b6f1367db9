"""`make chaos`: the delivery of mail under faults, and a control that must fail (tests/chaos).

Two stacks, five seeds each, some thirty minutes. `make chaos SEED=7 STACK=postgres` repeats one run; `make audit` makes
the short form. PostgreSQL is a throw-away cluster, Redis a process on a free port.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "benchmarks" / "chaos.json"
STACKS = ("sqlite", "postgres")
SEEDS = "1,2,3,4,5"
SHORT_SEED = "7"
CI = os.environ.get("CI") == "true"
Reports = list[dict[str, Any]]


def run(stack: str, way: str, seeds: str) -> Reports:
    """The reports of one stack; ends everything when a run could not be made at all."""
    with tempfile.TemporaryDirectory(prefix="prm-chaos-") as folder:
        reports = Path(folder) / "reports.json"
        command = [sys.executable, "-m", "tests.chaos.run", stack, way, seeds, str(reports)]
        if stack == "postgres":  # `|| true`: pg_virtualenv pours out the server's log when its command fails
            inside = ["sh", "-c", '"$@" || true', "sh", *command]
            command = ["pg_virtualenv", "-t", "-o", "fsync=off", "-o", "max_connections=200", *inside]
        subprocess.run(command, cwd=ROOT, check=False)
        if not reports.exists():
            sys.exit(f"The run on {stack} broke off; its words stand above.")
        found: Reports = json.loads(reports.read_text(encoding="utf-8"))
        return found


def broken(stack: str, reports: Reports) -> list[str]:
    return [f"{stack}, seed {one['seed']}: {words}" for one in reports for words in one["complaints"]]


def stacks(wanted: str = "") -> list[str]:
    """Those that can be tried here; in CI nothing may be left out."""
    found = [wanted] if wanted else list(STACKS)
    missing = [name for name in ("pg_virtualenv", "redis-server") if shutil.which(name) is None]
    if missing and "postgres" in found:
        print(f"SKIPPED: PostgreSQL + Redis, because {', '.join(missing)} is missing (make system).")
        if CI:
            sys.exit(1)
        found.remove("postgres")
    return found


def short() -> list[str]:
    """For `make audit`: what was broken in the short form, with its fixed seed."""
    return [words for stack in stacks() for words in broken(stack, run(stack, "short", SHORT_SEED))]


def keep(stack: str, long: Reports, control: Reports) -> None:
    """The whole of one stack beside what is known of the other."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    kept[stack] = {
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "long": long,
        "control": control,
    }
    KEPT.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def whole(stack: str) -> list[str]:
    """All seeds, and the control that must break the promise; kept when both went as they must."""
    long = run(stack, "long", SEEDS)
    print(f"{stack}: the control, without the sweep, must break the promise:", flush=True)
    control = run(stack, "control", SHORT_SEED)
    problems = broken(stack, long)
    if not broken(stack, control):
        problems.append(f"{stack}: the control kept the promise, so this suite proves nothing")
    if not problems:
        keep(stack, long, control)
    return problems


def main() -> int:
    seeds, wanted = os.environ.get("SEED", ""), os.environ.get("STACK", "")
    problems = []
    for stack in stacks(wanted):
        problems += broken(stack, run(stack, "long", seeds)) if seeds else whole(stack)
    print("\n".join(problems) or "The promise was kept.")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
