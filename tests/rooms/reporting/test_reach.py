"""Among very many partners the outlook tells the nearest days, and each of them whole."""

from datetime import timedelta

import pytest

from prm.partners.models import Organization
from prm.reminders.actions import refresh
from prm.reporting import reach
from prm.reporting.outlook import in_order, outlook
from tests.cast import NOW, TODAY, day, make_agreement, make_organization, make_program

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    make_program()
    monkeypatch.setattr(reach, "EVERYTHING", 3)
    monkeypatch.setattr(reach, "NEAREST", 3)


def houses(number, *, ends="2027-08-31", apart=1):
    for count in range(number):
        house = make_organization(f"House {count}")
        make_agreement(house, expires_on=day(ends) + timedelta(count * apart))
    refresh(now=NOW)


def within(days=90):
    return reach.within_reach(Organization.objects.all(), from_day=TODAY, days=days)


def told(organizations, days):
    lines = outlook(from_day=TODAY, days=days, organizations=organizations)
    return [(line.day, line.key) for line in in_order(lines) if line.day is not None]


def test_some_partners_are_told_for_every_day():
    houses(3)
    found = within()
    assert (found.days, found.shortened, found.organizations.count()) == (90, False, 3)


def test_of_many_the_nearest_days_are_told_and_each_is_whole():
    houses(8, apart=10)
    found = within()
    assert (found.shortened, found.crowded, found.organizations.count()) == (True, False, 3)
    assert 0 < found.days < 90
    everyone = told(Organization.objects.all(), found.days)
    assert everyone
    assert told(found.organizations, found.days) == everyone


def test_where_one_day_is_too_much_it_says_so():
    houses(8, apart=0)
    first = min(line.day for line in outlook(from_day=TODAY, days=90) if line.day)
    found = reach.within_reach(Organization.objects.all(), from_day=first, days=90)
    assert (found.days, found.shortened, found.crowded) == (1, True, True)
    assert found.organizations.count() == 3


def test_many_of_whom_few_are_due_are_told_for_every_day():
    houses(2)
    for count in range(5):
        make_organization(f"Quiet {count}", status="prospect")
    refresh(now=NOW)
    found = within()
    assert (found.days, found.shortened, found.crowded) == (90, True, False)
    assert told(found.organizations, 90) == told(Organization.objects.all(), 90)


def test_it_costs_the_same_among_eight_and_among_eighty(django_assert_num_queries):
    houses(8)
    with django_assert_num_queries(3):
        within()
    for count in range(72):
        make_organization(f"Other {count}")
    refresh(now=NOW)
    with django_assert_num_queries(3):
        within()
