"""A mail is sent once more: what became of its reminders is from then on what becomes of the new one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from prm.accounts.models import User
from prm.outbox import steering
from prm.outbox.models import Message
from prm.reminders.models import Handover


@transaction.atomic
def send_again(message: Message, *, by: User | None, now: datetime) -> Message:
    """Write a mail once more and return the new one. Refused as `steering.again` refuses."""
    new = steering.again(message, by=by, now=now)
    Handover.objects.filter(message=message).update(message=new)
    return new
