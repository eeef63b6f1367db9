"""A pause is written down."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.capacity.actions.checking import check_choices, check_days
from prm.capacity.actions.noting import entry, span
from prm.capacity.models import Effect, Pause, Reach
from prm.partners.models import Contact, Organization
from prm.partners.timeline import lock, record_all
from prm.rules.dates import add_months
from prm.rules.refusal import Refusal

#: How long after its start a pause without a known end is talked about, where nobody chose a day.
TALK_AFTER_MONTHS = 3


@dataclass(frozen=True, slots=True)
class NewPause:
    """A pause through `ends_on` or for a number of months (start + months, clamped, is its last day)."""

    organization: Organization
    scope: str
    starts_on: datetime.date
    ends_on: datetime.date | None = None
    months: int | None = None
    service: str = ""
    effect: str = Effect.CLOSED
    reach: str = Reach.US
    talk_on: datetime.date | None = None
    reason: str = ""
    declared_by: Contact | None = None
    imported: bool = False
    #: The stretch that this one follows; `stretches.follow` says what that means.
    continues: Pause | None = None


def pause(
    organization: Organization,
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
    **facts: Any,
) -> Pause:
    """Record one pause: `facts` are those of `NewPause`, `record_pauses` says what becomes of it."""
    return record_pauses([NewPause(organization, **facts)], now=now, today=today, by=by)[0]


@transaction.atomic
def record_pauses(
    new: Sequence[NewPause],
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> list[Pause]:
    """Record pauses, all of them or, where one is refused, none.

    Without `ends_on` and `months` the end is unknown. The talk-again day is the end unless chosen, or three months
    after the start. Refused where one would overlap another pause of the same scope (and service).
    """
    day = today or local_today(now)
    rows = [_drafted(one, day) for one in new]
    pks = lock(one.organization for one in new)
    known = defaultdict(list)
    for other in Pause.objects.filter(organization__in=pks, withdrawn_on__isnull=True):
        known[other.organization_id].append(other)
    for row in rows:
        check_choices(row)
        check_days(row, known[row.organization_id])
        known[row.organization_id].append(row)
    Pause.objects.bulk_create(rows)
    about: dict[str, Any] = {"now": now, "by": by, "on": day}
    record_all(
        [entry(row, _event(row), contact=row.declared_by, data=_said(row), **about) for row in rows],
        now=now,
    )
    return rows


def _event(row: Pause) -> str:
    return "pause_followed" if row.continues_id else "pause_recorded"


def _said(row: Pause) -> dict[str, Any]:
    return span(row) | ({"effect": row.effect} if row.continues_id else {})


def _drafted(new: NewPause, day: datetime.date) -> Pause:
    if new.months is not None and new.months < 1:
        raise Refusal(_("A pause takes at least one month, or give its last day."), field="months")
    last_day = add_months(new.starts_on, new.months) if new.months and new.ends_on is None else new.ends_on
    return Pause(
        organization=new.organization,
        scope=new.scope,
        service=new.service.strip(),
        effect=new.effect,
        reach=new.reach,
        starts_on=new.starts_on,
        ends_on=last_day,
        talk_on=new.talk_on or last_day or add_months(new.starts_on, TALK_AFTER_MONTHS),
        reason=new.reason.strip(),
        declared_by=new.declared_by,
        imported=new.imported,
        continues=new.continues,
        entered_on=day,
        changed_on=day,
    )
