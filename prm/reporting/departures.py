"""Which mails to partners leave if sending is on: at this moment, and on each of the coming days. Nothing is written.

What is counted is mails, as the outbox writes them: all that one address is told about one organization on one day is
one mail, a calendar entry one of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from prm.accounts import queries as accounts
from prm.accounts.models import Program
from prm.outbox.models import Message
from prm.partners.models import Organization
from prm.reminders import dispatch, facts, people
from prm.reminders.actions import out_of_date
from prm.reminders.models import Handover, Reminder
from prm.reporting import outlook
from prm.rules import delivery, succession
from prm.rules.dates import WorkingWeek
from prm.rules.facts import People, Side, State

DAYS = 90
BATCH = 200
#: What a pause holds goes after it.
GO = (State.PLANNED.value, State.HELD.value)
#: A plan that is not made after this time will not be made by waiting: the log says why.
PATIENCE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail: the local day on which it leaves (None: now), to whom, about what; `keys` are natural keys."""

    day: date | None
    organization: Organization
    address: str
    name: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Departures:
    """The mails of this moment and those of later days, in order of days. `demo`: how many of them go nowhere."""

    now: list[Mail]
    later: list[Mail]
    demo: int = 0

    @property
    def number(self) -> int:
        return len(self.now) + len(self.later)


def being_planned(*, now: datetime, of: Program | None = None) -> int:
    """Return how many organizations wait for their plan to be made anew, so that nothing final can be said yet."""
    program = of or accounts.program()
    today = accounts.local_today(now, program)
    fresh = Q(plan_stale_at__gt=now - PATIENCE)
    if now < datetime.combine(today, time.min, ZoneInfo(program.zone)) + PATIENCE:
        fresh |= Q(plan_stale_at__isnull=True)
    return Organization.objects.filter(out_of_date(today)).filter(fresh).count()


def departures(*, now: datetime, of: Program | None = None, days: int = DAYS) -> Departures:
    """Return what leaves at `now` and on the local days from today on, `days` in all, as far as it is known today.

    `of` is the program where it has been read.
    """
    program = of or accounts.program()
    moment = _Moment(program, now, accounts.local_today(now, program) + timedelta(days - 1))
    mails = [*_written(moment), *_planned(moment)]
    going = [mail for mail in mails if may_leave(mail.organization)]
    later = sorted((m for m in going if m.day), key=lambda m: (m.day, m.organization.name, m.address))
    return Departures([mail for mail in going if mail.day is None], later, len(mails) - len(going))


def may_leave(organization: Organization) -> bool:
    """Whether its mail goes anywhere: that of the demo is only ever written into files."""
    return not organization.is_demo or settings.EMAIL_BACKEND == settings.FILE_EMAIL_BACKEND


class _Moment:
    """When it is, and until which day one looks."""

    def __init__(self, program: Program, now: datetime, last: date) -> None:
        self.program, self.now, self.last = program, now, last
        self.today = accounts.local_today(now, program)

    @cached_property
    def week(self) -> WorkingWeek:
        return facts.working_week(self.program, self.today)

    def zone(self, organization: Organization) -> ZoneInfo:
        return ZoneInfo(organization.zone or self.program.zone)

    def leaves_now(self, reminder: Reminder, organization: Organization) -> bool:
        """Whether the next heartbeat takes it: due, in hours, and from a plan of today."""
        fresh = organization.planned_for == self.today and organization.plan_stale_at is None
        if not fresh or reminder.due_at is None or reminder.due_at > self.now:
            return False
        zone = self.zone(organization)
        return dispatch.may_go(reminder, program=self.program, week=self.week, zone=zone, now=self.now)

    def day_of(self, reminder: Reminder, organization: Organization) -> date | None:
        """Return the day on which it leaves, None for this moment."""
        if self.leaves_now(reminder, organization):
            return None
        local = self.now.astimezone(self.zone(organization))
        return leaving(reminder.day or self.last, local, self.program, self.week)


def _written(moment: _Moment) -> Iterator[Mail]:
    """What stands in the outbox already."""
    waiting = Message.objects.filter(
        state__in=delivery.OPEN_STATES, organization__isnull=False, user__isnull=True
    )
    slim = waiting.defer("text", "html", "calendar_body")
    for message in slim.select_related("organization").order_by("pk"):
        organization = message.organization
        if organization is None:
            continue
        day = message.due_at.astimezone(moment.zone(organization)).date()
        if day <= moment.last:
            when = None if message.due_at <= moment.now else day
            yield Mail(when, organization, message.recipient, message.recipient_name, tuple(message.keys))


def _planned(moment: _Moment) -> Iterator[Mail]:
    """What the plans hold until the last day, bundled as it will be, batch by batch."""
    coming = Reminder.objects.filter(side=Side.PARTNER.value, state__in=GO, day__lte=moment.last)
    ids = list(coming.order_by("organization").values_list("organization", flat=True).distinct())
    for start in range(0, len(ids), BATCH):
        found = coming.filter(organization__in=ids[start : start + BATCH]).defer("reason_data")
        rows = list(found.select_related("organization").order_by("organization", "reference_on", "key"))
        there = people.people({row.organization for row in rows}, ours=False)
        reached = _reached(rows, moment)
        for pk, some in groupby(rows, key=lambda row: row.organization_id):
            yield from _bundles(list(some), there[pk], reached, moment)


def _reached(rows: list[Reminder], moment: _Moment) -> set[tuple[int, str]]:
    """Return whom a reminder that is due has reached already: nobody gets it twice."""
    due = [row.pk for row in rows if row.due_at is not None and row.due_at <= moment.now]
    return set(Handover.objects.filter(reminder__in=due).values_list("reminder", "recipient"))


def _bundles(
    rows: list[Reminder], known: People, reached: set[tuple[int, str]], moment: _Moment
) -> Iterator[Mail]:
    """One mail for each day and address; a calendar entry has its own."""
    organization = rows[0].organization
    keys: dict[tuple[date | None, str, str], list[str]] = {}
    named: dict[tuple[date | None, str, str], succession.Recipient] = {}
    for row in rows:
        day = moment.day_of(row, organization)
        if day is not None and day > moment.last:
            continue
        alone = row.key if row.offset is None else ""
        for recipient in outlook.reached(known, row, Side.PARTNER, row.person_id, day or moment.today):
            address = recipient.address.casefold()
            if day is not None or (row.pk, address) not in reached:
                place = (day, address, alone)
                named.setdefault(place, recipient)
                keys.setdefault(place, []).append(row.key)
    for place, some in keys.items():
        yield Mail(place[0], organization, named[place].address, named[place].name, tuple(some))


def leaving(day: date, local: datetime, program: Program, week: WorkingWeek) -> date:
    """Return the day on which something due on `day` leaves that does not leave at this moment."""
    here = local.date()
    if day > here:
        return day
    hours_left = local.time() < program.sending_until or program.sending_until >= time(23, 59)
    return here if week.is_working(here) and hours_left else week.after(here)
