"""Reading pauses: which hold on a day, and which wait for somebody's word."""

from __future__ import annotations

import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from prm.capacity.models import Pause, Scope
from prm.partners.models import Organization


def pauses_of(organization: Organization) -> QuerySet[Pause]:
    """Return an organization's pauses, latest first, without those entered by mistake."""
    return organization.pauses.filter(withdrawn_on__isnull=True).select_related("declared_by")


def paused_on(day: datetime.date) -> Q:
    """The condition that a pause holds on a day, both its days inside."""
    running = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    return Q(withdrawn_on__isnull=True, starts_on__lte=day) & running


def current_pauses(organization: Organization, day: datetime.date) -> list[Pause]:
    """Return the pauses that hold on a day."""
    return list(pauses_of(organization).filter(paused_on(day)).order_by("starts_on", "id"))


def to_be_confirmed(organization: Organization, day: datetime.date) -> list[Pause]:
    """Return the pauses of openness for referrals that are over and whose question nobody answered.

    Of several stretches that is the last one: nobody was asked between them.
    """
    over = pauses_of(organization).filter(ends_on__lt=day, answered_on__isnull=True)
    last = ~Exists(Pause.objects.filter(continues=OuterRef("pk"), withdrawn_on__isnull=True))
    return list(over.filter(last).exclude(scope=Scope.TRAINING).order_by("ends_on", "id"))


def follower(pause: Pause) -> Pause | None:
    """Return the stretch that follows a pause, or None."""
    standing = pause.continued_by.filter(withdrawn_on__isnull=True, starts_on__gt=pause.starts_on)
    return standing.order_by("starts_on", "id").first()


def followers(pause: Pause) -> list[Pause]:
    """Return all the stretches that follow a pause, in their order."""
    found, one = list[Pause](), follower(pause)
    while one is not None:
        found.append(one)
        one = follower(one)
    return found
