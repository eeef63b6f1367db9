"""The rows of some organizations, as they are: to know later whether anybody changed them, and to put them back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Model, Q, QuerySet

from prm.agreements.models import Agreement, Party, Review
from prm.capacity.models import Pause
from prm.partners.edits import PLANNING
from prm.partners.models import Assignment, Contact, Entry, Organization, Role, Standing
from prm.training.models import Attendance, Cadence, Invitation

Row = dict[str, Any]
#: Table -> its rows, each column by name, in the words of JSON.
Rows = dict[str, list[Row]]

#: What belongs to one organization alone, in an order in which rows can be made; undone the other way round.
OWN: tuple[type[Model], ...] = (
    *(Standing, Assignment, Contact, Role, Pause, Cadence, Attendance, Invitation),
)


def snapshots(organizations: Collection[int]) -> dict[int, Rows]:
    """Return the rows of each organization, in a fixed number of queries.

    Of its timeline only the ids count, since entries are only ever added.
    """
    found: dict[int, Rows] = {pk: {} for pk in organizations}
    for row in Organization.objects.filter(pk__in=organizations).values():
        told = {name: value for name, value in row.items() if name not in PLANNING}
        found[row["id"]]["organization"] = [as_json(told)]
    for table in OWN:
        rows = rows_of(table).filter(organization__in=organizations)
        _sort(found, table, ((row["organization_id"], row) for row in rows.order_by("pk").values()))
    entries = Entry.objects.filter(organization__in=organizations).order_by("pk")
    _sort(found, Entry, ((pk, {"id": entry}) for pk, entry in entries.values_list("organization", "pk")))
    _agreements(found)
    return found


def fingerprint(rows: Rows) -> str:
    """Return a digest of rows: the same as long as nobody changed any of them."""
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


def as_json(row: Row) -> Row:
    """Return a row with days and moments as ISO text, so that it is the same before and after it was kept."""
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}


def rows_of(table: type[Model]) -> QuerySet[Any]:
    """Return every row of a table that is known only by its class."""
    return QuerySet(table)


def table_name(table: type[Model]) -> str:
    return table.__name__.lower()


def _sort(found: dict[int, Rows], table: type[Model], rows: Iterable[tuple[int, Row]]) -> None:
    for organization, row in rows:
        found[organization].setdefault(table_name(table), []).append(as_json(row))


def _agreements(found: dict[int, Rows]) -> None:
    """Add the agreements of each organization, with its own signature and ours, and their reviews."""
    pairs = list(Party.objects.filter(organization__in=found.keys()).values_list("agreement", "organization"))
    owners: dict[int, list[int]] = {}
    for agreement, organization in pairs:
        owners.setdefault(agreement, []).append(organization)
    own = Q(organization__in=found.keys()) | Q(organization__isnull=True)
    tables: tuple[tuple[str, QuerySet[Any]], ...] = (
        ("id", Agreement.objects.filter(pk__in=owners)),
        ("agreement_id", Party.objects.filter(own, agreement__in=owners)),
        ("agreement_id", Review.objects.filter(agreement__in=owners)),
    )
    for key, rows in tables:
        for row in rows.order_by("pk").values():
            for owner in owners[row[key]]:
                if row.get("organization_id") in (None, owner):
                    _sort(found, rows.model, [(owner, row)])
