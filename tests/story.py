"""The small story of the tests: Rosa keeps the partnership with Harbor House, where Anna Reyes answers."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import vobject

from prm.accounts.actions import add_user
from prm.accounts.models import User
from prm.agreements.actions import enter_agreement
from prm.agreements.actions.entering import Signer
from prm.agreements.models import Agreement
from prm.partners.actions import add_contact, add_organization, assign_owner
from prm.partners.models import Contact, Organization
from prm.training.actions import set_cadence
from prm.vocabulary.queries import term

NEW_YORK = ZoneInfo("America/New_York")
PARTNER_ROLES = ("primary", "notice", "signatory", "training", "intake")
ENTERED = datetime(2027, 1, 4, 10, tzinfo=NEW_YORK)  # a Monday


def at(text: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    """Return a local moment: at("2027-06-02T09:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def day(text: str) -> date:
    return date.fromisoformat(text)


def person(name: str, *, now: datetime = ENTERED, **facts: Any) -> User:
    """Return somebody on our side: Rosa is rosa@program.example."""
    return add_user(email=f"{name.lower()}@program.example", name=name, now=now, **facts)


def partner(
    name: str = "Harbor House",
    *,
    owner: User | None = None,
    training: int | None = None,
    now: datetime = ENTERED,
    **facts: Any,
) -> Organization:
    """Return an active partner without any contact, and without training unless a rhythm in months is given."""
    organization = add_organization(name=name, now=now, **facts)
    set_cadence(
        organization, every_months=training, reason="" if training else "not part of this story", now=now
    )
    if owner is not None:
        assign_owner(organization, owner, now=now)
    return organization


def contact(
    organization: Organization,
    name: str = "Anna Reyes",
    email: str = "anna@harbor.example",
    *,
    roles: Iterable[str] = PARTNER_ROLES,
    now: datetime = ENTERED,
    **facts: Any,
) -> Contact:
    """Return a contact who holds these roles from the day of entry on."""
    return add_contact(organization, name=name, email=email, roles=roles, now=now, **facts)


def agreement(
    organization: Organization,
    ends_on: str | None = "2027-09-30",
    *,
    starts_on: str = "2026-10-01",
    now: datetime = ENTERED,
    **facts: Any,
) -> Agreement:
    """Return an agreement in force, signed by both sides on its first day; without an end it is evergreen."""
    signed_on = min(day(starts_on), now.date())
    return enter_agreement(
        kind=term("agreement_kind", "mou"),
        title=f"MOU with {organization.name}",
        term="fixed" if ends_on else "evergreen",
        parties=[Signer(organization, signed_on=signed_on), Signer(None, signed_on=signed_on)],
        starts_on=day(starts_on),
        expires_on=day(ends_on) if ends_on else None,
        now=now,
        **facts,
    )


def address(mail: Any) -> str:
    return mail.to[0].rpartition("<")[2].strip(">")


def keys_to(mails: Iterable[Any], recipient: str) -> list[str]:
    """Return the natural keys that reached an address, mail by mail, in the order in which they came."""
    found = [mail.extra_headers.get("X-PRM-Key", "") for mail in mails if address(mail) == recipient]
    return [key for keys in found for key in keys.split(", ") if key]


def steps_to(mails: Iterable[Any], recipient: str, record: str = "") -> list[str]:
    """Return the rules and days ("expiry-60d") that reached an address, without calendar entries."""
    parts = [key.split(":") for key in keys_to(mails, recipient) if key.startswith(record)]
    return [part[2] for part in parts if not part[2].endswith("entry")]


def entries_to(mails: Iterable[Any], recipient: str) -> list[tuple[str, int, str]]:
    """Return the calendar mails that reached an address, as method, SEQUENCE and UID."""
    return [entry for mail in mails if address(mail) == recipient and (entry := calendar(mail)) is not None]


def calendar(mail: Any) -> tuple[str, int, str] | None:
    """Return method, SEQUENCE and UID of a mail's calendar part, read with a parser that is not ours."""
    body = next((str(part[0]) for part in mail.alternatives if part[1].startswith("text/calendar")), None)
    if body is None:
        return None
    read = vobject.readOne(body)
    return (read.method.value, int(read.vevent.sequence.value), read.vevent.uid.value)


class ClosedRoute:
    """A mail route that is down: no connection is to be had."""

    def __init__(self, **options: Any) -> None:
        self.options = options

    def open(self) -> None:
        raise ConnectionRefusedError("nobody listens")

    def close(self) -> None:
        """Nothing was open."""
