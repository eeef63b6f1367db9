"""The list of partners: filters live in the address, so every view can be kept and shared."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import django_filters
from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from prm.accounts.access import visible_organizations
from prm.agreements.models import AgreementStatus, Party
from prm.agreements.queries import telling
from prm.capacity.models import Pause
from prm.partners.models import Assignment, AssignmentKind, Contact, Organization, Standing, Status
from prm.partners.queries import holding_on, stale_notices
from prm.reminders.models import Reminder
from prm.rules.facts import State
from prm.web.frame import frame_of
from prm.web.gate import staff
from prm.web.staff.badges import SOON, Badge, agreement_in_short, capacity_in_short, no_longer
from prm.web.staff.matter import Matter, matter
from prm.web.staff.partner_menus import AGREEMENT_STATES, Around, around, columns, menus
from prm.web.staff.saved_views import gone, query_of, shown

PER_PAGE = 25
SORTS = {"name": "name", "ends": "ends", "next": "next_day"}


def parties(**conditions: Any) -> QuerySet[Party]:
    return Party.objects.filter(organization=OuterRef("pk"), **conditions)


def in_force() -> QuerySet[Any]:
    last = Coalesce("expires_on", "agreement__expires_on")
    return parties(agreement__status=AgreementStatus.IN_FORCE).annotate(last=last)


class PartnerFilter(django_filters.FilterSet):
    """The questions that the list answers; what the address says wrongly is left out."""

    q = django_filters.CharFilter(method="search")
    sector = django_filters.CharFilter(field_name="sector__key")
    county = django_filters.CharFilter(field_name="county")
    status = django_filters.ChoiceFilter(choices=Status.choices, method="standing")
    agreement = django_filters.ChoiceFilter(choices=list(AGREEMENT_STATES.items()), method="agreed")
    kept = django_filters.ChoiceFilter(choices=[("me", "me")], method="kept_by")

    class Meta:
        model = Organization
        fields: tuple[str, ...] = ()

    @property
    def today(self) -> date:
        return frame_of(self.request).today

    def search(self, rows: QuerySet[Organization], _name: str, value: str) -> QuerySet[Organization]:
        person = Contact.objects.filter(organization=OuterRef("pk"), name__icontains=value)
        return rows.filter(Q(name__icontains=value) | Q(city__icontains=value) | Exists(person))

    def standing(self, rows: QuerySet[Organization], _name: str, value: str) -> QuerySet[Organization]:
        return rows.filter(
            Exists(Standing.objects.filter(holding_on(self.today), organization=OuterRef("pk"), status=value))
        )

    def kept_by(self, rows: QuerySet[Organization], _name: str, _value: str) -> QuerySet[Organization]:
        return rows.filter(kept(self.request, self.today))

    def agreed(self, rows: QuerySet[Organization], _name: str, value: str) -> QuerySet[Organization]:
        valid = in_force().filter(Q(last__isnull=True) | Q(last__gte=self.today))
        soon = in_force().filter(last__range=(self.today, self.today + timedelta(SOON)))
        expired = in_force().filter(last__lt=self.today)
        waiting = parties(agreement__status=AgreementStatus.AWAITING)
        live = parties(
            agreement__status__in=[AgreementStatus.IN_FORCE, AgreementStatus.AWAITING, AgreementStatus.DRAFT]
        )
        wanted = {"in_force": valid, "ending": soon, "expired": expired, "waiting": waiting}
        return rows.filter(Exists(wanted[value]) if value in wanted else ~Exists(live))


def kept(request: HttpRequest, today: date) -> Exists:
    """The condition that the reader keeps an organization, as owner or deputy."""
    return Exists(
        Assignment.objects.filter(holding_on(today), organization=OuterRef("pk"), user=request.user.pk)
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One partner of the list."""

    organization: Organization
    capacity: Badge
    agreement: str
    late: bool
    stale: bool
    keeper: str
    next_day: date | None
    next_matter: Matter | None


def ordered(rows: QuerySet[Organization], sort: str) -> QuerySet[Organization]:
    """Sort by a column; empty values last, the name always second."""
    column = SORTS.get(sort.removeprefix("-"), "name")
    key = F(column).desc(nulls_last=True) if sort.startswith("-") else F(column).asc(nulls_last=True)
    coming = Reminder.objects.filter(organization=OuterRef("pk"), state=State.PLANNED, offset__isnull=False)
    ends = in_force().order_by().values("organization").annotate(first=Min("last")).values("first")
    return rows.annotate(
        ends=Subquery(ends),
        next_day=Subquery(coming.order_by("day", "id").values("day")[:1]),
        next_key=Subquery(coming.order_by("day", "id").values("key")[:1]),
    ).order_by(key, "name", "id")


def page_of(rows: QuerySet[Organization], number: str, today: date, there: Around) -> Page[Any]:
    """One page with everything its rows show, in a fixed number of queries; `there` has counted them already."""
    agreements = Party.objects.select_related("agreement").prefetch_related("agreement__reviews")
    keepers = Assignment.objects.filter(holding_on(today), kind=AssignmentKind.OWNER).select_related("user")
    filled = rows.select_related("sector").prefetch_related(
        Prefetch("pauses", Pause.objects.filter(withdrawn_on__isnull=True, starts_on__lte=today)),
        Prefetch("agreement_parties", agreements),
        Prefetch("assignments", keepers, to_attr="keepers"),
    )
    pages = Paginator(filled, PER_PAGE)
    pages.count = there.found  # a cached property: so it is not counted once more
    return pages.get_page(number)


def capacity(organization: Any, today: date) -> Badge:
    """What an organization of the list can take: its pauses say so, unless it is a partner no longer."""
    return no_longer() if organization.former else capacity_in_short(organization.pauses.all(), today)


def as_row(organization: Any, today: date, stale: Collection[int] = ()) -> Row:
    papers = list(organization.agreement_parties.all())
    told = telling(papers)
    return Row(
        organization=organization,
        capacity=capacity(organization, today),
        agreement=agreement_in_short(papers, today),
        late=bool(told and organization.ends and organization.ends < today),
        stale=bool(told and told.agreement.status == AgreementStatus.IN_FORCE and organization.pk in stale),
        keeper=", ".join(one.user.name for one in organization.keepers),
        next_day=organization.next_day,
        next_matter=matter(organization.next_key) if organization.next_key else None,
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What an address asks for: of `everyone` whom this reader may see the `rows` in order, and what was chosen."""

    everyone: QuerySet[Organization]
    rows: QuerySet[Organization]
    chosen: dict[str, str]
    sort: str


def found_partners(request: HttpRequest) -> Found:
    """Filter and sort as the address says."""
    everyone = Organization.objects.filter(visible_organizations(request.user))
    found = PartnerFilter(request.GET, everyone, request=request)
    sort = request.GET.get("sort", "name")
    former = Standing.objects.filter(
        holding_on(frame_of(request).today), organization=OuterRef("pk"), status=Status.FORMER
    )
    rows = ordered(found.qs.annotate(former=Exists(former)), sort)
    chosen = {name: value for name, value in found.form.cleaned_data.items() if value}
    return Found(everyone, rows, chosen, sort)


@staff
def partners(request: HttpRequest) -> HttpResponse:
    """`/partners/`: filter, sort, page."""
    today, found = frame_of(request).today, found_partners(request)
    there = around(found.everyone, kept(request, today), found.rows)
    page = page_of(found.rows, request.GET.get("page", "1"), today, there)
    stale = stale_notices([organization.pk for organization in page], today)
    query = query_of(found.chosen, found.sort)
    views = shown(request, query)
    context = {
        "query": query,
        "views": views,
        "open_view": any(view.open for view in views),
        "gone": gone(request),
        "page": page,
        "rows": [as_row(organization, today, stale) for organization in page],
        "chosen": found.chosen,
        "sort": found.sort,
        "there": there,
        "menus": menus(there, found.chosen),
        "columns": columns(found.sort),
    }
    return render(request, "staff/partners.html", context)
