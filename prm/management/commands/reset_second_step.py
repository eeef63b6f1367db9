"""`manage.py reset_second_step EMAIL`: for somebody whose phone is gone, and with it the recovery codes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from prm.accounts.queries import user_by_email
from prm.accounts.second_step import reset_second_step
from prm.management.oneline import OneLineCommand


class Command(OneLineCommand):
    help = "Take away somebody's app, passkeys and recovery codes, and sign them out everywhere. Be sure who asks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="whose second step")

    def handle(self, *args: Any, **options: Any) -> None:
        person = user_by_email(options["email"])
        if person is None:
            raise CommandError("Nobody of ours has this address.")
        if reset_second_step(person, by=None):
            self.stdout.write(
                "Taken away. The password is the same; a second step can be set up after sign-in."
            )
        else:
            self.stdout.write("There was no second step. They are signed out everywhere.")
