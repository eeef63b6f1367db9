"""The days on which we are closed: public ones to look at, our own to add and to remove."""

from datetime import date

import pytest
from bs4 import BeautifulSoup

from prm.accounts.models import Holiday
from prm.accounts.queries import program
from prm.partners.models import Organization
from tests.cast import TODAY, make_organization, make_program

RETREAT = {"day": "2027-08-13", "name": "Staff retreat"}
QUERIES = 5


@pytest.fixture
def _planned(monday):
    make_organization("Harbor House")
    Organization.objects.update(planned_for=TODAY)


def plans_are_out_of_date():
    return Organization.objects.filter(planned_for=None).exists()


def test_year_ahead_is_shown_for_the_chosen_part(chair):
    make_program(holiday_subdivision="CA")
    page = chair.get("/closed-days/")
    found = {day.date: day.name for day in page.context["public"]}
    assert page.context["where"] == "United States, California"
    assert found[date(2027, 11, 25)] == "Thanksgiving Day"
    assert date(2028, 3, 31) in found  # kept in California
    assert min(found) >= TODAY
    assert max(found) <= date(2028, 6, 6)


@pytest.mark.usefixtures("_planned")
def test_day_of_our_own_is_added_and_removed_and_plans_follow(chair):
    assert chair.post("/closed-days/", RETREAT).url == "/closed-days/"
    assert Holiday.objects.get().date == date(2027, 8, 13)
    assert plans_are_out_of_date()
    Organization.objects.update(planned_for=TODAY)
    text = chair.get("/closed-days/").content.decode()
    assert "Fri\xa013\xa0Aug\xa02027" in text
    chair.post("/closed-days/2027-08-13/remove")
    assert not Holiday.objects.exists()
    assert plans_are_out_of_date()


@pytest.mark.parametrize(
    ("typed", "field", "answer"),
    [
        ({"day": "2027-06-06"}, "day", "This day is over."),
        ({"day": "2072-08-13"}, "day", "This day is more than five years away."),
        ({"day": "31 Jun 2027"}, "day", "June 2027 has 30 days."),
        ({"day": ""}, "day", "Enter a day."),
        ({"name": "  "}, "name", "Say what day it is"),
        ({"name": "x" * 201}, "name", "This text is too long"),
    ],
)
@pytest.mark.usefixtures("_planned")
def test_refusal_keeps_what_was_typed(chair, typed, field, answer):
    form = chair.post("/closed-days/", RETREAT | typed).context["form"]
    assert form.errors[field][0].startswith(answer)
    assert {name: form[name].value() for name in RETREAT} == RETREAT | typed
    assert not Holiday.objects.exists()
    assert not plans_are_out_of_date()


def test_these_are_right_is_noted(chair):
    assert "Nobody has looked through them yet." in chair.get("/closed-days/").content.decode()
    chair.post("/closed-days/right")
    assert program().holidays_checked_on == TODAY


def test_viewer_looks_and_changes_nothing(window):
    page = BeautifulSoup(window.get("/closed-days/").content, "html.parser")
    assert "Thanksgiving" in page.get_text()
    assert not page.select("main form")
    assert window.post("/closed-days/", RETREAT).status_code == 403
    assert window.post("/closed-days/right").status_code == 403
    assert window.post("/closed-days/2027-08-13/remove").status_code == 403
    assert not Holiday.objects.exists()


def test_no_country_is_said_and_nonsense_is_no_page(chair):
    make_program(holiday_country="")
    assert "No country is chosen" in chair.get("/closed-days/").content.decode()
    assert chair.post("/closed-days/soon/remove").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_the_same_for_one_day_and_three(chair, django_assert_num_queries, number):
    for count in range(number):
        Holiday.objects.create(date=date(2027, 8, 13 + count), name="Retreat")
    with django_assert_num_queries(QUERIES):
        page = chair.get("/closed-days/")
    assert len(page.context["ours"]) == number
