"""A believable fictional coalition to look at, and its removal."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db.models import Min
from django.utils import timezone

from prm.accounts.queries import program
from prm.exchange.demo import removal, replay
from prm.exchange.demo.load import load
from prm.management.commands.tick import heartbeat
from prm.management.oneline import OneLineCommand
from prm.management.progress import Progress
from prm.outbox.models import Message
from prm.partners.models import Organization
from prm.rules.refusal import Refusal

SEED = 12
MOST = 100_000


class Command(OneLineCommand):
    help = "Write a fictional coalition with some weeks behind it, or remove it. Its mails only ever become files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--organizations",
            type=int,
            default=replay.FEWEST,
            metavar="N",
            help=f"how many, up to {MOST}: the story of {replay.FEWEST} (the default) and invented ones beside it; "
            "of fewer all are invented",
        )
        parser.add_argument(
            "--seed", type=int, default=SEED, metavar="N", help="the same seed invents the same organizations"
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="say nothing is wrong where partners are here already"
        )
        parser.add_argument("--remove", action="store_true", help="remove the demo and nothing else")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["remove"]:
            self.remove()
        elif removal.demo_organizations():
            self.stdout.write(
                "The demo is here already; nothing was changed. Remove it with: manage.py demo --remove"
            )
        elif removal.real_organizations() and options["if_empty"]:
            self.stdout.write("There are partners here already, so no demo was written.")
        else:
            self.write_demo(options["organizations"], options["seed"])

    def write_demo(self, organizations: int, seed: int) -> None:
        if not 1 <= organizations <= MOST:
            raise CommandError(f"--organizations: give a number from 1 to {MOST}.", returncode=2)
        if removal.real_organizations():
            raise CommandError(
                "There are partners here already. The demo plays through past weeks and needs an empty start.",
                returncode=2,
            )
        told = replay.FEWEST if organizations >= replay.FEWEST else 0
        try:
            if told:
                replay.live_through(now=timezone.now(), heartbeat=heartbeat)
            self.write_more(organizations - told, seed)
        except Refusal as refusal:
            raise CommandError(f"The demo could not be written: {refusal}", returncode=2) from None
        self.tell(organizations)

    def tell(self, organizations: int) -> None:
        demo = Organization.objects.filter(is_demo=True)
        first = demo.aggregate(day=Min("entered_on"))["day"]
        sent = Message.objects.filter(demo=True, sent_at__isnull=False).count()
        self.stdout.write(
            f"The demo is here: {organizations} organizations, entered on {first:%d %b %Y}; "
            f"{sent} mails sent since."
        )
        if sent or organizations >= replay.FEWEST:
            self.stdout.write(self.where_mails_are(sent))

    def write_more(self, organizations: int, seed: int) -> None:
        """Write invented organizations beside the story; they have a history, but nothing was lived through."""
        if organizations:
            writing, planning = Progress(self.stderr), Progress(self.stderr)
            load(
                now=timezone.now(),
                seed=seed,
                organizations=organizations,
                progress=writing,
                planning=planning,
            )

    def where_mails_are(self, sent: int) -> str:
        if sent:
            return f"The mails are files in {settings.EMAIL_FILE_PATH}."
        if program().sending != "on":
            return "Sending is held, so no mail was written."
        return "A real mail route is set, and demo mails never take it: none was sent."

    def remove(self) -> None:
        if not removal.demo_organizations():
            self.stdout.write("There is no demo here; nothing was changed.")
            return
        removed = removal.remove()
        self.stdout.write(
            f"The demo is gone: {removed.organizations} organizations and {removed.users} people of ours."
        )
        if removed.staying:
            self.stdout.write(
                f"These people stay, because they can sign in or keep partners: {', '.join(removed.staying)}"
            )
