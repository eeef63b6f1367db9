"""A series: the same session again and again, by a rule of the calendar."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from prm.accounts.checks import check_lengths, known_zone
from prm.accounts.models import User
from prm.accounts.queries import local_today, program
from prm.rules.refusal import Refusal
from prm.rules.timetable import Planned, Rhythm, Shifts, shifts
from prm.training.actions.courses import check_offered
from prm.training.actions.sessions import cancel_session, plan_session
from prm.training.actions.teaching import Teacher
from prm.training.actions.times import minutes_between, span
from prm.training.models import Course, Invitation, Series, Session, SessionStatus

#: So many sessions are planned at once: five years of every month.
MOST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRule:
    """When the sessions of a series are: a rhythm, two times on the wall of a zone, from a first through a last day."""

    rhythm: Rhythm
    starts: datetime.time
    ends: datetime.time
    starts_on: datetime.date
    ends_on: datetime.date
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """One day of a series with its two moments."""

    day: datetime.date
    starts_at: datetime.datetime
    ends_at: datetime.datetime


def dates_of(rule: SeriesRule, *, now: datetime.datetime) -> list[Dated]:
    """Return the sessions that a rule means. Refused where there is none, too many, one has gone by, or has no time."""
    if rule.ends_on < rule.starts_on:
        raise Refusal(_("The last day lies before the first one."), field="ends_on")
    minutes_between(rule.starts, rule.ends)
    zone = known_zone(rule.zone) or program().zone
    if rule.starts_on < local_day(now, zone):
        raise Refusal(_("This day has gone by. Choose one that is still to come."), field="starts_on")
    days = rule.rhythm.through(rule.starts_on, rule.ends_on)
    if not days:
        raise Refusal(_("No such day lies between the first and the last one."), field="ends_on")
    if len(days) > MOST:
        sentence = _("These are %(number)d sessions. Plan %(most)d at most at once.")
        raise Refusal(sentence % {"number": len(days), "most": MOST}, field="ends_on")
    return [_dated(day, rule, zone, now=now) for day in days]


@transaction.atomic
def plan_series(
    rule: SeriesRule,
    *,
    title: str,
    now: datetime.datetime,
    course: Course | None = None,
    trainers: Iterable[Teacher] = (),
    funders: Iterable[str] = (),
    today: datetime.date | None = None,
    by: User | None = None,
    **facts: Any,
) -> Series:
    """Plan a series and all its sessions; `facts` are those of a session, place and seats for each alike."""
    dates = dates_of(rule, now=now)
    check_offered(course)
    series = Series(title=title.strip(), course=course, entered_on=today or local_today(now))
    _write(series, rule)
    teachers, payers = tuple(trainers), tuple(funders)
    shared = {"trainers": teachers, "funders": payers, "today": today, "by": by, "now": now, **facts}
    for one in dates:
        _plan(series, one, **shared)
    return series


def rule_of(series: Series) -> SeriesRule:
    """Return the rule that a series has."""
    start = datetime.datetime.combine(series.starts_on, series.wall_time)
    return SeriesRule(
        rhythm=Rhythm(series.week, series.weekday, frozenset(series.months), series.every_months or 0),
        starts=series.wall_time,
        ends=(start + datetime.timedelta(minutes=series.minutes)).time(),
        starts_on=series.starts_on,
        ends_on=series.ends_on,
        zone=series.zone,
    )


def shifts_of(series: Series, rule: SeriesRule, *, now: datetime.datetime) -> Shifts:
    """Return what another rule would do to the sessions of a series. Refused like `dates_of`.

    A session stays as it is once somebody was invited, it was moved by hand, cancelled, or has begun.
    """
    if rule.starts_on != series.starts_on and rule.starts_on < local_day(now, series.zone):
        raise Refusal(_("This day has gone by. Choose one that is still to come."), field="starts_on")
    asked = Exists(Invitation.objects.filter(session=OuterRef("pk")))
    rows = series.sessions.filter(slot_on__isnull=False).annotate(asked=asked)
    planned = [
        Planned(row.pk, row.slot_on, fixed=row.asked or _stands(row, now))
        for row in rows
        if row.slot_on is not None
    ]
    return shifts(planned, [one.day for one in dates_of(_from_today(rule, now), now=now)])


@transaction.atomic
def change_series(
    series: Series,
    rule: SeriesRule,
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Shifts:
    """Give a series another rule. Sessions to which nobody was invited follow it, the others stay where they are.

    What has no day any more is cancelled; a new one says of place and seats what the last of the others says.
    """
    series.refresh_from_db(from_queryset=Series.objects.select_for_update())
    list(series.sessions.select_for_update().order_by("pk"))
    found = shifts_of(series, rule, now=now)
    when = {one.day: one for one in dates_of(_from_today(rule, now), now=now)}
    _write(series, rule)
    pattern = series.sessions.order_by("-starts_at").first()
    for pk, day in found.moved.items():
        session = series.sessions.get(pk=pk)
        session.slot_on, session.zone = day, series.zone
        session.starts_at, session.ends_at = when[day].starts_at, when[day].ends_at
        session.save()
    for pk in found.dropped:
        cancel_session(series.sessions.get(pk=pk), now=now, today=today, by=by)
    for day in found.added:
        _plan(series, when[day], now=now, today=today, by=by, **_copied(pattern))
    return found


def local_day(now: datetime.datetime, zone: str) -> datetime.date:
    """Return the day that it is in a zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def _dated(day: datetime.date, rule: SeriesRule, zone: str, *, now: datetime.datetime) -> Dated:
    """The moments of one day. The first day may be today: then its hour must be still to come."""
    fields = {"day": "starts_on"}
    try:
        return Dated(day, *span(day, rule.starts, rule.ends, zone, now=now))
    except Refusal as refusal:
        raise Refusal(str(refusal), field=fields.get(refusal.field, refusal.field)) from refusal


def _from_today(rule: SeriesRule, now: datetime.datetime) -> SeriesRule:
    """The rule from tomorrow on, where its first day has gone by: what was, was."""
    zone = known_zone(rule.zone) or program().zone
    tomorrow = local_day(now, zone) + datetime.timedelta(days=1)
    if rule.starts_on >= tomorrow:
        return rule
    if rule.rhythm.every:  # counted from the month of the first day, so a later one has to be one of its days
        days = rule.rhythm.days(rule.starts_on)
        first = next(day for day in days if day >= tomorrow)
    else:
        first = tomorrow
    return replace(rule, starts_on=first)


def _stands(session: Session, now: datetime.datetime) -> bool:
    off = session.status != SessionStatus.SCHEDULED or session.moved_on is not None
    return off or session.starts_at <= now or session.recorded_on is not None


def _write(series: Series, rule: SeriesRule) -> None:
    if not series.title:
        raise Refusal(_("A series needs a title."), field="title")
    series.zone = known_zone(rule.zone) or program().zone
    series.week, series.weekday = rule.rhythm.week, rule.rhythm.weekday
    series.months, series.every_months = sorted(rule.rhythm.months), rule.rhythm.every or None
    series.wall_time, series.minutes = rule.starts, minutes_between(rule.starts, rule.ends)
    series.starts_on, series.ends_on = rule.starts_on, rule.ends_on
    check_lengths(series)
    series.save()


def _plan(series: Series, one: Dated, **facts: Any) -> Session:
    return plan_session(
        title=series.title,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        zone=series.zone,
        course=series.course,
        series=series,
        slot_on=one.day,
        **facts,
    )


def _copied(pattern: Session | None) -> dict[str, Any]:
    """What a new session of a series takes over from the last one."""
    if pattern is None:
        return {}
    names = (
        "kind", "format", "language", "town", "online_link", "host", "capacity", "place", "place_confidential",
    )  # fmt: skip
    facts: dict[str, Any] = {name: getattr(pattern, name) for name in names}
    facts["funders"] = [funder.name for funder in pattern.funders.all()]
    facts["trainers"] = [
        Teacher(role=one.role, user=one.user, contact=one.contact, name=one.name)
        for one in pattern.trainers.select_related("user", "contact")
    ]
    return facts
