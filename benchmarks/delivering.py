"""From due in the database to accepted by a relay on this machine, beside smtplib without any of it."""

import smtplib
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from django.test.utils import override_settings

from benchmarks.counting import expect
from prm.calendars import ics
from prm.outbox import actions
from prm.outbox.actions import CalendarPart, Draft
from prm.outbox.delivery import drain
from prm.outbox.letters import build
from prm.outbox.models import Message
from prm.outbox.posts import Post

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2027, 1, 4, 15, tzinfo=UTC)
SENTENCE = "Our agreement with Harbor House ends on Thu 30 Sep 2027; how would you like to go on? "

Octets = list[tuple[str, str, bytes]]  # sender, recipient, mail


def measure(messages: int) -> dict[str, Any]:
    """Send the same mails four times: smtplib, `drain`, Django's `send`, smtplib. Each must arrive exactly once."""
    with sink() as port, override_settings(**route(port)):
        actions.write((_draft(number) for number in range(messages)), now=NOW)
        octets = prebuilt()
        before = _timed(lambda: send_raw(octets, port), port, messages)
        plain = _timed(send_one_by_one, port, messages)
        ours = _timed(send_from_outbox, port, messages)
        after = _timed(lambda: send_raw(octets, port), port, messages)
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


@contextmanager
def sink() -> Iterator[int]:
    """The port of a relay in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.sink"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            yield int(process.stdout.readline() if process.stdout else 0)
        finally:
            process.terminate()


def route(port: int) -> dict[str, Any]:
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": port,
        "EMAIL_USE_TLS": False,
        "EMAIL_USE_SSL": False,
        "EMAIL_HOST_USER": "",
    }


def _timed(send: Callable[[], None], port: int, messages: int) -> float:
    """The seconds that `send` takes; what arrived is counted afterwards by the relay itself."""
    start = perf_counter()
    send()
    seconds = perf_counter() - start
    with smtplib.SMTP("127.0.0.1", port) as relay:
        _, counted = relay.docmd("COUNT")
    expect(counted, b"%d %d" % (messages, messages), "mails that arrived, different ones")
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


def _draft(number: int) -> Draft:
    recipient = f"anna@harbor{number}.example.org"
    return Draft(
        kind="partner",
        recipient=recipient,
        recipient_name="Anna Reyes",
        subject="Our agreement ends on Thu 30 Sep 2027",
        text="Hello Anna,\n\n" + f"{SENTENCE}\n" * 11,
        html="<p>Hello Anna,</p>\n" + f"<p>{SENTENCE}</p>\n" * 14,
        keys=(f"agreement:{number}:expiry-60d:2027-09-30:org-{number}:partner",),
        from_name="Partner program",
        reply_to="rosa@example.org",
        due_at=NOW,
        calendar=_calendar(number, recipient),
    )


def _calendar(number: int, recipient: str) -> CalendarPart:
    event = ics.Event(
        uid=f"agreement-{number}@example.org",
        sequence=0,
        summary="Our agreement with Harbor House ends",
        starts=date(2027, 9, 30),
        ends=date(2027, 9, 30),
        organizer=("partners@example.org", "Partner program"),
        attendee=(recipient, "Anna Reyes"),
        dtstamp=NOW,
        description=SENTENCE,
        all_day=True,
    )
    return CalendarPart("REQUEST", event.uid, 0, ics.request(event).decode())
