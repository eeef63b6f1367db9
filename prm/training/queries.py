"""Reading training: sessions to come, and when an organization was last trained."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from django.db.models import Max, QuerySet

from prm.partners.models import Organization
from prm.training.models import Attendance, Session, SessionStatus


def local_start(session: Session) -> datetime.date:
    """Return the day on which a session starts where it takes place."""
    return session.starts_at.astimezone(ZoneInfo(session.zone)).date()


def last_trained(organization: Organization) -> datetime.date | None:
    """Return the last day on which somebody of the organization came to a training."""
    last: datetime.date | None = organization.attendances.aggregate(last=Max("attended_on"))["last"]
    return last


def sessions_to_come(organization: Organization, now: datetime.datetime) -> QuerySet[Session]:
    """Return the planned sessions to which somebody of the organization is invited, soonest first."""
    asked = Session.objects.filter(
        invitations__organization=organization, invitations__withdrawn_on__isnull=True
    )
    return (
        asked.filter(status=SessionStatus.SCHEDULED, starts_at__gte=now)
        .distinct()
        .order_by("starts_at", "id")
    )


def attendances_of(organization: Organization) -> QuerySet[Attendance]:
    """Return when and at what the organization was trained, latest first."""
    return organization.attendances.select_related("session", "contact").order_by("-attended_on", "-id")
