"""The database goes away between a relay's yes and our note of it: the mail does not go again."""

import sqlite3
import threading
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from prm.accounts.models import Program
from prm.outbox import actions
from prm.outbox.actions import Draft
from prm.outbox.delivery import drain
from prm.outbox.models import Message

from .conftest import Relay
from .test_killed import database_url


def thrown_out(backend: int) -> None:
    """PostgreSQL ends our session, as a restart does."""
    with psycopg.connect(database_url(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [backend])


def locked_out(seconds: float) -> None:
    """Somebody else has SQLite's only pen for longer than we wait for it."""
    other = sqlite3.connect(connection.settings_dict["NAME"], check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(seconds, other.close).start()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_mail_that_went_is_written_down_once_the_database_is_back(
    relay: Relay, draft: Callable[..., Draft]
) -> None:
    now = timezone.now()
    Program.objects.update(sending="on")
    actions.write([draft(recipient=f"anna{n}@harbor.example", due_at=now) for n in range(3)], now=now)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 50")
        strike = lambda: locked_out(1.0)  # noqa: E731
    else:
        with connection.cursor() as cursor:
            backend = cursor.connection.info.backend_pid
        strike = lambda: thrown_out(backend)  # noqa: E731

    def once() -> None:
        relay.meanwhile = None
        strike()

    relay.meanwhile = once
    assert drain(now=timezone.now, owner="one").sent == 3
    assert len(relay.mails) == 3
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}
