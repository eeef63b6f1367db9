"""Who on our side keeps a partnership: one owner at a time, and a deputy."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts import history
from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.partners.edits import Edit, Values, data_of, edited, made, removed, standing_of
from prm.partners.models import Assignment, AssignmentKind, Entry, EntryKind, Organization
from prm.partners.timeline import draft, lock, record, record_all
from prm.rules.dates import ONE_DAY
from prm.rules.refusal import Refusal


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """Somebody of ours for an organization from `since` on (default: today), as owner or as deputy."""

    organization: Organization
    user: User
    kind: str = AssignmentKind.OWNER
    since: datetime.date | None = None


def assign_owner(
    organization: Organization,
    user: User,
    *,
    now: datetime.datetime,
    since: datetime.date | None = None,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Assignment:
    """Make `user` the owner from `since` on (default: today); who was owner until then ends the day before.

    A handover already planned for a later day stays: the new owner then keeps the partnership until that day.
    """
    new = NewAssignment(organization, user, AssignmentKind.OWNER, since)
    return assign([new], now=now, today=today, by=by)[0]


def assign_deputy(
    organization: Organization,
    user: User,
    *,
    now: datetime.datetime,
    since: datetime.date | None = None,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Assignment:
    """Make `user` the deputy from `since` on, as `assign_owner` does for the owner."""
    new = NewAssignment(organization, user, AssignmentKind.DEPUTY, since)
    return assign([new], now=now, today=today, by=by)[0]


@transaction.atomic
def assign(
    new: Sequence[NewAssignment],
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> list[Assignment]:
    """Assign people of ours one after the other, as `assign_owner` and `assign_deputy` say. Who keeps an organization
    already is returned as they are."""
    day = today or local_today(now)
    for one in new:
        if not one.user.is_active:
            raise Refusal(_("%(name)s has no access any more.") % {"name": one.user.name}, field="user")
    keepers = _Keepers([one.organization for one in new])
    found: list[Assignment] = []
    entries: list[Entry] = []
    for one in new:
        since = one.since or day
        current = keepers.on(one, since)
        if current is not None and current.user_id == one.user.pk:
            found.append(current)
            continue
        found.append(keepers.follow(one, since, current))
        before = current.user.name if current else None
        data = {"user": one.user.name, "since_on": since, "before": before}
        about: dict[str, Any] = {"kind": EntryKind.PEOPLE, "event": f"{AssignmentKind(one.kind)}_assigned"}
        about |= {"now": now, "by": by, "happened_on": day}
        entries.append(draft(one.organization, data=data, record=f"user:{one.user.pk}", **about))
    edits = keepers.write()
    if len(new) == 1 and entries:  # of many nobody takes back one: an import has a way back of its own
        entries[0].data |= data_of(*edits)
    record_all(entries, now=now)
    return found


class _Keepers:
    """Every assignment of some organizations, locked, by organization and kind; what changes is written at the end."""

    def __init__(self, organizations: Sequence[Organization]) -> None:
        pks = lock(organizations)
        self.rows: dict[tuple[int, str], list[Assignment]] = {}
        for row in Assignment.objects.filter(organization__in=pks).select_related("user"):
            self.rows.setdefault((row.organization_id, row.kind), []).append(row)
        self.changed: list[tuple[Assignment, Values]] = []
        self.slips: list[Assignment] = []

    def on(self, new: NewAssignment, day: datetime.date) -> Assignment | None:
        """Return who answers on a day."""
        rows = self.rows.get((new.organization.pk, new.kind), [])
        holding = [row for row in rows if row.since <= day and (row.until is None or row.until >= day)]
        return min(holding, key=lambda row: row.since, default=None)

    def follow(self, new: NewAssignment, since: datetime.date, current: Assignment | None) -> Assignment:
        """Let the new one begin on a day; the current one ends before, or goes if it began that very day: a slip."""
        rows = self.rows.setdefault((new.organization.pk, new.kind), [])
        following = min((row.since for row in rows if row.since > since), default=None)
        if current is not None and current.since == since:
            rows.remove(current)
            self.slips.append(current)
        elif current is not None:
            self.changed.append((current, standing_of(current, ["until"])))
            current.until = since - ONE_DAY
        until = following - ONE_DAY if following else None
        row = Assignment(
            organization=new.organization, user=new.user, kind=new.kind, since=since, until=until
        )
        rows.append(row)
        return row

    def write(self) -> list[Edit]:
        """Write what changed; of the rows drafted here only those that still stand. Return what changed."""
        slips = [row for row in self.slips if row.pk]
        edits = [removed(row) for row in slips]
        if slips:
            Assignment.objects.filter(pk__in=[row.pk for row in slips]).delete()
        ended = [(row, was) for row, was in self.changed if row.pk and row not in slips]
        if ended:
            history.bulk_update([row for row, _was in ended], ["until"])
        new = [row for rows in self.rows.values() for row in rows if row.pk is None]
        Assignment.objects.bulk_create(new)
        return [*edits, *(edited(row, was) for row, was in ended), *(made(row) for row in new)]


@transaction.atomic
def end_assignment(
    assignment: Assignment,
    *,
    last_day: datetime.date,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Assignment:
    """End an assignment with `last_day`, without a successor: the partnership then shows that nobody keeps it."""
    if last_day < assignment.since:
        raise Refusal(_("The last day lies before the first one."), field="last_day")
    if assignment.until is not None and last_day > assignment.until:
        raise Refusal(_("It has ended earlier already."), field="last_day")
    was = standing_of(assignment, ["until"])
    assignment.until = last_day
    assignment.save(update_fields=["until"])
    record(
        assignment.organization,
        kind=EntryKind.PEOPLE,
        event=f"{assignment.kind}_ended",
        now=now,
        by=by,
        happened_on=today or local_today(now),
        data={"user": assignment.user.name, "last_on": last_day, **data_of(edited(assignment, was))},
        record=f"user:{assignment.user_id}",
    )
    return assignment
