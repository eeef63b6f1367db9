"""The people of the tests, made through the rooms' own actions.

Rosa keeps Harbor House, Ben follows her, Anna Reyes answers there, Carla must see nothing.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from prm.accounts.actions import add_user
from prm.accounts.models import Program, User
from prm.agreements.actions import Signer, enter_agreement
from prm.agreements.models import Agreement
from prm.partners.actions import add_contact, add_organization, assign_owner
from prm.partners.models import Contact, Organization
from prm.training.actions import plan_session
from prm.training.models import Session
from prm.vocabulary.actions import write_defaults
from prm.vocabulary.queries import term

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2027, 6, 7, 15, 0, tzinfo=UTC)  # a Monday, 11:00 in New York
TODAY = date(2027, 6, 7)
PARTNER_ROLES = ("primary", "notice", "signatory", "training", "intake")


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    """Return a moment in New York: at("2027-09-30T10:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def make_program(**facts: Any) -> Program:
    """Return the program row with these facts; made anew, with the words, where a test emptied the tables."""
    start = {"name": "Bay Area Coalition", "mailbox": "partners@example.org", "zone": str(NEW_YORK)}
    row, _made = Program.objects.update_or_create(pk=1, defaults=start | {"entered_on": TODAY} | facts)
    write_defaults()
    return row


def rosa(**facts: Any) -> User:
    """Rosa, manager: the owner. Nobody of the cast can sign in without a `password`."""
    return _person("Rosa", "manager", **facts)


def ben(**facts: Any) -> User:
    """Ben, manager: he follows Rosa."""
    return _person("Ben", "manager", **facts)


def carla(**facts: Any) -> User:
    """Carla, viewer: she must see nothing that is confidential."""
    return _person("Carla", "viewer", **facts)


def daniel(**facts: Any) -> User:
    """Daniel, director: asked too when something has waited too long."""
    return _person("Daniel", "director", **facts)


def _person(name: str, role: str, **facts: Any) -> User:
    address = f"{name.lower()}@example.org"
    known = User.objects.filter(email=address).first()
    return known or add_user(email=address, **{"name": name, "role": role, "now": NOW} | facts)


def make_organization(name: str = "Harbor House", *, owner: User | None = None, **facts: Any) -> Organization:
    """Return a new active organization without contacts; `now` and `today` are those of its entry."""
    entered = {"now": NOW, "today": TODAY} | {key: facts.pop(key) for key in ("now", "today") if key in facts}
    organization = add_organization(name=name, **entered, **facts)
    if owner is not None:
        assign_owner(organization, owner, **entered)
    return organization


def harbor_house(**facts: Any) -> Organization:
    """Harbor House, kept by Rosa; Anna Reyes holds every role there."""
    harbor = make_organization(owner=rosa(), **facts)
    anna_reyes(harbor, **{key: facts[key] for key in ("now", "today") if key in facts})
    return harbor


def anna_reyes(organization: Organization, **facts: Any) -> Contact:
    """Anna Reyes, in every role that mail goes to."""
    start: dict[str, Any] = {"name": "Anna Reyes", "email": "anna@harbor.example", "roles": PARTNER_ROLES}
    return add_contact(organization, **start | {"now": NOW, "today": TODAY} | facts)


def make_agreement(
    organization: Organization, others: Iterable[Organization] = (), **facts: Any
) -> Agreement:
    """Return an MOU in force from 1 Oct 2025 through 30 Sep 2027, signed by all sides on 20 Sep 2025."""
    signed_on = facts.pop("signed_on", day("2025-09-20"))
    start: dict[str, Any] = {
        "kind": term("agreement_kind", "mou"),
        "title": f"MOU with {organization.name}",
        "term": "fixed",
        "parties": [Signer(party, signed_on=signed_on) for party in (organization, *others, None)],
        "starts_on": day("2025-10-01"),
        "expires_on": day("2027-09-30"),
        "now": NOW,
    }
    return enter_agreement(**start | facts)


def make_session(starts: str = "2027-09-16T10:00", *, hours: float = 2, **facts: Any) -> Session:
    """Return a planned training at a moment in New York; nobody is invited yet."""
    start: dict[str, Any] = {"title": "Red flags and what to do", "place": "Harbor House, room 2", "now": NOW}
    return plan_session(starts_at=at(starts), ends_at=at(starts) + timedelta(hours=hours), **start | facts)
