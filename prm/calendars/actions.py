"""What each address holds in its calendar: one UID per event and recipient, told once, updated, taken back."""

from __future__ import annotations

import uuid
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import translation

from prm.calendars import ics
from prm.calendars.models import Invite
from prm.outbox import actions as outbox
from prm.outbox import queries as letterbox
from prm.outbox import wording


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says. `starts` and `ends` are ISO text: dates (the last day inside), or local times of `zone`.

    `what` is expiry, talk or session; `informs` means that no answer is asked and the time stays free.
    """

    what: str
    title: str
    description: str
    starts: str
    ends: str
    zone: str
    place: str = ""
    informs: str = ""
    organizer: str = ""
    organizer_name: str = ""

    @property
    def all_day(self) -> bool:
        return "T" not in self.starts

    def moment(self, text: str) -> date | datetime:
        """Return one of the two ends as a date, or as an aware time in the entry's zone."""
        if self.all_day:
            return date.fromisoformat(text)
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.zone))

    @property
    def matter(self) -> tuple[str, ...]:
        """What makes an update worth a mail: time and place, and what a session is about; not how we are called."""
        return (
            self.starts,
            self.ends,
            self.zone,
            self.place,
            self.title if self.what == "session" else "",
        )

    def is_over(self, now: datetime) -> bool:
        last = date.fromisoformat(self.ends[:10])
        return last < now.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, slots=True)
class Addressee:
    """One address that an entry goes to, and how mail to it is written."""

    address: str
    name: str
    organization: int
    side: str
    organization_name: str = ""
    contact: int | None = None
    user: int | None = None
    language: str = "en"
    discreet: bool = False
    demo: bool = False
    program_name: str = ""
    neutral_name: str = ""
    owner_name: str = ""
    owner_email: str = ""
    mailbox: str = ""

    @property
    def answers_to(self) -> tuple[str, str]:
        """Who signs the mail, and where a reply goes: the owner; for our own side the program."""
        return (self.owner_name, self.owner_email) if self.side == "partner" else ("", self.mailbox)

    @property
    def sender(self) -> str:
        """The program's name as this address may see it."""
        return self.neutral_name if self.discreet else self.program_name


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry that an address should hold. `event` is the touch's key without its date."""

    event: str
    touch_key: str
    to: Addressee
    said: Said
    partstat: str = "NEEDS-ACTION"


def reconcile(
    organizations: Iterable[int],
    wanted: Sequence[Wanted],
    addressees: dict[int, Addressee],
    *,
    untouched: Container[str] = (),
    now: datetime,
) -> dict[str, int]:
    """Make what the addresses of these organizations hold equal what is wanted: REQUEST, update or CANCEL by mail.

    `addressees` gives each organization's defaults for mails to people who are wanted no longer; events in `untouched`
    stay as they are. What has not left yet is withdrawn before something newer is written, so nobody hears of an
    entry twice, and who never had one gets no CANCEL. Returns the number of mails by method.
    """
    told, over = news(organizations, wanted, untouched=untouched, now=now)
    begun = _withdraw_unsent([*(invite for _, invite in told if invite), *over])
    drafts = [_tell(entry, invite, begun, now=now) for entry, invite in told]
    drafts += _take_back(over, begun, addressees, now=now)
    outbox.write(drafts, now=now)
    methods = [draft.calendar.method for draft in drafts if draft.calendar]
    return {method: methods.count(method) for method in sorted(set(methods))}


def news(
    organizations: Iterable[int], wanted: Sequence[Wanted], *, untouched: Container[str] = (), now: datetime
) -> tuple[list[tuple[Wanted, Invite | None]], list[Invite]]:
    """Return what `reconcile` would tell, each with what its address holds so far, and what it would take back."""
    known = Invite.objects.filter(organization__in=organizations).select_related("contact", "user")
    held = {(i.event, i.recipient.casefold()): i for i in known.order_by("pk") if i.event not in untouched}
    pairs = [
        (e, held.pop((e.event, e.to.address.casefold()), None)) for e in wanted if e.event not in untouched
    ]
    told = [(entry, invite) for entry, invite in pairs if _is_news(entry, invite, now)]
    over = [i for i in held.values() if i.status == Invite.Status.LIVE and not Said(**i.said).is_over(now)]
    return told, over


def _is_news(entry: Wanted, invite: Invite | None, now: datetime) -> bool:
    """Return whether the address does not know this yet; nobody is told of a day gone by."""
    if entry.said.is_over(now):
        return False
    if invite is None or invite.status == Invite.Status.CANCELLED:
        return True
    return Said(**invite.said).matter != entry.said.matter


def _withdraw_unsent(invites: Iterable[Invite]) -> dict[str, bool]:
    """Withdraw what nobody has begun to send about these entries; return which were begun, and may have arrived."""
    uids = [invite.uid for invite in invites]
    if not uids:
        return {}
    unsent = letterbox.waiting_calendar_mails(uids)
    outbox.cancel(ids=[pk for pks in unsent.values() for pk in pks])
    return letterbox.begun_calendar_mails(uids)


def _tell(entry: Wanted, invite: Invite | None, begun: Container[str], *, now: datetime) -> outbox.Draft:
    """Give an entry to an address: anew, changed, or again after it was taken back, then under the UID it had."""
    said, partstat = asdict(entry.said), entry.partstat
    if invite is None:
        invite = Invite(uid=_new_uid(), event=entry.event, recipient=entry.to.address)
        invite.organization_id = entry.to.organization
    elif invite.uid in begun:
        # The organizer of a UID never changes: calendars ignore an update by somebody else (RFC 5546, 2.1.4).
        said |= {name: invite.said[name] for name in ("organizer", "organizer_name")}
        partstat = "NEEDS-ACTION" if said["starts"] != invite.said["starts"] else partstat
        invite.sequence += 1
    invite.contact_id, invite.user_id = entry.to.contact, entry.to.user
    invite.status, invite.method = Invite.Status.LIVE, Invite.Method.REQUEST
    invite.said, invite.touch_key, invite.dtstamp = said, entry.touch_key, now
    invite.save()
    return _draft(invite, entry.to, partstat=partstat, now=now)


def _take_back(
    invites: list[Invite], begun: Mapping[str, bool], addressees: dict[int, Addressee], *, now: datetime
) -> list[outbox.Draft]:
    """End entries that nobody should hold any more; only who got the REQUEST gets the CANCEL."""
    drafts = []
    for invite in invites:
        invite.status = Invite.Status.CANCELLED
        if begun.get(invite.uid) and not _undeliverable(invite):
            invite.method, invite.dtstamp = Invite.Method.CANCEL, now
            invite.sequence += 1
            drafts.append(_draft(invite, _holder(invite, addressees), partstat="NEEDS-ACTION", now=now))
        invite.save()
    return drafts


def _undeliverable(invite: Invite) -> bool:
    contact = invite.contact
    return contact is not None and contact.undeliverable_on is not None and contact.email == invite.recipient


def _holder(invite: Invite, addressees: dict[int, Addressee]) -> Addressee:
    """Return the address that holds the entry, also after its person has left or got another one."""
    base = asdict(addressees[invite.organization_id or 0])
    person = invite.contact or invite.user
    base |= {
        "address": invite.recipient,
        "name": person.name if person else "",
        "side": invite.event.rpartition(":")[2],
    }
    base |= {"contact": invite.contact_id, "user": invite.user_id}
    if invite.contact:
        base |= {
            "language": (invite.contact.languages or ["en"])[0],
            "discreet": invite.contact.discreet,
        }
    return Addressee(**base)


def _new_uid() -> str:
    return f"{uuid.uuid4().hex}@{outbox.sender_address().rpartition('@')[2]}"


def _draft(invite: Invite, to: Addressee, *, partstat: str, now: datetime) -> outbox.Draft:
    said = Said(**invite.said)
    cancelled = invite.method == Invite.Method.CANCEL
    body = (ics.cancel if cancelled else ics.request)(_event(invite, said, to, partstat)).decode()
    with translation.override(to.language):
        words = wording.render("entry", _context(invite, said, to), language=to.language)
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
    )


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
