"""Days and lists as a screen says them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from prm.web.staff.matter import matter
from prm.web.typed import read_day
from prm.web.words import distance, due_day, listed, near_day, short_day, weekday

TODAY = date(2027, 11, 16)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "Today"),
        (1, "Tomorrow"),
        (-1, "Yesterday"),
        (7, "in 7 days"),
        (60, "in 60 days"),
        (61, "in 8 weeks"),
        (-80, "11 weeks ago"),
        (-112, "4 months ago"),
        (318, "in 10 months"),
        (365 * 3, "in 3 years"),
    ],
)
def test_distance_is_told_in_the_unit_a_person_would_use(days, said):
    assert distance(TODAY + timedelta(days), TODAY).replace("\xa0", " ") == said


@pytest.mark.parametrize(
    ("day", "near", "due"),
    [
        (date(2027, 11, 16), "Today", "Today"),
        (date(2027, 11, 17), "Tomorrow", "Tomorrow"),
        (date(2027, 11, 25), "in 9 days (25 Nov)", "in 9 days (25 Nov)"),
        (date(2027, 11, 12), "4 days ago (12 Nov)", "4 days late (12 Nov)"),
        (date(2027, 11, 15), "Yesterday (15 Nov)", "1 day late (15 Nov)"),
        (date(2028, 9, 30), "30 Sep 2028", "30 Sep 2028"),
        (date(2027, 3, 1), "1 Mar 2027", "late since 1 Mar 2027"),
    ],
)
def test_near_days_are_told_by_distance_and_late_ones_as_late(day, near, due):
    assert near_day(day, TODAY).replace("\xa0", " ") == near
    assert due_day(day, TODAY).replace("\xa0", " ") == due


def test_dates_never_break_and_name_the_year_where_it_is_not_plain():
    assert short_day(date(2027, 11, 30), TODAY) == "30\xa0Nov"
    assert short_day(date(2028, 9, 30), TODAY) == "30\xa0Sep\xa02028"
    assert weekday(date(2027, 11, 23), TODAY) == "Tue\xa023\xa0Nov"


def test_lists_end_with_and():
    assert [listed(names) for names in ([], ["Anna"], ["Anna", "Ben"], ["Anna", "Ben", "Carla"])] == [
        "",
        "Anna",
        "Anna and Ben",
        "Anna, Ben and Carla",
    ]


@pytest.mark.parametrize(
    "typed", ["2028-02-29", "29 Feb 2028", "Feb 29, 2028", "29. February 2028", "2/29/2028"]
)
def test_typed_days_are_read_in_the_spellings_people_use(typed):
    assert read_day(typed) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("31 Feb 2028", "February 2028 has 29 days. Try 29\xa0Feb\xa02028."),
        ("2027-02-29", "February 2027 has 28 days. Try 28\xa0Feb\xa02027."),
        ("3/4/2028", "This could be two different days. Write it like 29 Feb 2028."),
        ("soon", "Write the day like 29 Feb 2028."),
        ("13 Smarch 2028", "Write the day like 29 Feb 2028."),
        ("2028-13-01", "Write the day like 29 Feb 2028."),
    ],
)
def test_answer_to_an_impossible_day_says_how_to_mend_it(typed, answer):
    with pytest.raises(ValidationError) as refused:
        read_day(typed)
    assert refused.value.messages == [answer]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("agreement:17:expiry-60d:2027-09-30:org-4:partner", "Agreement ends in 60 days"),
        ("agreement:17:expiry-0d:2027-09-30:org-4:ours", "Agreement ends today"),
        ("agreement:17:expiry+7d:2027-09-30:org-4:ours", "Agreement ended 7 days ago"),
        ("invitation:3:start-1d:2027-09-30:org-4:partner", "Training in 1 day"),
        ("pause:2:talk-entry:2027-09-30:org-4:partner", "Calendar entry for the talk"),
        ("organization:4:touch+90d:2027-09-30:org-4:ours", "Get in touch again"),
        ("consent:3:consent-60d:2027-09-30:org-4:partner", "Consent to be listed ends in 60 days"),
        ("agreement:17:stuck+14d:2027-09-30:org-4:ours", "A signature is missing"),
        (
            "agreement:17:expiry-60d:2027-09-30:org-4:partner:nobody",
            "Nobody to tell: Agreement ends in 60 days",
        ),
    ],
)
def test_natural_keys_are_told_in_words(key, said):
    assert matter(key).words == said


def test_what_is_no_key_is_refused():
    with pytest.raises(ValueError, match="not the key of a reminder"):
        matter("agreement:17")
