"""How far the outlook can be told while a page waits: all of it for some hundreds of partners, else the nearest days.

The outlook is computed live, at some milliseconds an organization. Among very many, the plans that are written down say
whose turn comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import merge

from django.db.models import QuerySet

from prm.partners.models import Organization
from prm.reminders.models import Reminder
from prm.rules.facts import Side, State

#: So many organizations are computed for every day asked for; of more only the nearest.
EVERYTHING, NEAREST = 1000, 300
#: Reminders that are looked at, of each side, to find out whose turn comes first.
LOOKED_AT = 5000


@dataclass(frozen=True, slots=True)
class Reach:
    """Of which organizations the outlook is told for how many days. `shortened`: others are left out, `crowded`: even
    of the one day that is told."""

    organizations: QuerySet[Organization]
    days: int
    shortened: bool = False
    crowded: bool = False


def within_reach(organizations: QuerySet[Organization], *, from_day: date, days: int) -> Reach:
    """Return what can be told of these organizations for `days` from `from_day` on.

    Where it is not all, every day told is whole, as long as the nearest day fits.
    """
    if organizations.order_by()[: EVERYTHING + 1].count() <= EVERYTHING:
        return Reach(organizations, days)
    near: set[int] = set()
    reached, seen = from_day, 0
    for day, organization in _coming(organizations, from_day + timedelta(days - 1)):
        reached, seen = max(reached, day), seen + 1
        if organization not in near and len(near) == NEAREST:
            break
        near.add(organization)
    else:
        if seen < LOOKED_AT:  # nothing was left out on the day before the last one seen, nor on any other
            return Reach(organizations.filter(pk__in=near), days, shortened=True)
    whole = (reached - from_day).days  # on the last day seen there may be more
    return Reach(organizations.filter(pk__in=near), max(whole, 1), shortened=True, crowded=whole == 0)


def _coming(organizations: QuerySet[Organization], last: date) -> Iterator[tuple[date, int]]:
    """Day and organization of what is planned or held, the nearest first; each side by its own index."""
    open_ones = Reminder.objects.filter(
        state__in=(State.PLANNED.value, State.HELD.value),
        day__lte=last,
        organization__in=organizations.order_by(),
    )
    sides = (
        open_ones.filter(side=side.value).order_by("day").values_list("day", "organization")[:LOOKED_AT]
        for side in Side
    )
    yield from merge(*sides)  # type: ignore[misc]  # rows with a day only
