"""`make bench`: every benchmark on PostgreSQL and on SQLite, each in a process and a fresh database of its own.

PostgreSQL is a throw-away cluster that waits for its disk, as a real one does. A full run writes its figures to
benchmarks/results.json and into the table of benchmarks/README.md; `--small` tries everything and writes nothing.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import bench_peers
import django
from bench_house import BENCHMARKS, KEPT, ROOT, Database, PostgreSQL, SQLite, begin, measured

MARKS = ("<!-- figures: written by make bench -->", "<!-- end of figures -->")
MARKS_BESIDE = ("<!-- beside peers: written by make bench -->", "<!-- end of beside peers -->")
PARTS = ("tables", "delivering", "memory")
MEMORY, MEMORY_SMALL = 50_000, 100  # mails
PROFILE, PROFILE_SMALL = 1_000, 20

# name, size, size with --small, how often (the median of each figure counts)
RUNS = (
    ("importing", 1_000, 50, 1),
    ("replanning", 1_000, 50, 3),
    ("replanning", 10_000, 500, 1),
    ("claiming", 10_000, 2_500, 1),
    ("claiming", 1_000_000, 20_000, 1),
    ("delivering", 2_000, 50, 1),
)
Figures = dict[str, Any]
Results = dict[str, list[Figures]]  # benchmark -> its sizes, smallest first


def measure(database: Database, small: bool) -> Results:
    """The benchmarks of RUNS on one kind of database, one after another."""
    results: Results = {}
    for name, full, little, repeats in RUNS:
        size = little if small else full
        parts = []
        for _ in range(repeats):
            told = measured(database, name, size)
            parts.append(json.loads(told))
        figures = {key: middle([part[key] for part in parts]) for key in parts[0]}
        results.setdefault(name, []).append(figures)
        print(f"{database.name}: {name} {size:,}: {told.strip()}", flush=True)
    return results


def middle(values: list[Any]) -> Any:
    return median(values) if isinstance(values[0], int | float) else values[0]


def ratio(results: Results, name: str, figure: str) -> str:
    """How many times the figure of the smallest size the one of the largest is."""
    sizes = results[name]
    return f"{sizes[-1][figure] / sizes[0][figure]:.1f} ×"


def lines(example: Results) -> list[tuple[str, Callable[[Results], str]]]:
    """The table's lines: their words and how to read each from the results of one database."""
    rows, mails = example["importing"][0]["rows"], example["delivering"][0]["messages"]
    few, many = (part["organizations"] for part in example["replanning"])
    short, long = (part["rows"] for part in example["claiming"])
    claimed = example["claiming"][0]["claimed"]
    found: list[tuple[str, Callable[[Results], str]]] = [
        (f"import {rows:,} new partners, rows/s", lambda r: f"{r['importing'][0]['new_per_second']:,.0f}"),
        ("import the same file again, rows/s", lambda r: f"{r['importing'][0]['again_per_second']:,.0f}"),
    ]
    for words, figure in (("first plan", "first_seconds"), ("plan of the next day", "next_day_seconds")):
        for place, size in enumerate((few, many)):
            found.append((f"{words}, {size:,} organizations, s", told("replanning", place, figure, ".2f")))
        found.append((f"{words}, {many:,} to {few:,}", lambda r, f=figure: ratio(r, "replanning", f)))
    for place, size in enumerate((short, long)):
        found.append(
            (f"claim {claimed} among {size:,} rows, ms", told("claiming", place, "median_ms", ".1f"))
        )
    found.append((f"claim, {long:,} to {short:,} rows", lambda r: ratio(r, "claiming", "median_ms")))
    late = example["claiming"][1]["backlog"]
    found.append(
        (
            f"claim {claimed} among {long:,} rows, {late:,} more of them due, ms",
            told("claiming", 1, "backlog_median_ms", ".1f"),
        )
    )
    ways = (
        ("raw", "smtplib alone"),
        ("drain", "PRM's `drain`"),
        ("plain_send", "Django's `send`, a connection each"),
    )
    for key, words in ways:
        found.append(
            (f"deliver {mails:,}: {words}, messages/s", told("delivering", 0, f"{key}_per_second", ",.0f"))
        )
    found.append(("deliver: `drain` to smtplib alone", lambda r: f"{r['delivering'][0]['drain_to_raw']:.0%}"))
    return found


def told(name: str, place: int, figure: str, form: str) -> Callable[[Results], str]:
    return lambda results: format(results[name][place][figure], form)


def table(results: dict[str, Results]) -> str:
    """All figures as a Markdown table, one column for each database."""
    head = ["", *results]
    body = [[words, *map(read, results.values())] for words, read in lines(next(iter(results.values())))]
    rows = [head, ["---", *["---:"] * len(results)], *body]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def caption(about: Figures) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in about["databases"].items())
    return (
        f"{about['measured_at']}, {about['cpus']} cores, load {about['load_before']} before and "
        f"{about['load_after']} after, Python {about['python']}, Django {about['django']}, {versions}:"
    )


def beside(kept: Figures) -> str:
    """The second table of the README: this product beside its peers, and the memory of a worker."""
    words = []
    if races := kept.get("delivering"):
        words += [caption(races), bench_peers.table(races["races"])]
    if memory := kept.get("memory"):
        words += [caption(memory), bench_peers.memory_words(memory)]
    return "\n\n".join(words)


def put(marks: tuple[str, str], words: str) -> None:
    """Renew what stands in the README between two marks."""
    readme = BENCHMARKS / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(marks[0])
    after = rest.partition(marks[1])[2]
    readme.write_text(f"{before}{marks[0]}\n{words}\n{marks[1]}{after}", encoding="utf-8")


def store(found: Figures) -> None:
    """Keep what a full run found: the figures as JSON, the tables in the README. What was not measured stays."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) | found
    KEPT.write_text(f"{json.dumps(kept, indent=1, ensure_ascii=False)}\n", encoding="utf-8")
    if "results" in found:
        put(MARKS, f"{caption(kept)}\n\n{table(kept['results'])}")
    put(MARKS_BESIDE, beside(kept))


def begun() -> Figures:
    return {
        "measured_at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "cpus": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "django": django.get_version(),
    }


def ended(databases: list[Database]) -> Figures:
    return {
        "load_after": round(os.getloadavg()[0], 1),
        "databases": {database.name: database.version for database in databases},
    }


def measure_parts(databases: list[Database], parts: list[str], small: bool) -> Figures:
    """What each part found, with when and on what it was measured."""
    found: Figures = {}
    if "tables" in parts:
        about = begun()
        results = {database.name: measure(database, small) for database in databases}
        found |= about | ended(databases) | {"results": results}
        print(f"\n{table(results)}", flush=True)
    if "delivering" in parts:
        about = begun()
        races: Figures = {}
        for database in databases:
            races |= bench_peers.measure(database, small)
        versions = {"versions": bench_peers.versions()}
        found["delivering"] = about | ended(databases) | versions | {"races": races}
        print(f"\n{bench_peers.table(races)}", flush=True)
    if "memory" in parts:
        about = begun()
        told = json.loads(measured(databases[0], "memory", MEMORY_SMALL if small else MEMORY))
        found["memory"] = about | ended(databases[:1]) | told
        print(f"\n{bench_peers.memory_words(told)}", flush=True)
    return found


def write_profile(database: Database, small: bool) -> None:
    told = json.loads(measured(database, "profiling", PROFILE_SMALL if small else PROFILE))["text"]
    words = f"{caption(begun() | ended([database]))}\n\n{told}"
    print(words)
    if not small:
        (BENCHMARKS / "profile.txt").write_text(f"{words}\n", encoding="utf-8")


def with_postgresql(arguments: list[str]) -> int:
    """The same once more inside a throw-away cluster; `fsync=on` because pg_virtualenv turns it off."""
    inside = [sys.executable, __file__, "--inside", *arguments]
    return subprocess.run(
        ["pg_virtualenv", "-t", "-o", "fsync=on", *inside], cwd=ROOT, check=False
    ).returncode


def asked_for() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="tiny sizes: does everything run?")
    parser.add_argument("--only", choices=PARTS, help="one part; the figures of the others stay")
    parser.add_argument(
        "--profile", action="store_true", help="where the time of one drain goes, and nothing else"
    )
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> int:
    asked = asked_for()
    have = shutil.which("pg_virtualenv") is not None
    if have and not asked.inside:
        return with_postgresql(sys.argv[1:])
    if not have:
        print("SKIPPED: PostgreSQL, because pg_virtualenv is missing (`make system`).", flush=True)
    with tempfile.TemporaryDirectory(prefix="prm-bench-") as folder:
        databases: list[Database] = [
            kind(Path(folder)) for kind in ([PostgreSQL, SQLite] if have else [SQLite])
        ]
        for database in databases:
            begin(database)
        if asked.profile:
            write_profile(databases[0], asked.small)
            return 0
        found = measure_parts(databases, [asked.only] if asked.only else list(PARTS), asked.small)
    if not asked.small:
        store(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
