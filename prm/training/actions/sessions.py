"""Planning, moving and cancelling a session."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.checks import check_lengths, known_zone
from prm.accounts.models import User
from prm.accounts.queries import local_today, program
from prm.partners.models import Organization
from prm.rules.refusal import Refusal
from prm.training.actions.facts import write_facts
from prm.training.actions.teaching import Teacher, add_trainer, set_funders
from prm.training.models import Session, SessionStatus
from prm.training.queries import local_start
from prm.training.timeline import invited, record_for


@transaction.atomic
def plan_session(
    *,
    title: str,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    now: datetime.datetime,
    zone: str = "",
    place: str = "",
    place_confidential: bool = False,
    trainers: Iterable[Teacher] = (),
    funders: Iterable[str] = (),
    today: datetime.date | None = None,
    by: User | None = None,
    **facts: Any,
) -> Session:
    """Plan a session between two aware moments, in a zone (default: the program's). Nobody is invited yet.

    `facts` are those of `facts.FACTS`: its kind, course, host, seats and so on.
    """
    _check_times(starts_at, ends_at)
    session = Session(
        starts_at=starts_at,
        ends_at=ends_at,
        zone=known_zone(zone) or program().zone,
        place=place.strip(),
        place_confidential=place_confidential,
        entered_on=today or local_today(now),
    )
    write_facts(session, {"title": title, **facts})
    session.save()
    for teacher in trainers:
        add_trainer(session, teacher)
    if funders:
        set_funders(session, funders)
    if session.host is not None:
        record_for(session, [session.host], "session_hosted", now=now, by=by, today=today)
    return session


@transaction.atomic
def change_session(
    session: Session,
    *,
    now: datetime.datetime,
    funders: Iterable[str] | None = None,
    today: datetime.date | None = None,
    by: User | None = None,
    **facts: Any,
) -> Session:
    """Change what a session is; when and where it takes place is `move_session`. Whoever is asked reads a new title."""
    _lock_scheduled(session)
    before, hosted = session.title, session.host_id
    write_facts(session, facts)
    session.save()
    if funders is not None:
        set_funders(session, funders)
    if session.host is not None and session.host_id != hosted:
        record_for(session, [session.host], "session_hosted", now=now, by=by, today=today)
    if session.title != before:
        told = {"was_on": local_start(session)}
        record_for(session, invited(session), "session_moved", now=now, by=by, today=today, data=told)
    return session


@transaction.atomic
def move_session(
    session: Session,
    *,
    now: datetime.datetime,
    starts_at: datetime.datetime | None = None,
    ends_at: datetime.datetime | None = None,
    place: str | None = None,
    place_confidential: bool | None = None,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Session:
    """Change when or where a session takes place; what is not given stays, and a new start keeps its length.

    A new start is remembered as the last move (`moved_on`, `moved_from_on`).
    """
    _lock_scheduled(session)
    before = (session.starts_at, session.ends_at, session.place, session.place_confidential)
    start = starts_at or session.starts_at
    end = ends_at or start + (session.ends_at - session.starts_at)
    _check_times(start, end)
    day_before = local_start(session)
    if start != session.starts_at:
        session.moved_on, session.moved_from_on = today or local_today(now), day_before
    session.starts_at, session.ends_at = start, end
    session.place = session.place if place is None else place.strip()
    if place_confidential is not None:
        session.place_confidential = place_confidential
    if before == (session.starts_at, session.ends_at, session.place, session.place_confidential):
        return session
    check_lengths(session)
    session.save()
    data = {"was_on": day_before}
    record_for(session, concerned(session), "session_moved", now=now, by=by, today=today, data=data)
    return session


@transaction.atomic
def cancel_session(
    session: Session, *, now: datetime.datetime, today: datetime.date | None = None, by: User | None = None
) -> Session:
    """Cancel a session; the invitations stay, so that everyone who has an entry learns of it."""
    _lock_scheduled(session)
    session.status, session.cancelled_on = (SessionStatus.CANCELLED, today or local_today(now))
    session.save(update_fields=["status", "cancelled_on"])
    record_for(session, concerned(session), "session_cancelled", now=now, by=by, today=today)
    return session


def concerned(session: Session) -> list[Organization]:
    """Return the organizations of which somebody is invited, and the host, each once."""
    asked = {organization.pk: organization for organization in invited(session)}
    if session.host is not None:
        asked.setdefault(session.host.pk, session.host)
    return list(asked.values())


def lock(session: Session) -> None:
    """Read a session anew and keep others from writing it until the transaction ends."""
    session.refresh_from_db(from_queryset=Session.objects.select_for_update())


def _lock_scheduled(session: Session) -> None:
    lock(session)
    if session.status != SessionStatus.SCHEDULED:
        raise Refusal(_("This session was cancelled."))
    if session.recorded_on is not None:
        raise Refusal(_("This session has taken place: who came is written down."))


def _check_times(starts_at: datetime.datetime, ends_at: datetime.datetime) -> None:
    if starts_at.tzinfo is None or ends_at.tzinfo is None:
        raise TypeError("a session starts and ends at aware moments")
    if ends_at <= starts_at:
        raise Refusal(_("The session ends before it starts."), field="ends_at")
