"""Somebody leaves a partner: their roles end on the last day, and whoever follows has them from the day after."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.partners.actions.people import add_contact, give_role
from prm.partners.edits import Edit, data_of, edited, removed, standing_of
from prm.partners.models import Contact, EntryKind, Organization, Role
from prm.partners.timeline import record
from prm.rules.dates import ONE_DAY
from prm.rules.refusal import Refusal


@transaction.atomic
def replace_contact(
    old: Contact,
    *,
    last_day: datetime.date,
    now: datetime.datetime,
    successor: Contact | None = None,
    name: str = "",
    email: str = "",
    title: str = "",
    phone: str = "",
    note: str = "",
    today: datetime.date | None = None,
    by: User | None = None,
) -> Contact:
    """Let a contact leave with `last_day`; the successor, known already or new by `name`, has the roles from then on.

    Roles to be taken up later pass on as a whole. Somebody who left before without a successor can be followed too.
    A new successor is written to as discreetly as the old contact was. Returns the successor.
    """
    day = today or local_today(now)
    _lock(old)
    held = _roles_to_pass_on(old, last_day)
    if old.left_on is not None and not held:
        raise Refusal(
            _("%(name)s has left already, and somebody followed.") % {"name": old.name}, field="old"
        )
    if successor is None:
        if not name.strip():
            raise Refusal(_("Who follows? Choose somebody or enter a name."), field="successor")
        facts: dict[str, Any] = {"email": email, "title": title, "phone": phone, "discreet": old.discreet}
        successor = add_contact(old.organization, name=name, now=now, today=day, by=by, **facts)
    _check_successor(old, successor, last_day)
    edits = []
    for role in held:
        first_day, until = max(role.since, last_day + ONE_DAY), _own_end(role, old)
        edits.append(_end(role, last_day))
        give_role(successor, kind=role.kind, since=first_day, until=until, now=now, today=day, by=by)
    data = {"contact": old.name, "successor": successor.name, "last_on": last_day}
    _leave(old, last_day, "contact_replaced", edits, now=now, by=by, on=day, note=note, data=data)
    return successor


@transaction.atomic
def note_leaving(
    contact: Contact,
    *,
    last_day: datetime.date,
    now: datetime.datetime,
    note: str = "",
    today: datetime.date | None = None,
    by: User | None = None,
) -> Contact:
    """Let a contact leave with `last_day` while nobody knows yet who follows: their roles are vacant from then on."""
    _lock(contact)
    open_ = contact.roles.filter(Q(until__isnull=True) | Q(until__gt=last_day))
    edits = [_end(role, last_day) for role in open_]
    data, day = {"contact": contact.name, "last_on": last_day}, today or local_today(now)
    _leave(contact, last_day, "contact_left", edits, now=now, by=by, on=day, note=note, data=data)
    return contact


def _lock(contact: Contact) -> None:
    """Two people who replace the same contact at once come one after the other."""
    Organization.objects.select_for_update().get(pk=contact.organization_id)
    contact.refresh_from_db()


def _roles_to_pass_on(old: Contact, last_day: datetime.date) -> list[Role]:
    """Roles open on the last day or later; of somebody who left before, those that ended then and are vacant since."""
    open_ = Q(until__isnull=True) | Q(until__gt=last_day)
    if old.left_on is None:
        return list(old.roles.filter(open_))
    ended = old.roles.filter(open_ | Q(until=old.left_on))
    followed = Role.objects.filter(organization_id=old.organization_id, since=old.left_on + ONE_DAY)
    return list(ended.exclude(kind__in=followed.values("kind")))


def _check_successor(old: Contact, successor: Contact, last_day: datetime.date) -> None:
    if successor.pk == old.pk:
        raise Refusal(_("Nobody can follow themselves."), field="successor")
    if successor.organization_id != old.organization_id:
        raise Refusal(
            _("%(name)s belongs to another organization.") % {"name": successor.name}, field="successor"
        )
    if successor.left_on is not None and successor.left_on <= last_day:
        raise Refusal(_("%(name)s has left by then.") % {"name": successor.name}, field="successor")


def _own_end(role: Role, old: Contact) -> datetime.date | None:
    """The end that a role has of itself, which the successor inherits; one that came from leaving is none."""
    return None if role.until == old.left_on else role.until


def _end(role: Role, last_day: datetime.date) -> Edit:
    """End a role; one that was to begin after the last day never begins. Return what changed."""
    if role.since > last_day:
        edit = removed(role)
        role.delete()
        return edit
    was = standing_of(role, ["until"])
    role.until = last_day
    role.save(update_fields=["until"])
    return edited(role, was)


def _leave(
    contact: Contact,
    last_day: datetime.date,
    event: str,
    edits: Sequence[Edit],
    *,
    now: datetime.datetime,
    by: User | None,
    on: datetime.date,
    note: str,
    data: dict[str, Any],
) -> None:
    was = standing_of(contact, ["left_on"])
    contact.left_on = last_day
    contact.save(update_fields=["left_on"])
    record(
        contact.organization,
        kind=EntryKind.PEOPLE,
        event=event,
        now=now,
        by=by,
        happened_on=on,
        contact=contact,
        note=note.strip(),
        data={**data, **data_of(*edits, edited(contact, was))},
        record=f"contact:{contact.pk}",
    )
