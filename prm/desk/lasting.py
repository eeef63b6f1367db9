"""What lasts for a while: signatures that are awaited, and mail that went or did not go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from prm.agreements.models import Party
from prm.desk.rows import Row
from prm.outbox.models import Message
from prm.reminders import reasons
from prm.reminders.facts import Batch

LINES = 20
AWAITED = ("awaiting", "in_force")


def waiting(batch: Batch, organizations: Iterable[int]) -> list[Row]:
    """Return a row for each partner whose signature is awaited, the longest first."""
    parties = Party.objects.filter(organization__in=organizations, signature="waiting")
    found: defaultdict[int, list[date]] = defaultdict(list)
    for party in parties.select_related("agreement"):
        if (
            party.agreement.status not in AWAITED
        ):  # asked here: a database may begin with all agreements in force
            continue
        found[party.organization_id or 0].append(party.agreement.sent_on or party.agreement.entered_on)
    return [
        Row(
            batch.organizations[pk].name,
            _("Agreement to be signed"),
            _("since %(day)s") % {"day": reasons.short(min(days))},
            _("Call them"),
            min(days),
            pk,
            f"organization:{pk}",
            "stuck",
        )
        for pk, days in sorted(found.items(), key=lambda pair: (min(pair[1]), pair[0]))
    ]


def sent(batch: Batch, organizations: Iterable[int], *, since: datetime) -> list[Row]:
    """Return what went out to these partners since a moment."""
    mails = Message.objects.filter(organization__in=organizations, user__isnull=True, sent_at__gte=since)
    return [_of_message(batch, mail, "") for mail in mails.order_by("sent_at")[:LINES]]


def failed(batch: Batch, organizations: Iterable[int], *, lines: int = LINES) -> list[Row]:
    """Return the mails about these partners that did not go or came back, the oldest first."""
    mails = Message.objects.filter(organization__in=organizations, state__in=("failed", "bounced"))
    plain = mails.defer("text", "html", "calendar_body").order_by("due_at")[:lines]
    return [_of_message(batch, mail, _("See why and send it again")) for mail in plain]


def _of_message(batch: Batch, message: Message, action: str) -> Row:
    day = (message.sent_at or message.due_at).date()
    organization = message.organization_id or 0
    matter = f"{message.subject} ({message.recipient_name or message.recipient})"
    name, record = batch.organizations[organization].name, f"message:{message.pk}"
    return Row(name, matter, reasons.short(day), action, day, organization, record, "message")
