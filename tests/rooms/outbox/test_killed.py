"""A sender that is killed in the middle: nothing is lost, and at most the one mail in its hand goes twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from prm.accounts.models import Program
from prm.outbox import actions
from prm.outbox.actions import Draft
from prm.outbox.delivery import drain
from prm.outbox.models import Message

from .conftest import Clock, Relay

NUMBER = 40
SEND = """
import django
django.setup()
from django.utils import timezone
from prm.outbox.delivery import drain
drain(now=timezone.now, owner="the one that dies")
"""


def database_url() -> str:
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    user, password = quote(given["USER"]), quote(given["PASSWORD"])
    return f"postgres://{user}:{password}@{given['HOST']}:{given['PORT']}/{given['NAME']}"


def sender(relay: Relay, connections: int) -> subprocess.Popen[bytes]:
    ours = {"DATABASE_URL": database_url(), "EMAIL_URL": f"smtp://127.0.0.1:{relay.port}"}
    ours["PRM_CONNECTIONS"] = str(connections)
    env = os.environ | ours | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PRM_SENDING": "on"}
    return subprocess.Popen([sys.executable, "-c", SEND], env=env)


@pytest.mark.parametrize("connections", [1, 4])
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_killed_sender_loses_nothing_and_repeats_one_for_each_connection_at_most(
    relay: Relay, draft: Callable[..., Draft], settings: Any, connections: int
) -> None:
    settings.PRM_CONNECTIONS = connections
    relay.delay = 0.02
    now = timezone.now()
    Program.objects.update(sending="on")
    actions.write([draft(recipient=f"anna{n}@harbor.example", due_at=now) for n in range(NUMBER)], now=now)
    process = sender(relay, connections)
    patience = time.monotonic() + 30
    while len(relay.mails) < 8 and time.monotonic() < patience:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    killed = relay.connections
    assert killed <= connections
    assert 8 <= len(relay.mails) < NUMBER
    assert Message.objects.filter(state="sending").exists()

    relay.delay = 0
    drain(now=Clock(timezone.now() + actions.LEASE + timedelta(seconds=5)), owner="the next one")

    ids = [mail["Message-ID"] for mail in relay.mails]
    assert len(set(ids)) == NUMBER
    assert len(ids) - NUMBER <= killed
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
