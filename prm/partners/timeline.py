"""The one choke point: what happened is written into an organization's timeline, and its plan is stale from then on."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.partners.models import Contact, Entry, Organization
from prm.vocabulary.models import Term


@transaction.atomic
def record(
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
    """Append one entry and mark the organization's plan stale, in one transaction.

    `event` names a sentence of `sentences.py`, `data` its values; days in it are written as ISO text under names that
    end in "_on". `record` is the readable key of what changed, such as "agreement:17".
    """
    entry = Entry.objects.create(
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
    mark_stale([organization.pk], now)
    organization.plan_stale_at = now
    return entry


def mark_stale(organization_ids: Iterable[int], now: datetime.datetime) -> int:
    """Say that these organizations' plans must be made anew; return how many there are."""
    return Organization.objects.filter(pk__in=list(organization_ids)).update(plan_stale_at=now)


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
