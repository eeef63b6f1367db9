"""Promises of either side: a word three days before, on the day, and once they are a week late."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from prm.rules.facts import Colleague, Keeping, Organization, Promise, State
from prm.rules.succession import our_recipients
from tests.rules.test_properties import quick
from tests.rules.world import (
    BEN,
    LONG_AGO,
    PEOPLE,
    ROSA,
    day,
    day_by_day,
    due,
    going,
    harbor,
    pause,
    plan,
    replanned,
    row,
)

#: Made on Monday 4 January 2027, due on Thursday 21 January. Ben owes it, Rosa is owner.
MADE = day("2027-01-04")
FLYERS = Promise(3, day("2027-01-21"), MADE, MADE, user=2)


def promised(*promises: Promise, **facts: object) -> Organization:
    return harbor("2027-01-04", promises=promises or (FLYERS,), **facts)


def told(organization: Organization, today: str = "2027-01-04") -> list[tuple[str, str]]:
    return [(on, key.partition(":promise")[2]) for on, key in going(plan(organization, today), "promise")]


def names(organization: Organization, audience: tuple[str, ...], on: str = "2027-01-21") -> list[str]:
    return [one.name for one in our_recipients(organization.people, audience, day(on))]


def test_three_days_before_on_the_day_and_a_week_after() -> None:
    # Three days before is Monday 18 January, a holiday: the Friday before.
    assert told(promised()) == [("2027-01-15", "-3d"), ("2027-01-21", "-0d"), ("2027-01-28", "+7d")]


def test_it_is_a_deadline_so_a_closed_day_is_told_before() -> None:
    sunday = Promise(3, day("2027-01-31"), MADE, MADE)
    assert told(promised(sunday)) == [("2027-01-28", "-3d"), ("2027-01-29", "-0d"), ("2027-02-05", "+7d")]


def test_whoever_owes_it_hears_then_owner_and_deputy() -> None:
    touches = plan(promised(), "2027-01-04")
    assert names(promised(), row(touches, "promise:3:promise-0d").audience) == ["Ben"]
    assert names(promised(), row(touches, "promise:3:promise+7d").audience) == ["Rosa", "Ben"]
    assert {touch.side for key, touch in touches.items() if key.startswith("promise")} == {"ours"}


def test_owner_hears_where_nobody_is_named_or_they_have_gone() -> None:
    nobody = promised(Promise(3, FLYERS.due_on, MADE, MADE))
    assert names(nobody, row(plan(nobody, "2027-01-04"), "promise:3:promise-3d").audience) == ["Rosa"]
    assert names(promised(), ("promiser:99",)) == ["Rosa"]


def test_whoever_owes_it_need_not_keep_the_partnership() -> None:
    guest = Colleague(7, "Gina", "gina@program.example")
    people = PEOPLE.__class__(colleagues=(ROSA, BEN, guest), keepings=(Keeping(1, "owner", LONG_AGO),))
    assert names(promised(people=people), ("promiser:7",)) == ["Gina"]


def test_promise_for_tomorrow_is_told_once() -> None:
    soon = Promise(3, day("2027-01-05"), MADE, MADE)
    assert told(promised(soon)) == [("2027-01-05", "-0d"), ("2027-01-12", "+7d")]


def test_promise_written_down_when_it_was_late_already_is_told_on_the_next_working_day() -> None:
    late = Promise(3, day("2027-01-04"), day("2027-01-07"), day("2027-01-07"))
    assert told(promised(late), "2027-01-07") == [("2027-01-08", "-0d"), ("2027-01-11", "+7d")]


def test_moved_promise_has_reminders_of_its_new_day_only() -> None:
    before = replanned(promised(), MADE)
    moved = Promise(3, day("2027-02-18"), MADE, day("2027-01-06"), user=2)
    after = replanned(promised(moved, past=before.past), day("2027-01-06"))
    planned = [key for key, past in after.past.items() if past.state is State.PLANNED and "promise" in key]
    assert len(planned) == 3
    assert all(":2027-02-18:" in key for key in planned)


def test_no_pause_holds_a_promise() -> None:
    resting = promised(pauses=(pause("2027-01-05", "2027-03-31", "all"),))
    assert told(resting) == told(promised())


@quick
@given(due_in=st.integers(0, 40), made=st.integers(0, 6), kept_in=st.integers(0, 50), owes=st.booleans())
def test_nothing_is_said_after_a_promise_was_kept(due_in: int, made: int, kept_in: int, owes: bool) -> None:
    first = MADE + timedelta(made)
    promise = Promise(3, first + timedelta(due_in), first, first, user=2 if owes else None)
    organization, sent = day_by_day(promised(promise), first, kept_in)
    kept_on = first + timedelta(kept_in)
    kept = replanned(harbor("2027-01-04", past=organization.past), kept_on)
    _, later = day_by_day(kept, kept_on, 30)
    assert not any(touch.rule == "promise" for _, touch in later)
    assert not any(touch.rule == "promise" for touch in due(kept, kept_on))
    assert max([0, *_times(sent)]) <= 1


def _times(sent: list[tuple[date, object]]) -> list[int]:
    keys = [touch.key for _, touch in sent if touch.rule == "promise"]  # type: ignore[attr-defined]
    return [keys.count(key) for key in keys]
