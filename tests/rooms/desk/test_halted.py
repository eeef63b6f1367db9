"""A partner whose plan cannot be made is a row on Today, once the worker had its time; all others are planned."""

from datetime import date, timedelta

import pytest

from prm.accounts.models import User
from prm.agreements.models import Agreement
from prm.desk.halted import RULE
from prm.desk.today import day_of
from prm.management.commands.tick import heartbeat
from prm.partners.models import Organization
from tests.story import ENTERED, agreement, at, contact, partner, person

pytestmark = pytest.mark.django_db
CHANGED = at("2027-06-30T10:00")
MORNING = at("2027-07-02T00:01")
HOUR = timedelta(hours=1)


@pytest.fixture
def rosa() -> User:
    return person("Rosa")


@pytest.fixture
def houses(rosa: User) -> list[Organization]:
    """Harbor House and Lake County, both planned."""
    found = [partner(name, owner=rosa) for name in ("Harbor House", "Lake County")]
    for number, house in enumerate(found):
        contact(house, email=f"anna{number}@harbor.example")
        agreement(house, "2027-09-30")
    heartbeat(ENTERED + HOUR)
    return found


def broken(house: Organization) -> None:
    """Let its agreement end on the last day of the calendar, after which nothing can be reckoned."""
    Agreement.objects.filter(parties__organization=house).update(expires_on=date.max)


def told(rosa: User, now: object) -> list[tuple[str, str]]:
    rows = day_of(rosa, everyone=False, now=now).groups["failed"].rows
    return [(row.subject, row.matter.partition(",")[0]) for row in rows if row.rule == RULE]


def test_it_is_told_an_hour_after_the_day_began(houses: list[Organization], rosa: User) -> None:
    heartbeat(CHANGED)
    broken(houses[0])
    for moment, rows in (
        (MORNING, []),
        (MORNING + HOUR, [("Harbor House", "Its reminders could not be worked out")]),
    ):
        heartbeat(moment)
        assert told(rosa, moment) == rows


def test_it_is_told_an_hour_after_something_changed(houses: list[Organization], rosa: User) -> None:
    heartbeat(CHANGED)
    broken(houses[0])
    Organization.objects.update(plan_stale_at=CHANGED)
    for moment, number in ((CHANGED + HOUR / 2, 0), (CHANGED + HOUR, 1)):
        heartbeat(moment)
        assert len(told(rosa, moment)) == number


def test_it_is_gone_when_the_plan_is_made(houses: list[Organization], rosa: User) -> None:
    broken(houses[0])
    heartbeat(MORNING + HOUR)
    assert told(rosa, MORNING + HOUR)
    Agreement.objects.update(expires_on=date(2027, 9, 30))
    heartbeat(MORNING + 2 * HOUR)
    assert told(rosa, MORNING + 2 * HOUR) == []


def test_worker_that_stood_still_is_not_the_partners_fault(houses: list[Organization], rosa: User) -> None:
    heartbeat(CHANGED)
    Organization.objects.update(plan_stale_at=CHANGED)
    assert told(rosa, MORNING + 9 * HOUR) == []  # the head of the page says that nobody works
