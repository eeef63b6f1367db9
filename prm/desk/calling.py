"""Whom to call about a row: the person whose matter it is, by name; "Call Tomás Ibarra" is better than "Call them"."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from prm.partners.models import Contact, RoleKind
from prm.reminders.facts import Batch
from prm.rules import succession

CALL = lazy("Call them")

#: Rule of a row -> the roles in which somebody is asked about it, the first who is there.
ROLES: dict[str, tuple[str, ...]] = {
    "expiry": (RoleKind.NOTICE, RoleKind.SIGNATORY, RoleKind.PRIMARY),
    "review": (RoleKind.NOTICE, RoleKind.PRIMARY),
    "stuck": (RoleKind.SIGNATORY, RoleKind.NOTICE, RoleKind.PRIMARY),
    "training": (RoleKind.TRAINING, RoleKind.PRIMARY),
    "talk": (RoleKind.PRIMARY,),
    "touch": (RoleKind.PRIMARY,),
    "promise": (RoleKind.PRIMARY,),
}


def whom(batch: Batch, organization: int, rule: str, record: str) -> Contact | None:
    """Return the person to call about a row, who is still there; None where nobody is, or nobody is called."""
    if rule not in ROLES:
        return None
    named = batch.contacts.get(_named(batch, rule, int(record.partition(":")[2])) or 0)
    if named is not None and (named.left_on is None or named.left_on >= batch.today):
        return named
    people = batch.facts[organization].people
    held = (one for role in ROLES[rule] for one in succession.holders(people, role, batch.today))
    here = (one for one in (*held, *people.contacts) if one.left_on is None or one.left_on >= batch.today)
    found = next(here, None)
    return batch.contacts[found.id] if found else None


def _named(batch: Batch, rule: str, number: int) -> int | None:
    """Return whoever declared the pause or gave the promise."""
    if rule == "promise":
        return batch.promises[number].contact_id if number in batch.promises else None
    if rule == "talk":
        return batch.pauses[number].declared_by_id if number in batch.pauses else None
    return None


def called(action: str, person: Contact | None) -> str:
    """Return a next action with the name of whoever is to be called."""
    if action != str(CALL) or person is None or not person.name:
        return action
    return _("Call %(name)s") % {"name": person.name}
