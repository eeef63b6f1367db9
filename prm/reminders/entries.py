"""Which calendar entries the addresses of a batch should hold, in words from each reader's side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from prm.calendars import actions as calendars
from prm.calendars.wanted import Addressee, Said, Wanted
from prm.reminders.facts import Batch
from prm.rules import sessions, succession
from prm.rules.facts import Side, State
from prm.rules.ladder import Touch
from prm.rules.succession import Recipient
from prm.vocabulary.spoken import spoken

TALK_AT = time(10)
TALK_LASTS = timedelta(minutes=30)


def reconcile(batch: Batch, touches: Mapping[int, list[Touch]], *, now: datetime) -> dict[str, int]:
    """Let every address hold exactly the entries that were handed over and still stand. Returns mails by method."""
    wanted, untouched = _entries_of(batch, touches)
    defaults = {pk: addressee(batch, pk, Side.PARTNER, Recipient("")) for pk in batch.organizations}
    return calendars.reconcile(batch.organizations, wanted, defaults, untouched=untouched, now=now)


def _entries_of(batch: Batch, touches: Mapping[int, list[Touch]]) -> tuple[list[Wanted], set[str]]:
    found = [touch for some in touches.values() for touch in some if touch.offset is None]
    wanted = [entry for touch in found for entry in _wanted(batch, touch)]
    # An entry whose new day waits to be handed over stays until then: one update, not a CANCEL and a new REQUEST.
    return wanted, {event(touch) for touch in found if touch.state is State.PLANNED} | _declined(batch)


def _declined(batch: Batch) -> set[str]:
    """Return the invitations that were declined and still stand: nobody is asked again, nothing is taken back."""
    return {
        f"invitation:{seat.id}:entry:org-{pk}:{Side.PARTNER}"
        for pk, known in batch.facts.items()
        for seat in known.seats
        if seat.answer == "declined" and sessions.stands(known, seat)
    }


def event(touch: Touch) -> str:
    """Return what an entry is about, whatever its date: the touch's key without the reference date."""
    return f"{touch.record}:{touch.rule}:org-{touch.organization}:{touch.side}"


def addressee(batch: Batch, organization: int, side: Side, recipient: Recipient) -> Addressee:
    """Return how mail to this recipient of this organization is written."""
    row = batch.organizations[organization]
    owner = owner_of(batch, organization)
    return Addressee(
        address=recipient.address,
        name=recipient.name,
        organization=organization,
        side=side.value,
        organization_name=row.name,
        contact=recipient.contact,
        user=recipient.user,
        language=recipient.language,
        discreet=recipient.discreet,
        demo=row.is_demo,
        program_name=batch.program.name,
        neutral_name=batch.program.neutral_name,
        owner_name=owner.name if owner else batch.program.name,
        owner_email=owner.address if owner else batch.program.mailbox,
        mailbox=batch.program.mailbox,
    )


def owner_of(batch: Batch, organization: int) -> Recipient | None:
    """Return who answers for the organization today: the owner, or who stands in for one."""
    people = batch.facts[organization].people
    return next(iter(succession.our_recipients(people, ("owner",), batch.today)), None)


def _wanted(batch: Batch, touch: Touch) -> Iterator[Wanted]:
    if touch.state is not State.HANDED_OVER:
        return
    answer = batch.invitations[_id(touch)].answer if touch.rule == "entry" else "none"
    for recipient in _holders(batch, touch):
        to = addressee(batch, touch.organization, touch.side, recipient)
        with translation.override(to.language):
            said = _say(batch, touch, to)
        yield Wanted(event(touch), touch.key, to, said, _partstat(answer))


def _holders(batch: Batch, touch: Touch) -> tuple[Recipient, ...]:
    """Return whose calendars it belongs in today; an invitation is one person's and never passes on by itself."""
    people = batch.facts[touch.organization].people.asked_about(touch.record, touch.reference)
    if touch.rule != "entry":
        day = max(batch.today, touch.day or batch.today)
        return succession.recipients(
            people, touch.side, touch.audience, day, touch.category, touch.person, stand_ins=False
        )
    return succession.invited(people, touch.person, batch.today, touch.category)


def _partstat(answer: str) -> str:
    return {"none": "NEEDS-ACTION"}.get(answer, answer.upper())


def _id(touch: Touch) -> int:
    return int(touch.record.partition(":")[2])


def _say(batch: Batch, touch: Touch, to: Addressee) -> Said:
    return {"expiry-entry": _expiry, "talk-entry": _talk, "entry": _session}[touch.rule](batch, touch, to)


def _other(to: Addressee) -> str:
    """Return the name of the other side, as the reader sees it."""
    return to.sender if to.side == Side.PARTNER else to.organization_name


def _said(to: Addressee, batch: Batch, **values: str) -> Said:
    organizer = settings.RSVP_ADDRESS or batch.program.mailbox
    return Said(organizer=organizer, organizer_name=to.sender, **values)


def _expiry(batch: Batch, touch: Touch, to: Addressee) -> Said:
    kind = spoken(batch.agreements[_id(touch)].kind)
    title = _("%(kind)s with %(other)s ends") % {"kind": kind, "other": _other(to)}
    return _said(
        to,
        batch,
        what="expiry",
        title=_("Agreement ends") if to.discreet else title,
        description=_("The last valid day. This entry informs only; reminders come by mail."),
        starts=touch.reference.isoformat(),
        ends=touch.reference.isoformat(),
        zone=batch.zone(touch.organization).key,
        informs="yes",
    )


def _talk(batch: Batch, touch: Touch, to: Addressee) -> Said:
    starts = datetime.combine(touch.reference, TALK_AT)
    return _said(
        to,
        batch,
        what="talk",
        title=_("Talk again with %(other)s") % {"other": _other(to)},
        description=_("The pause ends in a conversation: back as planned, longer, or something else?"),
        starts=starts.isoformat(timespec="minutes"),
        ends=(starts + TALK_LASTS).isoformat(timespec="minutes"),
        zone=batch.zone(touch.organization).key,
    )


def _session(batch: Batch, touch: Touch, to: Addressee) -> Said:
    session = batch.invitations[_id(touch)].session
    zone = ZoneInfo(session.zone)
    place = _("Address given by phone") if session.place_confidential else session.place
    neutral = _("Partner training, %(day)s") % {"day": date_format(touch.reference, "j F Y")}
    return _said(
        to,
        batch,
        what="session",
        title=neutral if to.discreet else session.title,
        description="" if to.discreet else _("Training with %(program)s.") % {"program": to.program_name},
        starts=session.starts_at.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes"),
        ends=session.ends_at.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes"),
        zone=session.zone,
        place=place,
    )
