"""Trying something out beside the running program: nobody waits for it, and how far it is can be told meanwhile.

A trial is one long transaction. On SQLite that would keep everybody else from writing, so there it is made in a copy of
the database; on PostgreSQL a second connection is enough.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

#: Makes a function that works in the program itself, while the trial goes on aside.
Outside = Callable[[Callable[..., None]], Callable[..., None]]


@contextmanager
def aside() -> Iterator[Outside]:
    """What this thread does inside happens in a connection of its own, and on SQLite in a copy, which is thrown away.

    Inside a transaction nothing can be set aside: there everything stays in the one connection.
    """
    present = connections[DEFAULT_DB_ALIAS]
    if present.in_atomic_block:
        yield lambda function: function
        return
    with TemporaryDirectory(prefix="prm-trial-") as folder:
        other = _another(present, Path(folder))

        def outside(function: Callable[..., None]) -> Callable[..., None]:
            def called(*values: Any) -> None:
                connections[DEFAULT_DB_ALIAS] = present
                try:
                    function(*values)
                finally:
                    connections[DEFAULT_DB_ALIAS] = other

            return called

        connections[DEFAULT_DB_ALIAS] = other
        try:
            yield outside
        finally:
            connections[DEFAULT_DB_ALIAS] = present
            other.close()


def _another(present: Any, folder: Path) -> Any:
    """A second connection like the present one: to the same database, or to a copy of it."""
    settings = dict(present.settings_dict)
    if present.vendor == "sqlite":
        settings["NAME"] = folder / "copy.sqlite3"
        present.ensure_connection()
        with closing(sqlite3.connect(settings["NAME"])) as copy:
            present.connection.backup(copy)
    return type(present)(settings, DEFAULT_DB_ALIAS)
