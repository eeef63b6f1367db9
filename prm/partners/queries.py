"""Reading the relationship: lists of organizations, who holds what on a day, and what happened."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db.models import Count, Q

from prm.accounts.access import Reader, may_see_reasons, visible_organizations
from prm.accounts.models import User
from prm.partners.models import (
    AssignmentKind,
    Contact,
    Entry,
    Organization,
    Role,
    RoleKind,
)


def holding_on(day: datetime.date) -> Q:
    """The condition that a from-to row holds on a day, both its days inside."""
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))


def status_on(organization: Organization, day: datetime.date) -> str:
    """Return what an organization was to us on a day: prospect, active, former, or "" where nothing is known."""
    status = organization.standings.filter(holding_on(day)).values_list("status", flat=True).first()
    return status or ""


def owner_on(organization: Organization, day: datetime.date) -> User | None:
    """Return who owned the partnership on a day."""
    return _keeper(organization, AssignmentKind.OWNER, day)


def deputy_on(organization: Organization, day: datetime.date) -> User | None:
    """Return who was deputy on a day."""
    return _keeper(organization, AssignmentKind.DEPUTY, day)


def _keeper(organization: Organization, kind: str, day: datetime.date) -> User | None:
    rows = organization.assignments.filter(holding_on(day), kind=kind).select_related("user")
    found = rows.order_by("since").last()
    return found.user if found else None


def holders(organization: Organization, kind: str, day: datetime.date) -> list[Contact]:
    """Return who holds a role on a day, in the order in which they came in; whether mail reaches them is not asked."""
    held = Role.objects.filter(holding_on(day), organization=organization, kind=kind)
    return list(Contact.objects.filter(pk__in=held.values("contact")).order_by("entered_at", "id"))


def roles_by_kind(organization: Organization) -> dict[str, list[Role]]:
    """Return every role's people, latest first, for each kind that was ever held, in the order of RoleKind."""
    rows = organization.roles.select_related("contact").order_by("-since", "-id")
    found: dict[str, list[Role]] = {kind: [] for kind in RoleKind.values}
    for role in rows:
        found[role.kind].append(role)
    return {kind: roles for kind, roles in found.items() if roles}


def notice_is_stale(organization: Organization, today: datetime.date) -> bool:
    """Return whether agreement notices reach nobody by name today, while somebody had them before."""
    return bool(stale_notices([organization.pk], today))


def stale_notices(organizations: Iterable[int], today: datetime.date) -> set[int]:
    """Return those of these organizations whose contact for agreement notices is stale: `notice_is_stale` for many."""
    held = Role.objects.filter(organization__in=list(organizations), kind=RoleKind.NOTICE, since__lte=today)
    here = Q(contact__left_on__isnull=True) | Q(contact__left_on__gte=today)
    reached = holding_on(today) & here & Q(contact__undeliverable_on__isnull=True) & ~Q(contact__email="")
    stale = (
        held.order_by().values("organization").annotate(reached=Count("pk", filter=reached)).filter(reached=0)
    )
    return set(stale.values_list("organization", flat=True))


def present_contacts(organization: Organization, day: datetime.date) -> list[Contact]:
    """Return the contacts who have not left by a day (the last day counts as present)."""
    here = Q(left_on__isnull=True) | Q(left_on__gte=day)
    return list(organization.contacts.filter(here).order_by("entered_at", "id"))


def elsewhere(contact: Contact, *, reader: Reader) -> list[Contact]:
    """Return the other rows of the same person, of the organizations that the reader may see."""
    lead = contact.same_as_id or contact.pk
    same = Contact.objects.filter(Q(pk=lead) | Q(same_as=lead)).exclude(pk=contact.pk)
    seen = same.filter(visible_organizations(reader, "organization__"))
    return list(seen.select_related("organization").order_by("entered_at", "pk"))


def same_address(
    address: str, organization: Organization, *, reader: Reader, but: Iterable[int] = ()
) -> list[Contact]:
    """Return people at other organizations, as far as the reader may see them, who have this mail address."""
    if not address:
        return []
    known = Contact.objects.filter(visible_organizations(reader, "organization__"), email=address.lower())
    others = known.exclude(organization=organization).exclude(pk__in=list(but))
    return list(others.select_related("organization").order_by("entered_at", "pk")[:5])


def timeline(
    organization: Organization, *, reader: Reader, kinds: Iterable[str] = (), limit: int = 50, offset: int = 0
) -> list[Entry]:
    """Return what happened, latest first; private entries only for those who may see reasons."""
    rows = organization.entries.select_related("by", "contact", "interaction")
    wanted = list(kinds)
    if wanted:
        rows = rows.filter(kind__in=wanted)
    if not may_see_reasons(reader):
        rows = rows.filter(private=False)
    return list(rows.order_by("-happened_on", "-id")[offset : offset + limit])


def last_two_way_talk(organization: Organization) -> datetime.date | None:
    """Return the day of the last talk in which both sides spoke."""
    return (
        organization.entries.filter(two_way=True)
        .order_by("-happened_on")
        .values_list("happened_on", flat=True)
        .first()
    )
