"""Which mails to partners leave if sending is on: at this moment, and on each of the coming days. Nothing is written.

What is counted is mails, as the outbox writes them: all that one address is told about one organization on one day is
one mail, a calendar entry one of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from prm.accounts import queries as accounts
from prm.accounts.models import Program
from prm.outbox.models import Message
from prm.partners.models import Organization
from prm.reminders import dispatch, entries, facts
from prm.reminders import people as everyone
from prm.reminders.actions import out_of_date
from prm.reminders.models import Reminder
from prm.rules import delivery, succession
from prm.rules.dates import WorkingWeek
from prm.rules.facts import People, Side, State

DAYS = 90
BATCH = 200
#: What is needed of an organization to say to whom its mail goes.
NEEDED = ("name", "slug", "zone", "is_demo", "role_mailbox")
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


def being_planned(*, now: datetime) -> int:
    """Return how many organizations wait for their plan to be made anew, so that nothing final can be said yet."""
    program = accounts.program()
    today = accounts.local_today(now, program)
    fresh = Q(plan_stale_at__gt=now - PATIENCE)
    if now < datetime.combine(today, time.min, ZoneInfo(program.zone)) + PATIENCE:
        fresh |= Q(plan_stale_at__isnull=True)
    return Organization.objects.filter(out_of_date(today)).filter(fresh).count()


def departures(*, now: datetime, days: int = DAYS) -> Departures:
    """Return what leaves at `now` and on the local days from today on, `days` in all, as far as it is known today."""
    program = accounts.program()
    today = accounts.local_today(now, program)
    last = today + timedelta(days - 1)
    mails, handed = list(_written(program, now, last)), set[str]()
    for bag in _bags(now, today):
        mails += _of_parcels(bag, now)
        handed |= {reminder.key for reminder in bag.handed}
    mails += _coming(program, now, last, handed)
    going = [mail for mail in mails if may_leave(mail.organization)]
    later = sorted((m for m in going if m.day), key=lambda m: (m.day, m.organization.name, m.address))
    return Departures([mail for mail in going if mail.day is None], later, len(mails) - len(going))


def may_leave(organization: Organization) -> bool:
    """Whether its mail goes anywhere: that of the demo is only ever written into files."""
    return not organization.is_demo or settings.EMAIL_BACKEND == settings.FILE_EMAIL_BACKEND


def _written(program: Program, now: datetime, last: date) -> Iterator[Mail]:
    """What stands in the outbox already."""
    open_ones = Message.objects.filter(
        state__in=delivery.OPEN_STATES, organization__isnull=False, user__isnull=True
    )
    for message in (
        open_ones.defer("text", "html", "calendar_body").select_related("organization").order_by("pk")
    ):
        organization = message.organization
        if organization is None:
            continue
        day = message.due_at.astimezone(ZoneInfo(organization.zone or program.zone)).date()
        if day <= last:
            when = None if message.due_at <= now else day
            yield Mail(when, organization, message.recipient, message.recipient_name, tuple(message.keys))


def _bags(now: datetime, today: date) -> Iterator[dispatch.Bag]:
    """What the next heartbeat takes, batch by batch."""
    planned = Organization.objects.filter(planned_for=today, plan_stale_at__isnull=True)
    due = planned.filter(pk__in=dispatch.due_by(now).values("organization"))
    ids = list(due.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield dispatch.pack(Organization.objects.filter(pk__in=ids[start : start + BATCH]), now=now)


def _of_parcels(bag: dispatch.Bag, now: datetime) -> Iterator[Mail]:
    rows = bag.batch.organizations
    for parcel in bag.parcels:
        keys = tuple(reminder.key for reminder in parcel.reminders)
        to = parcel.recipient
        yield Mail(None, rows[parcel.organization], to.address, to.name, keys)
    for entry in (
        entries.news(bag.batch, dispatch.with_entries(bag.batch, bag.entries), now=now) if bag.entries else ()
    ):
        if entry.to.side == Side.PARTNER:
            yield Mail(None, rows[entry.to.organization], entry.to.address, entry.to.name, (entry.touch_key,))


def _coming(program: Program, now: datetime, last: date, handed: set[str]) -> Iterator[Mail]:
    """What the plans hold until `last`, bundled as it will be; without what leaves at this moment."""
    week = facts.working_week(program, accounts.local_today(now, program))
    coming = Reminder.objects.filter(side=Side.PARTNER.value, state__in=GO, day__lte=last)
    ids = list(coming.order_by("organization").values_list("organization", flat=True).distinct())
    for start in range(0, len(ids), BATCH):
        rows = Organization.objects.only(*NEEDED).in_bulk(ids[start : start + BATCH])
        people = everyone.people(rows.values())
        found = coming.filter(organization__in=rows).defer("reason_data")
        found = found.order_by("organization", "reference_on", "key")
        for pk, some in groupby((r for r in found if r.key not in handed), key=lambda r: r.organization_id):
            local = now.astimezone(ZoneInfo(rows[pk].zone or program.zone))
            days = [(leaving(r.day, local, program, week), r) for r in some if r.day]
            yield from _bundles(rows[pk], people[pk], [(day, r) for day, r in days if day <= last])


def _bundles(organization: Organization, people: People, due: list[tuple[date, Reminder]]) -> Iterator[Mail]:
    """One mail for each day and address; a calendar entry has its own."""
    bundles: dict[tuple[date, str, str], list[str]] = {}
    named: dict[tuple[date, str, str], succession.Recipient] = {}
    for day, reminder in due:
        alone = reminder.key if reminder.offset is None else ""
        asked = people.asked_about(reminder.record, reminder.reference_on)
        for recipient in succession.recipients(
            asked, Side.PARTNER, reminder.audience, day, reminder.category, reminder.person_id
        ):
            place = (day, recipient.address.casefold(), alone)
            named.setdefault(place, recipient)
            bundles.setdefault(place, []).append(reminder.key)
    for place, keys in bundles.items():
        yield Mail(place[0], organization, named[place].address, named[place].name, tuple(keys))


def leaving(day: date, local: datetime, program: Program, week: WorkingWeek) -> date:
    """Return the day on which something due on `day` leaves that does not leave at this moment."""
    here = local.date()
    if day > here:
        return day
    hours_left = local.time() < program.sending_until or program.sending_until >= time(23, 59)
    return here if week.is_working(here) and hours_left else week.after(here)
