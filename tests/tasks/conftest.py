"""Boots whole stacks: on the filesystem and SQLite, or on Redis and PostgreSQL where `make test` brings them up."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tests.tasks.stack import ROOT, Sink, Stack, free_port, lose_the_broker, open_sink

REDIS = os.environ.get("PRM_TEST_REDIS", "")
CONNECTIONS = 2  # that each process may open
POSTGRES = "sqlite" not in settings.DATABASES["default"]["ENGINE"]


def environment(folder: Path, name: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key.startswith(("PATH", "HOME", "LANG", "PG"))}
    return kept | {
        "PRM_ENV_FILE": os.devnull,
        "PRM_DATA_DIR": str(folder),
        "SECRET_KEY": "only-for-tests-" + "y" * 40,
        "DEFAULT_FROM_EMAIL": "Partner program <partners@program.example>",
        "DATABASE_URL": f"postgresql:///{name}" if POSTGRES else f"sqlite:///{folder}/db.sqlite3",
        "PRM_CONNECTIONS": str(CONNECTIONS),
        "PYTHONPATH": str(ROOT),
    }


def sql(statement: str) -> None:
    with psycopg.connect("dbname=postgres", autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> tuple[str, Path]:
    """A database with all tables, made once; each stack gets a copy."""
    folder, name = tmp_path_factory.mktemp("migrated"), f"migrated_{worker_id}"
    if POSTGRES:
        sql(f"DROP DATABASE IF EXISTS {name}")
        sql(f"CREATE DATABASE {name}")
    for command in (["migrate", "-v", "0"], ["createcachetable", "-v", "0"]):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=environment(folder, name), check=True
        )
    return name, folder


@pytest.fixture
def stack(migrated: tuple[str, Path], tmp_path: Path, worker_id: str) -> Iterator[Stack]:
    template, folder = migrated
    name = f"stack_{worker_id}"
    if POSTGRES:
        sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    else:
        shutil.copy(folder / "db.sqlite3", tmp_path / "db.sqlite3")
    world = environment(tmp_path, name) | {"PORT": str(free_port())}
    if REDIS:
        number = 2 + int(worker_id.removeprefix("gw") or 0) if worker_id.startswith("gw") else 2
        world["CELERY_BROKER_URL"] = f"{REDIS}/{number}"
    sink = Sink()
    controller = open_sink(sink)
    world["EMAIL_URL"] = f"smtp://127.0.0.1:{controller.port}"
    stack = Stack(world, sink, tmp_path)
    try:
        lose_the_broker(stack)
        yield stack
    finally:
        stack.end()
        controller.stop()
