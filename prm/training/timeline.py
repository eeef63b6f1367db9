"""What a session means for each organization, written into their timelines."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.partners.models import EntryKind, Organization
from prm.partners.timeline import draft, record_all
from prm.training.models import Session
from prm.training.queries import local_start


def record_for(
    session: Session,
    organizations: Iterable[Organization],
    event: str,
    *,
    now: datetime.datetime,
    by: User | None,
    today: datetime.date | None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write one entry per organization about a session, which marks their plans stale."""
    on = today or local_today(now)
    entries = [
        draft(
            organization,
            kind=EntryKind.TRAINING,
            event=event,
            now=now,
            by=by,
            happened_on=on,
            data={"title": session.title, "starts_on": local_start(session), **(data or {})},
            record=f"session:{session.pk}",
        )
        for organization in sorted(organizations, key=lambda one: one.pk)
    ]
    record_all(entries, now=now)


def invited(session: Session) -> list[Organization]:
    """Return the organizations of which somebody is invited."""
    open_ = Organization.objects.filter(invitations__session=session, invitations__withdrawn_on__isnull=True)
    return list(open_.distinct())
