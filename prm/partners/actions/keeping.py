"""Who on our side keeps a partnership: one owner at a time, and a deputy."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.partners.models import Assignment, AssignmentKind, EntryKind, Organization
from prm.partners.timeline import record
from prm.rules.dates import ONE_DAY
from prm.rules.refusal import Refusal


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
    return _assign(organization, user, AssignmentKind.OWNER, since=since, now=now, today=today, by=by)


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
    return _assign(organization, user, AssignmentKind.DEPUTY, since=since, now=now, today=today, by=by)


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
    assignment.until = last_day
    assignment.save(update_fields=["until"])
    record(
        assignment.organization,
        kind=EntryKind.PEOPLE,
        event=f"{assignment.kind}_ended",
        now=now,
        by=by,
        happened_on=today or local_today(now),
        data={"user": assignment.user.name, "last_on": last_day},
        record=f"user:{assignment.user_id}",
    )
    return assignment


@transaction.atomic
def _assign(
    organization: Organization,
    user: User,
    kind: AssignmentKind,
    *,
    since: datetime.date | None,
    now: datetime.datetime,
    today: datetime.date | None,
    by: User | None,
) -> Assignment:
    if not user.is_active:
        raise Refusal(_("%(name)s has no access any more.") % {"name": user.name}, field="user")
    day = today or local_today(now)
    first_day = since or day
    organization.refresh_from_db(from_queryset=Organization.objects.select_for_update())
    same_kind = organization.assignments.filter(kind=kind)
    current = same_kind.exclude(until__lt=first_day).filter(since__lte=first_day).first()
    if current is not None and current.user_id == user.pk:
        return current
    following = same_kind.filter(since__gt=first_day).order_by("since").first()
    _end_before(current, first_day)
    assignment = Assignment.objects.create(
        organization=organization,
        user=user,
        kind=kind,
        since=first_day,
        until=following.since - ONE_DAY if following else None,
    )
    record(
        organization,
        kind=EntryKind.PEOPLE,
        event=f"{kind.value}_assigned",
        now=now,
        by=by,
        happened_on=day,
        data={"user": user.name, "since_on": first_day, "before": current.user.name if current else None},
        record=f"user:{user.pk}",
    )
    return assignment


def _end_before(assignment: Assignment | None, day: datetime.date) -> None:
    """End an assignment the day before `day`; one that began on that very day was a slip and goes."""
    if assignment is None:
        return
    if assignment.since == day:
        assignment.delete()
        return
    assignment.until = day - ONE_DAY
    assignment.save(update_fields=["until"])
