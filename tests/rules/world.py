"""A small world for the rules: Harbor House, its people, and a ledger that is kept as the reminders room keeps it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from prm.rules.dates import WorkingWeek
from prm.rules.facts import (
    Agreement,
    Attended,
    Cadence,
    Colleague,
    Contact,
    Holding,
    Keeping,
    Organization,
    Past,
    Pause,
    People,
    Seat,
    State,
    Talk,
)
from prm.rules.ladder import Touch, effective_day
from prm.rules.plan import Difference, desired, diff

ENTERED = date(2026, 11, 2)
LONG_AGO = date(2020, 1, 1)
HORIZON = timedelta(90)

#: Federal holidays of the United States as observed (5 U.S.C. 6103), written down by hand from a calendar.
US_HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in """
    2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-07-04 2026-09-07 2026-10-12 2026-11-11
    2026-11-26 2026-12-25
    2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-06-18 2027-06-19 2027-07-04 2027-07-05 2027-09-06 2027-10-11
    2027-11-11 2027-11-25 2027-12-24 2027-12-25 2027-12-31
    2028-01-01 2028-01-17 2028-02-21 2028-05-29 2028-06-19 2028-07-04 2028-09-04 2028-10-09 2028-11-10 2028-11-11
    2028-11-23 2028-12-25
    2029-01-01 2029-01-15 2029-02-19 2029-05-28 2029-06-19 2029-07-04 2029-09-03 2029-10-08 2029-11-11 2029-11-12
    2029-11-22 2029-12-25
    """.split()
)
WEEK = WorkingWeek(US_HOLIDAYS)

ANNA = Contact(1, "Anna Reyes", "anna@harbor.example", entered=1)
SAM = Contact(2, "Sam Ode", "sam@harbor.example", entered=2)
TARA = Contact(3, "Tara Lund", "tara@harbor.example", entered=3)
ROSA = Colleague(1, "Rosa", "rosa@program.example")
BEN = Colleague(2, "Ben", "ben@program.example")
DINA = Colleague(3, "Dina", "dina@program.example", role="director")

PEOPLE = People(
    contacts=(ANNA, SAM, TARA),
    holdings=(
        Holding(1, "primary", LONG_AGO),
        Holding(1, "notice", LONG_AGO),
        Holding(2, "signatory", LONG_AGO),
        Holding(3, "training", LONG_AGO),
    ),
    colleagues=(ROSA, BEN, DINA),
    keepings=(Keeping(1, "owner", LONG_AGO), Keeping(2, "deputy", LONG_AGO)),
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def harbor(entered: str | date = ENTERED, **facts: Any) -> Organization:
    """Harbor House, organization 4, without a rhythm unless a test gives it one."""
    entered_on = day(entered) if isinstance(entered, str) else entered
    given = {
        "people": PEOPLE,
        "week": WEEK,
        "cadence": Cadence(None),
        "active": ((LONG_AGO, None),),
    } | facts
    return Organization(4, entered_on, **given)


def agreement(
    ends: str | None = None, entered: str | date = ENTERED, number: int = 17, **facts: Any
) -> Agreement:
    entered_on = day(entered) if isinstance(entered, str) else entered
    ends_on = day(ends) if ends else None
    return Agreement(number, entered_on, ends_on=ends_on, known_on=facts.pop("known_on", entered_on), **facts)


def pause(starts: str, ends: str | None, scope: str = "all", talk: str | None = None, **facts: Any) -> Pause:
    """A pause declared on its first day unless the test says otherwise."""
    first = day(starts)
    entered_on = facts.pop("entered_on", first)
    return Pause(
        facts.pop("id", 5),
        scope,
        first,
        day(ends) if ends else None,
        day(talk or ends or ""),
        entered_on,
        facts.pop("changed_on", entered_on),
        **facts,
    )


def seat(on: str, invited: str, **facts: Any) -> Seat:
    known = {"id": 9, "session": 6, "contact": 3} | facts
    return Seat(on=day(on), invited_on=day(invited), **known)


def attended(on: str, entered: str | None = None) -> Attended:
    return Attended(day(on), day(entered or on))


def talk(on: str, recorded: str | None = None) -> Talk:
    return Talk(day(on), day(recorded or on))


def plan(organization: Organization, today: str | date, until: date | None = None) -> dict[str, Touch]:
    """What is desired as of a day, by key; fails where a key comes twice."""
    now = day(today) if isinstance(today, str) else today
    found = desired(organization, now, until or now + HORIZON)
    by_key = {touch.key: touch for touch in found}
    assert len(by_key) == len(found), "a natural key came twice"
    return by_key


def row(touches: dict[str, Touch], start: str, end: str = "") -> Touch:
    """The one touch whose key starts (and ends) so."""
    found = [t for key, t in touches.items() if key.startswith(start) and key.endswith(end)]
    assert len(found) == 1, f"{start}...{end} stands for {len(found)} of {sorted(touches)}"
    return found[0]


def going(touches: dict[str, Touch], start: str = "", side: str = "") -> list[tuple[str, str]]:
    """What is going to go (not the calendar entries): (day, key up to the reference date), by day."""
    return sorted(
        (str(t.day), t.key.rsplit(":org-", 1)[0].rsplit(":", 1)[0])
        for key, t in touches.items()
        if key.startswith(start) and t.side.startswith(side) and t.offset is not None
        if t.state in (State.PLANNED, State.HELD) and not t.nobody
    )


def apply(past: dict[str, Past], difference: Difference) -> dict[str, Past]:
    """The ledger after the difference was written."""
    written = {
        t.key: Past(t.state, t.day, t.reason, t.audience) for t in (*difference.insert, *difference.update)
    }
    gone = {key: replace(past[key], state=State.WITHDRAWN) for key in difference.withdraw}
    return {**past, **written, **gone}


def replanned(organization: Organization, today: date) -> Organization:
    """The organization with its ledger reconciled as of a day."""
    wanted = desired(organization, today, today + HORIZON)
    past = dict(organization.past)
    return replace(organization, past=apply(past, diff(past, wanted, today)))


def due(organization: Organization, today: date) -> list[Touch]:
    """What a heartbeat of this day hands over."""
    week = organization.week
    return [
        touch
        for touch in desired(organization, today, today + HORIZON)
        if touch.state is State.PLANNED and touch.day is not None and touch.day <= today
        if effective_day(touch, today, week) == today
    ]


def handed_over(organization: Organization, keys: Iterable[str]) -> Organization:
    """The organization after these rows went out; each keeps the day on which it was due."""
    past = dict(organization.past)
    for key in keys:
        past[key] = replace(past[key], state=State.HANDED_OVER)
    return replace(organization, past=past)


def gone(*keys: str, on: str = "2027-01-04") -> dict[str, Past]:
    """A ledger in which these touches went out."""
    return {key: Past(State.HANDED_OVER, day(on)) for key in keys}


def day_by_day(
    organization: Organization, first: date, days: int
) -> tuple[Organization, list[tuple[date, Touch]]]:
    """Replan and hand over each day as the heartbeat does; return the end and what was handed over when."""
    sent: list[tuple[date, Touch]] = []
    for today in (first + timedelta(n) for n in range(days)):
        organization = replanned(organization, today)
        touches = due(organization, today)
        sent += [(today, touch) for touch in touches]
        organization = handed_over(organization, (t.key for t in touches))
    return organization, sent
