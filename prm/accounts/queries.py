"""Reading who we are, which day it is for us, and when we are closed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q

from prm.accounts.models import Holiday, Program, User, UserRole

#: The condition that a person can sign in: `User.can_sign_in` and open access, as the database sees them.
CAN_SIGN_IN = Q(is_active=True) & ~Q(password="") & ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)

#: The condition that a person may do what directors do.
DIRECTS = Q(role=UserRole.DIRECTOR) | Q(is_superuser=True)


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day on which nothing is sent, with its name; `ours` where staff added it."""

    date: datetime.date
    name: str
    ours: bool


def program() -> Program:
    """Return the one program row, fresh from the database: the sending switch must never be remembered."""
    return Program.objects.get(pk=1)


def local_today(now: datetime.datetime, of: Program | None = None) -> datetime.date:
    """Return the program's local date at the moment `now` (aware)."""
    return now.astimezone(ZoneInfo((of or program()).zone)).date()


@lru_cache(maxsize=64)
def _public_holidays(
    country: str, subdivision: str, first_year: int, last_year: int
) -> Mapping[datetime.date, str]:
    if not country:
        return {}
    years = range(first_year, last_year + 1)
    return dict(holidays.country_holidays(country, subdiv=subdivision or None, years=years).items())


def closed_days(program: Program, first_year: int, last_year: int) -> frozenset[datetime.date]:
    """Return the public holidays of the program's country and the days that staff added, both years inside.

    A holiday that falls on a weekend brings its observed day with it, as the `holidays` package has it.
    """
    public = _public_holidays(program.holiday_country, program.holiday_subdivision, first_year, last_year)
    ours = Holiday.objects.filter(date__year__gte=first_year, date__year__lte=last_year)
    return frozenset(public) | frozenset(ours.values_list("date", flat=True))


def closed_days_between(program: Program, first: datetime.date, last: datetime.date) -> list[ClosedDay]:
    """Return the closed days of a span, both ends inside, with their names and in the order of the days."""
    public = _public_holidays(program.holiday_country, program.holiday_subdivision, first.year, last.year)
    found = [ClosedDay(day, name, ours=False) for day, name in public.items() if first <= day <= last]
    added = Holiday.objects.filter(date__gte=first, date__lte=last)
    found += [ClosedDay(day.date, day.name, ours=True) for day in added]
    return sorted(found, key=lambda day: (day.date, day.ours))


def user_by_email(email: str) -> User | None:
    """Return the user with that address, however it is spelled, or None."""
    return User.objects.filter(email=email.strip().lower()).first()


def active_directors() -> list[User]:
    """Return every active director, by name; one who cannot sign in yet counts too."""
    return list(User.objects.filter(role=UserRole.DIRECTOR, is_active=True).order_by("name", "id"))
