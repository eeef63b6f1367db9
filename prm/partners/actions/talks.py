"""What was said, and what someone wants to keep in mind."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.partners.models import Contact, Entry, EntryKind, Organization
from prm.partners.timeline import record
from prm.rules.refusal import Refusal
from prm.vocabulary.models import Term


def record_talk(
    organization: Organization,
    *,
    now: datetime.datetime,
    happened_on: datetime.date | None = None,
    two_way: bool = True,
    interaction: Term | None = None,
    contact: Contact | None = None,
    note: str = "",
    private: bool = False,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Entry:
    """Write down a talk; one in which both sides spoke (`two_way`) restarts the stay-in-touch clock."""
    day = today or local_today(now)
    talked_on = happened_on or day
    if talked_on > day:
        raise Refusal(_("A talk that is still to come cannot be written down yet."), field="happened_on")
    if contact is not None and contact.organization_id != organization.pk:
        raise Refusal(
            _("%(name)s belongs to another organization.") % {"name": contact.name}, field="contact"
        )
    return record(
        organization,
        kind=EntryKind.TALK,
        event="talked" if two_way else "tried_to_talk",
        now=now,
        by=by,
        happened_on=talked_on,
        contact=contact,
        note=note.strip(),
        two_way=two_way,
        interaction=interaction,
        private=private,
        data={"contact": contact.name if contact else None},
    )


def record_note(
    organization: Organization,
    *,
    note: str,
    now: datetime.datetime,
    private: bool = False,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Entry:
    """Write a note into the timeline."""
    if not note.strip():
        raise Refusal(_("A note needs words."), field="note")
    return record(
        organization,
        kind=EntryKind.NOTE,
        event="noted",
        now=now,
        by=by,
        happened_on=today or local_today(now),
        note=note.strip(),
        private=private,
    )
