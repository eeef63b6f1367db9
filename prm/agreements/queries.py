"""Reading agreements: an organization's chain of terms, what runs out, and what the next term is by itself."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from prm.agreements.models import Agreement, AgreementStatus, AgreementTerm, Party
from prm.partners.models import Entry, Organization
from prm.rules.dates import ONE_DAY, term_end, whole_months


@dataclass(frozen=True, slots=True)
class NextTerm:
    """What a form proposes: first and last day where they follow from the old term, and its length."""

    starts_on: datetime.date | None
    expires_on: datetime.date | None
    months: int | None
    length: datetime.timedelta | None


def next_term(agreement: Agreement) -> NextTerm:
    """Return the term that follows by itself: the day after the old end, for as many months, or else days.

    `length` is the distance from first to last day. A term without an end proposes nothing.
    """
    if agreement.expires_on is None:
        return NextTerm(None, None, agreement.months, None)
    start = agreement.expires_on + ONE_DAY
    first = agreement.starts_on
    if first is None:
        months = agreement.months
        return NextTerm(start, term_end(start, months) if months else None, months, None)
    counted = agreement.months if agreement.term == AgreementTerm.FROM_LAST_SIGNATURE else None
    months = counted or whole_months(first, agreement.expires_on)
    length = agreement.expires_on - first
    return NextTerm(start, term_end(start, months) if months else start + length, months, length)


def agreements_of(organization: Organization | QuerySet[Organization]) -> QuerySet[Agreement]:
    """Return every agreement that an organization is a party of, latest first, with kind and parties at hand.

    A queryset must be sliced to the one that is meant.
    """
    mine = Agreement.objects.filter(parties__organization=organization).distinct()  # type: ignore[misc]
    return (
        mine.select_related("kind", "renews")
        .prefetch_related(Prefetch("parties", Party.objects.select_related("organization")))
        .order_by("-entered_at", "-id")
    )


def in_force_on(organization: Organization, day: datetime.date) -> list[Agreement]:
    """Return the agreements that are valid for an organization on a day, a joiner's own end regarded."""
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=day)
    running = Q(expires_on__isnull=True) | Q(expires_on__gte=day)
    rows = agreements_of(organization).filter(begun & running, status=AgreementStatus.IN_FORCE)
    return [
        agreement for agreement in rows if (end := end_for(agreement, organization)) is None or end >= day
    ]


def expired(today: datetime.date) -> QuerySet[Agreement]:
    """Return the agreements that ran out unseen: expired, still cooperating."""
    found = Agreement.objects.filter(status=AgreementStatus.IN_FORCE, expires_on__lt=today)
    return found.filter(notice_given_on__isnull=True)


def end_for(agreement: Agreement, organization: Organization) -> datetime.date | None:
    """Return the last valid day as one organization has it: a later joiner's own end where there is one."""
    own = next((p.expires_on for p in agreement.parties.all() if p.organization_id == organization.pk), None)
    return _end(agreement, own)


def last_day(party: Party) -> datetime.date | None:
    """Return the last valid day as this party has it: its own where it joined later, the sooner one after a notice."""
    return _end(party.agreement, party.expires_on)


def _end(agreement: Agreement, own: datetime.date | None) -> datetime.date | None:
    """Return the last valid day of an agreement, given the one that a party has for itself."""
    ends_on = own or agreement.expires_on
    if agreement.notice_given_on is None or agreement.ended_on is None:
        return ends_on
    return min(ends_on or agreement.ended_on, agreement.ended_on)


def last_entry(agreement: Agreement) -> Entry | None:
    """Return what happened last to an agreement, as the timeline of one of its parties tells it."""
    party = agreement.parties.filter(organization__isnull=False).order_by("pk").values("organization")[:1]
    told = Entry.objects.filter(organization=party, record=f"agreement:{agreement.pk}")
    return told.order_by("-pk").first()


def telling(parties: Iterable[Party]) -> Party | None:
    """Return the one that a list speaks of: in force and ending first, else waiting for signatures, else draft."""
    order = (AgreementStatus.IN_FORCE, AgreementStatus.AWAITING, AgreementStatus.DRAFT)
    current = [party for party in parties if party.agreement.status in order]
    return min(
        current,
        key=lambda party: (
            order.index(AgreementStatus(party.agreement.status)),
            last_day(party) or datetime.date.max,
        ),
        default=None,
    )
