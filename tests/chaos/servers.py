"""The servers of a run, each its own: Redis on a free port, PostgreSQL of the pg_virtualenv around this process."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import redis

from tests.tasks.stack import free_port


class Redis:
    """A server without a disk: what it forgets is gone."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        command = ["redis-server", *options, "--maxmemory-policy", "noeviction"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while not self.answers():
            time.sleep(0.1)

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def forget(self) -> None:
        with redis.Redis.from_url(self.url) as server:
            server.flushall()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@dataclass
class Servers:
    """Where the rows and the wake-ups lie. Without Redis: SQLite and a folder."""

    redis: Redis | None = None

    def address(self, folder: Path, name: str) -> str:
        return f"postgresql:///{name}" if self.redis else f"sqlite:///{folder / 'db.sqlite3'}"

    def make_database(self, name: str, folder: Path, like: Path | None = None) -> None:
        """A fresh one; `like`: a copy of the one of that folder."""
        if self.redis:
            subprocess.run(["dropdb", "--force", "--if-exists", name], check=True, capture_output=True)
            template = like.name if like else "template1"
            subprocess.run(["createdb", "-T", template, name], check=True)
        elif like:
            shutil.copy(like / "db.sqlite3", folder / "db.sqlite3")

    def restart_postgres(self, number: signal.Signals) -> None:
        """SIGINT: every connection is told to go; SIGQUIT: as if the server had crashed."""
        asked = ["psql", "--no-psqlrc", "-At", "-c", "SHOW data_directory"]
        folder = Path(subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip())
        server = int((folder / "postmaster.pid").read_text().split()[0])
        os.kill(server, number)
        while (folder / "postmaster.pid").exists():
            time.sleep(0.1)
        start = ["pg_ctlcluster", os.environ["PGVERSION"], "regress", "start"]
        while subprocess.run(start, check=False).returncode not in (0, 2):  # 2: it runs already
            time.sleep(0.5)

    def nobody_can_write(self, address: str) -> bool:
        """Whether somebody who stands still has the only pen: SQLite has one for all."""
        if self.redis:
            return False
        try:
            with closing(sqlite3.connect(address.removeprefix("sqlite:///"), timeout=3)) as file:
                file.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        return False
