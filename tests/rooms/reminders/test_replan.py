"""The ledger is made to say what the rules desire: often, cheaply, and for each partner by itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prm.agreements.actions import record_review
from prm.capacity.actions import pause
from prm.partners import timeline
from prm.partners.actions import change_organization, give_role, record_talk
from prm.partners.models import Organization
from prm.reminders import facts
from prm.reminders.actions import refresh, replan
from prm.reminders.dispatch import hand_over
from prm.reminders.models import Reminder
from prm.rules.dates import WorkingWeek
from prm.training.actions import invite, plan_session, set_cadence
from tests.story import ENTERED, agreement, at, contact, day, partner, person

pytestmark = pytest.mark.django_db

#: One replan that finds nothing to change: its transaction, the lock, the facts, the calendar, and the day noted.
QUERIES = 27


def world(number: int) -> list[int]:
    """Return partners that have one of everything."""
    rosa = person("Rosa")
    found = []
    for n in range(number):
        harbor = partner(f"Harbor House {n}", owner=rosa, training=3)
        anna = contact(harbor, email=f"anna{n}@harbor.example")
        agreement(harbor)
        pause(harbor, scope="training", starts_on=day("2027-04-01"), months=1, declared_by=anna, now=ENTERED)
        found.append(harbor.pk)
    start = at("2027-03-10T10:00")
    session = plan_session(title="Signs", starts_at=start, ends_at=start + timedelta(hours=1), now=ENTERED)
    people = [o.contacts.get() for o in Organization.objects.all()]
    invite(session, people, now=ENTERED)
    return found


@pytest.mark.parametrize("number", [1, 3, 300])
def test_the_number_of_queries_does_not_grow(number: int) -> None:
    found = world(number)
    replan(found, now=ENTERED)
    with CaptureQueriesContext(connection) as queries:
        assert not replan(found, now=ENTERED).added
    assert len(queries) == QUERIES


def test_planning_anew_reads_no_more_than_looking_again() -> None:
    found = world(30)
    with CaptureQueriesContext(connection) as queries:
        assert replan(found, now=ENTERED).added
    assert len([q for q in queries if q["sql"].startswith("SELECT")]) <= QUERIES


def test_running_twice_writes_nothing() -> None:
    found = world(2)
    replan(found, now=ENTERED)
    before = list(Reminder.objects.order_by("pk").values())
    changes = replan(found, now=ENTERED + timedelta(minutes=1))
    assert (changes.added, changes.changed, changes.withdrawn, changes.calendar) == ([], [], [], {})
    assert list(Reminder.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda harbor: change_organization(harbor, approval_lead_days=120, now=ENTERED),
        lambda harbor: contact(harbor, "Sam Ode", "sam@harbor.example"),
        lambda harbor: give_role(harbor.contacts.first(), kind="executive", now=ENTERED),
        lambda harbor: agreement(harbor, "2028-09-30"),
        lambda harbor: record_review(agreement(harbor, None), now=ENTERED),
        lambda harbor: pause(harbor, scope="all", starts_on=day("2027-06-01"), months=1, now=ENTERED),
        lambda harbor: set_cadence(harbor, every_months=6, now=ENTERED),
        lambda harbor: record_talk(harbor, happened_on=day("2027-01-04"), now=ENTERED),
    ],
    ids=["partners", "contact", "role", "agreement", "review", "pause", "training", "talk"],
)
def test_every_room_marks_the_plan_as_stale(change: Callable[[Organization], Any]) -> None:
    world(1)
    refresh(now=ENTERED)
    harbor = Organization.objects.get()
    assert harbor.plan_stale_at is None
    change(harbor)
    harbor.refresh_from_db()
    assert harbor.plan_stale_at is not None
    assert refresh(now=ENTERED) == 1
    assert refresh(now=ENTERED) == 0


def test_everyone_is_planned_once_a_local_day() -> None:
    world(2)
    assert refresh(now=at("2027-01-04T23:59")) == 2
    assert refresh(now=at("2027-01-04T23:59")) == 0
    assert refresh(now=at("2027-01-05T00:00")) == 2


def test_one_poisoned_partner_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    found = world(3)
    load = facts.load

    def poisoned(organizations: Any, *, today: Any) -> facts.Batch:
        batch = load(organizations, today=today)
        if found[1] in batch.facts:
            raise ArithmeticError("a row that no rule understands")
        return batch

    monkeypatch.setattr(facts, "load", poisoned)
    assert refresh(now=ENTERED) == 2
    assert set(Reminder.objects.values_list("organization", flat=True)) == {found[0], found[2]}
    assert Organization.objects.filter(planned_for=None).count() == 1


def test_a_calendar_without_working_days_harms_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    world(2)
    closed = WorkingWeek(weekdays=frozenset())
    monkeypatch.setattr(facts, "working_week", lambda *_: closed)
    assert refresh(now=ENTERED) == 0


def test_nothing_is_handed_over_from_a_stale_plan() -> None:
    [pk] = world(1)
    refresh(now=at("2027-07-02T08:00"))
    timeline.mark_stale([pk], at("2027-07-02T08:59"))
    assert hand_over(now=at("2027-07-02T09:00")) == 0
    refresh(now=at("2027-07-02T09:01"))
    assert hand_over(now=at("2027-07-02T09:01")) > 0


def test_nothing_is_handed_over_from_the_plan_of_another_day() -> None:
    world(1)
    refresh(now=at("2027-07-01T08:00"))
    assert hand_over(now=at("2027-07-02T09:00")) == 0


def test_an_answer_of_one_party_touches_only_its_own_rows() -> None:
    found = world(2)
    refresh(now=ENTERED)
    other = list(Reminder.objects.filter(organization=found[1]).order_by("pk").values())
    pause(
        Organization.objects.get(pk=found[0]), scope="all", starts_on=day("2027-09-01"), months=1, now=ENTERED
    )
    refresh(now=ENTERED)
    assert list(Reminder.objects.filter(organization=found[1]).order_by("pk").values()) == other
