"""Who of our side reads what this morning: readers whose hour has come, and the reminders that concern them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from prm.accounts import queries as accounts
from prm.accounts.models import Program, User
from prm.desk import rows
from prm.partners.models import Assignment, Organization
from prm.partners.queries import holding_on
from prm.reminders import facts, glance
from prm.reminders.models import Reminder
from prm.reminders.people import colleagues
from prm.rules import succession
from prm.rules.dates import WorkingWeek
from prm.rules.facts import Side, State
from prm.rules.hours import within

#: How long a digest waits for plans that are still being made, before it goes with what there is.
PATIENCE = timedelta(minutes=15)
#: What is sent at once, outside the digest, also to those who read weekly: the last valid day.
AT_ONCE = Q(rule="expiry", offset=0, nobody=False)


@dataclass(slots=True)
class Reader:
    """A user who may be written to now, on the reader's own local day.

    `digest` tells whether the digest is due as well, or only what goes at once; `since` is when the last one went.
    """

    user: User
    day: date
    since: datetime
    digest: bool
    due: list[Reminder] = field(default_factory=list)


def at_their_desks(program: Program, week: WorkingWeek, *, now: datetime) -> list[Reader]:
    """Return everyone who may be written to at this moment; nobody where nothing could be due for them."""
    users = User.objects.filter(is_active=True).order_by("pk")
    found = [reader for user in users if (reader := _reader(program, week, user, now))]
    if any(reader.digest for reader in found):
        return found
    return found if found and Reminder.objects.filter(_due(found), AT_ONCE).exists() else []


def _reader(program: Program, week: WorkingWeek, user: User, now: datetime) -> Reader | None:
    zone = user.local_zone(program)
    local = now.astimezone(zone)
    day = local.date()
    if not week.is_working(day) or not within(local.time(), program.digest_at, program.sending_until):
        return None
    if user.digested_on is None:
        return Reader(user, day, datetime.combine(day, time.min, zone), digest=True)
    first = week.on_or_after(day - timedelta(day.weekday())) if user.digest == "weekly" else day
    digest = user.digest == "at_once" or user.digested_on < first <= day
    return Reader(user, day, datetime.combine(user.digested_on, program.digest_at, zone), digest)


def plans_are_late(program: Program, readers: Iterable[Reader], *, now: datetime) -> bool:
    """Return whether today's plans are still being made, while every reader's morning is young enough to wait."""
    mornings = [datetime.combine(r.day, program.digest_at, r.user.local_zone(program)) for r in readers]
    if now > min(mornings) + PATIENCE:
        return False
    today = accounts.local_today(now, program)
    stale = Q(plan_stale_at__isnull=False) | Q(planned_for__isnull=True) | ~Q(planned_for=today)
    return Organization.objects.filter(stale).exists()


def _due(readers: Iterable[Reader]) -> Q:
    """What is due for our side by these readers' days, also what a colleague's mail took since their last one."""
    known = list(readers)
    day, since = max(reader.day for reader in known), min(reader.since for reader in known)
    taken = Q(state=State.HANDED_OVER.value, handed_at__gte=since)
    return Q(side=Side.OURS.value, offset__isnull=False, day__lte=day) & (
        Q(state=State.PLANNED.value) | taken
    )


def load(program: Program, readers: list[Reader], *, now: datetime) -> facts.Batch:
    """Return the facts of every organization that a reader owns, also for a colleague who is away, or hears about.

    Only of those whose plan was made today.
    """
    today, known = accounts.local_today(now, program), facts.Known(program, facts.everyone())
    ours = colleagues(known.users)
    meant = [pk for r in readers if r.digest for pk in succession.works_for(ours, r.user.pk, today)]
    owned = Assignment.objects.filter(holding_on(today), kind="owner", user__in=meant)
    heard = Reminder.objects.filter(_due(readers)).values("organization")
    concerned = Q(pk__in=owned.values("organization")) | Q(pk__in=heard)
    fresh = Q(plan_stale_at__isnull=True, planned_for=today)
    found = Organization.objects.filter(concerned & fresh)
    return glance.look(glance.Partners(found, today), known)


def deal(batch: facts.Batch, readers: list[Reader]) -> None:
    """Give each reader the due reminders whose audience means them and that have not reached them.

    What went to a colleague already is for those whom it meant on that day, not for who follows them.
    """
    by_user = {reader.user.pk: reader for reader in readers}
    due = Reminder.objects.filter(_due(readers), organization__in=batch.organizations).order_by("day", "pk")
    for reminder in due.prefetch_related("handovers"):
        if not rows.still_promised(batch, reminder):
            continue
        reached = {handover.recipient for handover in reminder.handovers.all()}
        people, asked_on = batch.facts[reminder.organization_id].people, batch.today
        if reminder.handed_at is not None:
            asked_on = accounts.local_today(reminder.handed_at, batch.program)
        for recipient in succession.our_recipients(people, reminder.audience, asked_on):
            reader = by_user.get(recipient.user or 0)
            if reader and recipient.address.casefold() not in reached and _is_for(reader, reminder):
                reader.due.append(reminder)


def _is_for(reader: Reader, reminder: Reminder) -> bool:
    due = reminder.day is None or reminder.day <= reader.day
    new = reminder.handed_at is None or reminder.handed_at >= reader.since
    return due and new and (reader.digest or goes_at_once(reminder))


def goes_at_once(reminder: Reminder) -> bool:
    """Return whether a reminder is a mail of its own, outside the digest."""
    return reminder.rule == "expiry" and reminder.offset == 0 and not reminder.nobody
