"""A year of heartbeats with nobody signed in: what went out is what the rules predict from the facts at entry."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from prm.accounts.queries import local_today
from prm.agreements.actions import enter_agreement
from prm.agreements.actions.entering import Signer
from prm.capacity.actions import pause
from prm.management.commands.tick import heartbeat
from prm.partners.models import Organization
from prm.reminders import facts
from prm.reminders.models import Handover, Reminder
from prm.rules import plan
from prm.rules.facts import State
from prm.rules.ladder import effective_day
from prm.vocabulary.queries import term
from tests.story import ENTERED, agreement, contact, day, partner, person

# half a minute of arithmetic, which is the same on both databases
pytestmark = [pytest.mark.django_db, pytest.mark.only_on("sqlite")]

DAYS = 365


@pytest.fixture
def partners() -> list[Organization]:
    """Every form of agreement, pause and rhythm, spread over four partners."""
    rosa = person("Rosa")
    person("Dina", role="director")
    harbor = partner("Harbor House", owner=rosa, training=3, approval_lead_days=120)
    agreement(harbor, "2027-09-30")
    lake = partner("Lake County", owner=rosa, training=1, zone="America/Los_Angeles")
    agreement(lake, "2027-02-28", starts_on="2026-03-01")
    pause(lake, scope="training", starts_on=day("2027-05-03"), months=2, now=ENTERED)
    mill = partner("Mill Street", owner=rosa, training=6, partner_since=day("2025-06-30"))
    agreement(mill, None, starts_on="2026-08-16")
    pause(mill, scope="all", starts_on=day("2027-06-01"), months=3, now=ENTERED)
    north = partner("North Star", training=None)
    kind = term("agreement_kind", "mou")
    enter_agreement(
        kind=kind,
        title="Waiting",
        term="from_last_signature",
        months=12,
        parties=[Signer(north)],
        sent_on=day("2026-12-21"),
        now=ENTERED,
    )
    found = [harbor, lake, mill, north]
    for organization in found[:3]:
        contact(organization, email=f"anna@{organization.slug}.example")
    return found


def predicted(organizations: list[Organization], today: date, last: date) -> dict[str, date]:
    """Return what goes through `last`, by natural key, from the facts of the day of entry alone."""
    batch = facts.load(organizations, today=today)
    found: dict[str, date] = {}
    for known in batch.facts.values():
        for touch in plan.desired(known, today, last):
            goes_on = effective_day(touch, today, known.week)
            if touch.state in (State.PLANNED, State.HELD) and goes_on is not None and goes_on <= last:
                found[touch.key] = goes_on
    return found


def test_a_year_of_ticks_equals_what_the_rules_predict(
    partners: list[Organization], mailoutbox: list[Any]
) -> None:
    first = local_today(ENTERED)
    expected = predicted(partners, first, first + timedelta(DAYS - 1))
    for n in range(DAYS):
        heartbeat(ENTERED.replace(hour=12, minute=30) + timedelta(n))  # 09:30 in Los Angeles
    gone = Reminder.objects.filter(state="handed_over")
    assert {row.key: row.day for row in gone} == expected
    assert len(expected) > 60
    sent = [
        (m.to[0], key) for m in mailoutbox for key in m.extra_headers.get("X-PRM-Key", "").split(", ") if key
    ]
    assert [twice for twice, number in Counter(sent).items() if number > 1] == []
    assert {key for _, key in sent} == set(expected)
    assert Handover.objects.count() == len(sent)
    assert not Reminder.objects.filter(state="planned", day__lt=first + timedelta(DAYS)).exists()
