"""What each address holds in its calendar: one UID per event and recipient, told once, updated, taken back."""

from __future__ import annotations

import uuid
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from prm.calendars import letters
from prm.calendars.models import Invite
from prm.calendars.wanted import Addressee, Said, Wanted
from prm.outbox import actions as outbox
from prm.outbox import queries as letterbox
from prm.outbox import steering

#: An entry and the person of theirs or ours whose calendar it is in.
Whose = tuple[str, int | None, int | None]


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
    entry twice, and who never had one gets no CANCEL. What comes in place of a mail that somebody holds back is held
    too. Returns the number of mails by method.
    """
    told, over = news(organizations, wanted, untouched=untouched, now=now)
    known = [*(invite for _, invite in told if invite), *over]
    held = _held(known)
    begun = _withdraw_unsent(known)
    drafts = [_tell(entry, invite, begun, now=now) for entry, invite in told]
    new = zip((_whose(entry) for entry, _ in told), drafts, strict=True)
    kept_back = [(draft, held[whose]) for whose, draft in new if whose in held]
    drafts = [*drafts, *_take_back(over, begun, addressees, now=now)]
    outbox.write(drafts, now=now)
    steering.hold_anew(kept_back)
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


def _held(invites: Sequence[Invite]) -> dict[Whose, letterbox.Held]:
    """Return of whose entries somebody holds a mail back; the person counts, whatever their address is today."""
    if not invites:
        return {}
    by_uid = letterbox.held_calendar_mails([invite.uid for invite in invites])
    return {(i.event, i.contact_id, i.user_id): by_uid[i.uid] for i in invites if i.uid in by_uid}


def _whose(entry: Wanted) -> Whose:
    return entry.event, entry.to.contact, entry.to.user


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
    return letters.draft(invite, entry.to, partstat=partstat, now=now)


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
            drafts.append(
                letters.draft(invite, _holder(invite, addressees), partstat="NEEDS-ACTION", now=now)
            )
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
