"""Where benchmarks live: databases that are theirs alone, and processes cut off from `.env`."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT / "benchmarks"
KEPT = BENCHMARKS / "results.json"
KNOWN = ("PATH", "HOME", "LANG", "PG")  # of whoever calls; no proxy stands between senders and sinks
EMPTY = "prm_empty"  # migrated, and nothing in it


def environment(folder: Path, address: str) -> dict[str, str]:
    """The settings of an installation with nothing special, cut off from `.env`."""
    return {key: value for key, value in os.environ.items() if key.startswith(KNOWN)} | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PRM_ENV_FILE": os.devnull,
        "PRM_DATA_DIR": str(folder),
        "SECRET_KEY": "only-for-benchmarks-" + "x" * 40,
        "DEFAULT_FROM_EMAIL": "Partner program <partners@example.org>",
        "DATABASE_URL": address,
    }


def run(arguments: list[str], settings: dict[str, str]) -> str:
    """What one process of ours says. Ends the whole run when it fails: half a table helps nobody."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
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

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        said = ["psql", "--no-psqlrc", "-At", "-c", "SHOW server_version", "postgres"]
        self.version = subprocess.run(said, capture_output=True, text=True, check=True).stdout.split()[0]

    def address(self, name: str) -> str:
        return f"postgresql:///{name}"

    def create(self, name: str, like: str = "template1") -> None:
        subprocess.run(["createdb", "-T", like, name], check=True)

    def drop(self, name: str) -> None:
        subprocess.run(["dropdb", "--force", name], check=True)


Database = SQLite | PostgreSQL


def begin(database: Database) -> None:
    """Make the migrated database that all others are copies of."""
    database.create(EMPTY)
    run(["manage.py", "migrate", "--verbosity", "0"], environment(database.folder, database.address(EMPTY)))


def measured(database: Database, name: str, size: int) -> str:
    """The figures of one measurement as JSON, in a fresh database."""
    database.create("prm_bench", like=EMPTY)
    told = run(
        ["-m", "benchmarks", name, str(size)], environment(database.folder, database.address("prm_bench"))
    )
    database.drop("prm_bench")
    return told
