"""Reading who we are, which day it is for us, and when we are closed."""

from __future__ import annotations

import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from prm.accounts.models import Holiday, Program, User, UserRole


def program() -> Program:
    """Return the one program row, fresh from the database: the sending switch must never be remembered."""
    return Program.objects.get(pk=1)


def local_today(now: datetime.datetime, of: Program | None = None) -> datetime.date:
    """Return the program's local date at the moment `now` (aware)."""
    return now.astimezone(ZoneInfo((of or program()).zone)).date()


@lru_cache(maxsize=64)
def _public_holidays(
    country: str, subdivision: str, first_year: int, last_year: int
) -> frozenset[datetime.date]:
    if not country:
        return frozenset()
    years = range(first_year, last_year + 1)
    return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=years))


def closed_days(program: Program, first_year: int, last_year: int) -> frozenset[datetime.date]:
    """Return the public holidays of the program's country and the days that staff added, both years inside.

    A holiday that falls on a weekend brings its observed day with it, as the `holidays` package has it.
    """
    public = _public_holidays(program.holiday_country, program.holiday_subdivision, first_year, last_year)
    ours = Holiday.objects.filter(date__year__gte=first_year, date__year__lte=last_year)
    return public | frozenset(ours.values_list("date", flat=True))


def user_by_email(email: str) -> User | None:
    """Return the user with that address, however it is spelled, or None."""
    return User.objects.filter(email=email.strip().lower()).first()


def active_directors() -> list[User]:
    """Return every active director, by name; one who cannot sign in yet counts too."""
    return list(User.objects.filter(role=UserRole.DIRECTOR, is_active=True).order_by("name", "id"))
