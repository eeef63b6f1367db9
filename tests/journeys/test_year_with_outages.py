"""A year in which the clock stood still now and then ends like one without: late, once, and what fell out says why."""

from __future__ import annotations

import os
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

import pytest

from prm.accounts.queries import local_today, program
from prm.capacity.models import Pause
from prm.reminders.facts import working_week
from prm.reminders.models import Reminder
from prm.rules.dates import WorkingWeek
from tests.journeys.lived import Lived, found_world, handed_on, live, outages
from tests.story import ENTERED

# minutes of arithmetic, which is the same on both databases
pytestmark = [pytest.mark.django_db, pytest.mark.only_on("sqlite")]

#: One each day; `PRM_TEST_SEEDS=1,2,3` lives through more of them.
SEEDS = tuple(int(seed) for seed in os.environ.get("PRM_TEST_SEEDS", "2").split(","))


class Clock:
    """The days on which something can go, in a year with these outages."""

    def __init__(self, week: WorkingWeek, without: Collection[date]) -> None:
        self.week, self.without = week, without

    def goes_on(self, day: date, *, at_once: bool) -> date:
        """The first day from `day` on with a heartbeat on which mail of this kind goes."""
        while day in self.without or not (at_once or self.week.is_working(day)):
            day += timedelta(1)
        return day


def test_a_year_with_outages_ends_like_one_without_but_for_what_came_too_late(mailoutbox: list[Any]) -> None:
    week = working_week(program(), local_today(ENTERED))
    invited = found_world()
    usual = live(invited, mailoutbox)
    assert len(usual.with_state("handed_over")) > 150
    assert late(usual, Clock(week, ())) == []
    seen: set[str] = set()
    for seed in SEEDS:
        clock = Clock(week, outages(seed))
        found = live(invited, mailoutbox, clock.without)
        assert found.ledger.keys() == usual.ledger.keys(), seed
        assert late(found, clock) == [], seed
        fell_out = {key for key in usual.ledger if not same(usual.ledger[key], found.ledger[key], clock)}
        reasons = {key: why(usual.ledger[key], found, clock) for key in fell_out}
        assert {key: found.ledger[key].reason for key, reason in reasons.items() if not reason} == {}, seed
        seen.update(reasons.values())
        check_mails(usual, found, clock)
    assert seen >= {"overtaken", "after the last valid day"} | (
        {"session begun"} if len(SEEDS) > 1 else set()
    )


def late(lived: Lived, clock: Clock) -> list[str]:
    """Return what did not go with the first heartbeat that could take it, also what still waits."""
    rows = [row for row in lived.ledger.values() if row.state in ("handed_over", "planned") and row.day]
    last = local_today(ENTERED) + timedelta(364)
    expected = {row.key: clock.goes_on(row.day, at_once=row.at_once) for row in rows if row.day}
    return [row.key for row in rows if handed_on(row) != (expected[row.key] if row.day <= last else None)]


def same(usual: Reminder, found: Reminder, clock: Clock) -> bool:
    """Whether the same became of a reminder. What never goes may be told in two ways: skipped, or no longer wanted.

    A calendar entry is due on the day on which what it goes with goes.
    """
    never = ("skipped", "withdrawn")
    if usual.state in never and found.state in never:
        return usual.reason == found.reason
    if usual.offset is None and usual.day and found.state == "handed_over":
        return handed_on(found) == clock.goes_on(usual.day, at_once=usual.at_once)
    return (usual.state, usual.day) == (found.state, found.day)


def why(usual: Reminder, found: Lived, clock: Clock) -> str:
    """Return why policy.md lets this reminder fall out of the year with outages, "" where it does not."""
    row = found.ledger[usual.key]
    if usual.state != "handed_over" or row.state != "skipped" or usual.day is None or row.day != usual.day:
        return ""
    then = clock.goes_on(usual.day, at_once=usual.at_once)
    if then == handed_on(usual):
        return ""  # it could have gone on its day
    if row.reason == "overtaken":
        by = found.ledger[row.reason_data["by"]]
        return "overtaken" if is_later_step(by, row) and by.day is not None and by.day <= then else ""
    if row.reason == "paused" and row.side == "partner" and row.rule == "expiry":
        return "its late day lies in a pause" if paused(row, then) else ""
    if row.reason == "too_late" and row.side == "partner" and then > row.reference_on:
        return {"expiry": "after the last valid day", "start": "session begun"}.get(row.rule, "")
    return ""


def paused(row: Reminder, on: date) -> bool:
    """Whether the partner pauses everything on a day."""
    pauses = Pause.objects.filter(organization=row.organization_id, scope="all")
    return pauses.filter(starts_on__lte=on, ends_on__gte=on).exists()


def is_later_step(by: Reminder, row: Reminder) -> bool:
    """Whether a reminder is a later one of the same ladder and side."""
    ladder = ("record", "rule", "reference_on", "side", "nobody")
    same_one = all(getattr(by, name) == getattr(row, name) for name in ladder)
    return same_one and by.offset is not None and row.offset is not None and by.offset > row.offset


def check_mails(usual: Lived, found: Lived, clock: Clock) -> None:
    """No reminder reached an address twice, none that went missed one; each morning missed is caught up once."""
    gone = found.with_state("handed_over")
    assert set(found.mails.values()) == {1}
    assert set(found.mails) == {(to, key) for to, key in usual.mails if key in gone}
    read = [(one.user_id, one.about) for one in found.digests]
    assert len(read) == len(set(read))
    mornings = {(one.user_id, date.fromisoformat(one.about)) for one in usual.digests}
    caught_up = {(user, clock.goes_on(day, at_once=False).isoformat()) for user, day in mornings}
    assert set(read) == caught_up
    names = ("Harbor House", "Lake County", "Mill Street", "North Star")
    assert [one.about for one in found.digests if not any(name in one.text for name in names)] == []
