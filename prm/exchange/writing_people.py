"""The people of a row -> contacts and their roles."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from prm.exchange.job import Job
from prm.exchange.people import Person
from prm.exchange.words import phone_key, plain
from prm.partners.actions import NewContact, add_contact, change_contact, end_role, give_role
from prm.partners.models import Contact, Role, RoleKind
from prm.partners.queries import holding_on

FACTS = ("name", "email", "phone", "title", "languages", "discreet")


def write_people(job: Job) -> None:
    """Every person of the row: added, or changed where the row says something new about them.

    Whoever the row names for a role holds it from the day of entry on; whoever held it before ends the day before. In a
    second row of the same file nobody loses a role: further people are added beside the first.
    """
    people = [
        person
        for person in job.reading.people
        if job.tells(*(f"{person.place}.{what}" for what in (*FACTS, "roles")))
    ]
    if not people:
        return
    here = Q(left_on__isnull=True) | Q(left_on__gt=job.day.today)
    contacts = list(job.organization.contacts.filter(here).order_by("entered_at", "id"))
    for person in people:
        contact = _find(person, contacts)
        if contact is None:
            contacts.append(_add(job, person))
        else:
            _change(job, person, contact)
            _hold(job, person, contact)


def new_contacts(job: Job) -> list[NewContact]:
    """The people of a row about an organization that is new."""
    return [
        NewContact(job.organization, person.name, person.roles, facts=_facts(person, "name"))
        for person in job.reading.people
    ]


def first_contact(job: Job) -> Contact | None:
    """Who declares what the row tells: the main contact."""
    held = Role.objects.filter(holding_on(job.day.today), organization=job.organization, kind="primary")
    role = held.select_related("contact").order_by("contact__entered_at", "contact_id").first()
    return role.contact if role else None


def _facts(person: Person, *without: str) -> dict[str, Any]:
    """What the row tells of a person; nothing of what it leaves out."""
    told = {what: getattr(person, what) for what in FACTS if what not in without}
    if person.languages:
        told["languages"] = list(person.languages)
    return {what: value for what, value in told.items() if value not in ("", None)}


def _find(person: Person, contacts: list[Contact]) -> Contact | None:
    """The contact of that address, best with that name too; else of that name."""
    by_address = [one for one in contacts if person.email and one.email == person.email]
    by_name = [one for one in contacts if plain(one.name) == plain(person.name)]
    both = [one for one in by_address if one in by_name]
    return next(iter([*both, *by_address, *by_name]), None)


def _add(job: Job, person: Person) -> Contact:
    contact = add_contact(job.organization, name=person.name, **_facts(person, "name"), **job.day.stamp)
    job.done.append(_("contact %(name)s") % {"name": person.name})
    _hold(job, person, contact)
    return contact


def _change(job: Job, person: Person, contact: Contact) -> None:
    told = {what: value for what, value in _facts(person).items() if f"{person.place}.{what}" in job.changed}
    if person.name == person.email or person.guessed:
        told.pop("name", None)  # an address stands in for a name nobody told
    wanted = {what: value for what, value in told.items() if not _same(what, value, getattr(contact, what))}
    if job.again:
        for what in [
            what for what in wanted if getattr(contact, what) and what not in ("languages", "discreet")
        ]:
            del wanted[what]
            job.clash(f"{person.place}.{what}")
    if wanted:
        change_contact(contact, **wanted, **job.day.stamp)
        headings = (job.row.headings.get(f"{person.place}.{what}", what) for what in wanted)
        job.done += [heading for heading in headings if heading not in job.done]


def _same(what: str, one: object, other: object) -> bool:
    return phone_key(str(one)) == phone_key(str(other)) if what == "phone" else one == other


def _hold(job: Job, person: Person, contact: Contact) -> None:
    """Give the roles that the row names this person for; who held them until now ends the day before.

    Whoever holds a role already keeps it, and so does whoever holds it beside them. The main contact stays what they
    are: roles that no column names are theirs by default only when they come.
    """
    today = job.day.today
    holding = Role.objects.filter(holding_on(today), organization=job.organization, kind__in=person.roles)
    held = list(holding.select_related("contact").order_by("id"))
    mine = {role.kind for role in held if role.contact_id == contact.pk}
    for kind in person.roles:
        others = [role for role in held if role.kind == kind and role.contact_id != contact.pk]
        if kind in mine or (job.again and others) or ("primary" in mine and not _named(job, kind)):
            continue
        for role in others:
            end_role(role, last_day=max(role.since, today - timedelta(days=1)), **job.day.stamp)
        give_role(contact, kind=kind, **job.day.stamp)
        job.done.append(_("%(role)s is %(name)s") % {"role": role_label(kind), "name": contact.name})


def _named(job: Job, kind: str) -> bool:
    """Whether a column of the row says who holds a role."""
    return any(job.row.given.get(f"{kind}.{what}") for what in ("name", "email", "first", "last"))


def role_label(kind: str) -> str:
    return str(RoleKind(kind).label)
