"""`manage.py reset_second_step EMAIL`: for somebody whose phone is gone, and with it the recovery codes."""

from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.management.base import CommandError
from django.db import transaction

from prm.accounts.queries import user_by_email
from prm.management.oneline import OneLineCommand


class Command(OneLineCommand):
    help = "Take away somebody's app, passkeys and recovery codes, and sign them out everywhere. Be sure who asks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="whose second step")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        person = user_by_email(options["email"])
        if person is None:
            raise CommandError("Nobody of ours has this address.")
        _number, by_kind = Authenticator.objects.filter(user=person).delete()
        for session in UserSession.objects.filter(user=person):
            session.end()
        if by_kind:
            self.stdout.write(
                "Taken away. The password is the same; a second step can be set up after sign-in."
            )
        else:
            self.stdout.write("There was no second step. They are signed out everywhere.")
