"""`make test`: what touches a database on PostgreSQL + Redis first, then everything on SQLite with a real browser.

Nothing of the machine's own servers is used: PostgreSQL is a throw-away cluster, Redis a process on a free port.
Stops at the first half that fails, so the last line is always the summary that counts.
"""

import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOTH = ["tests/rooms", "tests/tasks", "tests/journeys", "tests/commands"]
PYTEST = [
    sys.executable,
    "-m",
    "pytest",
    "-n",
    os.environ.get("PRM_TEST_PROCESSES", "2"),
    "-q",
]
CI = os.environ.get("CI") == "true"


def have_servers() -> list[str]:
    """The names of what is missing for the PostgreSQL + Redis half."""
    return [name for name in ("pg_virtualenv", "redis-server") if shutil.which(name) is None]


@contextmanager
def redis() -> Iterator[str]:
    """A Redis of our own on a free loopback port, without a disk and without throwing anything away."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="prm-redis-") as folder:
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        server = subprocess.Popen(
            ["redis-server", *options, "--maxmemory-policy", "noeviction"], stdout=subprocess.DEVNULL
        )
        try:
            wait_for(port)
            yield f"redis://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(10)


def wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit("redis-server did not start")


def with_servers(arguments: list[str]) -> int:
    tests = arguments or [folder for folder in BOTH if (ROOT / folder).exists()]
    with tempfile.TemporaryDirectory(prefix="prm-tests-") as folder, redis() as broker:
        environment = os.environ | {
            "CELERY_BROKER_URL": f"{broker}/0",
            "CACHE_URL": f"{broker}/1",
            "PRM_TEST_REDIS": broker,
        }
        database = ["pg_virtualenv", "-t", "-o", "fsync=off", "-o", "max_connections=200"]
        # pg_virtualenv pours out the server's log when its command fails; so it never does, and we keep the status
        status = Path(folder) / "status"
        inside = [
            "sh",
            "-c",
            'DATABASE_URL=postgresql:///postgres "$@"; echo $? > ' + shlex.quote(str(status)),
            "sh",
        ]
        subprocess.run([*database, *inside, *PYTEST, *tests], cwd=ROOT, env=environment, check=False)
        return int(status.read_text()) if status.exists() else 1


def main() -> int:
    arguments = sys.argv[1:]
    subprocess.run(["sh", "scripts/system.sh"], cwd=ROOT, check=False)
    missing = have_servers()
    if missing and CI:
        print(f"CI=true allows no skipping, and {', '.join(missing)} is missing.")
        return 1
    if missing:
        print(
            f"SKIPPED: the half on PostgreSQL + Redis, because {', '.join(missing)} is missing.", flush=True
        )
    else:
        print("== PostgreSQL + Redis ==", flush=True)
        status = with_servers(arguments)
        if status not in (0, 5):
            return status
    print("== SQLite ==", flush=True)
    return subprocess.run([*PYTEST, *(arguments or ["tests"])], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
