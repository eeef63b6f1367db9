"""What a changed rule would send and no longer send, now and in the next 90 days. Computed, and nothing is written.

Both plans of a partner are worked out, with the rules of today and with the wish among them; what is told is the
difference. Mails are counted as the outbox writes them (`departures`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from prm.accounts.queries import local_today
from prm.agreements.models import Party
from prm.capacity.models import Pause
from prm.partners.models import Consent, Organization, Promise
from prm.reminders import facts
from prm.reminders.changing import Wish, concerned
from prm.reporting import departures, outlook
from prm.rules import plan
from prm.rules.facts import Organization as Known
from prm.rules.facts import Side, State
from prm.rules.hours import within
from prm.rules.ladder import Touch, effective_day
from prm.training.models import Invitation

DAYS = 90
BATCH = 200
#: So many partners are worked out while somebody waits for the page; of more, some evenly chosen ones.
MOST = 500

#: Partners without any of these cannot be concerned.
_RECORDS = {
    **dict.fromkeys(("expiry", "review", "stuck"), Party),
    **dict.fromkeys(("talk", "change"), Pause),
    **dict.fromkeys(("start", "after"), Invitation),
    "consent": Consent,
    "promise": Promise,
}


@dataclass(frozen=True, slots=True)
class Going:
    """What one address gets about one partner on one local day (None: now): a mail, or a line of our morning mail."""

    day: date | None
    organization: Organization
    ours: bool
    address: str
    name: str
    keys: tuple[str, ...]


@dataclass(slots=True)
class Preview:
    """What comes and what goes, in order of days; worked out for `looked` of `concerned` partners."""

    concerned: int = 0
    looked: int = 0
    added: list[Going] = field(default_factory=list)
    gone: list[Going] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return self.looked == self.concerned

    def about(self, number: int) -> int:
        """Return how many these are among all, as far as the partners that were looked at stand for the others."""
        return number if self.whole else round(number * self.concerned / self.looked)


def preview(wish: Wish, *, now: datetime, most: int = MOST) -> Preview:
    """Return what the wish would change as of `now`; of more than `most` partners, a sample."""
    found = _that_may(wish)
    ids = list(found.order_by("pk").values_list("pk", flat=True))
    chosen = ids if len(ids) <= most else [ids[n * len(ids) // most] for n in range(most)]
    result = Preview(len(ids), len(chosen))
    for start in range(0, len(chosen), BATCH):
        rows = Organization.objects.filter(pk__in=chosen[start : start + BATCH]).order_by("pk")
        _add_batch(result, rows, wish, now)
    for some in (result.added, result.gone):
        some.sort(key=lambda one: (one.day or date.min, one.organization.name, one.ours, one.name))
    return result


def _that_may(wish: Wish) -> QuerySet[Organization]:
    found = concerned(wish.whose)
    table = _RECORDS.get(wish.whose.rule)
    if table is None:
        return found
    return found.filter(pk__in=table._default_manager.values("organization"))  # noqa: SLF001 - as Django names it


def _add_batch(result: Preview, rows: QuerySet[Organization], wish: Wish, now: datetime) -> None:
    today = local_today(now)
    batch = facts.load(rows, today=today)
    rule = wish.rule(today)
    for pk, known in batch.facts.items():
        others = (
            one for one in known.rules if (one.rule, one.kind, one.own) != (rule.rule, rule.kind, rule.own)
        )
        changed = replace(known, rules=(*others, rule))
        local = now.astimezone(batch.zone(pk))
        before, after = (_going(batch, one, local) for one in (known, changed))
        result.added += [after[place] for place in after if place not in before]
        result.gone += [before[place] for place in before if place not in after]


Place = tuple[date | None, bool, str, str]


def _going(batch: facts.Batch, known: Known, local: datetime) -> dict[Place, Going]:
    """Return what goes about one organization within the window, bundled as it will be."""
    today, last = batch.today, batch.today + timedelta(DAYS - 1)
    row = batch.organizations[known.id]
    found: dict[Place, Going] = {}
    for touch in plan.desired(known, today, last):
        day = effective_day(touch, today, known.week)
        if touch.state not in (State.PLANNED, State.HELD) or day is None or day > last:
            continue
        ours = touch.side is Side.OURS
        leaves = day if ours else _leaves(batch, touch, day, local)
        for person in outlook.reached(known.people, touch, touch.side, touch.person, max(day, today)):
            alone = touch.key if ours or touch.offset is None else ""
            place = (leaves, ours, person.address.casefold(), alone)
            keys = found[place].keys if place in found else ()
            found[place] = Going(
                leaves, row, ours, person.address, person.name or person.address, (*keys, touch.key)
            )
    return found


def _leaves(batch: facts.Batch, touch: Touch, day: date, local: datetime) -> date | None:
    """Return the day on which a mail to the partner leaves, None for this moment."""
    program = batch.program
    if day > batch.today:
        return day
    here = batch.week.is_working(local.date())
    if touch.at_once or (here and within(local.time(), program.sending_from, program.sending_until)):
        return None
    return departures.leaving(day, local, program, batch.week)
