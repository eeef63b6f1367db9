"""A letter that one of us writes to people at partners: who gets it, who is left out and why, and its mails."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from django.conf import settings
from django.db.models import QuerySet

from prm.accounts.models import Program, User
from prm.accounts.queries import local_today, program
from prm.calendars.wanted import Addressee
from prm.continuity.letters import draft
from prm.outbox import actions as outbox
from prm.outbox.models import Message
from prm.outbox.steering import leaves_at
from prm.partners.links import always
from prm.partners.models import Contact, Organization, RoleKind
from prm.reminders.people import people
from prm.rules.facts import People, Side
from prm.rules.succession import holders, our_recipients

KIND = "letter"
#: Who does without letters still gets reminders, and the other way round (`Contact.unsubscribed`).
CATEGORY = "letter"
#: Written while a page waits; more people are a list for another tool.
MOST = 500
#: So near to each other lie the numbers of mails that were written at once.
NEAR = 20 * MOST
#: Roles of which `wording.why` has a sentence.
SAID = ("primary", "notice", "signatory", "training", "intake")


class Why(StrEnum):
    """Why somebody does not get a letter."""

    NOBODY = "nobody"  # there is nobody with this role
    LEFT = "left"
    NO_ADDRESS = "no_address"
    UNDELIVERABLE = "undeliverable"
    UNSUBSCRIBED = "unsubscribed"
    DEMO = "demo"
    TWICE = "twice"  # the same address gets it already


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who gets it: as holder of a role, or "" where they were chosen by name."""

    contact: Contact
    organization: Organization
    role: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody who does not get it; without a contact, an organization where nobody has the role."""

    organization: Organization
    why: Why
    contact: Contact | None = None


@dataclass(slots=True)
class Circle:
    """Whom a letter reaches and whom it leaves out, each in the order in which they were chosen."""

    readers: list[Reader] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def add(self, reader: Reader, today: date) -> None:
        """Take somebody in, or leave them out and say why."""
        taken = {one.contact.email.casefold() for one in self.readers}
        why = _why_not(reader, today)
        if why is None and reader.contact.email.casefold() in taken:
            why = Why.TWICE
        if why is None:
            self.readers.append(reader)
        else:
            self.left_out.append(LeftOut(reader.organization, why, reader.contact))


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody typed; `once` makes two presses of the same form one letter."""

    subject: str
    text: str
    once: str


def _why_not(reader: Reader, today: date) -> Why | None:
    contact = reader.contact
    reasons: tuple[tuple[bool, Why], ...] = (
        (contact.left_on is not None and contact.left_on < today, Why.LEFT),
        (not contact.email, Why.NO_ADDRESS),
        (contact.undeliverable_on is not None, Why.UNDELIVERABLE),
        (CATEGORY in contact.unsubscribed, Why.UNSUBSCRIBED),
        (reader.organization.is_demo and settings.EMAIL_BACKEND != settings.FILE_EMAIL_BACKEND, Why.DEMO),
    )
    return next((why for holds, why in reasons if holds), None)


def of_people(contacts: Iterable[Contact], *, now: datetime) -> Circle:
    """Return the circle of people who were chosen by name."""
    circle, today = Circle(), local_today(now)
    for contact in contacts:
        circle.add(Reader(contact, contact.organization), today)
    return circle


def of_role(organizations: Iterable[Organization], role: RoleKind, *, now: datetime) -> Circle:
    """Return the circle of everyone who holds a role at these partners today; four queries for any number."""
    circle, today, rows = Circle(), local_today(now), list(organizations)
    known = Contact.objects.filter(organization__in=rows).in_bulk()
    there = people(rows, ours=False)
    for organization in rows:
        held = holders(there[organization.pk], role, today)
        for one in held:
            circle.add(Reader(known[one.id], organization, role.value), today)
        if not held:
            circle.left_out.append(LeftOut(organization, Why.NOBODY))
    return circle


def drafts(circle: Circle, letter: Letter, *, by: User, now: datetime) -> list[outbox.Draft]:
    """Return the mail of each reader, in their order; nothing is written."""
    there = people({reader.organization for reader in circle.readers})
    of, today = program(), local_today(now)
    return [
        _draft(reader, letter, _to(reader, there, of, today), by=by, now=now) for reader in circle.readers
    ]


def send(circle: Circle, letter: Letter, *, by: User, now: datetime) -> list[Message]:
    """Write a mail to each reader; they leave when the minute is over. Return them, in the order of their writing."""
    found = drafts(circle, letter, by=by, now=now)
    outbox.write(found, now=now)
    keys = [outbox.message_key(one) for one in found]
    return list(Message.objects.filter(key__in=keys).order_by("pk"))


def together(message: Message) -> QuerySet[Message]:
    """Return the mails that were written with one press, of which this is the first; itself alone if no letter."""
    rows = Message.objects.filter(pk=message.pk)
    once, colon, _contact = message.about.partition(":")
    if message.kind != KIND or not colon:
        return rows
    near = Message.objects.filter(pk__gte=message.pk, pk__lt=message.pk + NEAR, kind=KIND)
    return near.filter(started_by=message.started_by_id, about__startswith=f"{once}:")


def _to(reader: Reader, there: dict[int, People], of: Program, today: date) -> Addressee:
    contact, organization = reader.contact, reader.organization
    owner = next(iter(our_recipients(there[organization.pk], ("owner",), today)), None)
    return Addressee(
        address=contact.email,
        name=contact.name,
        organization=organization.pk,
        side=Side.PARTNER.value,
        organization_name=organization.name,
        contact=contact.pk,
        language=(contact.languages or ["en"])[0],
        discreet=contact.discreet,
        demo=organization.is_demo,
        program_name=of.name,
        neutral_name=of.neutral_name,
        owner_name=owner.name if owner else of.name,
        owner_email=owner.address if owner else of.mailbox,
        mailbox=of.mailbox,
    )


def _draft(reader: Reader, letter: Letter, to: Addressee, *, by: User, now: datetime) -> outbox.Draft:
    wishes = always(to.contact, [CATEGORY], reader.role)
    context = {
        "program": to.sender,
        "recipient_name": to.name,
        "organization": to.organization_name,
        "owner_name": to.owner_name,
        "owner_email": to.owner_email,
        "writer_name": by.name,
        "discreet": to.discreet,
        "subject": letter.subject,
        "body": letter.text,
        "items": [{"why": reader.role}] if reader.role in SAID else [],
        **{f"{wish.purpose}_link": wish.address for wish in wishes},
    }
    about = f"{letter.once}:{reader.contact.pk}"
    plain = draft(KIND, to, context, about=about, now=now, due_at=leaves_at(now), links=wishes)
    return replace(plain, started_by_id=by.pk)
