"""Dates as people write them, and what a whole column says about their order."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prm.exchange.dates import NoDate, Order, spelled

FIRST_OF_MARCH = [
    "2027-03-01",
    "2027/3/1",
    "2027.03.01",
    "20270301",
    "46447",
    "46447.0",
    "1 March 2027",
    "1-Mar-27",
    "01 Mar 2027",
    "Mar 1, 2027",
    "March 1st, 2027",
    "1st of March 2027",
    "Mon, March 1, 2027",
    "1 de marzo de 2027",
    "2027-03-01 00:00:00",
    "2027-03-01T09:00:00Z",
    "March 1, 2027 at 10:00",
    "1 Mar. 2027, 9:00 am",
]


@pytest.mark.parametrize("text", FIRST_OF_MARCH)
def test_spelling_is_understood(text):
    assert spelled(text).on(day_first=False) == spelled(text).on(day_first=True) == date(2027, 3, 1)


@pytest.mark.parametrize("text", ["3/4/2027", "3.4.2027", "3-4-27", "3 4 2027", "3/4/2027 12:00 AM"])
def test_order_of_two_small_numbers_is_left_open(text):
    assert spelled(text).undecided
    assert (spelled(text).on(True), spelled(text).on(False)) == (
        date(2027, 4, 3),
        date(2027, 3, 4),
    )


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2027",
        "2/30/2027",
        "2027-13-01",
        "29 February 2027",
        "0/5/2027",
        "5/6/0027",
    ],
)
def test_impossible_day_is_refused_in_either_order(text):
    for day_first in (True, False):
        with pytest.raises(NoDate):
            spelled(text).on(day_first)


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "March 2027",
        "2027",
        "12",
        "2027-03",
        "Q3 2027",
        "1/2",
        "123456",
        "5 marchioness 27",
    ],
)
def test_text_that_is_no_date_is_refused(text):
    with pytest.raises(NoDate):
        spelled(text)


@given(st.dates(date(1955, 1, 1), date(2150, 1, 1)))
def test_every_day_is_read_back_from_every_spelling(day):
    serial = str((day - date(1899, 12, 30)) // timedelta(days=1))
    for text in (
        day.isoformat(),
        f"{day:%d %B} {day.year}",
        f"{day:%b} {day.day}, {day.year}",
        f"{day:%Y%m%d}",
        serial,
    ):
        assert spelled(text).on(False) == day
    assert spelled(f"{day.month}/{day.day}/{day.year}").on(False) == day
    assert spelled(f"{day.day}.{day.month}.{day.year}").on(True) == day


def column(*cells):
    order = Order("Ends")
    for line, text in enumerate(cells, start=2):
        order.weigh(line, text)
    return order


@pytest.mark.parametrize(
    ("cells", "answer", "day_first"),
    [
        (["3/4/2027", "3/23/2027"], None, False),
        (["3/4/2027", "23/3/2027"], None, True),
        (
            ["3/4/2027", "23/3/2027"],
            False,
            True,
        ),  # what the column says counts more than the answer
        (["3/4/2027"], None, None),
        (["3/4/2027"], True, True),
        (["3/3/2027", "2027-03-04"], None, False),  # open, but nothing depends on it
        (["3/4/2027", "31/02/2027"], None, None),  # an impossible day proves nothing
        (["23/3/2027", "3/23/2027"], None, None),
        (["23/3/2027", "3/23/2027", "3/24/2027"], None, False),
        (["23/3/2027", "3/23/2027", "3/24/2027", "3/4/2027"], None, None),
        (["23/3/2027", "3/23/2027", "3/4/2027"], False, False),
    ],
)
def test_order_is_told_by_the_whole_column_or_asked(cells, answer, day_first):
    assert column(*cells).decide(answer) is day_first


def test_question_names_the_column_and_the_lines():
    assert column("2027-01-01", "3/4/2027").question() == "Ends leaves open what 3/4/2027 in line 3 means"
    assert "line 2 and month first in line 3" in column("23/3/2027", "3/23/2027").question()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("30.02.2026", "is not a day: February 2026 has 28 days"),
        ("2/30/2028", "is not a day: February 2028 has 29 days"),
        ("31 April 2027", "is not a day: April 2027 has 30 days"),
        ("2027-13-01", "is not a day: there is no month 13"),
        ("13/13/2027", "is not a day: there is no month 13"),
        ("2027-05-00", "is not a day"),
        ("5/6/0027", "names the year 27, which cannot be meant"),
        ("soon", "is not a date"),
        ("19999", "is a number, not a date"),
    ],
)
def test_reason_reads_on_from_the_cell(text, reason):
    with pytest.raises(NoDate) as refusal:
        spelled(text).on(day_first=False)
    assert str(refusal.value) == reason
