"""The nth weekday of months, the same time on the wall, and the two nights in which the wall plays a trick."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prm.rules.timetable import (
    LAST,
    WEEKS,
    NoSuchTime,
    Planned,
    Rhythm,
    comes_twice,
    moment,
    nth_weekday,
    shifts,
)

NEW_YORK = ZoneInfo("America/New_York")
THURSDAYS = Rhythm(week=3, weekday=3, months=frozenset({3, 6, 9, 12}))
ZONES = [
    ZoneInfo(name)
    for name in ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia")
]
days = st.dates(date(2020, 1, 1), date(2037, 12, 31))
weekdays = st.integers(0, 6)
months = st.frozensets(st.integers(1, 12), min_size=1)
rhythms = st.builds(Rhythm, st.sampled_from(WEEKS), weekdays, months) | st.builds(
    lambda week, weekday, every: Rhythm(week, weekday, every=every),
    st.sampled_from(WEEKS),
    weekdays,
    st.integers(1, 24),
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_third_thursday_of_four_months_is_at_ten_on_both_sides_of_the_clock_change():
    found = THURSDAYS.through(day("2027-01-01"), day("2027-12-31"))
    assert found == [day("2027-03-18"), day("2027-06-17"), day("2027-09-16"), day("2027-12-16")]
    in_utc = [moment(one, time(10), NEW_YORK).astimezone(UTC).hour for one in found]
    assert in_utc == [14, 14, 14, 15]


def test_first_wednesday_every_two_months_is_counted_from_the_first_month():
    every_two = Rhythm(week=1, weekday=2, every=2)
    assert every_two.so_many(day("2027-01-01"), 3) == [
        day("2027-01-06"),
        day("2027-03-03"),
        day("2027-05-05"),
    ]
    # January's has gone by on the 7th; the count stays with January all the same.
    assert every_two.so_many(day("2027-01-07"), 2) == [day("2027-03-03"), day("2027-05-05")]


def test_last_weekday_is_the_fourth_or_the_fifth():
    assert nth_weekday(2027, 2, LAST, 4) == day("2027-02-26")
    assert nth_weekday(2027, 4, LAST, 4) == day("2027-04-30")


@pytest.mark.parametrize(
    "facts",
    [
        {"week": 5, "weekday": 3, "every": 1},
        {"week": 0, "weekday": 3, "every": 1},
        {"week": 1, "weekday": 7, "every": 1},
        {"week": 1, "weekday": 3},
        {"week": 1, "weekday": 3, "every": -1},
        {"week": 1, "weekday": 3, "every": 1, "months": frozenset({3})},
        {"week": 1, "weekday": 3, "months": frozenset({13})},
    ],
)
def test_rhythm_that_is_none_is_refused(facts):
    with pytest.raises(ValueError, match=r"no such|a rhythm"):
        Rhythm(**facts)


def test_hour_that_the_clocks_leave_out_names_the_next_time():
    with pytest.raises(NoSuchTime) as left_out:
        moment(day("2027-03-14"), time(2, 30), NEW_YORK)
    assert left_out.value.instead == datetime(2027, 3, 14, 3, 0)


def test_day_that_the_calendar_left_out_names_the_next_midnight():
    with pytest.raises(NoSuchTime) as left_out:
        moment(day("2011-12-30"), time(10), ZoneInfo("Pacific/Apia"))
    assert left_out.value.instead == datetime(2011, 12, 31, 0, 0)


def test_of_an_hour_that_comes_twice_the_first_is_meant():
    found = moment(day("2027-11-07"), time(1, 30), NEW_YORK)
    assert found.astimezone(UTC) == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)
    assert comes_twice(found)
    assert not comes_twice(moment(day("2027-11-07"), time(3), NEW_YORK))


@given(rhythms, days, st.integers(1, 12))
def test_days_are_the_nth_weekday_of_different_months_and_never_before_the_first(rhythm, first, number):
    found = rhythm.so_many(first, number)
    assert len(found) == number
    assert all(one >= first and one.weekday() == rhythm.weekday for one in found)
    assert len({(one.year, one.month) for one in found}) == number
    assert found == sorted(found)
    for one in found:
        left = (add_week(one, 1).month != one.month) if rhythm.week == LAST else (one.day - 1) // 7 + 1
        assert left == (True if rhythm.week == LAST else rhythm.week)


@given(rhythms, days, days)
def test_days_through_a_last_one_are_the_beginning_of_all(rhythm, first, last):
    found = rhythm.through(first, last)
    assert found == rhythm.so_many(first, len(found))
    assert rhythm.so_many(first, len(found) + 1)[-1] > last


@given(days, st.times().map(lambda one: one.replace(second=0, microsecond=0)), st.sampled_from(ZONES))
def test_moment_shows_the_time_that_was_asked_for_or_names_the_first_that_comes(on, wall, zone):
    asked = datetime.combine(on, wall)
    try:
        found = moment(on, wall, zone)
    except NoSuchTime as left_out:
        instead = left_out.instead
        assert asked < instead <= asked + timedelta(days=1)
        assert moment(instead.date(), instead.time(), zone).replace(tzinfo=None) == instead
        before = instead - timedelta(minutes=1)
        with pytest.raises(NoSuchTime):
            moment(before.date(), before.time(), zone)
    else:
        assert found.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) == asked
        later = found.replace(fold=1).astimezone(UTC)
        assert comes_twice(found) == (found.astimezone(UTC) != later)
        assert found.astimezone(UTC) <= later


# --- a rule that changes --------------------------------------------------------------------------------------------


def test_changed_rule_moves_what_is_free_and_leaves_what_is_fixed():
    planned = [
        Planned(1, day("2027-03-18"), fixed=True),
        Planned(2, day("2027-06-17"), fixed=False),
        Planned(3, day("2027-09-16"), fixed=False),
    ]
    found = shifts(planned, [day("2027-03-17"), day("2027-06-16"), day("2027-12-15")])
    assert found.moved == {2: day("2027-06-16")}
    assert found.dropped == (3,)
    assert found.added == (day("2027-12-15"),)


@given(st.lists(st.tuples(days, st.booleans()), max_size=8), rhythms, days, st.integers(0, 12))
def test_after_a_change_each_day_has_one_session_and_each_free_session_one_day(slots, rhythm, first, number):
    once = {(slot.year, slot.month): (slot, fixed) for slot, fixed in slots}
    planned = [Planned(n, slot, fixed) for n, (slot, fixed) in enumerate(once.values())]
    wanted = rhythm.so_many(first, number)
    found = shifts(planned, wanted)
    free = {one.id for one in planned if not one.fixed}
    assert {*found.moved, *found.dropped} == free
    assert not set(found.moved) & set(found.dropped)
    fixed = {(one.slot.year, one.slot.month) for one in planned if one.fixed}
    taken = [*found.moved.values(), *found.added]
    assert sorted(taken) == [one for one in wanted if (one.year, one.month) not in fixed]


def add_week(one: date, weeks: int) -> date:
    return one + timedelta(weeks=weeks)
