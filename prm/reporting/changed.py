"""What was changed in the records of one partner, field by field, latest first (docs/decisions/0010)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from django.db.models import DateTimeField, F, Field, JSONField, Model, Q, QuerySet, Value
from django.db.models.functions import JSONObject

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
#: What history says about each of its rows.
STAMP = ("of", "history_id", "history_date", "history_user_id", "history_change_reason")


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

    Two queries: its agreements, and the histories of all tables. What is gone has no history any more.
    """
    found = [
        change
        for table, rows in _histories(organization)
        for change in _differences(table, rows)
        if reasons or not _for_few(change)
    ]
    return sorted(found, key=lambda change: change.at)[::-1]


def _histories(organization: Organization) -> Iterator[tuple[type[Model], list[Row]]]:
    """Yield the rows of each table, record by record in the order in which they were written."""
    papers = list(organization.agreement_parties.values_list("agreement", flat=True))
    on_paper = Q(agreement__in=papers)
    asked: dict[type[Model], Q] = {Organization: Q(history_relation=organization.pk)}
    asked |= dict.fromkeys(OWN, Q(organization=organization.pk))
    asked[Agreement] = Q(history_relation__in=papers)
    asked |= dict.fromkeys(ON_PAPER, on_paper)
    asked[Party] = Q(organization=organization.pk) | (Q(organization__isnull=True) & on_paper)
    first, *others = (_rows(table, which) for table, which in asked.items())
    found: dict[str, list[Row]] = {}
    for name, *stamp, columns in first.union(*others, all=True).order_by("of", "history_id"):
        found.setdefault(name, []).append(dict(zip(STAMP, stamp, strict=True)) | columns)
    for table in asked:
        rows = found.get(table.__name__, [])
        yield table, sorted((_typed(table, row) for row in rows), key=lambda row: row["id"])


def _rows(table: type[Model], which: Q) -> QuerySet[Any, tuple[Any, ...]]:
    """Return the history of one table in columns that all tables have: one query then reads them all."""
    history = history_of(table)
    columns = JSONObject(**{field.attname: F(field.attname) for field in _told(table)})
    return (
        history.filter(which)
        .annotate(table=Value(table.__name__), of=F("history_relation"), columns=columns)
        .order_by()
        .values_list("table", *STAMP, "columns")
    )


def _told(table: type[Model]) -> list[Field[Any, Any]]:
    """Return the columns of a table that its history keeps, in their order."""
    kept = {field.attname for field in history_of(table).model._meta.concrete_fields}  # noqa: SLF001 - documented
    return [field for field in table._meta.concrete_fields if field.attname in kept]  # noqa: SLF001


def _typed(table: type[Model], row: Row) -> Row:
    """Return a row with the values that Django has for its columns; databases put them into JSON in their own ways."""
    return row | {field.attname: _value(field, row[field.attname]) for field in _told(table)}


def _value(field: Field[Any, Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(field, JSONField):
        return json.loads(value) if isinstance(value, str) else value
    if isinstance(field, DateTimeField):
        moment = datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return field.to_python(value)


def _differences(table: type[Model], rows: list[Row]) -> Iterator[Change]:
    for before, after in pairwise(rows):
        if before["id"] != after["id"]:
            continue
        for name, value in after.items():
            if name in UNSAID or name in STAMP or before[name] == value:
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
