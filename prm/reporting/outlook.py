"""What will be sent, on which day, to whom and why; also what is held or skipped, and why. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from prm.partners.models import Organization
from prm.reminders import facts, reasons
from prm.reminders.models import Handover, Reminder
from prm.rules import delivery, plan, succession
from prm.rules.facts import People, Side, State
from prm.rules.ladder import Touch, effective_day
from prm.rules.succession import Recipient

BATCH = 200
#: What became of the mails of one touch, the one that needs a person first; "handed over" while they wait.
BECAME = {
    delivery.FAILED: delivery.FAILED,
    delivery.BOUNCED: delivery.BOUNCED,
    delivery.HELD: State.HELD.value,
    delivery.CANCELLED: State.WITHDRAWN.value,
    delivery.WAITING: State.HANDED_OVER.value,
    delivery.SENDING: State.HANDED_OVER.value,
    delivery.SENT: delivery.SENT,
    delivery.DELIVERED: delivery.DELIVERED,
}
ONE_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to say to one side: `day` is the local day it goes or went (None: held, end unknown).

    `recipients` are addresses after fallback, as known now; `names` the people behind them, in the same order.
    """

    day: date | None
    key: str
    organization: Organization
    side: str
    audience: tuple[str, ...]
    recipients: tuple[str, ...]
    names: tuple[str, ...]
    state: str
    reason: str
    rule: str
    offset: int | None
    reference: date
    nobody: bool = False
    #: The row of the plan from which it was read; None: computed.
    row: Reminder | None = None

    def as_json(self) -> dict[str, object]:
        """Return the line as `outlook --json` prints it (contract.md)."""
        return {
            "date": self.day.isoformat() if self.day else None,
            "key": self.key,
            "organization": self.organization.slug,
            "side": self.side,
            "audience": list(self.audience),
            "recipients": list(self.recipients),
            "state": self.state,
            "reason": self.reason,
        }


def outlook(
    *,
    from_day: date,
    days: int = 90,
    organizations: QuerySet[Organization] | None = None,
) -> Iterator[Line]:
    """Yield the lines of `from_day` and the following `days` - 1, in order of organizations then days.

    The plan is computed as of `from_day`, in batches. `organizations` limits it, also to what a reader may see.
    """
    found = Organization.objects.all() if organizations is None else organizations
    last, window = 0, (from_day, from_day + timedelta(days - 1))
    while True:
        rows = list(found.filter(pk__gt=last).order_by("pk")[:BATCH])
        if not rows:
            return
        batch = facts.load(rows, today=from_day)
        ledger = _ledger(batch, window)
        for pk in batch.organizations:
            yield from _lines(batch, pk, ledger.get(pk, []), window)
        last = rows[-1].pk


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Return lines by day, those without a day last."""
    return sorted(
        lines,
        key=lambda line: (line.day or date.max, line.organization.name, line.key),
    )


def _lines(
    batch: facts.Batch,
    organization: int,
    ledger: list[Reminder],
    window: tuple[date, date],
) -> Iterator[Line]:
    first, last = window
    known = batch.facts[organization]
    wanted = [t for t in plan.desired(known, first, last) if t.state is not State.HANDED_OVER]
    for touch in wanted:
        day = effective_day(touch, first, known.week) if touch.goes else touch.day
        if _shown(touch, day, window):
            yield _line(batch, touch, day)
    keys = {touch.key for touch in wanted}
    past = (_past_line(batch, reminder) for reminder in ledger if reminder.key not in keys)
    yield from (line for line in past if line.day is not None and first <= line.day <= last)


def _shown(touch: Touch, day: date | None, window: tuple[date, date]) -> bool:
    """Held ones without a day are shown when their own day is near; what passed before entry also on that of entry."""
    first, last = window
    if day is None:
        return touch.state is State.HELD and touch.nominal <= last
    if first <= day <= last:
        return True
    entered = dict(touch.reason.data).get("entered") if touch.state is State.SKIPPED else None
    return isinstance(entered, str) and first <= date.fromisoformat(entered) <= last


def _line(batch: facts.Batch, touch: Touch, day: date | None) -> Line:
    known = batch.facts[touch.organization]
    people = reached(known.people, touch, touch.side, touch.person, max(day or batch.today, batch.today))
    return Line(
        day=day,
        key=touch.key,
        organization=batch.organizations[touch.organization],
        side=touch.side.value,
        audience=touch.audience,
        recipients=tuple(person.address for person in people),
        names=tuple(person.name or person.address for person in people),
        state=touch.state.value,
        reason=why(touch, touch.reference, touch.reason.code, dict(touch.reason.data)),
        rule=touch.rule,
        offset=touch.offset,
        reference=touch.reference,
        nobody=touch.nobody,
    )


def reached(
    people: People, said: Touch | Reminder, side: Side, person: int | None, day: date
) -> tuple[Recipient, ...]:
    """Return whom a reminder reaches on a day, after fallback; calendar entries do not go to stand-ins."""
    asked = people.asked_about(said.record, said.reference if isinstance(said, Touch) else said.reference_on)
    if said.rule == "entry":
        return succession.invited(asked, person, day, said.category)
    return succession.recipients(
        asked,
        side,
        said.audience,
        day,
        said.category,
        person,
        stand_ins=not said.rule.endswith("entry"),
    )


def why(said: Touch | Reminder, reference: date, code: str, data: dict[str, object]) -> str:
    """Return why a reminder has its day and its state."""
    return reasons.explain(said.rule, said.offset, reference, "gap" if said.nobody else code, data)


def became(state: str, mails: Iterable[str]) -> str:
    """Return what became of a reminder, by the states of its mails: the one that needs a person first."""
    found = set(mails)
    return next((said for mail, said in BECAME.items() if mail in found), state)


def _ledger(batch: facts.Batch, window: tuple[date, date]) -> dict[int, list[Reminder]]:
    """Return what has gone or was settled on the days of the window, by organization."""
    first, last = window
    # A day wider on both sides than the window: the local day is the partner's or ours, not that of the database.
    start = datetime.combine(first - ONE_DAY, time.min, UTC)
    gone = Q(
        state=State.HANDED_OVER.value,
        handed_at__gte=start,
        handed_at__lt=start + (last - first) + 3 * ONE_DAY,
    )
    skipped = Q(state=State.SKIPPED.value, day__range=window)
    rows = Reminder.objects.filter(gone | skipped, organization__in=batch.organizations)
    found: dict[int, list[Reminder]] = {}
    for row in rows.prefetch_related(
        Prefetch("handovers", Handover.objects.select_related("message").order_by("pk"))
    ).order_by("day", "pk"):
        found.setdefault(row.organization_id, []).append(row)
    return found


def _past_line(batch: facts.Batch, row: Reminder) -> Line:
    handovers = list(row.handovers.all())
    return Line(
        day=_went_on(batch, row),
        key=row.key,
        organization=batch.organizations[row.organization_id],
        side=row.side,
        audience=tuple(row.audience),
        recipients=tuple(handover.recipient for handover in handovers),
        names=tuple(handover.message.recipient_name or handover.recipient for handover in handovers),
        state=became(row.state, (handover.message.state for handover in handovers)),
        reason=why(row, row.reference_on, row.reason, row.reason_data),
        rule=row.rule,
        offset=row.offset,
        reference=row.reference_on,
        nobody=row.nobody,
    )


def _went_on(batch: facts.Batch, row: Reminder) -> date | None:
    """Return the local day on which it went, which for a late one is not the day it was due."""
    if row.handed_at is None:
        return row.day
    zone = batch.zone(row.organization_id) if row.side == Side.PARTNER else ZoneInfo(batch.program.zone)
    return row.handed_at.astimezone(zone).date()


def find(slug: str) -> QuerySet[Organization]:
    """Return the organization with this slug, as a queryset of one or none."""
    return Organization.objects.filter(slug=slug)
