"""What was said, and what someone wants to keep in mind."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.partners.models import Contact, Entry, EntryKind, Organization
from prm.partners.timeline import draft, record, record_all
from prm.rules.refusal import Refusal
from prm.vocabulary.models import Term


@dataclass(frozen=True, slots=True)
class NewTalk:
    """A talk on a day (default: today); one in which both sides spoke (`two_way`) restarts the stay-in-touch clock."""

    organization: Organization
    happened_on: datetime.date | None = None
    two_way: bool = True
    interaction: Term | None = None
    contact: Contact | None = None
    note: str = ""
    private: bool = False


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
    new = NewTalk(organization, happened_on, two_way, interaction, contact, note, private)
    return record_talks([new], now=now, today=today, by=by)[0]


def record_talks(
    new: Sequence[NewTalk],
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> list[Entry]:
    """Write down talks, all of them or, where one is refused, none."""
    day = today or local_today(now)
    entries = [_drafted(one, now=now, day=day, by=by) for one in new]
    record_all(entries, now=now)
    return entries


def _drafted(new: NewTalk, *, now: datetime.datetime, day: datetime.date, by: User | None) -> Entry:
    talked_on, contact = new.happened_on or day, new.contact
    if talked_on > day:
        raise Refusal(_("A talk that is still to come cannot be written down yet."), field="happened_on")
    if contact is not None and contact.organization_id != new.organization.pk:
        raise Refusal(
            _("%(name)s belongs to another organization.") % {"name": contact.name}, field="contact"
        )
    return draft(
        new.organization,
        kind=EntryKind.TALK,
        event="talked" if new.two_way else "tried_to_talk",
        now=now,
        by=by,
        happened_on=talked_on,
        contact=contact,
        note=new.note.strip(),
        two_way=new.two_way,
        interaction=new.interaction,
        private=new.private,
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
