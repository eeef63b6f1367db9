"""Taking away somebody's second step at sign-in, for the day their phone is gone and their recovery codes with it."""

from __future__ import annotations

import logging

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from prm.accounts.models import User

log = logging.getLogger(__name__)


def has_second_step(person: User) -> bool:
    """Whether somebody is asked for more than a password."""
    return Authenticator.objects.filter(user_id=person.pk).exists()


@transaction.atomic
def reset_second_step(person: User, *, by: User | None) -> bool:
    """Take away a person's app, passkeys and recovery codes and sign them out everywhere; their password stays.

    Return whether there were any. Who calls must be sure who asks: whoever has the password gets in with it alone.
    """
    number, _by_kind = Authenticator.objects.filter(user_id=person.pk).delete()
    for session in UserSession.objects.filter(user_id=person.pk):
        session.end()
    log.warning("second step of user %s taken away by %s", person.pk, f"user {by.pk}" if by else "a command")
    return bool(number)
