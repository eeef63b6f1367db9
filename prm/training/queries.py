"""Reading training: sessions to come, and when an organization was last trained."""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Aggregate, Count, Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from prm.partners.models import Organization
from prm.training.models import Answer, Attendance, Invitation, Session, SessionStatus


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


def with_seats(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Add how many are asked and coming (`asked`, `coming`), and how many came (`came`; 0 where nobody is on a sheet).

    Each is counted for itself, so a page of a long list counts only its own sessions.
    """
    standing = Invitation.objects.filter(session=OuterRef("pk"), withdrawn_on__isnull=True)
    came = Attendance.objects.filter(session=OuterRef("pk"))
    return sessions.annotate(
        asked=_of_each(standing, Count("pk")),
        coming=_of_each(standing.filter(answer=Answer.ACCEPTED), Count("pk")),
        came=_of_each(came, Sum("people")),
    )


def _of_each(rows: QuerySet[Any], number: Aggregate) -> Coalesce:
    """The number of one session's rows, nought where it has none."""
    return Coalesce(Subquery(rows.order_by().values("session").annotate(number=number).values("number")), 0)


def to_come(now: datetime.datetime) -> QuerySet[Session]:
    """Return the sessions that are not over, cancelled ones too, soonest first."""
    return Session.objects.filter(ends_at__gt=now).order_by("starts_at", "id")


def gone_by(now: datetime.datetime) -> QuerySet[Session]:
    """Return the sessions that are over, latest first."""
    return Session.objects.filter(ends_at__lte=now).order_by("-starts_at", "-id")


def answers(session: Session) -> dict[str, int]:
    """Return how many of those who are asked to a session gave each answer: one query."""
    standing = session.invitations.filter(withdrawn_on__isnull=True).order_by()
    return dict(standing.values_list("answer").annotate(number=Count("pk")))
