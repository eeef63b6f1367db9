"""The way back from a leaving: roles, last days and links as they were, as far as nothing else happened since."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.partners.models import Contact, Entry, EntryKind, Link, Organization, Role, Statement
from prm.partners.timeline import plain, record
from prm.rules.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Return:
    """A person, their situation to come back to, and the one in which they must be found for that."""

    contact: Contact
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def situation(contact: Contact) -> dict[str, Any]:
    """Return what a leaving changes about a person, as JSON keeps it: the last day, and the roles with their days."""
    roles = contact.roles.order_by("kind", "since").values_list("kind", "since", "until")
    left_on = Contact.objects.values_list("left_on", flat=True).get(pk=contact.pk)
    return plain({"left_on": left_on, "roles": [list(role) for role in roles]})


@transaction.atomic
def put_back(
    people: Iterable[Return],
    *,
    now: datetime.datetime,
    by: User | None = None,
    today: datetime.date | None = None,
) -> None:
    """Put people of one organization back into an earlier situation. Refused where one of them changed since."""
    returning = list(people)
    Organization.objects.select_for_update().get(pk=returning[0].contact.organization_id)
    for one in returning:
        if situation(one.contact) != dict(one.after):
            raise Refusal(
                _("The roles of %(name)s changed since. Please change them on the partner's page.")
                % {"name": one.contact.name}
            )
    for one in returning:
        _set_roles(one.contact, one.before["roles"])
        left_on = one.before.get("left_on")
        one.contact.left_on = datetime.date.fromisoformat(left_on) if left_on else None
        one.contact.save(update_fields=["left_on"])
    first = returning[0].contact
    record(
        first.organization,
        kind=EntryKind.PEOPLE,
        event="leaving_undone",
        now=now,
        by=by,
        happened_on=today or local_today(now),
        contact=first,
        data={"contact": first.name},
        record=f"contact:{first.pk}",
    )


def _set_roles(contact: Contact, wanted: Iterable[tuple[str, str, str | None]]) -> None:
    held = {(role.kind, role.since.isoformat()): role for role in contact.roles.all()}
    for kind, since, until in wanted:
        role = held.pop((kind, since), None) or Role(
            organization_id=contact.organization_id,
            contact=contact,
            kind=kind,
            since=datetime.date.fromisoformat(since),
        )
        role.until = datetime.date.fromisoformat(until) if until else None
        role.save()
    Role.objects.filter(pk__in=[role.pk for role in held.values()]).delete()


@transaction.atomic
def remove_contact(contact: Contact) -> bool:
    """Remove a person who was entered by mistake. False, and they stay, where more was written about them later."""
    since = Entry.objects.filter(contact=contact).exclude(recorded_at=contact.entered_at)
    if since.exists() or contact.statements.exists() or contact.consents.exists():
        return False
    contact.delete()
    return True


def revoke_links(contact: Contact, purposes: Iterable[str], *, now: datetime.datetime) -> list[int]:
    """End these links of a person who is gone; return which. The timeline says already that they left."""
    ending = contact.links.filter(purpose__in=list(purposes), revoked_at__isnull=True)
    ids = list(ending.values_list("pk", flat=True))
    Link.objects.filter(pk__in=ids).update(revoked_at=now)
    return ids


def restore_links(ids: Iterable[int]) -> int:
    """Let links that `revoke_links` ended open their doors again, as far as they are not too old."""
    return Link.objects.filter(pk__in=list(ids)).update(revoked_at=None)


def note_done(statement: Statement, done: Mapping[str, Any]) -> Statement:
    """Keep with a statement what was done upon it, for the way back."""
    statement.data = {**statement.data, "done": plain(done)}
    statement.save(update_fields=["data"])
    return statement
