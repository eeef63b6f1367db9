"""What was handed over but has not left is taken back when the plan is made anew: the facts may have changed since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q

from prm.outbox import actions as outbox
from prm.outbox.models import Message
from prm.partners.models import Contact
from prm.reminders.models import Handover, Reminder
from prm.rules import delivery
from prm.rules.facts import State


def recall(organizations: Sequence[int], *, today: date, now: datetime) -> int:
    """Take back partner mails that wait untried, or whose reader is gone; return how many.

    Their reminders are planned again, so that today's facts decide whether and to whom they go. Runs inside the
    transaction of the replan: a mail that a sender has in hand is left to it.
    """
    away = Q(left_on__lt=today) | Q(undeliverable_on__isnull=False)
    gone = Q(contact__in=Contact.objects.filter(away, organization__in=organizations))
    _stop_letters(organizations, gone)
    waiting = Message.objects.filter(organization__in=organizations, kind="partner", state=delivery.WAITING)
    free = waiting.filter(Q(attempts=0) | gone).select_for_update(skip_locked=True)  # SQLite locks as a whole
    ids = list(free.values_list("pk", flat=True))
    if not ids:
        return 0
    outbox.cancel(ids=ids)
    handovers = Handover.objects.filter(message__in=ids)
    reminders = list(handovers.values_list("reminder", flat=True))
    handovers.delete()
    Reminder.objects.filter(pk__in=reminders, state=State.HANDED_OVER.value).update(
        state=State.PLANNED.value, handed_at=None, due_at=now
    )
    return len(ids)


def _stop_letters(organizations: Sequence[int], gone: Q) -> None:
    """Stop what somebody wrote to a person who is gone by now; only a CANCEL of what they hold still goes."""
    letters = Message.objects.filter(gone, organization__in=organizations, state=delivery.WAITING)
    ids = list(letters.filter(keys=[], calendar_method="").values_list("pk", flat=True))
    if ids:
        outbox.cancel(ids=ids)
