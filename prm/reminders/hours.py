"""Mail to partners that waits to be sent keeps the hours in which they read mail: a second try and a released one, too.

What a person wrote, or sent with "Send now", goes at any hour; so do a link that its reader asked for, invitations and
what changes or ends a calendar entry.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from prm.accounts import queries as accounts
from prm.accounts.models import Program, User
from prm.outbox import actions as outbox
from prm.outbox import steering
from prm.outbox.models import Message
from prm.partners.models import Organization
from prm.reminders.facts import working_week
from prm.reminders.models import Handover
from prm.rules import delivery, hours
from prm.rules.dates import ONE_DAY, WorkingWeek

log = logging.getLogger(__name__)

BATCH = 500
#: Series that say nothing after the day they are about: what would come too late in the morning goes now.
DEADLINES = ("expiry", "start")
_CARRIED = Handover.objects.filter(message=OuterRef("pk"))
#: The first word about a calendar entry, where it waited for its hour.
_ENTRIES = Q(kind="entry", calendar_method="REQUEST", calendar_sequence=0) & Exists(
    _CARRIED.filter(reminder__at_once=False)
)
#: Letters that introduce two people wait for the morning, unless somebody let them go when they were written.
_LETTERS = Q(kind="introduction", due_at__gt=F("written_at"))


def next_opening(organization: Organization, now: datetime) -> datetime:
    """Return now where mail goes there at this hour, else their next working morning."""
    program = accounts.program()
    return _opening(program, working_week(program, now.date()), organization.zone, now)


def _opening(program: Program, week: WorkingWeek, zone: str, now: datetime) -> datetime:
    local = now.astimezone(ZoneInfo(zone or program.zone))
    return hours.opening(local, week, program.sending_from, program.sending_until)


def keep(*, now: datetime) -> int:
    """Let mails that are due where it is night or no working day wait for their next opening. Return how many.

    What a sender left behind is given back first, for it may have to wait too. Costs two queries where nothing is
    due. A sender asks nobody: what comes due again while it is sending (a stretch of seconds) may still go after hours.
    """
    if Message.objects.filter(state=delivery.SENDING, lease_until__lt=now).exists():
        outbox.release_expired(now=now)
    return _put_off(_keeping(now), now=now)


def let_go(messages: Iterable[Message], *, by: User, now: datetime) -> list[Message]:
    """Release mails that are held (`steering.let_go`); those that keep hours leave within them."""
    with transaction.atomic():
        found = steering.let_go(messages, by=by, now=now)
        _put_off(_of_hours(now).filter(pk__in=[row.pk for row in found]), now=now)
    return found


def _of_hours(now: datetime) -> QuerySet[Message]:
    """Return the mails that are due now, that plans brought about, and that keep hours."""
    due = Message.objects.filter(state=delivery.WAITING, due_at__lte=now, started_by=None, user=None)
    return due.filter(Q(kind="partner") | _LETTERS | _ENTRIES, organization__isnull=False).order_by()


def _keeping(now: datetime) -> QuerySet[Message]:
    """Return those of them of which nobody said that they go now: then both moments are the same."""
    return _of_hours(now).exclude(handled_at=F("due_at"))


def _put_off(rows: QuerySet[Message], *, now: datetime) -> int:
    zones = list(rows.values_list("organization__zone", flat=True).distinct())
    if not zones:
        return 0
    program = accounts.program()
    week = working_week(program, now.date())
    return sum(_put_off_there(rows, zone, program, week, now=now) for zone in zones)


def _put_off_there(
    rows: QuerySet[Message], zone: str, program: Program, week: WorkingWeek, *, now: datetime
) -> int:
    """Let the mails of one zone wait. Where no opening is to be found they go: hours are worth less than mail."""
    try:
        opens = _opening(program, week, zone, now)
    except (ValueError, KeyError):
        log.exception("no opening found")
        return 0
    if opens <= now:
        return 0
    today = now.astimezone(opens.tzinfo).date()
    return _wait(rows.filter(~_too_late(today, opens.date()), organization__zone=zone), opens)


def _too_late(today: date, morning: date) -> Exists:
    """Return the condition that a mail is about a day that is over by then: nobody is told of it afterwards."""
    between = (today, morning - ONE_DAY)
    return Exists(_CARRIED.filter(reminder__rule__in=DEADLINES, reminder__reference_on__range=between))


def _wait(rows: QuerySet[Message], opens: datetime) -> int:
    done = 0
    while ids := list(rows.values_list("pk", flat=True)[:BATCH]):
        done += Message.objects.filter(pk__in=ids, state=delivery.WAITING).update(due_at=opens)
    return done
