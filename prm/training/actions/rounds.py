"""A round: the same matter in several towns, planned at one desk, all of it or nothing."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.checks import check_lengths, known_zone
from prm.accounts.models import User
from prm.accounts.queries import local_today, program
from prm.partners.models import Organization
from prm.rules.refusal import Refusal
from prm.training.actions.courses import check_offered
from prm.training.actions.sessions import plan_session
from prm.training.actions.teaching import Teacher
from prm.training.actions.times import span
from prm.training.models import Course, Round, Session

#: So many towns fit on one page.
MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One town of a round."""

    town: str
    day: datetime.date
    starts: datetime.time
    ends: datetime.time
    place: str = ""
    place_confidential: bool = False
    host: Organization | None = None
    capacity: int | None = None
    trainers: tuple[Teacher, ...] = ()


class WrongStops(Refusal):
    """Everything that is wrong with the towns of a round: the number of each, from 0, and its refusal."""

    def __init__(self, problems: Sequence[tuple[int, Refusal]]) -> None:
        super().__init__(str(problems[0][1]), field=problems[0][1].field)
        self.problems = tuple(problems)


def spans_of(
    stops: Sequence[Stop], zone: str, *, now: datetime.datetime
) -> list[tuple[datetime.datetime, datetime.datetime]]:
    """Return when each town's session begins and ends. Raises WrongStops with every problem at once."""
    zone = known_zone(zone) or program().zone
    if not stops:
        raise Refusal(_("A round leads through one town or more."), field="stops")
    if len(stops) > MOST:
        raise Refusal(_("Plan %d towns at most at once.") % MOST, field="stops")
    found, problems = [], []
    for number, stop in enumerate(stops):
        try:
            _check_town(stop)
            found.append(span(stop.day, stop.starts, stop.ends, zone, now=now))
        except Refusal as refusal:
            problems.append((number, refusal))
    if problems:
        raise WrongStops(problems)
    return found


@transaction.atomic
def plan_round(
    stops: Sequence[Stop],
    *,
    title: str,
    now: datetime.datetime,
    zone: str = "",
    course: Course | None = None,
    trainers: Iterable[Teacher] = (),
    funders: Iterable[str] = (),
    today: datetime.date | None = None,
    by: User | None = None,
    **facts: Any,
) -> Round:
    """Plan a round with a session in each town. `facts`, `trainers` and `funders` are the same everywhere.

    All or nothing: raises WrongStops, and then nothing is written.
    """
    spans = spans_of(stops, zone, now=now)
    check_offered(course)
    made = Round(
        title=title.strip(),
        course=course,
        zone=known_zone(zone) or program().zone,
        entered_on=today or local_today(now),
    )
    if not made.title:
        raise Refusal(_("A round needs a title."), field="title")
    check_lengths(made)
    made.save()
    shared = {"funders": tuple(funders), "now": now, "today": today, "by": by, **facts}
    problems = []
    for number, (stop, times) in enumerate(zip(stops, spans, strict=True)):
        try:
            with transaction.atomic():
                _plan(made, stop, times, tuple(trainers), shared)
        except Refusal as refusal:
            problems.append((number, refusal))
    if problems:
        raise WrongStops(problems)
    return made


def _check_town(stop: Stop) -> None:
    if not stop.town.strip():
        raise Refusal(_("Enter the town."), field="town")


def _plan(
    made: Round,
    stop: Stop,
    times: tuple[datetime.datetime, datetime.datetime],
    trainers: tuple[Teacher, ...],
    shared: dict[str, Any],
) -> Session:
    return plan_session(
        title=made.title,
        starts_at=times[0],
        ends_at=times[1],
        zone=made.zone,
        course=made.course,
        round=made,
        town=stop.town,
        place=stop.place,
        place_confidential=stop.place_confidential,
        host=stop.host,
        capacity=stop.capacity,
        trainers=(*trainers, *stop.trainers),
        **shared,
    )
