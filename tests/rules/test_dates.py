"""Calendar arithmetic against dates read from a paper calendar."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prm.rules.dates import WorkingWeek, add_months, anchored, first_anchored, term_end, whole_months
from tests.rules.world import US_HOLIDAYS, WEEK, day

DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))
MONTHS = st.integers(1, 36)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2027-01-31", 1, "2027-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2027-05-15", 3, "2027-08-15"),
    ],
)
def test_months_clamp_to_the_last_day(start: str, months: int, end: str) -> None:
    assert add_months(day(start), months) == day(end)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2027-03-01", 12, "2028-02-29"),
        ("2026-03-01", 12, "2027-02-28"),
        ("2027-01-01", 12, "2027-12-31"),
        ("2027-10-15", 24, "2029-10-14"),
        ("2028-02-29", 12, "2029-02-27"),
        ("2027-08-31", 6, "2028-02-28"),
    ],
)
def test_term_ends_on_the_day_before_the_anniversary(start: str, months: int, end: str) -> None:
    assert term_end(day(start), months) == day(end)
    assert whole_months(day(start), day(end)) == months


def test_term_of_no_months_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one month"):
        term_end(day("2027-01-01"), 0)
    with pytest.raises(ValueError, match="at least one month"):
        next(anchored(day("2027-01-01"), 0))


def test_term_that_is_no_whole_number_of_months_has_none() -> None:
    assert whole_months(day("2027-03-01"), day("2027-09-30")) == 7
    assert whole_months(day("2027-03-01"), day("2027-09-29")) is None
    assert whole_months(day("2027-03-01"), day("2027-03-10")) is None


def test_anchored_dates_are_counted_from_the_anchor_and_never_chained() -> None:
    found = list(itertools.islice(anchored(day("2027-01-31"), 1), 4))
    assert found == [day("2027-01-31"), day("2027-02-28"), day("2027-03-31"), day("2027-04-30")]
    assert next(itertools.islice(anchored(day("2028-02-29"), 12), 4, None)) == day("2032-02-29")


def test_first_anchored_includes_the_day_itself() -> None:
    assert first_anchored(day("2026-11-30"), 3, not_before=day("2027-02-28")) == day("2027-02-28")
    assert first_anchored(day("2026-11-30"), 3, not_before=day("2027-03-01")) == day("2027-05-30")
    assert first_anchored(day("2026-11-30"), 3, not_before=day("2026-01-01"), first=1) == day("2027-02-28")


@given(anchor=DAYS, months=MONTHS, not_before=DAYS, first=st.integers(0, 2))
def test_first_anchored_is_the_earliest_of_all(
    anchor: date, months: int, not_before: date, first: int
) -> None:
    found = first_anchored(anchor, months, not_before=not_before, first=first)
    slowly = (add_months(anchor, n * months) for n in range(first, 400))
    assert found == next(d for d in slowly if d >= not_before)


@given(start=DAYS, months=MONTHS)
def test_months_clamp_only_where_the_month_is_too_short(start: date, months: int) -> None:
    end = add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day <= start.day
    if end.day < start.day:
        assert (
            end.replace(day=28).toordinal() + 4 - end.toordinal()
        ) <= 4  # nothing but the month's last day
        assert (date.fromordinal(end.toordinal() + 1)).day == 1


@pytest.mark.parametrize(
    ("nominal", "before", "after"),
    [
        ("2027-08-01", "2027-07-30", "2027-08-02"),  # a Sunday
        ("2027-05-31", "2027-05-28", "2027-06-01"),  # Memorial Day, a Monday
        ("2027-06-18", "2027-06-17", "2027-06-21"),  # Juneteenth is a Saturday, kept on the Friday
        ("2027-07-04", "2027-07-02", "2027-07-06"),  # Independence Day is a Sunday, kept on the Monday
        ("2027-11-26", "2027-11-26", "2027-11-26"),  # the day after Thanksgiving is worked
        ("2028-01-01", "2027-12-30", "2028-01-03"),  # New Year is a Saturday, kept on 31 December
        ("2027-09-30", "2027-09-30", "2027-09-30"),
    ],
)
def test_deadlines_step_back_and_nudges_forward(nominal: str, before: str, after: str) -> None:
    assert WEEK.on_or_before(day(nominal)) == day(before)
    assert WEEK.on_or_after(day(nominal)) == day(after)


def test_next_working_day_is_strictly_later() -> None:
    assert WEEK.after(day("2027-09-29")) == day("2027-09-30")
    assert WEEK.after(day("2027-09-03")) == day("2027-09-07")  # a Friday before Labor Day
    assert WEEK.after(day("2027-09-04")) == day("2027-09-07")


@given(nominal=DAYS)
def test_moving_passes_over_closed_days_only(nominal: date) -> None:
    before, after, next_one = WEEK.on_or_before(nominal), WEEK.on_or_after(nominal), WEEK.after(nominal)
    assert before <= nominal <= after
    assert nominal < next_one
    for found in (before, after, next_one):
        assert found.weekday() < 5
        assert found not in US_HOLIDAYS
    between = [date.fromordinal(n) for n in range(before.toordinal() + 1, after.toordinal())]
    assert all(d.weekday() > 4 or d in US_HOLIDAYS for d in between)


def test_week_without_a_working_day_is_an_error_and_not_a_loop() -> None:
    with pytest.raises(ValueError, match="no working day within 60 days of 2027-01-01"):
        WorkingWeek(weekdays=frozenset()).after(day("2026-12-31"))
