"""What was handed over but has not left is looked at again when a plan is made anew: facts may have changed since.

What nobody has had in hand is taken back and planned again. What a person holds, changed or started is theirs: its
words stay as they are, but it is withdrawn where today's facts want none of it any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from prm.outbox import actions as outbox
from prm.outbox.models import Message
from prm.outbox.queries import UNBEGUN
from prm.partners.models import Contact
from prm.reminders.models import Handover, Reminder
from prm.rules.facts import State


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail that a person has dealt with, and its reminders with when they were handed over.

    `shared`: those of them of which another address is to be told anew; its own has them.
    """

    message: int
    handed: dict[int, datetime]
    shared: set[int] = field(default_factory=set)


def recall(organizations: Sequence[int], *, today: date, now: datetime) -> list[Kept]:
    """Take back partner mails that wait untried, or whose reader is gone. Return those that people have dealt with.

    The reminders of both are planned again, so that today's facts decide whether and to whom they go; `settle` follows
    when they have. Runs inside the transaction of the replan: a mail that a sender has in hand is left to it.
    """
    away = Q(left_on__lt=today) | Q(undeliverable_on__isnull=False)
    gone = Q(contact__in=Contact.objects.filter(away, organization__in=organizations))
    _stop_letters(organizations, gone)
    unsent = Message.objects.filter(organization__in=organizations, kind="partner", state__in=UNBEGUN)
    free = unsent.filter(Q(attempts=0) | gone).select_for_update(skip_locked=True)  # SQLite locks as a whole
    rows = list(free.values_list("pk", "handled_at", "contact"))
    if not rows:
        return []
    lost = set(unsent.filter(gone).values_list("pk", flat=True))
    kept = _kept([pk for pk, handled_at, _contact in rows if handled_at and pk not in lost])
    ids = [pk for pk, handled_at, _contact in rows if not handled_at or pk in lost]
    outbox.cancel(ids=ids)
    handovers = Handover.objects.filter(message__in=ids)
    reminders = list(handovers.values_list("reminder", flat=True))
    handovers.delete()
    for one in kept:
        one.shared.update(set(one.handed).intersection(reminders))
    _plan_again([*reminders, *(pk for one in kept for pk in one.handed)], now=now)
    return kept


def _plan_again(reminders: Sequence[int], *, now: datetime) -> None:
    Reminder.objects.filter(pk__in=reminders, state=State.HANDED_OVER.value).update(
        state=State.PLANNED.value, handed_at=None, due_at=now
    )


def _kept(messages: Sequence[int]) -> list[Kept]:
    found: dict[int, Kept] = {}
    rows = Handover.objects.filter(message__in=messages, reminder__state=State.HANDED_OVER.value)
    for row in rows.select_related("reminder"):
        if row.reminder.handed_at is not None:
            kept = found.setdefault(row.message_id, Kept(row.message_id, {}))
            kept.handed[row.reminder_id] = row.reminder.handed_at
    return list(found.values())


def settle(kept: Iterable[Kept], *, today: date) -> None:
    """Let mails that people have dealt with stand where a reminder in them is still due, and withdraw the others."""
    for one in kept:
        due = Reminder.objects.filter(pk__in=one.handed, state=State.PLANNED.value, day__lte=today)
        still = list(due.values_list("pk", flat=True))
        if not still:
            outbox.cancel(ids=[one.message])
            Handover.objects.filter(message=one.message).delete()
            continue
        for pk in set(still) - one.shared:
            Reminder.objects.filter(pk=pk).update(
                state=State.HANDED_OVER.value, handed_at=one.handed[pk], due_at=None
            )
        if len(still) < len(one.handed):
            words = _("A part of it is no longer right: the facts changed. Read it before it goes.")
            Message.objects.filter(pk=one.message).update(last_error=words)


def _stop_letters(organizations: Sequence[int], gone: Q) -> None:
    """Stop what somebody wrote to a person who is gone by now; only a CANCEL of what they hold still goes."""
    letters = Message.objects.filter(gone, organization__in=organizations, state__in=UNBEGUN)
    ids = list(letters.filter(keys=[], calendar_method="").values_list("pk", flat=True))
    if ids:
        outbox.cancel(ids=ids)
