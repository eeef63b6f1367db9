"""Reading the letterbox: may it send, and how is it doing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet

from prm.accounts.queries import program
from prm.outbox.models import Message
from prm.rules import delivery

# What a lost lease holds is freed first (actions.release_expired), where it is known which one was in hand. The
# condition stands twice: under READ COMMITTED another process may have changed a row between choosing and updating
# it. MATERIALIZED keeps PostgreSQL from choosing (and locking) more than once. SQLite finds the index of open messages
# only where its own condition is among the words.
_DUE = "state IN ('waiting', 'sending') AND state = 'waiting' AND due_at <= %(now)s"
_CLAIM = """
WITH chosen AS MATERIALIZED (
    SELECT id FROM outbox_message {by_day} WHERE {due} ORDER BY due_at, id LIMIT %(limit)s {lock}
)
UPDATE outbox_message {by_id}
SET state = 'sending', lease_until = %(until)s, lease_owner = %(owner)s, attempts = attempts + 1
WHERE id IN (SELECT id FROM chosen) AND {due}
RETURNING *
"""
SENT_STATEMENT = """
UPDATE outbox_message
SET state = 'sent', sent_at = %(now)s, lease_until = NULL, lease_owner = '', last_error = '',
    provider_id = %(provider_id)s
WHERE id = %(id)s AND lease_owner = %(owner)s
"""
#: What has not left yet, whether it may go or somebody keeps it back.
UNSENT = (delivery.WAITING, delivery.HELD, delivery.SENDING)
#: Nobody has begun to send these.
UNBEGUN = (delivery.WAITING, delivery.HELD)
_ORGANIZATION_IN_KEY = re.compile(r":org-(\d+):")


@dataclass(frozen=True)
class QueueState:
    """How the letterbox is doing. `oldest_due` is the age of the oldest message that should be on its way."""

    by_state: dict[str, int]
    oldest_due: timedelta | None
    expired_leases: int


@dataclass(frozen=True)
class Held:
    """Who of our side (their id) holds a mail back, and since when."""

    by: int | None
    since: datetime | None


def sending_is_on() -> bool:
    """The sending switch of the program."""
    return bool(program().sending == "on")


def still_ours(messages: Iterable[Message], *, owner: str) -> set[int]:
    """Return the ids of claimed messages that are still ours: nobody withdrew them or took them in the meantime."""
    claimed = Message.objects.filter(pk__in=[message.pk for message in messages])
    return set(claimed.filter(state=delivery.SENDING, lease_owner=owner).values_list("pk", flat=True))


def claim_statement() -> str:
    """The one statement that takes due messages and returns them; its values are now, until, owner and limit."""
    if connection.features.has_select_for_update_skip_locked:
        return _CLAIM.format(due=_DUE, lock="FOR UPDATE SKIP LOCKED", by_day="", by_id="")
    # SQLite has one writer and no statistics: untold which index to take, it would go through all that waits
    return _CLAIM.format(due=_DUE, lock="", by_day="INDEXED BY outbox_message_due", by_id="NOT INDEXED")


def open_messages(keys: set[str], ids: set[int]) -> Iterable[tuple[int, int | None, list[str]]]:
    """Messages that have not left and may hold one of the touches: id, organization and the keys in it.

    Narrowed by the organizations that the keys name, since JSON is not searched alike by both databases. Mails of
    no organization (digests) may hold the touches of any.
    """
    where = Q(pk__in=ids)
    if keys:
        named = [_ORGANIZATION_IN_KEY.search(key) for key in keys]
        where |= Q(organization__isnull=True) | Q(
            organization_id__in={int(match[1]) for match in named if match}
        )
        if not all(named):
            where |= Q(organization__isnull=False)
    return Message.objects.filter(where, state__in=UNSENT).values_list("pk", "organization_id", "keys")


def due_up_to(number: int, *, now: datetime) -> int:
    """How many messages are due and wait; where they are more than `number`, that. Looks at no more of them."""
    due = Message.objects.filter(state__in=delivery.OPEN_STATES, state=delivery.WAITING, due_at__lte=now)
    return due.order_by("due_at")[:number].count()


def counts(*, now: datetime) -> QueueState:
    """Messages by state, the age of the oldest due one, and leases that nobody keeps any more."""
    rows = Message.objects.order_by().values_list("state").annotate(number=Count("pk"))
    by_state = dict.fromkeys(delivery.STATES, 0) | dict(rows)
    due = Message.objects.filter(state__in=delivery.OPEN_STATES, due_at__lte=now)
    oldest = due.aggregate(oldest=Min("due_at"))["oldest"]
    return QueueState(
        by_state=by_state,
        oldest_due=now - oldest if oldest else None,
        expired_leases=Message.objects.filter(state=delivery.SENDING, lease_until__lt=now).count(),
    )


def waiting_calendar_mails(uids: list[str]) -> dict[str, list[int]]:
    """Return the messages with one of these calendar UIDs that nobody has begun to send, as UID -> message ids."""
    found: dict[str, list[int]] = {}
    waiting = Message.objects.filter(calendar_uid__in=uids, state__in=UNBEGUN, attempts=0)
    for uid, pk in waiting.values_list("calendar_uid", "pk"):
        found.setdefault(uid, []).append(pk)
    return found


def held_calendar_mails(uids: list[str]) -> dict[str, Held]:
    """Return the calendar UIDs of which somebody holds a mail back, tried or not, with who and since when."""
    rows = Message.objects.filter(calendar_uid__in=uids, state=delivery.HELD).order_by("pk")
    found = rows.values_list("calendar_uid", "handled_by", "handled_at")
    return {uid: Held(by, since) for uid, by, since in found}


def begun_calendar_mails(uids: list[str]) -> dict[str, bool]:
    """Return the calendar UIDs of which a mail was begun and not withdrawn, and whether its address may hold the entry.

    The last mail that may have arrived decides: who got the CANCEL holds nothing any more.
    """
    found: dict[str, bool] = {}
    begun = Message.objects.filter(calendar_uid__in=uids).exclude(state__in=UNBEGUN, attempts=0)
    columns = begun.exclude(state=delivery.CANCELLED).values_list("calendar_uid", "calendar_method", "state")
    for uid, method, state in columns.order_by("pk"):
        found[uid] = found.get(uid, False) if state == delivery.FAILED else method == "REQUEST"
    return found


def lost(rows: QuerySet[Message]) -> QuerySet[Message]:
    """Return those that failed or came back, and that nobody has sent again."""
    return rows.filter(state__in=(delivery.FAILED, delivery.BOUNCED), tried_again__isnull=True)
