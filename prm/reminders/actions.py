"""Reconcile: facts -> rules -> difference -> rows and calendar entries. It may run too often without harm."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from prm.accounts import queries as accounts
from prm.partners.models import Organization
from prm.reminders import entries, facts, rows
from prm.reminders.models import Reminder
from prm.reminders.recall import recall, settle
from prm.rules import plan
from prm.rules.facts import Side, State
from prm.rules.ladder import Touch

log = logging.getLogger(__name__)

#: How far ahead repeating reminders are written down, in days. What lies beyond is computed when it is asked for.
HORIZON = 180
BATCH = 200
CHANGING = (
    "audience",
    "person",
    "nominal_on",
    "day",
    "due_at",
    "at_once",
    "state",
    "reason",
    "reason_data",
)


@dataclass(slots=True)
class Changes:
    """What a replan wrote: touches that are new or changed, keys withdrawn, and calendar mails by method."""

    organizations: int = 0
    added: list[Touch] = field(default_factory=list)
    changed: list[Touch] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    calendar: dict[str, int] = field(default_factory=dict)

    def add(self, other: Changes) -> None:
        self.organizations += other.organizations
        self.added += other.added
        self.changed += other.changed
        self.withdrawn += other.withdrawn
        for method, number in other.calendar.items():
            self.calendar[method] = self.calendar.get(method, 0) + number


def refresh(*, now: datetime, progress: Callable[[int], None] | None = None) -> int:
    """Replan whatever is stale and, once a local day, everyone. Return the number of organizations replanned.

    `progress` hears that number after each batch.

    A plan is out of date when a fact changed since (`plan_stale_at`) or when it was made for an earlier day
    (`planned_for`): so a missed night heals at the next heartbeat, and nothing is ever sent from an old plan.
    """
    done, last = 0, 0
    today = accounts.local_today(now)
    while True:
        stale = Organization.objects.filter(pk__gt=last).filter(out_of_date(today)).order_by("pk")
        ids = list(stale.values_list("pk", flat=True)[:BATCH])
        if not ids:
            return done
        done += _replan_what_can_be(ids, now=now)
        last = ids[-1]
        if progress:
            progress(done)


def out_of_date(today: date) -> Q:
    """The condition that an organization's plan must be made anew."""
    return Q(plan_stale_at__isnull=False) | Q(planned_for__isnull=True) | ~Q(planned_for=today)


def _replan_what_can_be(ids: list[int], *, now: datetime) -> int:
    """Replan a batch; where it fails, each organization by itself, so that one bad row holds up only its own."""
    try:
        return replan(ids, now=now).organizations
    except Exception:
        log.exception("planning a batch failed, trying its organizations one by one")
    done = 0
    for pk in ids:
        try:
            done += replan([pk], now=now).organizations
        except Exception:
            log.exception("planning failed", extra={"organization": pk})
    return done


@transaction.atomic
def replan(organizations: Sequence[int], *, now: datetime) -> Changes:
    """Make the ledger of these organizations say what the rules desire as of the local day of `now`.

    A fixed number of queries however many organizations. Running it twice writes nothing the second time.
    """
    locked = Organization.objects.select_for_update().filter(pk__in=organizations).order_by("pk")
    today = accounts.local_today(now)
    kept = recall([row.pk for row in locked], today=today, now=now)
    batch = facts.load(locked, today=today)
    changes = Changes(organizations=len(batch.organizations))
    wanted: dict[int, list[Touch]] = {}
    for pk, organization in batch.facts.items():
        wanted[pk] = plan.desired(organization, today, today + timedelta(HORIZON))
        difference = plan.diff(organization.past, wanted[pk], today)
        changes.added += difference.insert
        changes.changed += difference.update
        changes.withdrawn += difference.withdraw
    _write(batch, changes)
    settle(kept, today=today)
    changes.calendar = entries.reconcile(batch, wanted, now=now)
    Organization.objects.filter(pk__in=batch.organizations).update(planned_for=today, plan_stale_at=None)
    return changes


def _write(batch: facts.Batch, changes: Changes) -> None:
    if changes.added:
        rows.insert(_row(batch, touch) for touch in changes.added)
    if changes.changed:
        known = Reminder.objects.in_bulk([touch.key for touch in changes.changed], field_name="key")
        changed = [_row(batch, touch, known[touch.key]) for touch in changes.changed]
        Reminder.objects.bulk_update(changed, CHANGING, batch_size=200)
    for keys in _portions(changes.withdrawn, 500):
        Reminder.objects.filter(key__in=keys).update(state=State.WITHDRAWN.value, due_at=None)


def _portions(keys: list[str], size: int) -> Iterator[list[str]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))


def _row(batch: facts.Batch, touch: Touch, row: Reminder | None = None) -> Reminder:
    row = row or Reminder(
        organization_id=touch.organization,
        key=touch.key,
        record=touch.record,
        rule=touch.rule,
        offset=touch.offset,
        reference_on=touch.reference,
        side=touch.side.value,
        category=touch.category,
        nobody=touch.nobody,
    )
    row.audience = list(touch.audience)
    row.person_id = touch.person
    row.nominal_on, row.day, row.at_once = touch.nominal, touch.day, touch.at_once
    row.due_at = _due_at(batch, touch) if touch.state is State.PLANNED else None
    row.state = touch.state.value
    row.reason, row.reason_data = touch.reason.code, dict(touch.reason.data)
    return row


def _due_at(batch: facts.Batch, touch: Touch) -> datetime | None:
    """Return the moment from which a touch may go: the partner's morning, ours in the program's zone, or at once."""
    if touch.day is None:
        return None
    if touch.at_once:
        return datetime.combine(touch.day, time.min, ZoneInfo(batch.program.zone))
    if touch.side is Side.OURS:
        return datetime.combine(touch.day, batch.program.digest_at, ZoneInfo(batch.program.zone))
    return datetime.combine(touch.day, batch.program.sending_from, batch.zone(touch.organization))


def note_handed_over(reminders: Iterable[Reminder], *, now: datetime) -> None:
    """Set reminders to handed over at `now`; the day stays the one it was due."""
    ids = [reminder.pk for reminder in reminders]
    Reminder.objects.filter(pk__in=ids, state=State.PLANNED.value).update(
        state=State.HANDED_OVER.value, handed_at=now, due_at=None
    )
