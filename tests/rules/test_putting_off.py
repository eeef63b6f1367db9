"""Until when a row is put off: the days that are offered, and when it counts as back."""

import pytest

from prm.rules.dates import WorkingWeek
from prm.rules.putting_off import first, is_back, last, offered
from tests.cast import day

WEEK = WorkingWeek(frozenset({day("2027-06-14")}))


@pytest.mark.parametrize(
    ("today", "days"),
    [
        ("2027-06-02", ["2027-06-03", "2027-06-07", "2027-06-16"]),  # a Wednesday
        ("2027-06-04", ["2027-06-07", "2027-06-18"]),  # on a Friday the next working day is Monday
        ("2027-06-07", ["2027-06-08", "2027-06-15", "2027-06-21"]),  # Monday the 14th is closed
        ("2027-06-06", ["2027-06-07", "2027-06-21"]),  # a Sunday
    ],
)
def test_working_days_are_offered_each_once(today, days):
    assert offered(day(today), WEEK) == [day(one) for one in days]


def test_from_tomorrow_and_ninety_days_ahead():
    assert (first(day("2027-06-07")), last(day("2027-06-07"))) == (day("2027-06-08"), day("2027-09-05"))


@pytest.mark.parametrize(
    ("until", "ended", "back"),
    [
        ("2027-06-08", None, False),
        ("2027-06-07", None, True),
        ("2027-06-01", None, True),
        ("2027-05-31", None, False),  # a week is over: it was nobody's any more
        ("2027-07-01", "2027-06-07", True),  # fetched back
        ("2027-07-01", "2027-05-31", False),
    ],
)
def test_it_is_back_on_its_day_and_for_a_week(until, ended, back):
    assert is_back(day(until), day(ended) if ended else None, day("2027-06-07")) is back
