"""Writes the demo as if it had been lived: day by day from the day of entry, with the heartbeats of each morning."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from prm.accounts.actions import note_heartbeat
from prm.accounts.queries import program
from prm.exchange.demo import crowd
from prm.exchange.demo.coalition import PARTNERS
from prm.exchange.demo.entering import enter_colleagues, enter_paper, enter_partner, enter_rest
from prm.exchange.demo.papers import PAPERS, RESTS
from prm.exchange.demo.story import chapters
from prm.exchange.demo.world import World
from prm.reminders.actions import refresh
from prm.reminders.facts import working_week
from prm.rules.dates import ONE_DAY

Heartbeat = Callable[[datetime], Any]

#: The digest goes at eight and partners' mail at nine; each is looked for a few minutes later.
TICKS = (time(8, 5), time(9, 5))
AFTER_A_CHAPTER = time(10, 40)
FEWEST, MOST = len(PARTNERS), 300


@transaction.atomic
def live_through(*, now: datetime, seed: int, organizations: int, heartbeat: Heartbeat) -> World:
    """Enter the demo some weeks before `now` and run every working day's heartbeats through yesterday.

    Today is planned, and its mails are left to the next heartbeat: so the hour changes nothing. One transaction: a
    worker that runs beside it sees the finished demo or none of it.
    """
    us = program()
    zone = ZoneInfo(us.zone)
    today = now.astimezone(zone).date()
    world = World(today=today, zone=zone, week=working_week(us, today))
    told = {
        day: [chapter for _day, chapter in group]
        for day, group in groupby(chapters(world), key=lambda c: c[0])
    }
    for day in _working_days(world):
        world.told = day
        for tick in TICKS:
            heartbeat(world.at(tick))
        if day == world.first_day:
            _enter(world, random.Random(seed), organizations)  # noqa: S311 - the same seed tells the same story
        for chapter in told.get(day, ()):
            chapter(world)
        if day in told or day == world.first_day:
            heartbeat(world.at(AFTER_A_CHAPTER))
    refresh(now=world.at(time.min, today))
    if us.heartbeat_at is not None:
        note_heartbeat(now=us.heartbeat_at)
    return world


def _working_days(world: World) -> Iterator[date]:
    day = world.first_day
    while day < world.today:
        if world.week.is_working(day):
            yield day
        day += ONE_DAY


def _enter(world: World, chance: random.Random, organizations: int) -> None:
    enter_colleagues(world)
    for partner in PARTNERS:
        enter_partner(world, partner)
    for paper in PAPERS:
        enter_paper(world, paper)
    for rest in RESTS:
        if rest.told is None:
            enter_rest(world, rest)
    for partner, paper, paused in crowd.invent(chance, organizations - len(PARTNERS)):
        enter_partner(world, partner)
        enter_paper(world, paper)
        if paused is not None:
            enter_rest(world, paused)
