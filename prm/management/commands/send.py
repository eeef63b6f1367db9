"""The sending switch."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from prm.accounts import actions, queries
from prm.management.oneline import OneLineCommand


class Command(OneLineCommand):
    help = "Let mail go out (on) or keep everything back (hold)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("switch", choices=["on", "hold"])

    def handle(self, *args: Any, **options: Any) -> None:
        state = "on" if options["switch"] == "on" else "held"
        actions.set_sending(queries.program(), state, by=None, now=timezone.now())
        said = (
            "Sending is on." if state == "on" else "Sending is held: nothing leaves until you say “send on”."
        )
        self.stdout.write(said)
