"""From due in the database to accepted by a relay on this machine, beside smtplib without any of it."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from time import perf_counter
from typing import Any

from django.test.utils import override_settings

from benchmarks import relays
from benchmarks.counting import expect
from benchmarks.mails import NOW, draft
from benchmarks.relays import Relay, route
from prm.outbox import actions
from prm.outbox.delivery import drain
from prm.outbox.letters import build
from prm.outbox.models import Message
from prm.outbox.posts import Post

Octets = list[tuple[str, str, bytes]]  # sender, recipient, mail


def measure(messages: int) -> dict[str, Any]:
    """Send the same mails four times: smtplib, `drain`, Django's `send`, smtplib. Each must arrive exactly once."""
    with relays.running() as relay, override_settings(**route(relay.port)):
        actions.write((draft(number) for number in range(messages)), now=NOW)
        octets = prebuilt()
        before = _timed(lambda: send_raw(octets, relay.port), relay, messages)
        plain = _timed(send_one_by_one, relay, messages)
        ours = _timed(send_from_outbox, relay, messages)
        after = _timed(lambda: send_raw(octets, relay.port), relay, messages)
    expect(
        Message.objects.filter(state="sent", attempts=1).count(), messages, "messages sent at the first try"
    )
    raw = (before + after) / 2
    return {
        "messages": messages,
        "octets_each": sum(len(mail) for _, _, mail in octets) // messages,
        "raw_per_second": round(messages / raw, 1),
        "drain_per_second": round(messages / ours, 1),
        "plain_send_per_second": round(messages / plain, 1),
        "drain_to_raw": round(raw / ours, 3),
    }


def _timed(send: Callable[[], None], relay: Relay, messages: int) -> float:
    """The seconds that `send` takes; what arrived is counted afterwards by the relay itself."""
    start = perf_counter()
    send()
    seconds = perf_counter() - start
    relay.wait(messages, 30)
    expect(relay.count()[:2], (messages, messages), "mails that arrived, different ones")
    return seconds


def prebuilt() -> Octets:
    """Every mail as it goes over the line, built before any clock runs."""
    rows = Message.objects.order_by("pk")
    sender = actions.sender_address()
    backend = Post().backend
    return [
        (sender, row.recipient, build(row, backend, now=NOW).message().as_bytes(linesep="\r\n"))
        for row in rows
    ]


def send_raw(octets: Octets, port: int) -> None:
    """The fastest that Python's own client does: one kept connection, nothing built, nothing stored."""
    with smtplib.SMTP("127.0.0.1", port) as relay:
        for sender, recipient, mail in octets:
            relay.sendmail(sender, [recipient], mail)


def send_one_by_one() -> None:
    """What a Django project does without a letterbox: build and send, a connection each, nothing stored."""
    backend = Post().backend
    for row in Message.objects.order_by("pk"):
        build(row, backend, now=NOW).send()


def send_from_outbox() -> None:
    """What PRM does: claim, build, send over one kept connection, commit each message by itself."""
    start = perf_counter()
    drain(now=lambda: NOW + timedelta(seconds=perf_counter() - start), owner="benchmark")
