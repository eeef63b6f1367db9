"""Who came."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.partners.models import Contact, EntryKind, Organization
from prm.partners.timeline import draft, record_all
from prm.partners.timeline import lock as lock_organizations
from prm.rules.refusal import Refusal
from prm.training.actions.sessions import lock
from prm.training.models import Attendance, Session, SessionStatus
from prm.training.queries import local_start
from prm.training.timeline import invited, record_for


@transaction.atomic
def record_attendance(
    session: Session,
    *,
    now: datetime.datetime,
    contacts: Iterable[Contact] = (),
    counts: Mapping[Organization, int] | None = None,
    today: datetime.date | None = None,
    by: User | None = None,
) -> list[Attendance]:
    """Write down the whole sheet of a session: people by name, and by head-count those of an organization without.

    A sheet written again replaces the one before. Nobody of an organization on it means that nobody came.
    """
    day = today or local_today(now)
    lock(session)
    _check_begun(session, now)
    on = local_start(session)
    people = {contact.pk: contact for contact in contacts}.values()
    heads = {organization: count for organization, count in (counts or {}).items() if count}
    if any(count < 0 for count in heads.values()):
        raise Refusal(_("Nobody, one or more people came."), field="counts")
    first = {row.organization_id: row.entered_on for row in session.attendances.all()}
    session.attendances.all().delete()
    named = [Attendance(organization=c.organization, contact=c) for c in people]
    counted = [Attendance(organization=o, people=count) for o, count in heads.items()]
    rows = named + counted
    for row in rows:
        row.session, row.attended_on = session, on
        row.entered_on = first.get(row.organization_id, day)
    written = Attendance.objects.bulk_create(rows)
    session.recorded_on = session.recorded_on or day
    session.save(update_fields=["recorded_on"])
    came = {row.organization for row in written}
    missed = [organization for organization in invited(session) if organization not in came]
    # A sheet is often typed in weeks later: in the timeline it stands on the day of the session.
    record_for(session, came, "training_attended", now=now, by=by, today=on)
    record_for(session, missed, "training_missed", now=now, by=by, today=on)
    return written


def _check_begun(session: Session, now: datetime.datetime) -> None:
    if session.status != SessionStatus.SCHEDULED:
        raise Refusal(_("This session was cancelled."))
    if session.starts_at > now:
        raise Refusal(_("This session has not begun yet."))


@dataclass(frozen=True, slots=True)
class LastTraining:
    """A training of an organization from before this installation, known only by its day."""

    organization: Organization
    attended_on: datetime.date


def note_last_training(
    organization: Organization,
    *,
    attended_on: datetime.date,
    entered_on: datetime.date,
    now: datetime.datetime,
    by: User | None = None,
) -> bool:
    """Note a training from before this installation, known only by its day; return whether that was news."""
    told = LastTraining(organization, attended_on)
    return note_last_trainings([told], entered_on=entered_on, now=now, by=by)[0]


@transaction.atomic
def note_last_trainings(
    told: Sequence[LastTraining],
    *,
    entered_on: datetime.date,
    now: datetime.datetime,
    by: User | None = None,
) -> list[bool]:
    """Note trainings from before this installation; return for each whether it was news."""
    if any(one.attended_on > entered_on for one in told):
        raise Refusal(_("A training that is still to come cannot have been attended."), field="attended_on")
    pks = lock_organizations(one.organization for one in told)
    known = set(Attendance.objects.filter(organization__in=pks).values_list("organization", "attended_on"))
    rows: list[Attendance] = []
    news: list[bool] = []
    for one in told:
        place = (one.organization.pk, one.attended_on)
        news.append(place not in known)
        if place not in known:
            known.add(place)
            row = Attendance(
                organization=one.organization, attended_on=one.attended_on, entered_on=entered_on
            )
            rows.append(row)
    Attendance.objects.bulk_create(rows)
    about: dict[str, Any] = {"kind": EntryKind.TRAINING, "event": "training_known", "by": by}
    record_all(
        [
            draft(
                row.organization,
                now=now,
                happened_on=entered_on,
                data={"attended_on": row.attended_on},
                **about,
            )
            for row in rows
        ],
        now=now,
    )
    return news
