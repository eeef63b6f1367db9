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
README = ROOT / "benchmarks" / "README.md"
MARKS = ("<!-- chaos: written by make chaos -->", "<!-- end of chaos -->")
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
    tell(kept)


def tell(kept: dict[str, Any]) -> None:
    """Put the table of all that is kept into the README."""
    rows = [
        ["", "messages", "refused for good", "taken twice", "allowed", "minutes", "the promise"],
        ["---"] * 7,
    ]
    for stack, found in sorted(kept.items()):
        for way in ("long", "control"):
            for one in found[way]:
                figures = [one[name] for name in ("messages", "refused_for_good", "extra_copies")]
                figures += [one["extra_copies_allowed"], round(one["seconds"] / 60, 1)]
                kind = f"{stack}, seed {one['seed']}" if way == "long" else f"{stack}, control"
                rows.append([kind, *map(str, figures), outcome(one)])
    dates = ", ".join(f"{stack} {found['at']}" for stack, found in sorted(kept.items()))
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    before, _, rest = README.read_text(encoding="utf-8").partition(MARKS[0])
    told = f"{MARKS[0]}\n{dates}:\n\n{table}\n{MARKS[1]}"
    README.write_text(before + told + rest.partition(MARKS[1])[2], encoding="utf-8")


def outcome(one: dict[str, Any]) -> str:
    lost = sum(int(words.split()[0]) for words in one["complaints"] if "never accepted" in words)
    return f"broken: {lost} never sent" if lost else "broken" if one["complaints"] else "kept"


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
