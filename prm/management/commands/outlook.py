"""The days ahead in print: what goes to whom, and why."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from prm.accounts import queries as accounts
from prm.management.oneline import OneLineCommand
from prm.reporting import outlook


def a_day(text: str, option: str) -> date:
    """Return an ISO date given to an option, or say in one line what is wrong with it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CommandError(
            f"{option}: “{text}” is not a date. Write it as 2027-06-02.", returncode=2
        ) from None
    if not 1990 <= day.year <= 2190:
        raise CommandError(f"{option}: {text} is out of reach. Give a day from 1990 to 2190.", returncode=2)
    return day


class Command(OneLineCommand):
    help = "Say what will be sent in the days ahead, to whom and why; also what is held or skipped. Writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="from_day", metavar="DATE", help="first day (default: today)")
        parser.add_argument(
            "--days",
            type=int,
            default=90,
            help="number of days, the first one included (default: 90)",
        )
        parser.add_argument("--organization", metavar="SLUG", help="only this organization")
        parser.add_argument("--json", action="store_true", help="a list, one object per line")

    def handle(self, *args: Any, **options: Any) -> None:
        first = options["from_day"]
        from_day = a_day(first, "--from") if first else accounts.local_today(timezone.now())
        if not 1 <= options["days"] <= 3660:
            raise CommandError("--days: give a number of days from 1 to 3660.", returncode=2)
        organizations = None
        if options["organization"]:
            organizations = outlook.find(options["organization"])
            if not organizations.exists():
                raise CommandError(
                    f"--organization: no partner is called “{options['organization']}” here.",
                    returncode=2,
                )
        lines = outlook.outlook(from_day=from_day, days=options["days"], organizations=organizations)
        if options["json"]:
            self.stdout.write(json.dumps([line.as_json() for line in outlook.in_order(lines)], indent=1))
            return
        for line in outlook.in_order(lines):
            day = line.day.isoformat() if line.day else "(no day yet)"
            to = ", ".join(line.recipients) or "nobody"
            self.stdout.write(f"{day:<13}{line.state:<13}{line.organization.name}: {line.reason} -> {to}")
