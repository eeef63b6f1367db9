"""How the letterbox is doing."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from prm.accounts import queries as accounts
from prm.management.oneline import OneLineCommand
from prm.outbox import queries


class Command(OneLineCommand):
    help = "Messages by state, age of the oldest due one, expired leases, age of the last heartbeat (in seconds)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        state = queries.counts(now=now)
        program = accounts.program()
        beat = program.heartbeat_at
        found = {
            "messages": state.by_state,
            "oldest_due_seconds": int(state.oldest_due.total_seconds()) if state.oldest_due else None,
            "expired_leases": state.expired_leases,
            "heartbeat_seconds": int((now - beat).total_seconds()) if beat else None,
            "sending": program.sending,
        }
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for name, number in state.by_state.items():
            self.stdout.write(f"{name:<12}{number:>8}")
        self.stdout.write(f"oldest due message: {_age(found['oldest_due_seconds'])}")
        self.stdout.write(f"expired leases: {state.expired_leases}")
        self.stdout.write(f"last heartbeat: {_age(found['heartbeat_seconds'])}")
        self.stdout.write(f"sending: {program.sending}")


def _age(seconds: Any) -> str:
    return "none" if seconds is None else f"{seconds} s ago"
