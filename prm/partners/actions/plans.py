"""When a fact of our own side moves everyone's reminders."""

from __future__ import annotations

from django.db.models import QuerySet

from prm.accounts.models import User
from prm.partners.models import Organization


def forget_plans(*, kept_by: User | None = None, only: QuerySet[Organization] | None = None) -> int:
    """Mark plans out of date, everyone's, those of the partners that a person keeps, or only these; return how many.

    For facts of our side that move days or people: zone, hours, closed days, rules, somebody's access. The next
    heartbeat makes the plans anew, and nothing is sent from one before.
    """
    concerned = Organization.objects.exclude(planned_for=None)
    if kept_by is not None:
        concerned = concerned.filter(pk__in=kept_by.assignments.values("organization"))
    if only is not None:
        concerned = concerned.filter(pk__in=only.order_by().values("pk"))
    return concerned.update(planned_for=None)
