"""One heartbeat in this process: plan, hand over, send. The same functions that the workers call."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError
from django.utils import timezone

from prm.accounts import actions as accounts_actions
from prm.accounts import queries as accounts
from prm.agreements.actions import end_what_is_over
from prm.continuity.leaving import follow_through
from prm.desk.at_once import tell_at_once
from prm.desk.digest import send_digests
from prm.exchange.work import run_jobs
from prm.management.oneline import OneLineCommand
from prm.outbox.actions import release_expired
from prm.outbox.delivery import drain
from prm.partners.actions import forget_links
from prm.reminders.actions import refresh
from prm.reminders.dispatch import hand_over
from prm.search import actions as search


def moment(text: str, zone: ZoneInfo) -> datetime:
    """Return an ISO 8601 moment; without an offset it is a local time of `zone`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(
            f"--now: “{text}” is not a moment. Write it as 2027-06-02T09:00 or 2027-06-02T09:00-04:00.",
            returncode=2,
        ) from None
    if not 1990 <= found.year <= 2190:
        raise CommandError(f"--now: {text} is out of reach. Give a moment from 1990 to 2190.", returncode=2)
    return found if found.tzinfo else found.replace(tzinfo=zone)


def clock_from(start: datetime) -> Callable[[], datetime]:
    """Return a clock that starts at `start` and runs on, so that leases and retries have a time to count."""
    began = timezone.now()
    return lambda: start + (timezone.now() - began)


def heartbeat(now: datetime) -> dict[str, Any]:
    """Run one heartbeat as of `now` and return its counts."""
    accounts_actions.note_heartbeat(now=now)
    accounts_actions.note_work(now=now)
    clock, owner = clock_from(now), f"tick-{os.getpid()}"
    jobs = run_jobs(now=clock, owner=owner)
    left = follow_through(now=now)
    ended = end_what_is_over(now=now)
    planned = refresh(now=now)
    indexed = search.refresh(now=now)
    told = tell_at_once(now=now)
    digests = send_digests(now=now)
    released = release_expired(now=now)
    handed_over = hand_over(now=now)
    sent = drain(now=clock, owner=owner)
    forgotten = forget_links(now=now)
    return {
        "now": now.isoformat(),
        "jobs": jobs,
        "left": left,
        "ended": ended,
        "planned": planned,
        "indexed": indexed,
        "told": told,
        "digests": digests,
        "handed_over": handed_over,
        "leases_freed": released,
        "links_forgotten": forgotten,
        **asdict(sent),
    }


class Command(OneLineCommand):
    help = "One heartbeat: replan what is stale, hand over what is due, send until nothing is waiting. Prints counts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--now",
            metavar="ISO8601",
            help="the clock for this heartbeat; without offset: local time",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        zone = ZoneInfo(accounts.program().zone)
        now = moment(options["now"], zone) if options["now"] else timezone.now()
        self.stdout.write(json.dumps(heartbeat(now)))
