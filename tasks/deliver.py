"""Delivering: due reminders into the outbox, and the outbox to the mail route."""

import os
import socket
from datetime import datetime, timedelta
from uuid import uuid4

from celery import shared_task
from django.utils import timezone

from prm.desk.at_once import tell_at_once
from prm.outbox.actions import release_expired
from prm.outbox.delivery import drain
from prm.outbox.queries import due_up_to
from prm.reminders.dispatch import hand_over

# Shorter than the beat, so that a worker which is asked to stop is done soon and several never pile up.
# Half of it is for handing over: on a busy morning the first mails go before the last are written.
STRETCH = timedelta(seconds=18)
# What one process sends while the other is still on its way: for fewer mails a second pair of hands comes too late.
MANY = 200


@shared_task
def wake() -> None:
    """Tell our side what cannot wait, hand over what is due, then send until nothing waits or the stretch is over."""
    started = timezone.now()
    tell_at_once(now=started)
    hand_over(now=started, enough=lambda: timezone.now() >= started + STRETCH / 2)
    if due_up_to(MANY + 1, now=timezone.now()) > MANY:
        assist.apply_async(expires=STRETCH.total_seconds())
    _send_until(started + STRETCH)


@shared_task
def assist() -> None:
    """Send along while very much waits: on a busy morning each process of a worker has a drain of its own."""
    _send_until(timezone.now() + STRETCH)


def _send_until(end: datetime) -> None:
    owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:12]}"
    drain(now=timezone.now, owner=owner, until=end)


@shared_task
def free_leases() -> None:
    release_expired(now=timezone.now())
