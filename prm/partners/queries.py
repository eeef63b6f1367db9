"""Reading the relationship: lists of organizations, who holds what on a day, and what happened."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from prm.accounts.access import Reader, may_see_reasons, visible_organizations
from prm.accounts.models import User
from prm.partners.models import (
    Assignment,
    AssignmentKind,
    Contact,
    Entry,
    Organization,
    Role,
    RoleKind,
    Standing,
)

#: What a list can be sorted by; a "-" before it turns it round. The name settles what is equal.
SORTS: dict[str, str] = {
    "name": "name",
    "owner": "owner_name",
    "status": "status_now",
    "county": "county",
    "state": "state",
    "sector": "sector__label",
    "since": "partner_since",
    "entered": "entered_on",
}


def holding_on(day: datetime.date) -> Q:
    """The condition that a from-to row holds on a day, both its days inside."""
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))


def organizations_for_list(
    *, reader: Reader, today: datetime.date, filters: Mapping[str, Any] | None = None, sort: str = "name"
) -> QuerySet[Organization]:
    """Return the organizations that `reader` may see, each with `owner_name` and `status_now` (None: nobody, nothing).

    `filters`, each used only where it has a value: q (name, town, or a contact's name or address), status, sector and
    kind (term keys), owner (user id, or "nobody"), county, state, visibility, demo (bool). `sort` is a key of SORTS.
    """
    on_today = holding_on(today)
    owners = Assignment.objects.filter(on_today, organization=OuterRef("pk"), kind=AssignmentKind.OWNER)
    standings = Standing.objects.filter(on_today, organization=OuterRef("pk"))
    found = Organization.objects.filter(visible_organizations(reader)).select_related(
        "sector", "partnership_kind"
    )
    for name, value in (filters or {}).items():
        if value not in (None, ""):
            found = found.filter(_filter(name, value, owners, standings))
    annotated = found.annotate(
        owner_name=Subquery(owners.values("user__name")[:1]),
        status_now=Subquery(standings.values("status")[:1]),
    )
    return annotated.order_by(*_order(sort))


def _filter(name: str, value: Any, owners: QuerySet[Assignment], standings: QuerySet[Standing]) -> Q:
    match name:
        case "q":
            return _mentions(str(value).strip())
        case "status":
            return Q(Exists(standings.filter(status=value)))
        case "owner":
            return ~Q(Exists(owners)) if value == "nobody" else Q(Exists(owners.filter(user=value)))
        case "sector":
            return Q(sector__key=value)
        case "kind":
            return Q(partnership_kind__key=value)
        case "county" | "state":
            return Q(**{f"{name}__iexact": value})
        case "visibility":
            return Q(visibility=value)
        case "demo":
            return Q(is_demo=value)
    raise KeyError(f"no filter of organizations is called {name}")


def _mentions(text: str) -> Q:
    people = Contact.objects.filter(organization=OuterRef("pk"))
    person = people.filter(Q(name__icontains=text) | Q(email__icontains=text))
    return (
        Q(name__icontains=text)
        | Q(city__icontains=text)
        | Q(role_mailbox__icontains=text)
        | Q(Exists(person))
    )


def _order(sort: str) -> list[Any]:
    column = F(SORTS.get(sort.lstrip("-"), "name"))
    first = column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True)
    return (
        [first, "name", "id"] if sort.lstrip("-") != "name" else ["-name" if sort[0] == "-" else "name", "id"]
    )


def counties() -> list[str]:
    """Return the counties that organizations are in, for a filter's choices."""
    return list(
        Organization.objects.exclude(county="").order_by("county").values_list("county", flat=True).distinct()
    )


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


def present_contacts(organization: Organization, day: datetime.date) -> list[Contact]:
    """Return the contacts who have not left by a day (the last day counts as present)."""
    here = Q(left_on__isnull=True) | Q(left_on__gte=day)
    return list(organization.contacts.filter(here).order_by("entered_at", "id"))


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
