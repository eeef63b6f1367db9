"""Contacts and the roles they hold."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.checks import check_lengths, clean_email
from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.partners.edits import data_of, edited, made, own_changes, standing_of
from prm.partners.models import Contact, Entry, EntryKind, Organization, Role, RoleKind
from prm.partners.timeline import draft, record_all
from prm.rules.refusal import Refusal

KINDS = frozenset(RoleKind.values)
CHANGEABLE = frozenset({"name", "title", "email", "phone", "languages", "discreet", "may_commit"})


@dataclass(frozen=True, slots=True)
class NewContact:
    """A person to be added, with the roles they hold from `since` on; `facts` are the columns besides the name."""

    organization: Organization
    name: str
    roles: Sequence[str] = ()
    since: datetime.date | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def add_contact(
    organization: Organization,
    *,
    name: str,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
    roles: Iterable[str] = (),
    since: datetime.date | None = None,
    **facts: Any,
) -> Contact:
    """Add a person at a partner, with the roles they hold from `since` on (default: the day of entry)."""
    new = NewContact(organization, name, tuple(roles), since, facts)
    return add_contacts([new], now=now, today=today, by=by)[0]


@transaction.atomic
def add_contacts(
    new: Sequence[NewContact],
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> list[Contact]:
    """Add people at partners with their roles, all of them or, where one is refused, none."""
    day = today or local_today(now)
    rows = [_drafted(one, day, now) for one in new]
    Contact.objects.bulk_create(rows)
    roles: list[Role] = []
    entries: list[Entry] = []
    for one, row in zip(new, rows, strict=True):
        kinds, since = list(dict.fromkeys(one.roles)), one.since or day
        held = [Role(organization=one.organization, contact=row, kind=kind, since=since) for kind in kinds]
        roles += held
        entries.append(_entry(row, "contact_entered", now=now, by=by, on=day, data={"roles": kinds}))
    Role.objects.bulk_create(roles)
    if len(new) == 1:  # of many nobody takes back one: an import has a way back of its own
        entries[0].data |= data_of(made(rows[0]), *map(made, roles))
    record_all(entries, now=now)
    return rows


def _drafted(new: NewContact, day: datetime.date, now: datetime.datetime) -> Contact:
    checked = _checked({"name": new.name, **new.facts})
    row = Contact(organization=new.organization, entered_on=day, entered_at=now, **checked)
    check_lengths(row)
    for kind in new.roles:
        _check_kind(kind)
    return row


@transaction.atomic
def change_contact(
    contact: Contact,
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
    seen: Mapping[str, str] | None = None,
    **changes: Any,
) -> Contact:
    """Change what is known of a contact. A new address is taken to work until it is shown not to.

    `seen`: what the writer saw, by column (`edits.as_text`). Raises Conflict where a colleague changed the same since.
    """
    contact.refresh_from_db(from_queryset=Contact.objects.select_for_update())
    wanted = own_changes(contact, _checked(changes), seen)
    changed = {name: value for name, value in wanted.items() if value != getattr(contact, name)}
    if not changed:
        return contact
    if "email" in changed:
        changed["undeliverable_on"] = None
    was = standing_of(contact, changed)
    for name, value in changed.items():
        setattr(contact, name, value)
    check_lengths(contact)
    contact.save(update_fields=list(changed))
    fields = sorted(changed.keys() & CHANGEABLE)
    data = {"fields": fields, **data_of(edited(contact, was))}
    _note(contact, "contact_changed", now=now, by=by, on=today or local_today(now), data=data)
    return contact


@transaction.atomic
def give_role(
    contact: Contact,
    *,
    kind: str,
    now: datetime.datetime,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Role:
    """Give a contact a role from `since` on (default: today). Others may hold the same one beside them.

    Who holds it on that day already keeps what they have.
    """
    _check_kind(kind)
    day = today or local_today(now)
    first_day = since or day
    if until is not None and until < first_day:
        raise Refusal(_("The last day lies before the first one."), field="until")
    contact.refresh_from_db(from_queryset=Contact.objects.select_for_update())
    if contact.left_on is not None and contact.left_on < first_day:
        raise Refusal(_("%(name)s has left by then.") % {"name": contact.name}, field="contact")
    held = contact.roles.filter(kind=kind, since__lte=first_day).exclude(until__lt=first_day).first()
    if held is not None:
        return held
    role = Role.objects.create(
        organization_id=contact.organization_id, contact=contact, kind=kind, since=first_day, until=until
    )
    data = {"role": kind, "since_on": first_day, **data_of(made(role))}
    _note(contact, "role_given", now=now, by=by, on=day, data=data)
    return role


@transaction.atomic
def end_role(
    role: Role,
    *,
    last_day: datetime.date,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Role:
    """End a role with `last_day`."""
    role.refresh_from_db(from_queryset=Role.objects.select_for_update())
    if last_day < role.since:
        raise Refusal(_("The last day lies before the first one."), field="last_day")
    was = standing_of(role, ["until"])
    role.until = last_day
    role.save(update_fields=["until"])
    data = {"role": role.kind, "last_on": last_day, **data_of(edited(role, was))}
    _note(role.contact, "role_ended", now=now, by=by, on=today or local_today(now), data=data)
    return role


@transaction.atomic
def mark_undeliverable(
    contact: Contact, *, on: datetime.date, now: datetime.datetime, by: User | None = None
) -> Contact:
    """Remember that mail to this address came back: nobody writes there until the address changes."""
    if contact.undeliverable_on is None:
        contact.undeliverable_on = on
        contact.save(update_fields=["undeliverable_on"])
        _note(contact, "address_undeliverable", now=now, by=by, on=on, data={})
    return contact


@transaction.atomic
def mark_deliverable(contact: Contact, *, now: datetime.datetime, by: User | None = None) -> Contact:
    """Take the mark away: someone knows that the address works."""
    if contact.undeliverable_on is not None:
        was = standing_of(contact, ["undeliverable_on"])
        contact.undeliverable_on = None
        contact.save(update_fields=["undeliverable_on"])
        data = data_of(edited(contact, was))
        _note(contact, "address_works", now=now, by=by, on=local_today(now), data=data)
    return contact


@transaction.atomic
def unsubscribe(
    contact: Contact, *, category: str, now: datetime.datetime, by: User | None = None
) -> Contact:
    """Stop one category of mail to a contact; the other categories go on."""
    contact.refresh_from_db(from_queryset=Contact.objects.select_for_update())
    if category not in contact.unsubscribed:
        contact.unsubscribed = sorted([*contact.unsubscribed, category])
        contact.save(update_fields=["unsubscribed"])
        _note(
            contact, "contact_unsubscribed", now=now, by=by, on=local_today(now), data={"category": category}
        )
    return contact


@transaction.atomic
def subscribe(contact: Contact, *, category: str, now: datetime.datetime, by: User | None = None) -> Contact:
    """Let one category of mail go to a contact again."""
    contact.refresh_from_db(from_queryset=Contact.objects.select_for_update())
    if category in contact.unsubscribed:
        contact.unsubscribed = [one for one in contact.unsubscribed if one != category]
        contact.save(update_fields=["unsubscribed"])
        data = {"category": category}
        _note(contact, "contact_subscribed", now=now, by=by, on=local_today(now), data=data)
    return contact


def _note(contact: Contact, event: str, *, now: datetime.datetime, **what: Any) -> None:
    record_all([_entry(contact, event, now=now, **what)], now=now)


def _entry(
    contact: Contact,
    event: str,
    *,
    now: datetime.datetime,
    by: User | None,
    on: datetime.date,
    data: dict[str, Any],
) -> Entry:
    return draft(
        contact.organization,
        kind=EntryKind.PEOPLE,
        event=event,
        now=now,
        by=by,
        happened_on=on,
        contact=contact,
        data={"contact": contact.name, **data},
        record=f"contact:{contact.pk}",
    )


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise Refusal(_("“%(kind)s” is not a role.") % {"kind": kind}, field="kind")


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    unknown = facts.keys() - CHANGEABLE
    if unknown:
        raise TypeError(f"not a changeable part of a contact: {', '.join(sorted(unknown))}")
    values: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in facts.items()
    }
    if "name" in values and not values["name"]:
        raise Refusal(_("A contact needs a name."), field="name")
    if "email" in values:
        values["email"] = clean_email(values["email"])
    if "languages" in values:
        values["languages"] = list(values["languages"]) or ["en"]
    return values
