"""A mail to oneself: whether mail arrives is seen before a partner waits for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from prm.accounts import queries as accounts
from prm.accounts.models import Sending, User
from prm.outbox import actions as outbox
from prm.outbox import wording
from prm.outbox.models import Message
from prm.rules.refusal import Refusal

KIND = "test"
PATIENCE = timedelta(minutes=1)


def trials() -> QuerySet[Message]:
    """Test mails, latest first; of no organization, which an index finds."""
    return Message.objects.filter(organization__isnull=True, kind=KIND)


def send_trial(user: User, *, now: datetime) -> Message:
    """Write a test mail to `user`, due now; it takes the way of every reminder.

    Raises Refusal while sending is held, which nothing gets around, and within a minute of the last one.
    """
    program = accounts.program()
    if program.sending == Sending.HELD:
        raise Refusal(_("Sending is held, and a test mail waits like any other. Release sending first."))
    if trials().filter(user=user, written_at__gt=now - PATIENCE).exists():
        raise Refusal(_("You asked for one less than a minute ago. Look into your mail, then try again."))
    draft = _draft(user, now=now)
    outbox.write([draft], now=now)
    return Message.objects.get(key=outbox.message_key(draft))


def _draft(user: User, *, now: datetime) -> outbox.Draft:
    program = accounts.program()
    zone = user.local_zone(program)
    context = {
        "program": program.name,
        "recipient_name": user.name,
        "asked_at": now.astimezone(zone),
        "sender": outbox.sender_address(),
        "mailbox": program.mailbox,
        "zone_name": zone.key,
    }
    words = wording.render(KIND, context, language="en")
    return outbox.Draft(
        kind=KIND,
        recipient=user.email,
        recipient_name=user.name,
        subject=words.subject,
        text=words.text,
        html=words.html,
        due_at=now,
        about=now.strftime("%Y-%m-%dT%H:%M"),  # twice pressed at once is one mail
        from_name=program.name,
        reply_to=program.mailbox,
        user_id=user.pk,
    )
