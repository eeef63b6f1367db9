"""A due reminder whose mail cannot be written: it says so, stays planned, and is tried again with each heartbeat."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError
from django.db.models import Q, QuerySet

from prm.reminders.models import Reminder
from prm.rules.facts import State
from prm.rules.ladder import PLANNED

log = logging.getLogger(__name__)

#: The reason that such a reminder bears. A plan made anew gives it back its own; the next try finds out again.
UNWRITTEN = "unwritten"
WAITS = Q(state=State.PLANNED.value, reason=UNWRITTEN)


def unwritten() -> QuerySet[Reminder]:
    """Return the reminders that are due and whose mail could not be written."""
    return Reminder.objects.filter(WAITS)


@contextmanager
def noted(reminders: Iterable[Reminder]) -> Iterator[None]:
    """Let whatever goes wrong with the words of these reminders be theirs alone, and be told to people.

    What the database says goes on: its transaction is over.
    """
    try:
        yield
    except DatabaseError:
        raise
    except Exception:
        ids = [one.pk for one in reminders]
        if note(ids):
            log.exception("a mail could not be written", extra={"reminders": ids})


def note(ids: Iterable[int]) -> int:
    """Write down that the mail of these reminders could not be written. Return how many say so for the first time."""
    planned = Q(pk__in=list(ids), state=State.PLANNED.value)
    return Reminder.objects.filter(planned & ~Q(reason=UNWRITTEN)).update(reason=UNWRITTEN, reason_data={})


def forget(reminders: Iterable[Reminder]) -> None:
    """Take the reason from reminders whose mail is written after all."""
    found = [one.pk for one in reminders if one.reason == UNWRITTEN]
    if found:
        Reminder.objects.filter(pk__in=found, reason=UNWRITTEN).update(reason=PLANNED.code)
