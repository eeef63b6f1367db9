"""What was changed in the records of one partner, field by field, latest first (docs/decisions/0010)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Model, Q

from prm.accounts.history import history_of
from prm.agreements.models import Agreement, Clause, Party, Review
from prm.capacity.models import Pause
from prm.partners.models import Assignment, Consent, Contact, Organization, Promise, Role, Standing
from prm.training.models import Cadence

Row = dict[str, Any]

#: What says nothing to people: keys, days on which something was typed in, and what other records tell.
UNSAID = frozenset(
    "id organization organization_id agreement agreement_id entered_on entered_at changed_on term_set_on "
    "approval_lead_set_on is_demo renews_id continues_id entry_id imported original".split()
)
#: What only those read who see reasons, as everywhere else.
FOR_FEW: frozenset[tuple[type[Model], str]] = frozenset(
    {
        (Pause, "reason"),
        (Agreement, "notes"),
        (Agreement, "end_note"),
        (Review, "note"),
        (Clause, "note"),
        (Contact, "discreet"),
    }
)
OWN: tuple[type[Model], ...] = (*(Standing, Contact, Role, Assignment, Pause, Promise, Consent, Cadence),)
ON_PAPER: tuple[type[Model], ...] = (Review, Clause)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one record, before and after. `record`: all its columns then; `user`: an id of ours, or None."""

    at: datetime
    user: int | None
    way: str
    table: type[Model]
    record: Row
    field: str
    before: Any
    after: Any


def changes(organization: Organization, *, reasons: bool) -> list[Change]:
    """Return every change in what we hold about a partner; `reasons`: also what only few may read.

    A fixed number of queries: one for each table. What is gone has no history any more.
    """
    found = [
        change
        for table, rows in _histories(organization)
        for change in _differences(table, rows)
        if reasons or not _for_few(change)
    ]
    return sorted(found, key=lambda change: change.at)[::-1]


def _histories(organization: Organization) -> Iterator[tuple[type[Model], Iterable[Row]]]:
    papers = list(organization.agreement_parties.values_list("agreement", flat=True))
    ours = Q(organization=organization.pk) | Q(organization__isnull=True, agreement__in=papers)
    yield Organization, _rows(Organization, Q(history_relation=organization.pk))
    for table in OWN:
        yield table, _rows(table, Q(organization=organization.pk))
    yield Agreement, _rows(Agreement, Q(history_relation__in=papers))
    yield Party, _rows(Party, ours)
    for table in ON_PAPER:
        yield table, _rows(table, Q(agreement__in=papers))


def _rows(table: type[Model], which: Q) -> Iterable[Row]:
    rows: Iterable[Row] = history_of(table).filter(which).order_by("history_relation", "history_id").values()
    return rows


def _differences(table: type[Model], rows: Iterable[Row]) -> Iterator[Change]:
    for before, after in pairwise(rows):
        if before["id"] != after["id"]:
            continue
        for name, value in after.items():
            if name in UNSAID or name.startswith("history_") or before[name] == value:
                continue
            yield Change(
                at=after["history_date"],
                user=after["history_user_id"],
                way=after["history_change_reason"],
                table=table,
                record=after,
                field=name,
                before=before[name],
                after=value,
            )


def _for_few(change: Change) -> bool:
    return (change.table, change.field) in FOR_FEW or bool(change.record.get("private"))
