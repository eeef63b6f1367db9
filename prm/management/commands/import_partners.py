"""Partners from a spreadsheet."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prm.accounts import queries as accounts
from prm.exchange.partners_import import import_partners
from prm.exchange.report import Report
from prm.exchange.sheet import Unreadable
from prm.management.oneline import OneLineCommand
from prm.management.progress import Progress


class Command(OneLineCommand):
    help = (
        "Read partners, contacts, agreements, pauses and last trainings from a CSV or XLSX file as people keep it. "
        "A row is imported as a whole or not at all, and every problem is named with line, column and reason. The "
        "same file again changes nothing. Exit status: 0 every row is in, 1 some rows were not imported, 2 nothing was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", metavar="FILE", help=".xlsx, or CSV with comma, semicolon or tab, UTF-8 or Windows-1252"
        )
        parser.add_argument("--dry-run", action="store_true", help="write nothing, report what would happen")
        parser.add_argument("--today", metavar="DATE", help="day of entry of every row (default: today)")
        order = parser.add_mutually_exclusive_group()
        order.add_argument(
            "--day-first", action="store_true", help="3/4/2027 is 3 April where a column leaves it open"
        )
        order.add_argument(
            "--month-first", action="store_true", help="3/4/2027 is March 4 where a column leaves it open"
        )
        parser.add_argument("--hold", action="store_true", help="leave sending held")
        parser.add_argument("--json", action="store_true", help="the report as one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        now, today = moment(options["today"])
        try:
            report = import_partners(
                Path(options["file"]),
                now=now,
                today=today,
                day_first=True if options["day_first"] else False if options["month_first"] else None,
                dry_run=options["dry_run"],
                hold=options["hold"],
                progress=Progress(self.stderr),
            )
        except Unreadable as reason:
            raise CommandError(f"{options['file']}: {reason}", returncode=2) from reason
        except KeyboardInterrupt:
            raise CommandError(_("Stopped: nothing was imported."), returncode=2) from None
        self._show(report, options["json"])
        if missing := len(report.skipped):
            text = ngettext("%(count)d row was not imported.", "%(count)d rows were not imported.", missing)
            raise CommandError(text % {"count": missing}, returncode=1)

    def _show(self, report: Report, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report.as_json(), indent=1, ensure_ascii=False))
            return
        for line in report.lines():
            self.stdout.write(line)


def moment(text: str | None) -> tuple[datetime, date]:
    """The moment and the day of entry: now, or the first moment of another day in the program's zone."""
    now = timezone.now()
    program = accounts.program()
    today = accounts.local_today(now, program)
    if text is None:
        return now, today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CommandError(
            f"--today: “{text}” is not a date. Write it as 2027-01-04.", returncode=2
        ) from None
    return (now, today) if day == today else (datetime.combine(day, time(), ZoneInfo(program.zone)), day)
