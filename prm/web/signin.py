"""How people get in: by invitation. Sign-up is closed, and a wrong sign-in never says which part was wrong."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest

from prm.accounts.queries import program


class AccountAdapter(DefaultAccountAdapter):
    """allauth's own mails (a forgotten password) leave through it at once: they are never held with the reminders."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return f"{program().name}: {subject}"

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        """Nobody gets in by this who was not invited: an owner from a spreadsheet has no password to forget."""
        if user.has_usable_password():
            super().send_password_reset_mail(user, email, {**context, "program": program()})
