"""The part of `make bench` in which this product and its peers deliver the same mails side by side.

The peers come from PyPI, pinned with their hashes, into a folder of their own under `var`; they are no part of the
product. Redis is a server of this run on a free port.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench_house import EMPTY, ROOT, Database, environment, run

sys.path.insert(0, str(ROOT))

from benchmarks import racing, relays
from benchmarks.entries import COURSES, Course
from benchmarks.racing import Entry
from tests.chaos.servers import Redis

LOCK = ROOT / "requirements" / "peers.txt"
PLACE = ROOT / "var" / "bench" / "peers"
ROUNDS = 3
SMALL = 10  # mails
OURS = ("ours",)

Figures = dict[str, Any]


def put_in_place() -> None:
    """Install what peers.txt pins into a folder of its own, unless it is there."""
    stamp = PLACE / "lock.txt"
    if not stamp.exists() or stamp.read_bytes() != LOCK.read_bytes():
        uv = str(Path(sys.executable).parent / "uv")
        install = [uv, "pip", "install", "--quiet", "--python", sys.executable, "--target", str(PLACE)]
        subprocess.run([*install, "--no-deps", "--require-hashes", "-r", str(LOCK)], check=True)
        stamp.write_bytes(LOCK.read_bytes())


def told(database: Database, course: Course, entry: Entry, port: int, redis: str) -> dict[str, str]:
    """All that one contestant is told: ours as an installation is, a peer in its own database and project."""
    ours = entry.module in OURS
    settings = environment(database.folder, database.address("prm_race" if ours else "prm_peers"))
    if redis:
        settings["CELERY_BROKER_URL"] = f"{redis}/{0 if ours else 1}"
    if course.sink == "sink":
        settings["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    else:
        settings["EMAIL_BACKEND"] = "anymail.backends.postmark.EmailBackend"
        settings["ANYMAIL_POSTMARK_SERVER_TOKEN"] = "only-for-benchmarks"  # noqa: S105 - nobody asks for it
        settings["ANYMAIL_POSTMARK_API_URL"] = f"http://127.0.0.1:{port}/"
    if not ours:
        settings["DJANGO_SETTINGS_MODULE"] = "benchmarks.peers.settings"
        settings["PYTHONPATH"] = str(PLACE)
    return settings


def run_course(database: Database, course: Course, folder: Path, redis: str, small: bool) -> Figures:
    """One race, with what it found."""
    entries = course.entries
    if small:
        entries = tuple(Entry(one.name, one.words, one.module, SMALL, one.options) for one in entries)
    with relays.running(course.sink, delay=course.delay) as relay:
        environments = {one.name: told(database, course, one, relay.port, redis) for one in entries}
        rates = racing.race(entries, environments, relay, folder / course.name, 1 if small else ROUNDS)
    middles = racing.middles(rates)
    print(f"{course.words}: {middles}", flush=True)
    found = {
        one.name: {
            "words": one.words,
            "mails": one.mails,
            "rates": rates[one.name],
            "per_second": middles[one.name],
            "ours_to_it": round(middles["ours"] / middles[one.name], 3),
        }
        for one in entries
    }
    return {"words": course.words, "entries": found}


@contextmanager
def databases(database: Database) -> Iterator[None]:
    """One for us and one for the peers, who have their own tables in it."""
    for name in ("prm_race", "prm_peers"):
        database.create(name, like=EMPTY)
    settings = environment(database.folder, database.address("prm_peers")) | {
        "DJANGO_SETTINGS_MODULE": "benchmarks.peers.settings",
        "PYTHONPATH": str(PLACE),
        "RACE_FOLDER": str(database.folder),
    }
    run(["manage.py", "migrate", "--run-syncdb", "--verbosity", "0"], settings)
    try:
        yield
    finally:
        for name in ("prm_race", "prm_peers"):
            database.drop(name)


def measure(database: Database, small: bool) -> Figures:
    """All races on one kind of database, by their names."""
    put_in_place()
    folder = database.folder / "races"
    folder.mkdir(exist_ok=True)
    server = Redis(database.folder) if database.name == "PostgreSQL" else None
    try:
        with databases(database):
            return {
                one.name: run_course(database, one, folder, server.url if server else "", small)
                for one in COURSES
                if one.database == database.name
            }
    finally:
        if server:
            server.kill()


def versions() -> dict[str, str]:
    """Of those who ran."""
    found = {name: version(name) for name in ("celery", "django-anymail")}
    pinned = [line.split()[0].split("==") for line in LOCK.read_text().splitlines() if "==" in line]
    return found | {name: number for name, number in pinned if name.startswith("django-")}


def table(races: Figures) -> str:
    """All races as one Markdown table."""
    rows = [["", "mails a round", "messages/s", "PRM to it"], ["---", "---:", "---:", "---:"]]
    for race in races.values():
        rows.append([f"**{race['words']}**", "", "", ""])
        for name, one in race["entries"].items():
            ratio = "" if name in OURS else f"{one['ours_to_it']:.2f} ×"
            rate = one["per_second"]
            rows.append([one["words"], f"{one['mails']:,}", f"{rate:,.{0 if rate >= 100 else 1}f}", ratio])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def memory_words(told: Figures) -> str:
    """What one worker process holds of the machine's memory, in a sentence."""
    first, last = told["resident_mb"][0], told["resident_mb"][-1]
    return (
        f"One process that sends {told['messages']:,} mails holds {first:.1f} MB after the first "
        f"{told['messages'] // len(told['resident_mb']):,} and {last:.1f} MB after the last: "
        f"{told['growth_percent']:+.1f} %."
    )
