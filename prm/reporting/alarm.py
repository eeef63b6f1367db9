"""The dead man's switch: what keeps reminders from leaving, for the head of each page, `/readyz`, doctor and a monitor.

A monitor elsewhere is asked at each heartbeat as long as all is well (`PRM_PING_URL`): when it hears nothing for a
while, it tells somebody. That works also when this whole machine is gone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.error import URLError
from urllib.request import Request, urlopen

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prm.accounts.models import Program, Sending
from prm.outbox.models import Message
from prm.rules import delivery

log = logging.getLogger(__name__)

SILENCE = timedelta(minutes=15)
LATE = timedelta(hours=1)
PATIENCE = 5  # seconds for the monitor to answer


def troubles(program: Program, *, late: int, now: datetime, since: datetime) -> list[str]:
    """Return what keeps reminders from leaving, in plain sentences; empty when all is well.

    `late`: how many messages are (`late_messages`). `since`: when the process that asks came up; it gives clock and
    worker their time.
    """
    found = list(_silent(program, now, since))
    if program.sending == Sending.ON:
        found += _late(program, late, now)
    return found


def late_messages(now: datetime) -> QuerySet[Message]:
    """Return the messages that are more than an hour late, if they may go."""
    return Message.objects.filter(state__in=delivery.OPEN_STATES, due_at__lt=now - LATE)


def _silent(program: Program, now: datetime, since: datetime) -> Iterator[str]:
    clock = now - max(program.heartbeat_at or since, since)
    work = now - max(program.worked_at or since, since)
    if clock > SILENCE:
        sentence = _(
            "Reminders are not running: nothing has been checked for %d minutes. Restart the worker and the clock."
        )
        yield sentence % _minutes(clock)
    elif work > SILENCE:
        sentence = _("Reminders are not running: no worker has worked for %d minutes. Restart the worker.")
        yield sentence % _minutes(work)


def _late(program: Program, late: int, now: datetime) -> Iterator[str]:
    if late:
        sentence = ngettext(
            "%(number)d message is more than an hour late.",
            "%(number)d messages are more than an hour late.",
            late,
        )
        yield sentence % {"number": late} + _why(program, now)


def _why(program: Program, now: datetime) -> str:
    stuck = program.mail_stuck_at
    if stuck is None:
        return ""
    minutes = max(_minutes(now - stuck), 1)
    return (
        " "
        + ngettext(
            "The mail route has taken nothing for %d minute.",
            "The mail route has taken nothing for %d minutes.",
            minutes,
        )
        % minutes
    )


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def ping(address: str) -> bool:
    """Tell the monitor at `address` that all is well. Whether it heard; that it did not stops nothing here."""
    try:
        with urlopen(Request(address, headers={"User-Agent": "prm"}), timeout=PATIENCE) as answer:  # noqa: S310 - the settings allow http and https only
            return bool(answer.status < 400)
    except (URLError, OSError, ValueError) as error:
        log.warning("the monitor could not be reached: %s", type(error).__name__)
        return False
