"""What lasts for a while: signatures that are awaited, and mail that went or did not go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from prm.desk.calling import CALL, called, whom
from prm.desk.rows import Row
from prm.outbox.models import Message
from prm.outbox.queries import lost
from prm.partners.models import Organization
from prm.reminders import reasons
from prm.reminders.facts import Batch

LINES = 20
AGAIN = lazy("See why and send it again")
AWAITED = ("awaiting", "in_force")


def waiting(batch: Batch, organizations: Iterable[int]) -> list[Row]:
    """Return a row for each partner whose signature is awaited, the longest first."""
    found: defaultdict[int, list[date]] = defaultdict(list)
    for pk in organizations:
        for party in batch.parties.get(pk, ()):
            if party.signature == "waiting" and party.agreement.status in AWAITED:
                found[pk].append(party.agreement.sent_on or party.agreement.entered_on)
    longest = sorted((min(days), pk) for pk, days in found.items())
    return [_waiting(batch, pk, day) for day, pk in longest]


def _waiting(batch: Batch, organization: int, day: date) -> Row:
    record, rule = f"organization:{organization}", "stuck"
    person = whom(batch, organization, rule, record)
    return Row(
        batch.organizations[organization].name,
        _("Agreement to be signed"),
        _("since %(day)s") % {"day": reasons.short(day)},
        called(str(CALL), person),
        day,
        organization,
        record,
        rule,
        person=person.pk if person else 0,
    )


def sent(batch: Batch, organizations: Iterable[int], *, since: datetime) -> list[Row]:
    """Return what went out to these partners since a moment."""
    mails = Message.objects.filter(organization__in=organizations, user__isnull=True, sent_at__gte=since)
    return [
        of_message(batch.organizations[mail.organization_id or 0], mail, "")
        for mail in mails.order_by("sent_at")[:LINES]
    ]


def failed(batch: Batch, organizations: Iterable[int], *, lines: int = LINES) -> list[Row]:
    """Return the mails about these partners that did not go or came back, the oldest first."""
    mails = lost(Message.objects.filter(organization__in=organizations))
    plain = mails.defer("text", "html", "calendar_body").order_by("due_at")[:lines]
    return [of_message(batch.organizations[mail.organization_id or 0], mail, str(AGAIN)) for mail in plain]


def of_message(organization: Organization, message: Message, action: str) -> Row:
    """Return the row of a mail: its subject, to whom, when it went or should have gone."""
    day = (message.sent_at or message.due_at).date()
    matter = f"{message.subject} ({message.recipient_name or message.recipient})"
    record = f"message:{message.pk}"
    return Row(organization.name, matter, reasons.short(day), action, day, organization.pk, record, "message")
