"""`make bench`: every benchmark on PostgreSQL and on SQLite, each in a process and a fresh database of its own.

PostgreSQL is a throw-away cluster that waits for its disk, as a real one does. A full run writes its figures to
benchmarks/results.json and into the table of benchmarks/README.md; `--small` tries everything and writes nothing.
"""

import argparse
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import django

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT / "benchmarks"
MARKS = ("<!-- figures: written by make bench -->", "<!-- end of figures -->")

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


def environment(folder: Path, address: str) -> dict[str, str]:
    """The settings of an installation with nothing special, cut off from `.env`."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PRM_ENV_FILE": os.devnull,
        "PRM_DATA_DIR": str(folder),
        "SECRET_KEY": "only-for-benchmarks-" + "x" * 40,
        "DEFAULT_FROM_EMAIL": "Partner program <partners@example.org>",
        "DATABASE_URL": address,
    }


def run(arguments: list[str], folder: Path, address: str) -> str:
    """What one process of ours says. Ends the whole run when it fails: half a table helps nobody."""
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(folder, address), capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed:\n{done.stderr}")
    return done.stdout


class SQLite:
    """Databases as files; a fresh one is a copy of one that was migrated."""

    name = "SQLite"
    version = sqlite3.sqlite_version

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def address(self, name: str) -> str:
        return f"sqlite:///{self.folder / name}.sqlite3"

    def create(self, name: str, like: str = "") -> None:
        if like:
            shutil.copy(self.folder / f"{like}.sqlite3", self.folder / f"{name}.sqlite3")

    def drop(self, name: str) -> None:
        for file in self.folder.glob(f"{name}.sqlite3*"):
            file.unlink()


class PostgreSQL:
    """Databases of the throw-away cluster that pg_virtualenv has started around this process."""

    name = "PostgreSQL"

    def __init__(self, _folder: Path) -> None:
        said = ["psql", "--no-psqlrc", "-At", "-c", "SHOW server_version", "postgres"]
        self.version = subprocess.run(said, capture_output=True, text=True, check=True).stdout.split()[0]

    def address(self, name: str) -> str:
        return f"postgresql:///{name}"

    def create(self, name: str, like: str = "template1") -> None:
        subprocess.run(["createdb", "-T", like, name], check=True)

    def drop(self, name: str) -> None:
        subprocess.run(["dropdb", name], check=True)


def measure(database: SQLite | PostgreSQL, folder: Path, small: bool) -> Results:
    """All benchmarks on one kind of database, one after another."""
    database.create("prm_empty")
    run(["manage.py", "migrate", "--verbosity", "0"], folder, database.address("prm_empty"))
    results: Results = {}
    for name, full, little, repeats in RUNS:
        size = little if small else full
        parts = []
        for _ in range(repeats):
            database.create("prm_bench", like="prm_empty")
            told = run(["-m", "benchmarks", name, str(size)], folder, database.address("prm_bench"))
            parts.append(json.loads(told))
            database.drop("prm_bench")
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


def store(about: Figures, results: dict[str, Results]) -> None:
    """Keep a full run: the figures as JSON, the table in the README."""
    kept = json.dumps(about | {"results": results}, indent=1, ensure_ascii=False)
    (BENCHMARKS / "results.json").write_text(f"{kept}\n", encoding="utf-8")
    versions = ", ".join(f"{name} {version}" for name, version in about["databases"].items())
    caption = (
        f"{about['measured_at']}, {about['cpus']} cores, load {about['load_before']} before and "
        f"{about['load_after']} after, Python {about['python']}, Django {about['django']}, {versions}:"
    )
    readme = BENCHMARKS / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    figures = f"{MARKS[0]}\n{caption}\n\n{table(results)}\n{MARKS[1]}"
    readme.write_text(before + figures + after, encoding="utf-8")


def with_postgresql(arguments: list[str]) -> int:
    """The same once more inside a throw-away cluster; `fsync=on` because pg_virtualenv turns it off."""
    inside = [sys.executable, __file__, "--inside", *arguments]
    return subprocess.run(
        ["pg_virtualenv", "-t", "-o", "fsync=on", *inside], cwd=ROOT, check=False
    ).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="tiny sizes: does everything run?")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    have = shutil.which("pg_virtualenv") is not None
    if have and not asked.inside:
        return with_postgresql(sys.argv[1:])
    if not have:
        print("SKIPPED: PostgreSQL, because pg_virtualenv is missing (`make system`).", flush=True)
    about: Figures = {
        "measured_at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "cpus": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "django": django.get_version(),
    }
    with tempfile.TemporaryDirectory(prefix="prm-bench-") as folder:
        databases = [kind(Path(folder)) for kind in ([PostgreSQL, SQLite] if have else [SQLite])]
        results = {database.name: measure(database, Path(folder), asked.small) for database in databases}
    about["load_after"] = round(os.getloadavg()[0], 1)
    about["databases"] = {database.name: database.version for database in databases}
    print(f"\n{table(results)}")
    if not asked.small:
        store(about, results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
