"""Our people and the program row."""

import datetime

import pytest
from django.contrib.auth import authenticate

from prm.accounts import actions
from prm.accounts.models import Holiday, Program, User
from prm.accounts.queries import (
    CAN_SIGN_IN,
    active_directors,
    closed_days,
    closed_days_between,
    local_today,
    program,
    user_by_email,
)
from prm.rules.refusal import Refusal
from tests.cast import NOW, ben, carla, daniel

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


def test_nobody_closes_their_own_access(rosa):
    with pytest.raises(Refusal):
        actions.set_active(rosa, False, by=rosa)
    rosa.refresh_from_db()
    assert rosa.is_active


@pytest.mark.parametrize(("who", "facts"), [(daniel, {}), (carla, {"is_superuser": True})])
def test_last_director_who_can_sign_in_stays(rosa, who, facts):
    first = who(password="quiet-desk", **facts)
    second = actions.add_user(email="dora@example.org", name="Dora", role="director", now=NOW)
    with pytest.raises(Refusal, match="last director"):
        actions.set_active(first, False, by=rosa)
    actions.set_password(second, "quiet-chair")
    actions.set_active(first, False, by=rosa)
    with pytest.raises(Refusal):
        actions.set_active(second, False, by=rosa)
    actions.set_active(first, True, by=rosa)
    actions.set_active(second, False, by=rosa)


def test_database_tells_who_can_sign_in_as_the_person_does(rosa):
    ben(password="quiet-desk")
    actions.set_active(actions.add_user(email="x@example.org", name="X", password="quiet"), False)
    assert list(User.objects.filter(CAN_SIGN_IN)) == [ben()]
    assert [user for user in User.objects.all() if user.can_sign_in and user.is_active] == [ben()]


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
        {"holiday_subdivision": "ON"},
        {"holiday_country": "", "holiday_subdivision": "CA"},
        {"name": "  "},
        {"neutral_name": ""},
        {"mailbox": ""},
        {"mailbox": "nobody"},
        {"sending_until": datetime.time(8)},
        {"digest_at": datetime.time(18)},
    ],
)
def test_change_program_refuses_what_would_stop_the_clock(change):
    before = Program.objects.values().get()
    with pytest.raises(Refusal) as refused:
        actions.change_program(program(), **change)
    assert refused.value.field in {*change, "holiday_subdivision"}
    assert Program.objects.values().get() == before


def test_change_program_keeps_text_without_the_blanks_around_it():
    actions.change_program(program(), name=" Bay Area ", holiday_subdivision="CA")
    assert (program().name, program().holiday_subdivision) == ("Bay Area", "CA")


def test_closed_days_know_federal_holidays_and_days_of_our_own():
    actions.add_holiday(date=datetime.date(2027, 3, 5), name="Staff retreat")
    days = closed_days(program(), 2027, 2027)
    assert datetime.date(2027, 11, 25) in days  # Thanksgiving
    assert datetime.date(2027, 7, 5) in days  # Independence Day is a Sunday: observed on Monday
    assert datetime.date(2027, 3, 5) in days
    actions.remove_holiday(date=datetime.date(2027, 3, 5))
    assert datetime.date(2027, 3, 5) not in closed_days(program(), 2027, 2027)


def test_closed_days_between_have_names_and_say_which_are_ours():
    actions.add_holiday(date=datetime.date(2027, 12, 27), name=" Staff retreat ")
    found = closed_days_between(program(), datetime.date(2027, 12, 24), datetime.date(2028, 1, 1))
    assert [(day.date.isoformat(), day.name, day.ours) for day in found] == [
        ("2027-12-24", "Christmas Day (observed)", False),
        ("2027-12-25", "Christmas Day", False),
        ("2027-12-27", "Staff retreat", True),
        ("2027-12-31", "New Year's Day (observed)", False),
        ("2028-01-01", "New Year's Day", False),
    ]


@pytest.mark.parametrize("name", ["  ", "x" * 201])
def test_closed_day_needs_a_name_that_fits(name):
    with pytest.raises(Refusal) as refused:
        actions.add_holiday(date=datetime.date(2027, 3, 5), name=name)
    assert refused.value.field == "name"
    assert not Holiday.objects.exists()


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
