"""The program's own page: what is saved, what is refused with what was typed, and what puts plans out of date."""

from datetime import date, time

import pytest

from prm.accounts.models import Program
from prm.accounts.queries import program
from prm.partners.models import Organization
from tests.cast import TODAY, make_organization, make_program

TYPED = {
    "name": "Corran County Coalition",
    "neutral_name": "Partner program",
    "mailbox": "Partners@Corran.example",
    "zone": "America/Chicago",
    "holiday_country": "US",
    "holiday_subdivision": "US-CA",
    "working_days": ["0", "1", "2", "3"],
    "sending_from": "09:30",
    "sending_until": "5 pm",
    "digest_at": "07:45",
}


def told(client, **typed):
    return client.post("/program/", TYPED | typed)


def test_everything_is_saved_and_said_to_be_looked_through(chair):
    assert told(chair).url == "/first-steps/"
    us = program()
    assert (us.name, us.mailbox, us.zone) == (
        "Corran County Coalition",
        "partners@corran.example",
        "America/Chicago",
    )
    assert (us.holiday_country, us.holiday_subdivision, us.working_days) == ("US", "CA", [0, 1, 2, 3])
    assert (us.sending_from, us.sending_until, us.digest_at) == (time(9, 30), time(17), time(7, 45))
    assert us.introduced_on == TODAY


def test_page_shows_what_is_saved(chair):
    told(chair)
    form = chair.get("/program/").context["form"]
    assert form["holiday_subdivision"].value() == "US-CA"
    assert form["zone"].value() == "America/Chicago"
    assert 'value="17:00"' in str(form["sending_until"])


@pytest.mark.parametrize(
    ("typed", "field", "answer"),
    [
        ({"name": " "}, "name", "The program needs a name."),
        ({"neutral_name": "Anti-Trafficking Unit"}, "neutral_name", "This name says what you do."),
        ({"mailbox": "nobody"}, "mailbox", "“nobody” is not an e-mail address."),
        ({"zone": "Mars/Base"}, "zone", "Choose a time zone from the list."),
        ({"working_days": []}, "working_days", "Choose at least one working day."),
        ({"sending_until": "9"}, "sending_until", "Write the time like 09:00 or 9 am."),
        ({"sending_until": "08:00"}, "sending_until", "Sending must end later in the day than it begins."),
        ({"digest_at": "18:00"}, "digest_at", "The morning mail must come before sending ends."),
        ({"holiday_country": "CA"}, "holiday_subdivision", "Choose a part of Canada, or leave it open."),
        ({"name": "x" * 201}, "name", "This text is too long: at most 200 characters fit, it has 201."),
    ],
)
def test_refusal_stands_at_its_field_and_keeps_what_was_typed(chair, typed, field, answer):
    before = Program.objects.values().get()
    page = told(chair, **typed)
    form = page.context["form"]
    assert form.errors[field][0].startswith(answer)
    assert form["sending_from"].value() == "09:30"
    assert form[field].value() == (TYPED | typed)[field]
    assert Program.objects.values().get() == before
    assert before["name"] in page.content.decode().split("side-name")[1][:200]


def test_parts_follow_the_country_that_was_chosen(chair):
    page = told(chair, holiday_country="CA")
    assert ("CA-ON", "Ontario") in page.context["form"].fields["holiday_subdivision"].choices


@pytest.mark.parametrize(
    ("typed", "forgotten"),
    [
        ({"zone": "America/Denver"}, True),
        ({"holiday_subdivision": "US-TX"}, True),
        ({"working_days": ["0", "1"]}, True),
        ({"sending_from": "10:00"}, True),
        ({"sending_until": "16:00"}, True),
        ({"digest_at": "07:00"}, True),
        ({"name": "Another name"}, False),
        ({"mailbox": "other@corran.example"}, False),
    ],
)
def test_what_moves_days_or_hours_puts_plans_out_of_date(chair, typed, forgotten):
    told(chair)
    make_organization("Harbor House")
    Organization.objects.update(planned_for=TODAY)
    told(chair, **typed)
    assert Organization.objects.filter(planned_for=None).exists() is forgotten


def test_other_public_holidays_want_to_be_looked_through_again(chair):
    make_program(holidays_checked_on=date(2027, 1, 4))
    told(chair, holiday_subdivision="")
    assert program().holidays_checked_on == date(2027, 1, 4)
    told(chair)
    assert program().holidays_checked_on is None


def test_managers_may_and_viewers_may_not(desk, window):
    assert desk.get("/program/").status_code == 200
    assert window.get("/program/").status_code == 403
    assert told(window).status_code == 403
    assert program().introduced_on is None


def test_zones_of_the_country_come_first_and_a_rare_one_is_kept(chair):
    make_program(zone="US/Pacific")
    choices = chair.get("/program/").context["form"].fields["zone"].choices
    assert choices[0] == ("US/Pacific", "US/Pacific")
    assert choices[1][0] == "United States"
    assert choices[1][1][0] == ("America/New_York", "Eastern (New York)")
