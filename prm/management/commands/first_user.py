"""`manage.py first_user`: the first person who can sign in, so that a fresh installation is not locked."""

import os
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from prm.accounts.actions import add_user, set_password
from prm.accounts.models import User, UserRole
from prm.management.oneline import OneLineCommand

PATH = Path(settings.DATA_DIR) / "first-sign-in.txt"


class Command(OneLineCommand):
    """Give the first director a generated password, print it once and keep it in a file for its owner only."""

    help = "Make the first sign-in of a fresh installation; does nothing once somebody can sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--email",
            default="director@example.org",
            help="whose sign-in (default: %(default)s)",
        )
        parser.add_argument(
            "--name",
            default="Daniel Okafor",
            help="their name, if they are new (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if any(user.can_sign_in for user in User.objects.filter(is_active=True)):
            self.stdout.write("Somebody can sign in already; nothing was changed.")
            return
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        with transaction.atomic():
            user = User.objects.filter(email=options["email"].strip().lower()).first()
            if user is None:
                add_user(
                    email=options["email"],
                    name=options["name"],
                    role=UserRole.DIRECTOR,
                    is_superuser=True,
                    password=password,
                    now=timezone.now(),
                )
            else:
                set_password(user=user, password=password)
            self.keep(f"Address: {settings.SITE_URL}\nE-mail:   {options['email']}\nPassword: {password}\n")

    def keep(self, lines: str) -> None:
        """Write the file before the account is committed: a password nobody knows helps nobody."""
        PATH.unlink(missing_ok=True)
        with os.fdopen(
            os.open(PATH, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600),
            "w",
            encoding="utf-8",
        ) as file:
            file.write(lines)
        self.stdout.write(f"\nThe first sign-in (also in {PATH}):\n{lines}")
