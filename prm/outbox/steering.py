"""What people do with a mail: hold it, let it go, stop it or change its words before it leaves; send it once more.

Each succeeds only while nobody has begun to send the mail: what a sender has in hand, or what has left, stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.outbox import actions
from prm.outbox.actions import CalendarPart, Draft
from prm.outbox.enclosed import links_of
from prm.outbox.models import Message
from prm.outbox.queries import UNBEGUN, UNSENT, Held
from prm.outbox.rewording import reworded
from prm.outbox.wording import names_trafficking
from prm.partners import timeline
from prm.partners.links import Wish
from prm.partners.models import Entry, EntryKind, Purpose
from prm.rules import delivery
from prm.rules.refusal import Refusal

#: So long a mail that a person started waits, and can be cancelled.
MINUTE = timedelta(seconds=60)
LONGEST_SUBJECT = 200


def leaves_at(now: datetime) -> datetime:
    """Return when a mail leaves that a person starts at `now`."""
    return now + MINUTE


def hold(messages: Iterable[Message], *, by: User, now: datetime) -> list[Message]:
    """Keep mails back until somebody releases them. Return those that were still waiting."""
    return _turn(messages, (delivery.WAITING,), "mail_held", by=by, now=now, state=delivery.HELD)


def hold_anew(drafts: Iterable[tuple[Draft, Held]]) -> None:
    """Keep back what was just written in place of a mail that somebody holds; it says that it is new."""
    words = _("The facts changed, so this was written anew. Read it before it goes.")
    for draft, held in drafts:
        row = Message.objects.filter(key=actions.message_key(draft), state=delivery.WAITING)
        row.update(state=delivery.HELD, handled_by=held.by, handled_at=held.since, last_error=words)


def let_go(messages: Iterable[Message], *, by: User, now: datetime) -> list[Message]:
    """Release mails that are held: they are due now. Return those that were held."""
    change = {"state": delivery.WAITING, "due_at": now}
    return _turn(messages, (delivery.HELD,), "mail_let_go", by=by, now=now, **change)


def send_now(message: Message, *, by: User, now: datetime) -> bool:
    """Let a mail go before its minute is over. False if it does not wait any more."""
    return bool(_turn([message], (delivery.WAITING,), "", by=by, now=now, due_at=now))


def stop(messages: Iterable[Message], *, by: User, now: datetime) -> list[Message]:
    """Cancel mails for good. Return those that had not left. Their touches do not go by themselves any more."""
    return _turn(
        messages,
        UNBEGUN,
        "mail_stopped",
        by=by,
        now=now,
        state=delivery.CANCELLED,
        key=Concat(Value("withdrawn-"), Cast("pk", CharField())),
        last_error=_("%s stopped it before it left.") % by.name,
    )


@transaction.atomic
def _turn(
    messages: Iterable[Message], states: Iterable[str], event: str, *, by: User, now: datetime, **change: Any
) -> list[Message]:
    """Change the mails that are in one of the states, and tell it in their partners' timelines."""
    ids = [message.pk for message in messages]
    rows = Message.objects.filter(pk__in=ids, state__in=tuple(states))
    found = list(
        rows.select_for_update(of=("self",)).select_related("organization", "contact").order_by("pk")
    )
    rows.filter(pk__in=[row.pk for row in found]).update(handled_by=by, handled_at=now, **change)
    if event:
        today = local_today(now)
        told = [entry for row in found if (entry := _entry(row, event, by=by, now=now, on=today))]
        timeline.record_all(told, now=now)
    return found


def _entry(
    message: Message, event: str, *, by: User | None, now: datetime, on: date | None = None
) -> Entry | None:
    """Return the line for the timeline of the partner whom the mail goes to; None for mail to our own side."""
    if message.organization is None or message.user_id is not None:
        return None
    return timeline.draft(
        message.organization,
        kind=EntryKind.MAIL,
        event=event,
        now=now,
        by=by,
        happened_on=on,
        contact=message.contact,
        data={"subject": message.subject, "recipient": message.recipient_name or message.recipient},
        record=f"message:{message.pk}",
    )


@transaction.atomic
def change(message: Message, *, subject: str, text: str, seen: str, by: User, now: datetime) -> Message:
    """Give a mail that waits or is held other words; its links, its calendar part and its foot stay.

    `text` is as `rewording.editable` shows it; `seen` the mark (`mark_of`) of what the writer had before them. Raises
    Refusal where the mail has left, somebody else changed it, or a link is missing.
    """
    row = (
        Message.objects.select_for_update(of=("self",))
        .select_related("organization", "contact")
        .filter(pk=message.pk, state__in=UNBEGUN)
        .first()
    )
    if row is None:
        raise Refusal(_("It has left already, so its words stay as they are."))
    if mark_of(row) != seen:
        raise Refusal(_("Somebody changed this mail since you opened it. Open it again to see its words."))
    if row.contact is not None and row.contact.discreet and names_trafficking(subject):
        raise Refusal(
            _("This person wants discreet mail. Leave words out that name the matter."), field="subject"
        )
    row.subject = " ".join(subject.replace("\x00", "").split())[:LONGEST_SUBJECT]
    row.text, row.html = reworded(row, text.replace("\x00", ""))
    row.handled_by, row.handled_at = by, now
    row.save(update_fields=["subject", "text", "html", "handled_by", "handled_at"])
    if entry := _entry(row, "mail_changed", by=by, now=now):
        timeline.record_all([entry], now=now)
    return row


def mark_of(message: Message) -> str:
    """Return what tells two versions of a mail's words apart."""
    return message.handled_at.isoformat() if message.handled_at else ""


def may_repeat(message: Message) -> bool:
    """Whether a mail can be sent once more: it left, or failed, or a person stopped it; not what facts withdrew."""
    if message.state == delivery.CANCELLED:
        return message.handled_at is not None
    return message.state not in UNSENT


@transaction.atomic
def again(message: Message, *, by: User | None, now: datetime) -> Message:
    """Write a mail once more, with the same words and links of its own; it waits the minute. Return the new one.

    It goes to the person's address of today. Its key is made of its kind and the message that it repeats, so that two
    presses are one mail. Raises Refusal where it cannot be repeated, or nobody would get it.
    """
    message = Message.objects.select_related("organization", "contact").get(pk=message.pk)
    if not may_repeat(message):
        raise Refusal(_("Nothing to repeat: this mail has not left yet, or its reason is gone."))
    if message.tried_again.exclude(state=delivery.CANCELLED).exists():
        raise Refusal(_("It was sent again already."))
    draft = _repeated(message, by=by, now=now)
    actions.write([draft], now=now)
    rows = Message.objects.filter(key=actions.message_key(draft))
    rows.update(keys=message.keys, handled_by=by, handled_at=now)
    if entry := _entry(message, "mail_sent_again", by=by, now=now):
        timeline.record_all([entry], now=now)
    return rows.get()


def _repeated(message: Message, *, by: User | None, now: datetime) -> Draft:
    calendar = None
    if message.calendar_body and message.calendar_sequence is not None:
        calendar = CalendarPart(
            message.calendar_method, message.calendar_uid, message.calendar_sequence, message.calendar_body
        )
    return Draft(
        kind=message.kind,
        recipient=_address(message),
        recipient_name=message.recipient_name,
        subject=message.subject,
        text=message.text,
        html=message.html,
        due_at=leaves_at(now),
        about=f"message:{message.pk}",
        from_name=message.from_name,
        reply_to=message.reply_to,
        organization_id=message.organization_id,
        contact_id=message.contact_id,
        user_id=message.user_id,
        language=message.language,
        demo=message.demo,
        calendar=calendar,
        links=_wishes(message),
        started_by_id=by.pk if by else None,
        again_of_id=message.pk,
    )


def _address(message: Message) -> str:
    """Return where its person is reached today. Raises Refusal where they are gone or mail does not arrive."""
    person = message.contact
    if person is None:
        return message.recipient
    if person.left_on is not None:
        raise Refusal(_("%s has left, or will. Write to who follows them.") % person.name)
    if person.undeliverable_on is not None:
        raise Refusal(_("Mail to %s came back. Enter another address on their page first.") % person.name)
    return person.email or message.recipient


def _wishes(message: Message) -> tuple[Wish, ...]:
    """Return the wishes by which its links are made anew."""
    rows = links_of([message]).values()
    return tuple(
        Wish(Purpose(row.purpose), row.about, row.role, 0 if message.organization_id else row.organization_id)
        for row in rows
    )
