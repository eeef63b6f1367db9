"""What the plans hold is what the outlook computes; of very many lines the nearest days are told, each whole."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command

from prm.accounts.actions import set_sending
from prm.accounts.queries import local_today, program
from prm.capacity.actions import pause
from prm.management.commands.tick import heartbeat
from prm.partners.models import Organization
from prm.reminders.actions import refresh
from prm.reporting import written as plans
from prm.reporting.outlook import Line, outlook
from prm.reporting.written import Asked, told, written
from tests.cast import NOW, TODAY, at, day, harbor_house, make_agreement, make_organization, make_program

pytestmark = pytest.mark.django_db

EVERYONE = Organization.objects.all()


def read(today=TODAY, **asked) -> list[Line]:
    found = written(Asked(Organization.objects.all(), **asked), program=program(), today=today)
    return [replace(line, row=None) for line in told(found.lines, today=today)]


def computed(today=TODAY) -> list[Line]:
    return list(outlook(from_day=today))


def in_order(lines):
    return sorted(lines, key=lambda line: line.key)


def houses(number, *, apart=1):
    for count in range(number):
        house = make_organization(f"House {count}")
        make_agreement(house, expires_on=day("2027-08-31") + timedelta(count * apart))
    refresh(now=NOW)


def test_written_lines_of_the_demo_are_those_that_are_computed():
    with time_machine.travel(NOW, tick=False):
        call_command("demo", "--seed", "7", verbosity=0)
    for hours in (1, 24 * 12 + 9, 24 * 40 + 11):  # the same day, a Saturday night, weeks later
        now = NOW + timedelta(hours=hours)
        set_sending(program(), "on", now=now)
        heartbeat(now)
        today = local_today(now)
        lines = in_order(read(today))
        assert len({line.state for line in lines}) > 2
        assert len(lines) > 300
        assert lines == in_order(computed(today))


def test_late_reminder_goes_on_the_next_day_on_which_mail_goes():
    make_agreement(harbor_house(), expires_on=day("2027-08-20"))
    set_sending(make_program(), "held", now=NOW)
    saturday = at("2027-06-26T11:00")
    refresh(now=saturday)
    lines = read(saturday.date())
    assert in_order(lines) == in_order(computed(saturday.date()))
    [line] = [line for line in lines if ":expiry-60d:" in line.key and line.side == "partner"]
    assert line.day == day("2027-06-28")


def test_partners_whose_plan_is_old_are_computed_as_long_as_they_are_few(monkeypatch):
    houses(3)
    resting = Organization.objects.get(slug="house-1")
    pause(resting, scope="all", starts_on=TODAY, months=2, now=NOW)
    paused = [line for line in read(side="partner") if "paused" in line.reason]
    assert {line.organization for line in paused} == {resting}
    assert in_order(read()) == in_order(computed())
    monkeypatch.setattr(plans, "COMPUTED", 0)
    found = written(Asked(EVERYONE), program=program(), today=TODAY)
    assert found.waiting == 1
    lines = told(found.lines, today=TODAY)
    assert not any("paused" in line.reason for line in lines)


def test_one_side_and_one_state_can_be_asked_for():
    houses(2)
    assert {line.side for line in read(side="partner")} == {"partner"}
    assert {line.state for line in read(state="planned")} == {"planned"}


def test_of_many_lines_the_nearest_days_are_told_and_each_is_whole():
    houses(8, apart=10)
    found = written(Asked(EVERYONE), program=program(), today=TODAY, most=60)
    assert (found.shortened, found.crowded) == (True, False)
    assert TODAY < found.last < TODAY + timedelta(89)
    near = [line.key for line in computed() if line.day is not None and line.day <= found.last]
    assert sorted(line.key for line in found.lines) == sorted(near)


def test_more_lines_of_one_day_than_can_be_told_say_so():
    houses(8)
    found = written(Asked(EVERYONE), program=program(), today=TODAY, most=1)
    assert (found.shortened, found.last) == (True, TODAY + timedelta(0) if found.crowded else found.last)


@pytest.mark.parametrize("number", [1, 3, 50])
def test_reading_costs_the_same_for_any_number_of_partners(number, django_assert_num_queries):
    houses(number)
    ours = program()
    with django_assert_num_queries(2):  # whose plan is old, and what stands in the others
        found = written(Asked(EVERYONE), program=ours, today=TODAY)
    with django_assert_num_queries(4):  # people with roles, who keeps the partner, their answers, our side
        assert told(found.lines, today=TODAY)
