"""The people of the tests: Rosa keeps Harbor House, Ben follows her, Anna Reyes answers there, Carla must see nothing."""

from datetime import UTC, date, datetime
from typing import Any

from prm.accounts.actions import add_user
from prm.accounts.models import User
from prm.partners.actions import add_contact, add_organization, assign_owner
from prm.partners.models import Organization

NOW = datetime(2027, 6, 7, 15, 0, tzinfo=UTC)  # a Monday, 11:00 in New York
TODAY = date(2027, 6, 7)
PARTNER_ROLES = ("primary", "notice", "signatory", "training", "intake")


def _person(name: str, role: str) -> User:
    address = f"{name.lower()}@example.org"
    return User.objects.filter(email=address).first() or add_user(
        email=address, name=name, role=role, now=NOW
    )


def rosa() -> User:
    return _person("Rosa", "manager")


def ben() -> User:
    return _person("Ben", "manager")


def carla() -> User:
    return _person("Carla", "viewer")


def daniel() -> User:
    return _person("Daniel", "director")


def make_organization(name: str, **facts: Any) -> Organization:
    return add_organization(name=name, now=NOW, today=TODAY, **facts)


def harbor_house() -> Organization:
    """Harbor House, kept by Rosa; Anna Reyes holds every role there."""
    harbor = make_organization("Harbor House")
    add_contact(
        harbor, name="Anna Reyes", email="anna@harbor.example", roles=PARTNER_ROLES, now=NOW, today=TODAY
    )
    assign_owner(harbor, rosa(), now=NOW, today=TODAY)
    return harbor
