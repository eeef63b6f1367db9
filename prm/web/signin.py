"""How people get in: by invitation. Sign-up is closed, and a wrong sign-in never says which part was wrong."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """allauth's own mails (a forgotten password) leave through it at once: they are never held with the reminders."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False
