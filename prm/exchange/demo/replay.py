"""Writes the demo as if it had been lived: day by day from the day of entry, with the heartbeats of each morning."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from prm.accounts.actions import note_heartbeat, note_work
from prm.accounts.queries import program
from prm.exchange.demo.coalition import PARTNERS
from prm.exchange.demo.entering import (
    enter_colleagues,
    enter_lesson,
    enter_paper,
    enter_partner,
    enter_rest,
    enter_talk,
)
from prm.exchange.demo.lessons import BEFORE
from prm.exchange.demo.papers import PAPERS
from prm.exchange.demo.rests import RESTS
from prm.exchange.demo.story import chapters
from prm.exchange.demo.talks import TALKS
from prm.exchange.demo.world import ENTERED, World
from prm.outbox import actions as outbox
from prm.outbox.models import Message
from prm.reminders.actions import refresh
from prm.reminders.dispatch import hand_over
from prm.reminders.facts import working_week
from prm.reminders.models import Reminder
from prm.rules.dates import ONE_DAY
from prm.rules.facts import State

Heartbeat = Callable[[datetime], Any]

#: The digest goes at eight and partners' mail at nine; each is looked for a few minutes later.
DIGESTS, LETTERS = time(8, 5), time(9, 5)
AFTER_A_CHAPTER = time(10, 40)
FEWEST = len(PARTNERS)

#: Whose mail comes back, and who was written to before.
DEAD, LEFT = "Peter Lang", "Marion Vance"


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Leave cycles uncollected for some seconds: with millions of short-lived rows that is a fifth of the work."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@_without_collecting()
@transaction.atomic
def live_through(*, now: datetime, heartbeat: Heartbeat) -> World:
    """Enter the story some weeks before `now` and run every working day's heartbeats through yesterday.

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
        for tick in (DIGESTS, LETTERS):
            _refuse_dead_address(world, now=world.at(tick))
            if tick is DIGESTS or _something_is_due(world.at(tick)):
                heartbeat(world.at(tick))
        if day == world.first_day:
            _enter(world)
        for chapter in told.get(day, ()):
            chapter(world)
        if day in told or day == world.first_day:
            heartbeat(world.at(AFTER_A_CHAPTER))
    refresh(now=world.at(time.min, today))
    if us.heartbeat_at is not None:
        note_heartbeat(now=us.heartbeat_at)
    if us.worked_at is not None:
        note_work(now=us.worked_at)
    return world


def _working_days(world: World) -> Iterator[date]:
    day = world.first_day
    while day < world.today:
        if world.week.is_working(day):
            yield day
        day += ONE_DAY


def _something_is_due(now: datetime) -> bool:
    """Whether a heartbeat at nine would find work: on most days it would only look, and find nothing."""
    due = Reminder.objects.filter(state=State.PLANNED.value, due_at__lte=now)
    return due.exists() or Message.objects.filter(state=Message.State.WAITING).exists()


def _refuse_dead_address(world: World, *, now: datetime) -> None:
    """Let the relay refuse what goes to an address that nobody reads any more, as a real one would.

    Nothing goes there before somebody has left whom Peter Lang stands in for, nor after it is known not to work.
    """
    here, before = world.people.get(DEAD), world.people.get(LEFT)
    if here is None or here.undeliverable_on is not None or before is None or before.left_on is None:
        return
    refresh(now=now)
    hand_over(now=now)
    owner = "demo relay"
    waiting = outbox.claim(now=now, owner=owner, limit=outbox.BATCH)
    for message in waiting:
        if message.contact_id == here.pk:
            error = f"550 5.1.1 <{message.recipient}>: Recipient address rejected: no such user here"
            outbox.settle_failed(message, owner=owner, error=error)
    outbox.release([message for message in waiting if message.contact_id != here.pk], owner=owner)


def _enter(world: World) -> None:
    enter_colleagues(world)
    for partner in PARTNERS:
        enter_partner(world, partner)
    for paper in PAPERS:
        enter_paper(world, paper)
    for rest in RESTS:
        if rest.told is None:
            enter_rest(world, rest)
    for lesson in BEFORE:
        enter_lesson(world, lesson)
    for said in TALKS:
        if said.day <= -ENTERED.days:
            enter_talk(world, said)
