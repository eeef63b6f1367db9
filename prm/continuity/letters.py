"""Mails that are no reminders: a link on its own, and the letters that introduce two people to each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation

from prm.accounts import queries as accounts
from prm.accounts.models import User
from prm.outbox import actions as outbox
from prm.outbox import wording
from prm.outbox.models import Message
from prm.outbox.steering import leaves_at
from prm.partners.links import LASTING, Wish, feed_address
from prm.partners.models import Contact, EntryKind, Organization, Purpose
from prm.partners.timeline import record
from prm.reminders import entries, facts
from prm.rules import delivery
from prm.rules.facts import Side
from prm.rules.succession import Recipient

#: How long the page that asked for a new link says that it is on its way.
LATELY = timedelta(minutes=30)


@transaction.atomic
def send_link(
    organization: Organization,
    contact: Contact | None,
    wish: Wish,
    *,
    now: datetime,
    by: User | None = None,
) -> bool:
    """Send one link to the address that we know, of a person or (contact None) of the shared mailbox.

    False, and nothing is written, where there is no address that works or the person has left. `by` is who of our
    side sends it, and then it waits a minute; without, they asked for it themselves. Asked again, it goes again.
    """
    batch = facts.load([organization], today=accounts.local_today(now))
    recipient = _reader(organization, contact, batch.today)
    if recipient is None:
        return False
    to = entries.addressee(batch, organization.pk, Side.PARTNER, recipient)
    context = _context(to, wish, asked=by is None)
    about = f"{_about(wish, contact)}{now.isoformat()}"
    due_at = leaves_at(now) if by else now
    mail = draft("link", to, context, about=about, now=now, due_at=due_at, links=(wish,))
    outbox.write([replace(mail, started_by_id=by.pk if by else None)], now=now)
    if by is not None:
        data = {"contact": contact.name if contact else None}
        record(
            organization,
            kind=EntryKind.MAIL,
            event="link_sent",
            now=now,
            by=by,
            contact=contact,
            data=data,
        )
    return True


def _context(to: entries.Addressee, wish: Wish, *, asked: bool) -> dict[str, Any]:
    return {
        "program": to.sender,
        "recipient_name": to.name,
        "organization": to.organization_name,
        "owner_name": to.owner_name,
        "owner_email": to.owner_email,
        "discreet": to.discreet,
        "purpose": str(wish.purpose),
        "asked": asked,
        "link": feed_address(wish.mark) if wish.purpose == Purpose.FEED else wish.address,
        "lasts": wish.purpose in LASTING,
    }


def sent_lately(organization: Organization, contact: Contact | None, wish: Wish, *, now: datetime) -> bool:
    """Return whether such a link was sent, or waits to be, since a little while ago."""
    since = Message.objects.filter(organization=organization, kind="link", written_at__gte=now - LATELY)
    since = since.exclude(state__in=(delivery.CANCELLED, delivery.FAILED))
    return since.filter(contact=contact, about__startswith=_about(wish, contact)).exists()


def _about(wish: Wish, contact: Contact | None) -> str:
    return f"{wish.purpose} {wish.about} {contact.pk if contact else 'mailbox'} "


def _reader(organization: Organization, contact: Contact | None, today: date) -> Recipient | None:
    """Return the address that we know, if mail may go there."""
    if contact is None:
        return Recipient(organization.role_mailbox) if organization.role_mailbox else None
    gone = contact.left_on is not None and contact.left_on < today
    if not contact.email or contact.undeliverable_on is not None or gone:
        return None
    language = (contact.languages or ["en"])[0]
    return Recipient(contact.email, contact.name, contact.pk, discreet=contact.discreet, language=language)


def draft(
    kind: str,
    to: entries.Addressee,
    context: dict[str, Any],
    *,
    about: str,
    now: datetime,
    due_at: datetime | None = None,
    links: tuple[Wish, ...] = (),
) -> outbox.Draft:
    """Return a letter of one of the kinds of `wording.KINDS` in the words of its reader; `context` holds its values."""
    with translation.override(to.language):
        words = wording.render(kind, context, language=to.language)
    ours = to.side == Side.OURS
    return outbox.Draft(
        kind=kind,
        recipient=to.address,
        recipient_name=to.name,
        subject=words.subject,
        text=words.text,
        html=words.html,
        due_at=due_at or now,
        about=about,
        from_name=to.sender,
        reply_to=to.mailbox if ours else to.owner_email,
        organization_id=to.organization,
        contact_id=to.contact,
        user_id=to.user,
        language=to.language,
        demo=to.demo,
        links=links,
    )
