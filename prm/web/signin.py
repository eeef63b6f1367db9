"""How people get in: by invitation. Sign-up is closed, and a wrong sign-in never says which part was wrong."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest

from prm.accounts.models import User
from prm.accounts.queries import program

DAY = 24 * 3600  # seconds


class AccountAdapter(DefaultAccountAdapter):
    """allauth's own mails (a forgotten password, an invitation) leave through it at once: they are never held with the
    reminders."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return f"{program().name}: {subject}"

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        """Nobody gets in by this who was not invited: an owner from a spreadsheet has no password to forget."""
        if user.has_usable_password():
            super().send_password_reset_mail(user, email, {**context, "program": program()})

    def send_invitation(self, person: User, *, by: User) -> None:
        """Send `person` the link by which a password is chosen; it is the one of a forgotten password, and as safe."""
        key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
        context = {
            "person": person,
            "by": by,
            "days": settings.PASSWORD_RESET_TIMEOUT // DAY,
            "program": program(),
            "password_set_url": self.get_reset_password_from_key_url(key),
        }
        self.send_mail("account/email/invitation", person.email, context)

    def send_second_step_reset(self, person: User, *, by: User) -> None:
        """Tell `person` that somebody took their second step away: if they did not ask, something is wrong."""
        context = {"person": person, "by": by, "program": program(), "sign_in_url": f"{settings.SITE_URL}/"}
        self.send_mail("account/email/second_step_reset", person.email, context)
