"""Our people and the program row."""

import datetime

import pytest
from django.contrib.auth import authenticate

from prm.accounts import actions
from prm.accounts.models import Program, User
from prm.accounts.queries import active_directors, closed_days, local_today, program, user_by_email
from prm.rules.refusal import Refusal
from tests.cast import NOW, daniel

pytestmark = pytest.mark.django_db


def test_add_user_without_password_owns_but_cannot_sign_in():
    user = actions.add_user(email=" Ben@Example.org ", name="", role="manager", now=NOW)
    assert (user.email, user.name, user.entered_at) == ("ben@example.org", "ben@example.org", NOW)
    assert not user.can_sign_in
    assert user.is_active


def test_set_password_lets_a_person_sign_in_however_the_address_is_spelled(rosa):
    actions.set_password(rosa, "quiet-desk")
    assert rosa.can_sign_in
    assert authenticate(username="ROSA@example.org", password="quiet-desk") == rosa


def test_set_active_closes_the_door(rosa):
    actions.set_password(rosa, "quiet-desk")
    actions.set_active(rosa, False)
    assert authenticate(username=rosa.email, password="quiet-desk") is None


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"email": "rosa@example.org"}, "email"),
        ({"email": "no address"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "x@example.org", "role": "boss"}, "role"),
        ({"email": "x@example.org", "zone": "Mars/Base"}, "zone"),
        ({"email": "x@example.org", "zone": "../etc/passwd"}, "zone"),
    ],
)
def test_add_user_refuses_with_the_field_to_mend(rosa, facts, field):
    with pytest.raises(Refusal) as refused:
        actions.add_user(name="X", **facts)
    assert refused.value.field == field
    assert User.objects.count() == 1


def test_local_zone_is_the_programs_unless_the_person_has_one(rosa):
    assert str(rosa.local_zone(program())) == "America/New_York"
    rosa.zone = "America/Denver"
    assert str(rosa.local_zone(program())) == "America/Denver"


def test_migration_made_the_program_from_the_environment(settings):
    row = program()
    assert (row.mailbox, row.zone) == (settings.PRM_MAILBOX, "America/New_York")
    assert (row.sending, row.working_days) == ("on", [0, 1, 2, 3, 4])
    assert row.entered_on is not None


def test_set_sending_holds_and_lets_go(rosa):
    actions.set_sending(program(), "held", by=rosa, now=NOW)
    assert program().sending == "held"
    with pytest.raises(Refusal):
        actions.set_sending(program(), "perhaps", by=rosa, now=NOW)
    assert program().sending == "held"


def test_note_heartbeat_is_seen_by_the_next_reader():
    actions.note_heartbeat(now=NOW)
    assert program().heartbeat_at == NOW


@pytest.mark.parametrize(
    "change",
    [
        {"zone": ""},
        {"zone": "Nowhere"},
        {"working_days": []},
        {"working_days": [7]},
        {"holiday_country": "XX"},
    ],
)
def test_change_program_refuses_what_would_stop_the_clock(change):
    with pytest.raises(Refusal):
        actions.change_program(program(), **change)
    assert Program.objects.get().zone == "America/New_York"


def test_closed_days_know_federal_holidays_and_days_of_our_own():
    actions.add_holiday(date=datetime.date(2027, 3, 5), name="Staff retreat")
    days = closed_days(program(), 2027, 2027)
    assert datetime.date(2027, 11, 25) in days  # Thanksgiving
    assert datetime.date(2027, 7, 5) in days  # Independence Day is a Sunday: observed on Monday
    assert datetime.date(2027, 3, 5) in days
    actions.remove_holiday(date=datetime.date(2027, 3, 5))
    assert datetime.date(2027, 3, 5) not in closed_days(program(), 2027, 2027)


def test_closed_days_take_one_query(django_assert_num_queries):
    row = program()
    closed_days(row, 2027, 2028)
    with django_assert_num_queries(1):
        closed_days(row, 2027, 2028)


def test_local_today_is_the_programs_evening_not_utc():
    assert local_today(datetime.datetime(2027, 1, 5, 2, tzinfo=datetime.UTC)) == datetime.date(2027, 1, 4)


def test_active_directors_leave_out_who_left(rosa):
    director = daniel()
    assert active_directors() == [director]
    actions.set_active(director, False)
    assert active_directors() == []


def test_user_by_email_ignores_spelling(rosa):
    assert user_by_email(" Rosa@EXAMPLE.org") == rosa
    assert user_by_email("nobody@example.org") is None


def test_note_digested_is_remembered(rosa):
    actions.note_digested(rosa, datetime.date(2027, 1, 4))
    actions.set_digest(rosa, "weekly")
    rosa.refresh_from_db()
    assert (rosa.digested_on, rosa.digest) == (datetime.date(2027, 1, 4), "weekly")
    with pytest.raises(Refusal):
        actions.set_digest(rosa, "hourly")
