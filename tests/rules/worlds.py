"""Hypothesis strategies: an organization with whatever may be true of it, all of it known on one day."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from prm.rules.facts import (
    Agreement,
    Attended,
    Cadence,
    Contact,
    Holding,
    Organization,
    Pause,
    People,
    Seat,
    Talk,
)
from tests.rules.world import PEOPLE, WEEK

FIRST = date(2026, 9, 1)
SCOPES = ("referrals", "training", "all", "service")


@st.composite
def known(draw: st.DrawFn, entered: date, today: date) -> date:
    """A day on which something was written down."""
    return entered + timedelta(draw(st.integers(0, (today - entered).days)))


@st.composite
def around(draw: st.DrawFn, today: date, before: int, after: int) -> date:
    return today + timedelta(draw(st.integers(-before, after)))


@st.composite
def agreements(draw: st.DrawFn, number: int, entered: date, today: date) -> Agreement:
    entered_on = draw(known(entered, today))
    kind = draw(st.sampled_from(["fixed", "fixed", "evergreen", "waiting", "over", "leaving"]))
    if kind == "waiting":
        return Agreement(number, entered_on, in_force=False, waiting_since=draw(around(entered_on, 40, 0)))
    if kind == "evergreen":
        reviews = draw(st.lists(known(entered_on, today), max_size=2, unique=True).map(sorted))
        signed_on = draw(st.none() | around(entered_on, 900, 0))
        every = draw(st.sampled_from([1, 6, 12]))
        return Agreement(number, entered_on, signed_on=signed_on, review_every=every, reviews=tuple(reviews))
    ends_on = draw(around(today, 40, 300))
    starts_on = draw(st.none() | around(ends_on, 400, 0))
    known_on = draw(known(entered_on, today))
    notice_on = draw(known(entered_on, today)) if kind == "leaving" else None
    in_force = kind in ("fixed", "leaving")
    return Agreement(number, entered_on, in_force, starts_on, ends_on, known_on, notice_on=notice_on)


@st.composite
def pauses(draw: st.DrawFn, number: int, entered: date, today: date) -> Pause:
    entered_on = draw(known(entered, today))
    starts_on = draw(around(today, 60, 120))
    ends_on = draw(st.none() | st.integers(0, 100).map(lambda n: starts_on + timedelta(n)))
    talk_on = (ends_on or starts_on + timedelta(91)) + timedelta(draw(st.sampled_from([0, 0, -5, 20])))
    answered_on = draw(st.none() | known(entered_on, today))
    return Pause(
        id=number,
        scope=SCOPES[number % 4],  # no two of one scope: the database refuses them where they overlap
        starts_on=starts_on,
        ends_on=ends_on,
        talk_on=max(talk_on, starts_on),
        entered_on=entered_on,
        changed_on=draw(known(entered_on, today)),
        declared_by=draw(st.sampled_from([None, 1, 2])),
        imported=draw(st.booleans()),
        answered_on=answered_on if ends_on else None,
    )


@st.composite
def sessions(draw: st.DrawFn, number: int, entered: date, today: date) -> list[Seat]:
    """The invitations of one session."""
    on = draw(around(today, 40, 120))
    invited_on = min(on, draw(known(entered, today)))
    cancelled_on = draw(st.none() | st.none() | known(invited_on, max(today, invited_on)))
    recorded_on = on + timedelta(draw(st.integers(0, 5)))
    recorded = recorded_on <= today and draw(st.booleans())
    came = recorded and draw(st.booleans())
    seats = []
    for contact in draw(st.lists(st.sampled_from([1, 2, 3]), min_size=1, max_size=2, unique=True)):
        answer = draw(st.sampled_from(["none", "accepted", "declined"]))
        answered_on = draw(known(invited_on, max(today, invited_on))) if answer != "none" else None
        one = Seat(10 * number + contact, number, contact, on, invited_on, answer, answered_on)
        seats.append(
            replace(
                one,
                cancelled_on=cancelled_on,
                recorded_on=recorded_on if recorded else None,
                attended=came and contact != 2,
                present=came,
            )
        )
    return seats


def people() -> st.SearchStrategy[People]:
    """Everyone, somebody left, a mailbox alone, or nobody: the same on every day."""
    anna, sam, tara = PEOPLE.contacts
    return st.sampled_from(
        [
            PEOPLE,
            replace(PEOPLE, contacts=(replace(anna, undeliverable=True), sam, tara)),
            replace(PEOPLE, contacts=(anna, replace(sam, unsubscribed=frozenset({"renewal", "training"})))),
            replace(PEOPLE, contacts=(), mailbox="office@harbor.example"),
            replace(
                PEOPLE, contacts=(Contact(1, "Anna Reyes", ""),), holdings=(Holding(1, "notice", FIRST),)
            ),
        ]
    )


@st.composite
def facts(draw: st.DrawFn, entered: date, today: date) -> Organization:
    """What may be true of an organization that came in on `entered`, as known on `today`."""
    months = draw(st.sampled_from([None, 1, 2, 3, 3, 6]))
    attended = list(draw(st.lists(around(today, 200, 0), max_size=2, unique=True)))
    spans = st.sampled_from(
        [((FIRST - timedelta(900), None),), ((FIRST - timedelta(900), today + timedelta(40)),), ()]
    )
    talks = draw(st.lists(around(today, 150, 0), max_size=2, unique=True))
    return Organization(
        id=4,
        entered_on=entered,
        approval_lead_days=draw(st.sampled_from([0, 0, 45, 120])),
        approval_lead_set_on=draw(st.none() | known(entered, today)),
        partner_since=draw(st.none() | around(entered, 400, 0)),
        active=draw(spans),
        people=draw(people()),
        agreements=tuple(draw(agreements(n, entered, today)) for n in range(draw(st.integers(0, 2)))),
        cadence=Cadence(
            months, draw(st.none() | around(today, 200, 100)), draw(st.none() | known(entered, today))
        ),
        attended=tuple(Attended(on, max(entered, on)) for on in attended),
        seats=tuple(
            seat for n in range(1, 1 + draw(st.integers(0, 2))) for seat in draw(sessions(n, entered, today))
        ),
        pauses=tuple(draw(pauses(n, entered, today)) for n in draw(st.sets(st.integers(0, 3), max_size=3))),
        talks=tuple(Talk(on, max(entered, on)) for on in talks),
        week=WEEK,
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Organization, date]:
    """An organization and the day on which all of it is known."""
    entered = FIRST + timedelta(draw(st.integers(0, 300)))
    today = entered + timedelta(draw(st.sampled_from([0, 0, 1, 15, 60, 150])))
    return draw(facts(entered, today)), today


@st.composite
def stories(draw: st.DrawFn) -> tuple[date, list[tuple[date, Organization]]]:
    """The day of entry, and what was true from which day on: facts that change for no reason at all."""
    entered = FIRST + timedelta(draw(st.integers(0, 300)))
    days = sorted(draw(st.sets(st.integers(1, 120), min_size=1, max_size=2)) | {0})
    return entered, [(entered + timedelta(n), draw(facts(entered, entered + timedelta(n)))) for n in days]
