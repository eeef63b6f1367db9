"""A bundle of due reminders becomes the words of one mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation

from prm.outbox import actions as outbox
from prm.outbox import wording
from prm.partners.links import Wish, always
from prm.partners.models import Purpose, RoleKind
from prm.reminders.entries import addressee
from prm.reminders.facts import Batch
from prm.reminders.models import Reminder
from prm.rules import succession
from prm.rules.facts import Side
from prm.rules.succession import Recipient

#: Links that belong to one part of a mail, not to the whole.
ANSWERS = (Purpose.RENEWAL, Purpose.TALK)


def to_partner(
    batch: Batch, organization: int, recipient: Recipient, reminders: Iterable[Reminder], *, now: datetime
) -> outbox.Draft:
    """Return the mail that tells one address everything due about one organization today."""
    due = sorted(reminders, key=lambda r: (r.reference_on, r.key))
    enclosed = wishes(batch, recipient, due)
    to = addressee(batch, organization, Side.PARTNER, recipient)
    today = now.astimezone(batch.zone(organization)).date()
    with translation.override(to.language):
        context = {
            "program": to.sender,
            "recipient_name": to.name,
            "organization": to.organization_name,
            "owner_name": to.owner_name,
            "owner_email": to.owner_email,
            "zone_name": batch.zone(organization).key,
            "discreet": to.discreet,
            "items": [item(batch, reminder, recipient, today) for reminder in due],
            **{f"{wish.purpose}_link": wish.address for wish in enclosed if wish.purpose not in ANSWERS},
        }
        words = wording.render("partner", context, language=to.language)
    return outbox.Draft(
        kind="partner",
        recipient=to.address,
        recipient_name=to.name,
        subject=words.subject,
        text=words.text,
        html=words.html,
        due_at=now,
        keys=tuple(reminder.key for reminder in due),
        from_name=to.sender,
        reply_to=to.owner_email,
        organization_id=organization,
        contact_id=to.contact,
        language=to.language,
        demo=to.demo,
        links=enclosed,
    )


def wishes(batch: Batch, recipient: Recipient, due: list[Reminder]) -> tuple[Wish, ...]:
    """Return the links that a mail about these reminders carries: an answer for each, and those of every mail."""
    asked = why(batch, due[0], recipient)
    role = asked if asked in RoleKind.values else ""
    answers = [replace(wish, role=role) for reminder in due if (wish := answer_wish(reminder))]
    categories = sorted({reminder.category for reminder in due})
    return (*answers, *always(recipient.contact, categories, role))


def answer_wish(reminder: Reminder) -> Wish | None:
    """Return the link by which a reminder is answered, where it is by link."""
    if reminder.rule == "expiry":
        return Wish(Purpose.RENEWAL, f"{reminder.record}:{reminder.reference_on.isoformat()}")
    return Wish(Purpose.TALK, reminder.record) if reminder.rule == "talk" else None


def item(batch: Batch, reminder: Reminder, recipient: Recipient, today: date) -> dict[str, Any]:
    """Return what the mail says about one reminder: its kind, its dates and its subject.

    `today` is the reader's own: where the mail is read, the day may be another one than where it is written.
    """
    about = {
        "expiry": _expiry,
        "training": _training,
        "talk": _talk,
        "start": _session,
        "after": _session,
        "consent": _consent,
    }
    return {
        "kind": reminder.rule,
        "offset_days": reminder.offset,
        "days_left": (reminder.reference_on - today).days,
        "why": why(batch, reminder, recipient),
        "link": wish.address if (wish := answer_wish(reminder)) else "",
        **about[reminder.rule](batch, reminder),
    }


def why(batch: Batch, reminder: Reminder, recipient: Recipient) -> str:
    """Return as what the recipient is asked: the role they hold, or whose place they take where nobody holds it."""
    if recipient.contact is None:
        return "mailbox"
    people = batch.facts[reminder.organization_id].people.asked_about(reminder.record, reminder.reference_on)
    for role in (*reminder.audience, "primary"):
        if role in succession.PERSONAL:
            if recipient.contact == reminder.person_id:
                return role
        elif recipient.contact in {c.id for c in succession.holders(people, role, batch.today)}:
            return role
    return "contact"


def _record_id(reminder: Reminder) -> int:
    return int(reminder.record.partition(":")[2])


def _expiry(batch: Batch, reminder: Reminder) -> dict[str, Any]:
    return {
        "agreement_title": batch.agreements[_record_id(reminder)].title,
        "ends_on": reminder.reference_on,
    }


def _training(_batch: Batch, reminder: Reminder) -> dict[str, Any]:
    return {"due_on": reminder.reference_on}


def _talk(batch: Batch, reminder: Reminder) -> dict[str, Any]:
    pause = batch.pauses[_record_id(reminder)]
    scope = pause.service or pause.scope  # the mail has a sentence for each scope; a service says its name
    return {"pause_scope": scope, "ends_on": pause.ends_on, "talk_on": pause.talk_on}


def _consent(_batch: Batch, reminder: Reminder) -> dict[str, Any]:
    return {"ends_on": reminder.reference_on}


def _session(batch: Batch, reminder: Reminder) -> dict[str, Any]:
    invitation = batch.invitations[_record_id(reminder)]
    session = invitation.session
    seats = batch.facts[reminder.organization_id].seats
    seat = next(seat for seat in seats if seat.id == invitation.pk)
    coming = [s.on for s in seats if s.on > seat.on and s.cancelled_on is None and s.withdrawn_on is None]
    return {
        "session_title": session.title,
        "starts_local": session.starts_at.astimezone(ZoneInfo(session.zone)),
        "zone_name": session.zone,
        "place": "" if session.place_confidential else session.place,
        "place_confidential": session.place_confidential,
        "attended": seat.attended,
        "next_on": min(coming, default=None),
    }
