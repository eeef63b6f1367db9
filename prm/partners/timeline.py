"""The one choke point: what happened is written into an organization's timeline, and its plan is stale from then on."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.partners.models import Contact, Entry, Organization
from prm.vocabulary.models import Term

AT_ONCE = 500  # pks in one statement: few enough for every database


def record(organization: Organization, *, now: datetime.datetime, **facts: Any) -> Entry:
    """Append one entry, drafted as `draft` does, and mark the organization's plan stale, in one transaction."""
    entry = draft(organization, now=now, **facts)
    record_all([entry], now=now)
    return entry


def draft(
    organization: Organization,
    *,
    kind: str,
    event: str,
    now: datetime.datetime,
    by: User | None = None,
    happened_on: datetime.date | None = None,
    contact: Contact | None = None,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    two_way: bool = False,
    interaction: Term | None = None,
    private: bool = False,
    record: str = "",
) -> Entry:
    """Return an entry for `record_all`; nothing is written yet.

    `event` names a sentence of `sentences.py`, `data` its values; days in it are written as ISO text under names that
    end in "_on". `record` is the readable key of what changed, such as "agreement:17".
    """
    return Entry(
        organization=organization,
        kind=kind,
        event=event,
        interaction=interaction,
        two_way=two_way,
        happened_on=happened_on or local_today(now),
        recorded_at=now,
        by=by,
        contact=contact,
        note=note,
        data=plain(data or {}),
        private=private,
        record=record,
    )


@transaction.atomic
def record_all(entries: Sequence[Entry], *, now: datetime.datetime) -> None:
    """Append drafted entries in their order and mark their organizations' plans stale: few statements for many."""
    Entry.objects.bulk_create(entries)
    mark_stale({entry.organization_id for entry in entries}, now)
    for entry in entries:
        entry.organization.plan_stale_at = now


def lock(organizations: Iterable[Organization]) -> list[int]:
    """Keep others from writing about these organizations until the transaction ends; return their pks in one order."""
    ids = sorted({organization.pk for organization in organizations})
    for start in range(0, len(ids), AT_ONCE):
        rows = Organization.objects.filter(pk__in=ids[start : start + AT_ONCE])
        list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    return ids


@transaction.atomic
def mark_stale(organization_ids: Iterable[int], now: datetime.datetime) -> int:
    """Say that these organizations' plans must be made anew; return how many there are."""
    ids, count = sorted(organization_ids), 0
    for start in range(0, len(ids), AT_ONCE):
        rows = Organization.objects.filter(pk__in=ids[start : start + AT_ONCE])
        if len(ids) > 1:  # in one order: no two writers wait for each other
            list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
        count += rows.update(plan_stale_at=now)
    return count


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as JSON can keep them: days as ISO text, a related row as its name, None left out."""
    return {name: _plain(value) for name, value in data.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
