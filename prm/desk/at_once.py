"""What our side is told at once, outside the digest: a partner is full, leaves, or is not the one to ask any more."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation

from prm.accounts import queries as accounts
from prm.accounts.models import Program
from prm.desk import said
from prm.desk.said import Said
from prm.outbox import actions as outbox
from prm.outbox import wording
from prm.partners.actions import note_told
from prm.partners.models import Statement, StatementKind
from prm.reminders.people import people
from prm.rules.facts import People
from prm.rules.succession import Recipient, our_recipients

log = logging.getLogger(__name__)

KIND = "said"
AT_ONCE = Q(kind__in=(StatementKind.PAUSE, StatementKind.LEAVING)) | Q(
    kind=StatementKind.RENEWAL, choice="not_me"
)
BATCH = 100


def tell_at_once(*, now: datetime) -> int:
    """Write to the owner what cannot wait for the digest. Return the number of mails written.

    Nothing is written while sending is held: what nobody has seen by then is told when it goes again. A statement that
    cannot be told holds up neither the others nor the mail that goes after this.
    """
    program = accounts.program()
    if program.sending != "on":
        return 0
    ids = list(_waiting().values_list("pk", flat=True)[:BATCH])
    if not ids:
        return 0
    try:
        return _tell(program, ids, now=now)
    except Exception:
        log.exception("telling a batch at once failed, trying its statements one by one")
    written = 0
    for pk in ids:
        try:
            written += _tell(program, [pk], now=now)
        except Exception:
            log.exception("telling at once failed", extra={"statement": pk})
    return written


def _waiting() -> QuerySet[Statement]:
    return said.open_statements().filter(AT_ONCE, told_at__isnull=True)


@transaction.atomic
def _tell(program: Program, asked: list[int], *, now: datetime) -> int:
    ids = list(_waiting().filter(pk__in=asked).select_for_update().values_list("pk", flat=True))
    today = accounts.local_today(now, program)
    with translation.override("en"):
        found = said.told(Statement.objects.filter(pk__in=ids).order_by("said_at", "pk"))
        drafts = _drafts(program, found, today, now=now)
    written = outbox.write(drafts, now=now)
    note_told([one.statement for one in found], now=now)
    return written


def _drafts(program: Program, found: list[Said], today: date, *, now: datetime) -> list[outbox.Draft]:
    organizations = {one.statement.organization_id: one.statement.organization for one in found}
    keeping = people(organizations.values())
    return [
        _draft(program, one, reader, now=now)
        for one in found
        for reader in _readers(keeping[one.statement.organization_id], today)
    ]


def _readers(keeping: People, today: date) -> tuple[Recipient, ...]:
    return our_recipients(keeping, ("owner",), today)


def _draft(program: Program, told: Said, reader: Recipient, *, now: datetime) -> outbox.Draft:
    statement = told.statement
    context = {
        "program": program.name,
        "user_name": reader.name,
        "recipient_name": reader.name,
        "organization": statement.organization.name,
        "kind": statement.kind,
        "words": told.words,
        "by_link": told.link,
        "note": statement.note,
        "today_page": f"{settings.SITE_URL}/today/",
    }
    words = wording.render(KIND, context, language="en")
    return outbox.Draft(
        kind=KIND,
        recipient=reader.address,
        recipient_name=reader.name,
        subject=words.subject,
        text=words.text,
        html=words.html,
        due_at=now,
        about=f"statement:{statement.pk}",
        from_name=program.name,
        reply_to=program.mailbox,
        user_id=reader.user,
        demo=statement.organization.is_demo,
    )
