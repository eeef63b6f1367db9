"""Due reminder -> today's recipients -> rendered message in the outbox, in one transaction per organization batch."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from prm.accounts import queries as accounts
from prm.accounts.models import Program
from prm.outbox import actions as outbox
from prm.outbox.models import Message
from prm.partners.models import Organization
from prm.reminders import entries, facts, hours, mails, unwritten
from prm.reminders.actions import note_handed_over
from prm.reminders.models import Handover, Reminder
from prm.rules import plan, succession
from prm.rules.dates import WorkingWeek
from prm.rules.facts import Side, State
from prm.rules.hours import within
from prm.rules.ladder import Touch
from prm.rules.succession import Recipient

log = logging.getLogger(__name__)

BATCH = 50
#: What goes in one transaction; where that fails, mails and calendar entries each by themselves.
EVERYTHING = Q()
PARTS = (Q(offset__isnull=False), Q(offset__isnull=True))


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one address gets in one mail: due reminders of one organization."""

    organization: int
    recipient: Recipient
    reminders: tuple[Reminder, ...]


@dataclass(frozen=True, slots=True)
class Bag:
    """What may go at one moment: due reminders, the mails that they make, and who had one of them before."""

    batch: facts.Batch
    due: list[Reminder]
    parcels: list[Parcel]
    reached: set[tuple[int, str]]

    @property
    def entries(self) -> set[str]:
        """The keys of the calendar entries among them; each goes in a mail of its own."""
        return {reminder.key for reminder in self.due if reminder.offset is None}

    @property
    def handed(self) -> list[Reminder]:
        """The reminders that find somebody."""
        done = {pk for pk, _recipient in self.reached} | {
            r.pk for parcel in self.parcels for r in parcel.reminders
        }
        return [reminder for reminder in self.due if reminder.offset is None or reminder.pk in done]


def hand_over(*, now: datetime, enough: Callable[[], bool] = lambda: False) -> int:
    """Hand what is due to the outbox. Return the number of reminders handed over.

    Nothing leaves while sending is held, outside the hours in which mail goes, or from a plan older than the facts;
    what waits in the outbox already keeps those hours too (`hours.keep`).
    `enough` is asked after each batch: what is left then goes with the next heartbeat.
    """
    program = accounts.program()
    if program.sending != "on":
        return 0
    hours.keep(now=now)
    today = accounts.local_today(now, program)
    done, last = 0, 0
    while True:
        due = due_by(now).filter(organization__pk__gt=last, organization__planned_for=today)
        ids = list(
            due.filter(organization__plan_stale_at__isnull=True)
            .order_by("organization")
            .values_list("organization", flat=True)
            .distinct()[:BATCH]
        )
        if not ids:
            return done
        done += _hand_over_what_can_be(ids, now=now)
        last = ids[-1]
        if enough():
            return done


def due_by(now: datetime) -> QuerySet[Reminder]:
    """Return what is due and does not wait for the digest: the partner's mails and calendar entries."""
    due = Reminder.objects.filter(state=State.PLANNED.value, due_at__lte=now)
    return due.filter(side=Side.PARTNER.value) | due.filter(offset__isnull=True)


def _hand_over_what_can_be(ids: list[int], *, now: datetime) -> int:
    try:
        return _hand_over(ids, now=now)
    except Exception:
        log.exception("handing over a batch failed, trying its organizations one by one")
    return sum(_hand_over_part(pk, part, now=now) for pk in ids for part in PARTS)


def _hand_over_part(pk: int, part: Q, *, now: datetime) -> int:
    """Hand over the mails of one organization, or its calendar entries; what cannot be written says so."""
    try:
        return _hand_over([pk], now=now, part=part)
    except Exception:
        log.exception("handing over failed", extra={"organization": pk})
        unwritten.note(due_by(now).filter(part, organization=pk).values_list("pk", flat=True))
    return 0


@transaction.atomic
def _hand_over(ids: list[int], *, now: datetime, part: Q = EVERYTHING) -> int:
    skip = connection.features.has_select_for_update_skip_locked
    rows = Organization.objects.select_for_update(skip_locked=skip).filter(
        pk__in=ids, plan_stale_at__isnull=True
    )
    bag = pack(rows.filter(planned_for=accounts.local_today(now)), now=now, part=part)
    failed = _write(bag.batch, bag.parcels, now=now)
    handed = [reminder for reminder in bag.handed if reminder.pk not in failed]
    note_handed_over(handed, now=now)
    unwritten.forget(handed)
    _send_entries(bag.batch, bag.entries, now=now)
    return len(handed)


def pack(organizations: QuerySet[Organization], *, now: datetime, part: Q = EVERYTHING) -> Bag:
    """Return what may go at `now` for these organizations, whose plans are of today. Nothing is written."""
    batch = facts.load(organizations.order_by("pk"), today=accounts.local_today(now))
    due = [
        r
        for r in due_by(now).filter(part, organization__in=batch.organizations).order_by("pk")
        if may_go(r, program=batch.program, week=batch.week, zone=batch.zone(r.organization_id), now=now)
    ]
    reached = set(Handover.objects.filter(reminder__in=due).values_list("reminder", "recipient"))
    return Bag(batch, due, _parcels(batch, [r for r in due if r.offset is not None], reached), reached)


def may_go(reminder: Reminder, *, program: Program, week: WorkingWeek, zone: ZoneInfo, now: datetime) -> bool:
    """Return whether mail of this kind goes at this moment: working days and hours where the partner is, or at once.

    `zone` is that of the partner; our side reads in the program's.
    """
    if reminder.at_once:
        return True
    ours = reminder.side == Side.OURS
    local = now.astimezone(ZoneInfo(program.zone) if ours else zone)
    if not week.is_working(local.date()):
        return False
    start = program.digest_at if ours else program.sending_from
    return within(local.time(), start, program.sending_until)


def _parcels(batch: facts.Batch, due: list[Reminder], reached: set[tuple[int, str]]) -> list[Parcel]:
    """Bundle due reminders by organization and address: one mail each, and none to whom it reached before."""
    bundles: defaultdict[tuple[int, str], list[Reminder]] = defaultdict(list)
    people: dict[tuple[int, str], Recipient] = {}
    for reminder in due:
        pk = reminder.organization_id
        people_there = batch.facts[pk].people.asked_about(reminder.record, reminder.reference_on)
        side = Side(reminder.side)
        for recipient in succession.recipients(  # of our side only calendar entries come this way
            people_there,
            side,
            reminder.audience,
            batch.today,
            reminder.category,
            reminder.person_id,
            stand_ins=False,
        ):
            address = recipient.address.casefold()
            if (reminder.pk, address) not in reached:
                people.setdefault((pk, address), recipient)
                bundles[pk, address].append(reminder)
    return [Parcel(place[0], people[place], tuple(found)) for place, found in bundles.items()]


def _write(batch: facts.Batch, parcels: list[Parcel], *, now: datetime) -> set[int]:
    """Put the mails into the letterbox. Return the reminders of which one could not be written."""
    failed: set[int] = set()
    written = [pair for parcel in parcels for pair in _worded(batch, parcel, failed, now=now)]
    outbox.write((draft for draft, _reminders in written), now=now)
    record_handovers(written)
    return failed


def _worded(
    batch: facts.Batch, parcel: Parcel, failed: set[int], *, now: datetime
) -> list[tuple[outbox.Draft, tuple[Reminder, ...]]]:
    """Return the mail of a parcel; where it cannot be written, each reminder's own, as far as there is one."""
    alone = len(parcel.reminders) == 1
    with unwritten.noted(parcel.reminders if alone else ()):
        draft = mails.to_partner(batch, parcel.organization, parcel.recipient, parcel.reminders, now=now)
        return [(draft, parcel.reminders)]
    if alone:
        failed.update(reminder.pk for reminder in parcel.reminders)
        return []
    singles = (replace(parcel, reminders=(reminder,)) for reminder in parcel.reminders)
    return [pair for single in singles for pair in _worded(batch, single, failed, now=now)]


def record_handovers(
    written: Iterable[tuple[outbox.Draft, tuple[Reminder, ...]]],
) -> None:
    """Note which touches went into which message: no touch goes to one address twice."""
    pairs = list(written)
    by_key = {outbox.message_key(draft): (draft, reminders) for draft, reminders in pairs}
    messages = Message.objects.filter(key__in=by_key).values_list("pk", "key")
    rows = [
        Handover(
            reminder=reminder,
            message_id=pk,
            recipient=by_key[key][0].recipient.casefold(),
        )
        for pk, key in messages
        for reminder in by_key[key][1]
    ]
    Handover.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def _send_entries(batch: facts.Batch, keys: set[str], *, now: datetime) -> None:
    """Let the calendar entries that were just handed over reach the addresses that should hold them."""
    if not keys:
        return
    entries.reconcile(batch, with_entries(batch, keys), now=now)
    _note_entries(batch, keys, now=now)


def with_entries(batch: facts.Batch, keys: set[str]) -> dict[int, list[Touch]]:
    """Return the plans of a batch once these calendar entries are handed over."""
    touches: dict[int, list[Touch]] = {}
    for pk, organization in batch.facts.items():
        past = {
            key: replace(known, state=State.HANDED_OVER) if key in keys else known
            for key, known in organization.past.items()
        }
        known = replace(organization, past=past)
        touches[pk] = plan.desired(known, batch.today, batch.today)
    return touches


def _note_entries(batch: facts.Batch, keys: set[str], *, now: datetime) -> None:
    """Note into which mails the calendar entries went, so that what became of them can be told."""
    reminders = Reminder.objects.in_bulk(keys, field_name="key")
    mails = Message.objects.filter(organization__in=batch.organizations, kind="entry", written_at=now)
    rows = [
        Handover(reminder=reminders[key], message_id=pk, recipient=recipient.casefold())
        for pk, recipient, held in mails.values_list("pk", "recipient", "keys")
        for key in held
        if key in reminders
    ]
    Handover.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
