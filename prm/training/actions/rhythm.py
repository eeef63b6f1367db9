"""How often an organization wants training."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts import history
from prm.accounts.checks import check_lengths
from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.partners.models import Entry, EntryKind, Organization
from prm.partners.timeline import draft, lock, record_all
from prm.rules.refusal import Refusal
from prm.training.models import Cadence

VALUES = ("every_months", "anchor_on", "reason")


@dataclass(frozen=True, slots=True)
class NewCadence:
    """The rhythm of an organization's training in months from an anchor, or none for a reason."""

    organization: Organization
    every_months: int | None
    anchor_on: datetime.date | None = None
    reason: str = ""


def set_cadence(
    organization: Organization,
    *,
    every_months: int | None,
    now: datetime.datetime,
    anchor_on: datetime.date | None = None,
    reason: str = "",
    today: datetime.date | None = None,
    by: User | None = None,
) -> Cadence:
    """Set the rhythm of an organization's training in months from an anchor, or none for a reason.

    The same rhythm again changes nothing.
    """
    new = NewCadence(organization, every_months, anchor_on, reason)
    return set_cadences([new], now=now, today=today, by=by)[0]


@transaction.atomic
def set_cadences(
    new: Sequence[NewCadence],
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> list[Cadence]:
    """Set the rhythms of organizations, each named once, all of them or, where one is refused, none."""
    day = today or local_today(now)
    for one in new:
        _check(one)
    pks = lock(one.organization for one in new)
    known = {row.organization_id: row for row in Cadence.objects.filter(organization__in=pks)}
    rows: list[Cadence] = []
    changed: list[Cadence] = []
    for one in new:
        row = known.get(one.organization.pk) or Cadence(entered_on=day)
        row.organization = one.organization
        rows.append(row)
        values = {name: getattr(one, name) for name in VALUES} | {"reason": one.reason.strip()}
        if row.pk is not None and all(getattr(row, name) == value for name, value in values.items()):
            continue
        for name, value in (values | {"changed_on": day}).items():
            setattr(row, name, value)
        check_lengths(row)
        changed.append(row)
    history.bulk_update([row for row in changed if row.pk], [*VALUES, "changed_on"])
    Cadence.objects.bulk_create(row for row in changed if row.pk is None)
    record_all([_entry(row, now=now, by=by, on=day) for row in changed], now=now)
    return rows


def _check(new: NewCadence) -> None:
    if new.every_months is None and not new.reason.strip():
        raise Refusal(_("No training at all? Say why in a few words."), field="reason")
    if new.every_months is not None and new.every_months < 1:
        raise Refusal(_("Training comes every month at most."), field="every_months")


def _entry(cadence: Cadence, *, now: datetime.datetime, by: User | None, on: datetime.date) -> Entry:
    return draft(
        cadence.organization,
        kind=EntryKind.TRAINING,
        event="rhythm_set" if cadence.every_months else "rhythm_none",
        now=now,
        by=by,
        happened_on=on,
        note=cadence.reason,
        data={"months": cadence.every_months, "anchor_on": cadence.anchor_on},
    )
