"""Everything that we hold about one person at a partner, for that person. Reads only, in a fixed number of queries.

Not in it is what belongs to our side or to others: private notes, why their agency pauses, what colleagues of theirs
said, and anything that opens a link.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from prm.calendars.models import Invite
from prm.outbox.enclosed import greyed
from prm.outbox.models import Message
from prm.partners.models import Consent, Contact, Entry, EntryKind, Link, Role, Statement, StatementKind
from prm.partners.sentences import sentence
from prm.training.models import Attendance, Invitation

PAUSES = (StatementKind.PAUSE, StatementKind.TALK)
#: The parts of a statement that they said themselves; what we noted with it (how to undo it, who was moved) is ours.
SAID = frozenset(
    "scope effect reach service starts_on ends_on months last_day successor_name successor_email proposed "
    "about name email phone title role".split()
)


def held(contact: Contact, *, now: datetime) -> dict[str, Any]:
    """Return what we hold about a contact as plain values for JSON: days and moments as ISO text.

    Texts of mails are as previews show them: no link in them leads anywhere.
    """
    return {
        "made_at": _moment(now),
        "about": _about(),
        "organization": contact.organization.name,
        "person": _person(contact),
        "roles": [_role(role) for role in contact.roles.order_by("since", "pk")],
        "said_by_link": [_statement(one) for one in contact.statements.order_by("said_at", "pk")],
        "consents": [_consent(one) for one in contact.consents.order_by("given_on", "pk")],
        "links": [_link(link) for link in contact.links.order_by("issued_at", "pk")],
        "mails": [_mail(message) for message in contact.messages.order_by("due_at", "pk")],
        "calendar_entries_by_mail": [_calendar(one) for one in contact.invites.order_by("pk")],
        "invitations": _invitations(contact),
        "trainings": _trainings(contact),
        "timeline": _timeline(contact),
    }


def _about() -> dict[str, str]:
    """Return what the file says about itself."""
    return {
        "what": _("Everything that we hold about you as a person."),
        "left_out": _(
            "Left out: private notes of our staff, the reason of a pause, and what we hold about other people. "
            "Links in mails are shown without the part that opens them."
        ),
        "not_right": _("If something is not right, tell us on your page or answer one of our mails."),
    }


def _person(contact: Contact) -> dict[str, Any]:
    return {
        "name": contact.name,
        "title": contact.title,
        "email": contact.email,
        "phone": contact.phone,
        "languages": contact.languages,
        "neutral_words_in_mail": contact.discreet,
        "may_sign_for_the_agency": contact.may_commit,
        "mail_came_back_on": _day(contact.undeliverable_on),
        "mail_not_wanted": contact.unsubscribed,
        "last_day": _day(contact.left_on),
        "known_since": _day(contact.entered_on),
    }


def _role(role: Role) -> dict[str, Any]:
    return {
        "role": str(role.get_kind_display()),
        "first_day": _day(role.since),
        "last_day": _day(role.until),
    }


def _statement(statement: Statement) -> dict[str, Any]:
    """Return what they said, without the reason of a pause."""
    return {
        "about": str(statement.get_kind_display()),
        "answer": statement.choice,
        "record": statement.record,
        "note": "" if statement.kind in PAUSES else statement.note,
        "details": {name: value for name, value in statement.data.items() if name in SAID},
        "said_at": _moment(statement.said_at),
        "taken_back_at": _moment(statement.taken_back_at),
        "what_we_made_of_it": str(statement.get_outcome_display()),
        "settled_at": _moment(statement.settled_at),
    }


def _consent(consent: Consent) -> dict[str, Any]:
    return {
        "to": consent.what,
        "given_on": _day(consent.given_on),
        "given_by": consent.given_by,
        "how": consent.how,
        "last_day": _day(consent.ends_on),
        "withdrawn_at": _moment(consent.withdrawn_at),
    }


def _link(link: Link) -> dict[str, Any]:
    return {
        "for": str(link.get_purpose_display()),
        "made_at": _moment(link.issued_at),
        "opens_until": _moment(link.expires_at),
        "last_used_at": _moment(link.used_at),
        "ended_at": _moment(link.revoked_at),
    }


def _mail(message: Message) -> dict[str, Any]:
    return {
        "to": message.recipient,
        "subject": message.subject,
        "due_at": _moment(message.due_at),
        "sent_at": _moment(message.sent_at),
        "state": message.state,
        "text": greyed(message, message.text),
    }


def _calendar(invite: Invite) -> dict[str, Any]:
    return {
        "to": invite.recipient,
        "title": invite.said.get("title", ""),
        "starts": invite.said.get("starts", ""),
        "state": invite.status,
    }


def _invitations(contact: Contact) -> list[dict[str, Any]]:
    rows: Iterable[Invitation] = contact.invitations.select_related("session").order_by("pk")
    return [
        {
            "session": row.session.title,
            "starts_at": _moment(row.session.starts_at),
            "zone": row.session.zone,
            "invited_on": _day(row.invited_on),
            "answer": str(row.get_answer_display()),
            "answered_on": _day(row.answered_on),
            "withdrawn_on": _day(row.withdrawn_on),
        }
        for row in rows
    ]


def _trainings(contact: Contact) -> list[dict[str, Any]]:
    rows = Attendance.objects.filter(contact=contact).select_related("session").order_by("attended_on", "pk")
    return [
        {"session": row.session.title if row.session else "", "attended_on": _day(row.attended_on)}
        for row in rows
    ]


def _timeline(contact: Contact) -> list[dict[str, Any]]:
    """Return what our timeline says about the person, without its private parts."""
    rows = Entry.objects.filter(contact=contact, private=False).order_by("happened_on", "pk")
    return [
        {
            "day": _day(row.happened_on),
            "what": sentence(row),
            "note": "" if row.kind == EntryKind.PAUSE else row.note,
            "written_at": _moment(row.recorded_at),
        }
        for row in rows
    ]


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
