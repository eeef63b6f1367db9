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


def main() -> int:
    seeds, wanted = os.environ.get("SEED", ""), os.environ.get("STACK", "")
    long, control, problems = {}, {}, []
    for stack in stacks(wanted):
        long[stack] = run(stack, "long", seeds or SEEDS)
        problems += broken(stack, long[stack])
        if not seeds:
            print(f"{stack}: the control, without the sweep, must break the promise:", flush=True)
            control[stack] = run(stack, "control", SHORT_SEED)
            if not broken(stack, control[stack]):
                problems.append(f"{stack}: the control kept the promise, so this suite proves nothing")
    print("\n".join(problems) or "The promise was kept, and the control broke it as it must.")
    if not problems and not seeds and not wanted:
        about = {
            "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
            "cores": os.cpu_count(),
            "python": platform.python_version(),
        }
        kept = json.dumps(about | {"long": long, "control": control}, indent=1)
        KEPT.write_text(f"{kept}\n", encoding="utf-8")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
