"""The way back from an import: what it entered goes, what it changed is as before. What people worked on since stays.

The one place beside the rooms' actions that writes their rows: it writes none that was not there before, so there is
nothing for an action to check (docs/decisions/0004).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from prm.accounts import history
from prm.accounts.models import User
from prm.agreements.models import Agreement, Party, Review
from prm.exchange.models import Import, Trace
from prm.exchange.snapshot import OWN, Row, Rows, fingerprint, rows_of, snapshots, table_name
from prm.outbox.models import Message
from prm.partners.edits import PLANNING
from prm.partners.models import Entry, EntryKind, Organization
from prm.partners.timeline import record
from prm.rules import delivery

BATCH = 100
#: Mail in these states has left, or may have.
GONE = (delivery.SENDING, delivery.SENT, delivery.DELIVERED, delivery.BOUNCED)
TABLES: tuple[type[Model], ...] = (*OWN, Agreement, Party, Review)


@dataclass(slots=True)
class Undone:
    """How many organizations are gone and how many are as before; which were kept as they are now, and why."""

    removed: int = 0
    put_back: int = 0
    users: int = 0
    kept: list[dict[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {"removed": self.removed, "put_back": self.put_back, "users": self.users, "kept": self.kept}

    def keep(self, organization: Organization, why: str) -> None:
        self.kept.append({"organization": organization.name, "slug": organization.slug, "why": why})


def undo(source: Import, *, now: datetime, by: User | None, progress: Callable[[int, int], None]) -> Undone:
    """Take back what the import wrote, in batches, each a transaction; `progress` hears (done, all) after each.

    Organizations that somebody worked on since, or that got mail, are kept as they are now.
    """
    done = Undone()
    ids = list(source.traces.order_by("-id").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        with transaction.atomic():
            traces = Trace.objects.filter(pk__in=batch).select_related("organization").order_by("-id")
            _take_back(list(traces), done, now, by)
            Trace.objects.filter(pk__in=batch).delete()
        progress(start + len(batch), len(ids))
    done.users = _remove_users(source.report.get("users", ()))
    return done


def _take_back(batch: Sequence[Trace], done: Undone, now: datetime, by: User | None) -> None:
    ids = [trace.organization_id for trace in batch]
    list(Organization.objects.select_for_update().filter(pk__in=ids).order_by("pk").values("pk"))
    present = snapshots(ids)
    written_to = set(Message.objects.filter(_left(ids)).values_list("organization", flat=True))
    going: list[Trace] = []
    for trace in batch:
        rows = present[trace.organization_id]
        if fingerprint(rows) != trace.after:
            done.keep(trace.organization, _("Somebody has worked on it since."))
        elif trace.organization_id in written_to:
            done.keep(trace.organization, _("Mail has gone out to them since."))
        else:
            going.append(trace)
    new = [trace for trace in going if trace.new]
    _remove([trace.organization_id for trace in new], present)
    for trace in going:
        if not trace.new:
            _put_back(trace, present[trace.organization_id], now, by)
    done.removed += len(new)
    done.put_back += len(going) - len(new)


def _left(organizations: Sequence[int]) -> Q:
    return Q(organization__in=organizations, state__in=GONE, user__isnull=True)


def _remove(organizations: Sequence[int], present: dict[int, Rows]) -> None:
    agreements = [row["id"] for pk in organizations for row in present[pk].get("agreement", ())]
    Agreement.objects.filter(pk__in=agreements).update(renews=None)
    Agreement.objects.filter(pk__in=agreements).delete()
    Organization.objects.filter(pk__in=organizations).delete()


def _put_back(trace: Trace, present: Rows, now: datetime, by: User | None) -> None:
    """First what was added goes, children before parents; then what was there is as it was, parents first."""
    before = trace.before
    added = _ids(present, Entry) - _ids(before, Entry)
    Entry.objects.filter(pk__in=added).delete()
    for table in reversed(TABLES):
        rows = rows_of(table).filter(pk__in=_ids(present, table) - _ids(before, table))
        if table is Agreement:
            rows.update(renews=None)
        rows.delete()
    told = {name: value for name, value in before["organization"][0].items() if name not in PLANNING}
    history.update(Organization.objects.filter(pk=trace.organization_id), **_values(Organization, told))
    for table in TABLES:
        _restore(table, before.get(table_name(table), []), present.get(table_name(table), []))
    organization = trace.organization
    organization.refresh_from_db()
    record(organization, kind=EntryKind.ORGANIZATION, event="import_undone", now=now, by=by)


def _restore(table: type[Model], before: Sequence[Row], present: Sequence[Row]) -> None:
    known = {row["id"]: row for row in present}
    missing = [table(**_values(table, row)) for row in before if row["id"] not in known]
    for row in before:
        if row["id"] in known and row != known[row["id"]]:
            history.update(rows_of(table).filter(pk=row["id"]), **_values(table, row))
    rows_of(table).bulk_create(missing)


def _values(table: type[Model], row: Row) -> dict[str, Any]:
    """The columns of a kept row, as the table holds them."""
    fields = {field.attname: field for field in table._meta.concrete_fields}  # noqa: SLF001 - Django's documented API
    return {name: fields[name].to_python(value) for name, value in row.items()}


def _ids(rows: Rows, table: type[Model]) -> set[int]:
    return {row["id"] for row in rows.get(table_name(table), ())}


def _remove_users(addresses: Sequence[str]) -> int:
    """People of ours whom the file named go where nobody invited them and nothing is theirs."""
    users = User.objects.filter(email__in=addresses, assignments__isnull=True, last_login__isnull=True)
    going = [user.pk for user in users if not user.can_sign_in]
    User.objects.filter(pk__in=going).delete()
    return len(going)
