"""Writes the facts of a small story into a real stack: `python -m tests.tasks.story SECONDS ORGANIZATIONS`.

Each organization has an agreement of which the 60-day touch is due today, SECONDS from now. The program lives where
it is noon, works every day and has no holidays, so the story ends the same at any hour.
"""

import os
import sys
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import transaction  # noqa: E402 - after setup

from prm.accounts.actions import add_user, change_program  # noqa: E402
from prm.accounts.models import User  # noqa: E402
from prm.accounts.queries import program  # noqa: E402
from prm.agreements.actions import Signer, enter_agreement  # noqa: E402
from prm.agreements.models import Agreement  # noqa: E402
from prm.partners.actions import add_contact, add_organization, assign_owner  # noqa: E402
from prm.vocabulary.queries import term  # noqa: E402


def where_it_is_noon(now: datetime) -> str:
    east = 12 - now.hour
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"


def open_the_house(now: datetime, seconds: int) -> User:
    zone = where_it_is_noon(now)
    opens = (now.astimezone(ZoneInfo(zone)) + timedelta(seconds=seconds)).time().replace(microsecond=0)
    change_program(
        program(),
        zone=zone,
        sending_from=opens,
        sending_until=time(23, 59),
        working_days=list(range(7)),
        holiday_country="",
    )
    return add_user(email="rosa@program.example", name="Rosa Alvarez", role="manager", now=now)


@transaction.atomic
def write(seconds: int, organizations: int, now: datetime) -> None:
    rosa = open_the_house(now, seconds)
    for number in range(organizations):
        add_partner(number, rosa, now=now)


def add_partner(number: int, rosa: User, *, now: datetime) -> Agreement:
    """One organization whose agreement has its 60-day touch today."""
    today = now.astimezone(ZoneInfo(program().zone)).date()
    house = add_organization(name=f"Harbor House {number}", now=now)
    assign_owner(house, rosa, now=now)
    address = f"anna{number}@harbor.example"
    add_contact(house, name="Anna Reyes", email=address, now=now, roles=["notice", "primary"])
    started = today - timedelta(days=300)
    return enter_agreement(
        kind=term("agreement_kind", "mou"),
        title=f"MOU {number}",
        term="fixed",
        parties=[
            Signer(None, signed=True, signed_on=started),
            Signer(house, signed=True, signed_on=started),
        ],
        starts_on=started,
        expires_on=today + timedelta(days=60),
        now=now,
    )


if __name__ == "__main__":
    write(int(sys.argv[1]), int(sys.argv[2]), datetime.now(UTC))
