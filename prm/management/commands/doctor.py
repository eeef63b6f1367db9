"""Looks at everything that must work for a reminder to arrive, and says in plain words what does not."""

from __future__ import annotations

import os
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from prm.accounts.queries import program
from prm.management.oneline import OneLineCommand
from prm.outbox.carriers import ALTERNATIVE, PLAIN, capability
from prm.outbox.posts import Post, RouteError
from prm.reporting import health
from prm.reporting.health import Finding, Mark
from prm.reporting.mail_route import nobody_owns, sender_domain

PORTS = {"redis": 6379, "rediss": 6379, "amqp": 5672, "amqps": 5671}
PATIENCE = 5.0  # seconds for a broker to answer
OK = 250  # what a relay says to NOOP (RFC 5321, 4.3.2)
LEAST_FREE = 200 * 1024 * 1024  # bytes under which a disk is about to be full


class Command(OneLineCommand):
    help = "Say in plain words whether reminders can leave, and what to mend. Exit status 1: something needs a person."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="only what is not in order")

    def handle(self, *_args: Any, **options: Any) -> None:
        found = list(examine())
        for finding in found:
            if finding.mark is not Mark.OK or not options["quiet"]:
                self.stdout.write(f"{finding.mark:<6} {finding.about}: {finding.words}")
        if any(finding.mark is Mark.WRONG for finding in found):
            sys.exit(1)


def examine() -> Iterator[Finding]:
    """Yield every finding; without a usable database the rest of it is not asked."""
    yield data_folder()
    yield configuration()
    tables = database()
    yield tables
    yield broker()
    yield from mail_route()
    if tables.mark is Mark.WRONG:
        return
    yield from health.findings(program(), now=timezone.now())
    demo = health.demo(settings.EMAIL_BACKEND)
    if demo is not None:
        yield demo


def data_folder() -> Finding:
    """Say whether the folder that holds everything can be written and has room."""
    folder = Path(settings.DATA_DIR)
    if not _writable(folder):
        return Finding(Mark.WRONG, "data folder", f"{folder} cannot be written to by this user.")
    disk = os.statvfs(folder)
    free = disk.f_bavail * disk.f_frsize
    if free < LEAST_FREE:
        return Finding(Mark.WRONG, "data folder", f"the disk of {folder} has only {free // 1024**2} MB left.")
    return Finding(Mark.OK, "data folder", f"{folder} can be written to.")


def configuration() -> Finding:
    """Say what in the environment is allowed but unwise."""
    open_to_all = urlsplit(settings.SITE_URL).hostname not in ("localhost", "127.0.0.1")
    if settings.DEBUG and open_to_all:
        return Finding(
            Mark.WRONG, "configuration", "DEBUG is on for a public address: strangers see inner workings."
        )
    if open_to_all and not settings.SITE_URL.startswith("https:"):
        return Finding(Mark.LOOK, "configuration", "SITE_URL has no https: sign-ins travel in the clear.")
    return Finding(Mark.OK, "configuration", f"the site is {settings.SITE_URL}.")


def database() -> Finding:
    """Say whether the database answers, knows its tables, and lets several processes write."""
    try:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except Exception as problem:  # noqa: BLE001 - whatever a driver raises, its name is enough and holds no secret
        return Finding(
            Mark.WRONG, "database", f"does not answer ({type(problem).__name__}). Check DATABASE_URL."
        )
    if missing:
        return Finding(Mark.WRONG, "database", f"{missing} changes are missing. Run: manage.py migrate")
    if connection.vendor != "sqlite":
        return Finding(Mark.OK, "database", f"{connection.display_name}, all changes applied.")
    mode = journal_mode()
    if mode != "wal":
        words = f"SQLite keeps its journal as “{mode}”, not “wal”: web and worker lock each other out."
        return Finding(Mark.WRONG, "database", words)
    return Finding(Mark.OK, "database", "SQLite (WAL), all changes applied.")


def journal_mode() -> str:
    """Return how SQLite keeps its journal, such as "wal" or "delete"."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        return str(cursor.fetchone()[0])


def broker() -> Finding:
    """Say whether wake-ups can travel. Losing them costs a minute, never a message."""
    scheme = settings.CELERY_BROKER_URL.partition(":")[0]
    if scheme == "filesystem":
        return _folder_broker(Path(settings.BROKER_DIR))
    if scheme not in PORTS:
        return Finding(
            Mark.LOOK, "broker", f"{scheme} reaches only its own process. Use filesystem or redis."
        )
    address = urlsplit(settings.CELERY_BROKER_URL)
    try:
        socket.create_connection(
            (address.hostname or "localhost", address.port or PORTS[scheme]), PATIENCE
        ).close()
    except (OSError, ValueError):
        return Finding(
            Mark.WRONG, "broker", f"{scheme} does not answer. Check CELERY_BROKER_URL and that it runs."
        )
    return Finding(Mark.OK, "broker", f"{scheme} answers.")


def _folder_broker(folder: Path) -> Finding:
    place = folder if folder.exists() else folder.parent
    if not _writable(place):
        return Finding(Mark.WRONG, "broker", f"the folder {folder} cannot be written to by this user.")
    return Finding(Mark.OK, "broker", "a folder, and it can be written to.")


def mail_route() -> Iterator[Finding]:
    """Yield where mail goes, whether the relay answers, how invitations arrive, and whether the sender fits."""
    name = settings.EMAIL_BACKEND
    if name == settings.FILE_EMAIL_BACKEND:
        yield Finding(
            Mark.LOOK, "mail route", f"mail becomes files in {settings.EMAIL_FILE_PATH}; nobody gets it."
        )
        return
    try:
        post = Post()
    except Exception as problem:  # noqa: BLE001 - a service's own complaint may quote its key
        yield Finding(
            Mark.WRONG, "mail route", f"{name} cannot be used ({type(problem).__name__}). Check its settings."
        )
        return
    yield _relay(post, name)
    yield _invitations(post.backend)
    yield _sender()


def _relay(post: Post, name: str) -> Finding:
    """Connect and say NOOP where the route is a relay. A service by HTTP is not asked: only sending would tell."""
    place = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}" if name.endswith("smtp.EmailBackend") else ""
    try:
        _greet(post)
    except RouteError as problem:
        words = f"{place or name} does not take us ({problem}). Check EMAIL_URL, name and password."
        return Finding(Mark.WRONG, "mail route", words)
    finally:
        post.close()
    return Finding(
        Mark.OK, "mail route", f"{place} answers." if place else f"{name} (it is asked only when mail goes)."
    )


def _greet(post: Post) -> None:
    try:
        post.connection.open()
        relay = getattr(post.connection, "connection", None)
        noop: Callable[[], tuple[int, bytes]] = getattr(relay, "noop", lambda: (OK, b""))
        code = noop()[0]
    except Exception as problem:
        raise RouteError(type(problem).__name__) from problem  # its words may quote what we signed in with
    if code != OK:
        raise RouteError(f"NOOP answered with {code}")


def _invitations(backend: type) -> Finding:
    way = capability(backend)
    if way == PLAIN:
        service = backend.__module__.rpartition(".")[2].capitalize()
        return Finding(
            Mark.LOOK, "invitations", f"arrive as a file only with {service}: people must open it."
        )
    if way == ALTERNATIVE:
        return Finding(Mark.OK, "invitations", "arrive as invitations.")
    return Finding(Mark.OK, "invitations", "arrive as an attached invitation, which most calendars show.")


def _sender() -> Finding:
    """Compare the domain mail comes from with the one the site has: a stranger's domain ends up as junk."""
    sender = sender_domain()
    site = (urlsplit(settings.SITE_URL).hostname or "").lower()
    if nobody_owns(sender):
        return Finding(
            Mark.WRONG, "sender", f"mail comes from {sender}, which nobody owns. Set DEFAULT_FROM_EMAIL."
        )
    related = sender == site or site.endswith(f".{sender}") or sender.endswith(f".{site}")
    if not related:
        words = f"mail comes from {sender}, the site is {site}. Fine if both are yours and the sender’s DNS allows it."
        return Finding(Mark.LOOK, "sender", words)
    return Finding(Mark.OK, "sender", f"mail comes from {sender}, as the site does.")


def _writable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
