"""Writers of the letterbox: write, claim, settle, withdraw. What people do with a mail stands in `steering`."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import lru_cache

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from prm.outbox.enclosed import issue_links
from prm.outbox.models import Message
from prm.outbox.queries import SENT_STATEMENT, UNSENT, claim_statement, open_messages, sending_is_on
from prm.partners.links import Wish
from prm.rules import delivery

BATCH = 500
LEASE = timedelta(seconds=settings.PRM_LEASE_SECONDS)
FIRST_RETRY = timedelta(seconds=settings.PRM_RETRY_SECONDS)
LONGEST_REASON = 2000


@dataclass(frozen=True)
class CalendarPart:
    """The calendar entry that a mail carries: the very text that goes out, CRLF at its line ends."""

    method: str  # REQUEST or CANCEL
    uid: str
    sequence: int
    body: str


@dataclass(frozen=True)
class Draft:
    """One mail as it is to be written. `keys` are the natural keys of the touches in it, in any order."""

    kind: str
    recipient: str
    subject: str
    text: str
    due_at: datetime
    html: str = ""
    recipient_name: str = ""
    keys: tuple[str, ...] = ()
    about: str = ""  # for a mail without touches: the id, or the digest's local date
    from_name: str = ""
    reply_to: str = ""
    organization_id: int | None = None
    contact_id: int | None = None
    user_id: int | None = None
    language: str = "en"
    demo: bool = False
    calendar: CalendarPart | None = None
    links: tuple[Wish, ...] = ()  # the words hold their marks
    started_by_id: int | None = None  # who of our side wrote it; None: a plan did
    again_of_id: int | None = None  # the message of which it is a second try


@dataclass(frozen=True)
class Withdrawn:
    """A message that will not go out, and the touches that were in it."""

    id: int
    organization_id: int | None
    keys: tuple[str, ...]


def message_key(draft: Draft) -> str:
    """What makes a message one message, as 64 hexadecimal digits.

    Its recipient and the sorted keys of its touches; for calendar mail also METHOD and SEQUENCE; without touches
    its kind and what it is about. An address in other capitals is the same mailbox.
    """
    parts = [draft.recipient.strip().lower(), *sorted(draft.keys)]
    if draft.calendar:
        parts += [draft.calendar.method, str(draft.calendar.sequence)]
    if not draft.keys:
        parts += [draft.kind, draft.about]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def sender_address() -> str:
    """The address that mails come from, without its name."""
    return _address_in(settings.DEFAULT_FROM_EMAIL)


@lru_cache(maxsize=4)
def _address_in(mailbox: str) -> str:
    """Read once: each mail asks for it."""
    return parseaddr(mailbox)[1]


def write(drafts: Iterable[Draft], *, now: datetime) -> int:
    """Put drafts into the letterbox. One that is there already is left as it is. Returns how many are new."""
    domain = sender_address().rpartition("@")[2]
    rows: dict[str, Message] = {}
    wishes: dict[str, Draft] = {}
    for draft in drafts:
        row = _row(draft, now=now, domain=domain)
        wishes.setdefault(row.key, draft)
        rows.setdefault(row.key, row)
    new = 0
    for start in range(0, len(rows), BATCH):
        part = list(rows.values())[start : start + BATCH]
        with transaction.atomic():
            known = set(
                Message.objects.filter(key__in=[row.key for row in part]).values_list("key", flat=True)
            )
            fresh = [row for row in part if row.key not in known]
            issue_links([(row, wishes[row.key].links) for row in fresh], now=now)
            Message.objects.bulk_create(fresh, batch_size=BATCH, ignore_conflicts=True)
            new += len(fresh)
    return new


def _row(draft: Draft, *, now: datetime, domain: str) -> Message:
    key = message_key(draft)
    entry = draft.calendar
    return Message(
        key=key,
        message_id=f"<{key[:40]}@{domain}>",
        kind=draft.kind,
        organization_id=draft.organization_id,
        contact_id=draft.contact_id,
        user_id=draft.user_id,
        recipient=_without_nul(draft.recipient),
        recipient_name=_one_line(draft.recipient_name, 200),
        from_name=_one_line(draft.from_name, 200),
        reply_to=_without_nul(draft.reply_to),
        subject=_one_line(draft.subject, 400),
        text=_without_nul(draft.text),
        html=_without_nul(draft.html),
        language=draft.language,
        keys=sorted(draft.keys),
        about=draft.about[:200],
        calendar_method=entry.method if entry else "",
        calendar_uid=entry.uid if entry else "",
        calendar_sequence=entry.sequence if entry else None,
        calendar_body=entry.body if entry else "",
        demo=draft.demo,
        written_at=now,
        due_at=draft.due_at,
        started_by_id=draft.started_by_id,
        again_of_id=draft.again_of_id,
    )


def _without_nul(text: str) -> str:
    """PostgreSQL stores no NUL, and one such row must not undo the whole batch."""
    return text.replace("\x00", "")


def _one_line(text: str, longest: int) -> str:
    return " ".join(_without_nul(text).split())[:longest]


def claim(*, now: datetime, owner: str, limit: int, lease: timedelta = LEASE) -> list[Message]:
    """Take up to `limit` due messages for `owner` until `now + lease`, oldest first. One statement, both databases.

    `owner` names one sender only: two at once need two names. Nothing is taken while sending is held.
    """
    if not sending_is_on():
        return []
    adapt = connection.ops.adapt_datetimefield_value
    values = {"now": adapt(now), "until": adapt(now + lease), "owner": owner, "limit": limit}
    claimed = Message.objects.raw(claim_statement(), values)
    return sorted(claimed, key=lambda message: (message.due_at, message.pk))


def _own(message: Message, owner: str) -> Q:
    return Q(pk=message.pk, lease_owner=owner)


def settle_sent(
    message: Message, *, owner: str, now: datetime, provider_id: str = "", cursor: CursorWrapper | None = None
) -> bool:
    """It was taken by the relay or the service. False when the lease is someone else's by now.

    Also true of a message that was withdrawn while it was in hand: what happened is what counts. The one statement
    that stands between two mails is written out: putting it together each time took longer than building the mail.
    Who settles many brings a `cursor`, for the same reason.
    """
    values = {"now": connection.ops.adapt_datetimefield_value(now), "provider_id": provider_id[:255]}
    with nullcontext(cursor) if cursor else connection.cursor() as mine:
        mine.execute(SENT_STATEMENT, values | {"id": message.pk, "owner": owner})
        return bool(mine.rowcount)


def settle_retry(message: Message, *, owner: str, now: datetime, error: str) -> str:
    """It did not go this time. Returns the new state: waiting, or failed after the last attempt."""
    if delivery.gives_up(message.attempts):
        settle_failed(message, owner=owner, error=error)
        return delivery.FAILED
    delay = _pause(message, max(message.attempts, 1))
    Message.objects.filter(_own(message, owner), state=delivery.SENDING).update(
        state=delivery.WAITING,
        due_at=now + delay,
        lease_until=None,
        lease_owner="",
        last_error=error[:LONGEST_REASON],
    )
    return delivery.WAITING


def _pause(message: Message, attempt: int) -> timedelta:
    return delivery.retry_delay(attempt, delivery.jitter_of(message.key), FIRST_RETRY)


def settle_failed(message: Message, *, owner: str, error: str) -> bool:
    """It will never go as it is. The reason is shown on Today, with a way to send it again."""
    return _end(message, owner=owner, state=delivery.FAILED, reason=error)


def refuse(message: Message, *, owner: str, reason: str) -> bool:
    """It must not go at all (a demo message on a real route)."""
    return _end(message, owner=owner, state=delivery.CANCELLED, reason=reason)


def _end(message: Message, *, owner: str, state: str, reason: str) -> bool:
    return bool(
        Message.objects.filter(_own(message, owner), state=delivery.SENDING).update(
            state=state, lease_until=None, lease_owner="", last_error=reason[:LONGEST_REASON]
        )
    )


def release(messages: Sequence[Message], *, owner: str) -> int:
    """Give back claimed messages that were not tried. It does not count as an attempt."""
    return Message.objects.filter(
        pk__in=[message.pk for message in messages], lease_owner=owner, state=delivery.SENDING
    ).update(state=delivery.WAITING, lease_until=None, lease_owner="", attempts=F("attempts") - 1)


@transaction.atomic
def release_expired(*, now: datetime) -> int:
    """Free what a sender left behind when it was killed. Returns how many.

    A sender goes through its mails in order and settles each: those that were in its hand are among the first that
    are left, one for each connection. The others were never tried, and their attempt does not count.
    """
    lost = Message.objects.filter(state=delivery.SENDING, lease_until__lt=now)
    left: defaultdict[str, list[Message]] = defaultdict(list)
    for message in lost.only("pk", "key", "attempts", "lease_owner").order_by("due_at", "pk"):
        left[message.lease_owner].append(message)
    in_hand = [message for rows in left.values() for message in rows[: settings.PRM_CONNECTIONS]]
    freed = sum(_free_tried(lost.filter(pk=message.pk), message, now=now) for message in in_hand)
    untried = {"state": delivery.WAITING, "lease_until": None, "lease_owner": ""}
    tried = [message.pk for message in in_hand]
    return freed + lost.exclude(pk__in=tried).update(attempts=F("attempts") - 1, **untried)


def _free_tried(row: QuerySet[Message], message: Message, *, now: datetime) -> int:
    """The first time it is due at once. Whatever was in hand again and again may be the killer: it is pushed away with
    a growing delay, and fails after the last attempt."""
    free = {"lease_until": None, "lease_owner": ""}
    if delivery.gives_up(message.attempts):
        words = _("The sending process ended %(times)d times while it had this message in hand.")
        return row.update(state=delivery.FAILED, last_error=words % {"times": delivery.MAX_ATTEMPTS}, **free)
    later = {"due_at": now + _pause(message, message.attempts - 1)} if message.attempts > 1 else {}
    return row.update(state=delivery.WAITING, **free, **later)


def cancel(*, keys: Iterable[str] = (), ids: Iterable[int] = (), reason: str = "") -> list[Withdrawn]:
    """Withdraw what has not gone yet: messages that hold one of these touches, or have one of these ids.

    A bundled mail goes with all its touches: the caller gets their keys back and hands over anew what still
    applies. The row stays for the record but gives its key free, so that the same touches can be written again.
    One that a sender has in hand at this moment may still go; then its row says so.
    """
    wanted, by_id = set(keys), set(ids)
    gone = [
        Withdrawn(pk, organization_id, tuple(held))
        for pk, organization_id, held in open_messages(wanted, by_id)
        if pk in by_id or wanted.intersection(held)
    ]
    for start in range(0, len(gone), BATCH):
        part = [row.id for row in gone[start : start + BATCH]]
        Message.objects.filter(pk__in=part, state__in=UNSENT).update(
            state=delivery.CANCELLED,
            key=Concat(Value("withdrawn-"), Cast("pk", CharField())),
            last_error=reason or _("No longer needed: the facts changed before it went."),
        )
    return gone
