"""The mail that carries a calendar entry to its address."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation

from prm.calendars import ics
from prm.calendars.models import Invite
from prm.calendars.wanted import Addressee, Said
from prm.outbox import actions as outbox
from prm.outbox import wording
from prm.partners.links import Wish, always
from prm.partners.models import Purpose

#: Of which category of mail an entry is, by what it is about.
CATEGORIES = {"expiry": "renewal", "talk": "pause", "session": "training"}


def draft(invite: Invite, to: Addressee, *, partstat: str, now: datetime) -> outbox.Draft:
    """Return the mail that tells an address what its entry says now, or that it is taken back."""
    said = Said(**invite.said)
    cancelled = invite.method == Invite.Method.CANCEL
    body = (ics.cancel if cancelled else ics.request)(_event(invite, said, to, partstat)).decode()
    enclosed = _wishes(invite, said, to)
    addresses = {f"{wish.purpose}_link": wish.address for wish in enclosed}
    with translation.override(to.language):
        words = wording.render("entry", _context(invite, said, to) | addresses, language=to.language)
    return outbox.Draft(
        kind="entry",
        recipient=to.address,
        recipient_name=to.name,
        subject=words.subject,
        text=words.text,
        html=words.html,
        due_at=now,
        keys=(invite.touch_key,),
        from_name=to.sender,
        reply_to=to.answers_to[1],
        organization_id=to.organization,
        contact_id=to.contact,
        user_id=to.user,
        language=to.language,
        demo=to.demo,
        calendar=outbox.CalendarPart(invite.method, invite.uid, invite.sequence, body),
        links=enclosed,
    )


def _wishes(invite: Invite, said: Said, to: Addressee) -> tuple[Wish, ...]:
    """Return the links of a calendar mail to a partner: those of every mail, and for a talk the way to change it."""
    if to.side != "partner" or invite.method == Invite.Method.CANCEL:
        return ()
    about = ":".join(invite.event.split(":")[:2])
    change = (Wish(Purpose.TALK, about),) if said.what == "talk" else ()
    return (*change, *always(to.contact, [CATEGORIES[said.what]]))


def _event(invite: Invite, said: Said, to: Addressee, partstat: str) -> ics.Event:
    informs = bool(said.informs)
    return ics.Event(
        uid=invite.uid,
        sequence=invite.sequence,
        summary=said.title,
        description=said.description,
        starts=said.moment(said.starts),
        ends=said.moment(said.ends),
        all_day=said.all_day,
        location=said.place,
        organizer=(said.organizer, said.organizer_name),
        attendee=(to.address, to.name),
        partstat=partstat,
        informs=informs,
        transparent=informs,
        dtstamp=invite.dtstamp,
        private=to.discreet,
        method=invite.method,
    )


def _context(invite: Invite, said: Said, to: Addressee) -> dict[str, object]:
    return {
        "what": said.what,
        "method": invite.method,
        "sequence": invite.sequence,
        "title": said.title,
        "starts": said.moment(said.starts),
        "ends": said.moment(said.ends),
        "zone_name": said.zone,
        "place": said.place,
        "side": to.side,
        "discreet": to.discreet,
        "program": to.sender,
        "organization": to.organization_name,
        "recipient_name": to.name,
        "owner_name": to.answers_to[0],
        "owner_email": to.answers_to[1],
    }
