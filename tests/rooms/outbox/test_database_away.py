"""The database goes away between a relay's yes and our note of it: the mail does not go again."""

import sqlite3
import threading
from collections.abc import Callable
from typing import Any

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


def the_strike() -> Callable[[], None]:
    """What takes the database away from this process for a moment."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA busy_timeout = 50")
            return lambda: locked_out(1.0)
        backend = cursor.connection.info.backend_pid
    return lambda: thrown_out(backend)


@pytest.fixture
def waiting(draft: Callable[..., Draft]) -> list[str]:
    """Mails to some recipients, due now."""
    now = timezone.now()
    Program.objects.update(sending="on")
    recipients = [f"anna{n}@harbor.example" for n in range(6)]
    actions.write([draft(recipient=one, due_at=now) for one in recipients], now=now)
    return recipients


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_mail_that_went_is_written_down_once_the_database_is_back(relay: Relay, waiting: list[str]) -> None:
    strike = the_strike()

    def once() -> None:
        relay.meanwhile = None
        strike()

    relay.meanwhile = once
    assert drain(now=timezone.now, owner="one").sent == len(waiting)
    assert len(relay.mails) == len(waiting)
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize(
    ("said", "noted_by", "then"),
    [
        ("550 no such person here", "settle_failed", "failed"),
        ("451 come back later", "settle_retry", "waiting"),
    ],
)
def test_one_that_did_not_go_is_noted_too_and_keeps_no_other_from_it(
    relay: Relay, waiting: list[str], settings: Any, monkeypatch: Any, said: str, noted_by: str, then: str
) -> None:
    """The database goes away just when a refusal is to be noted, and others are in hand on other connections."""
    settings.PRM_CONNECTIONS, relay.delay, relay.refused = 4, 0.05, {waiting[4]: said}
    strikes, note = [the_strike()], getattr(actions, noted_by)

    def noted(*about: Any, **told: Any) -> Any:
        if strikes:
            strikes.pop()()
        return note(*about, **told)

    monkeypatch.setattr(actions, noted_by, noted)
    assert drain(now=timezone.now, owner="one").sent == len(waiting) - 1
    assert len(relay.mails) == len(waiting) - 1
    states = dict(Message.objects.values_list("recipient", "state"))
    assert states == dict.fromkeys(waiting, "sent") | {waiting[4]: then}
