"""What a partner sees who subscribes to their calendar: sessions, last days of agreements, days to talk. Reads only.

An entry here is another one than that of an invitation by mail: it has a UID of its own and asks for no answer.
SEQUENCE and DTSTAMP are taken from the timeline, which only grows: equal facts give equal octets.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from prm.agreements.models import Agreement, AgreementStatus, Party, Signature
from prm.agreements.queries import last_day
from prm.calendars import ics
from prm.capacity.models import Pause, Scope
from prm.outbox.actions import sender_address
from prm.partners.models import Entry, Organization
from prm.reminders.entries import TALK_AT, TALK_LASTS
from prm.training.models import Invitation, Session, SessionStatus
from prm.training.queries import local_start

#: How long something that is over stays in sight, and something that was cancelled (calendar-mail.md, rule 22).
PAST, CANCELLED = timedelta(days=90), timedelta(days=30)
OVER = (AgreementStatus.REPLACED, AgreementStatus.ENDED)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose calendar it is: our name as they may see it, their zone, and whether words must be neutral."""

    organization: Organization
    sender: str
    zone: ZoneInfo
    discreet: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """What is in it, in order, and when something about the organization was last written down (None: never)."""

    events: tuple[ics.Event, ...]
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Kept:
    """One entry before it is in words: the timeline records that move it, and since when it is off (None: it is on)."""

    uid: str
    records: tuple[str, ...]
    summary: str
    starts: date | datetime
    ends: date | datetime
    made_at: datetime
    off: bool = False
    place: str = ""
    description: str = ""


def feed(reader: Reader, *, now: datetime) -> Feed:
    """Return what this reader's calendar shows at `now`, in words of the active language: a fixed number of queries."""
    organization = reader.organization
    pauses = list(organization.pauses.order_by("pk"))
    kept = [*_agreements(reader), *_talks(reader, pauses), *_sessions(reader, pauses)]
    moved = _moves(organization, {record for one in kept for record in one.records})
    today = now.astimezone(reader.zone).date()
    found = [event for one in kept if (event := _event(one, moved, reader, today)) is not None]
    changed_at = organization.entries.aggregate(last=Max("recorded_at"))["last"]
    return Feed(tuple(sorted(found, key=lambda event: (_day(event.starts), event.uid))), changed_at)


def _moves(organization: Organization, records: Iterable[str]) -> dict[str, tuple[int, datetime]]:
    """Return for each record how often the timeline speaks of it, and when it last did."""
    told = Entry.objects.filter(organization=organization, record__in=sorted(records)).order_by()
    rows = told.values_list("record").annotate(number=Count("pk"), last=Max("recorded_at"))
    return {record: (number, last) for record, number, last in rows}


def _event(
    kept: _Kept, moved: dict[str, tuple[int, datetime]], reader: Reader, today: date
) -> ics.Event | None:
    moves = [moved[record] for record in kept.records if record in moved]
    changed_at = max([kept.made_at, *(last for _number, last in moves)])
    if kept.off and changed_at.astimezone(reader.zone).date() < today - CANCELLED:
        return None
    if _day(kept.ends) < today - PAST:
        return None
    all_day = not isinstance(kept.starts, datetime)
    return ics.Event(
        uid=f"{kept.uid}@{sender_address().rpartition('@')[2]}",
        sequence=max(0, sum(number for number, _last in moves) - 1),
        summary=kept.summary,
        description=kept.description,
        starts=kept.starts,
        ends=kept.ends,
        dtstamp=changed_at,
        location=kept.place,
        all_day=all_day,
        transparent=all_day,
        private=reader.discreet,
        method=ics.CANCEL if kept.off else ics.REQUEST,
    )


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


# --- last days of agreements ----------------------------------------------------------------------------------------


def _agreements(reader: Reader) -> Iterator[_Kept]:
    found = reader.organization.agreement_parties.filter(signature=Signature.SIGNED)
    found = found.filter(agreement__status__in=(AgreementStatus.IN_FORCE, *OVER))
    for party in found.select_related("agreement__kind", "agreement__renewed_by").order_by("pk"):
        ends_on = last_day(party)
        if ends_on is not None:
            yield _agreement(reader, party, ends_on)


def _agreement(reader: Reader, party: Party, ends_on: date) -> _Kept:
    agreement = party.agreement
    follower: Agreement | None = getattr(agreement, "renewed_by", None)
    title = _("%(kind)s with %(other)s ends") % {"kind": agreement.kind.label, "other": reader.sender}
    return _Kept(
        uid=f"feed-agreement-{agreement.pk}",
        records=tuple(f"agreement:{one.pk}" for one in (agreement, follower) if one is not None),
        summary=_("Agreement ends") if reader.discreet else title,
        description=_("The last valid day. This entry informs only; reminders come by mail."),
        starts=ends_on,
        ends=ends_on,
        made_at=agreement.entered_at,
        off=agreement.status in OVER,
    )


# --- days to talk ---------------------------------------------------------------------------------------------------


def _talks(reader: Reader, pauses: Collection[Pause]) -> Iterator[_Kept]:
    goes_on = {pause.continues_id for pause in pauses if pause.withdrawn_on is None}
    for pause in pauses:
        starts = datetime.combine(pause.talk_on, TALK_AT, reader.zone)
        yield _Kept(
            uid=f"feed-pause-{pause.pk}",
            records=(f"pause:{pause.pk}",),
            summary=_("Talk again with %(other)s") % {"other": reader.sender},
            description=_("The pause ends in a conversation: back as planned, longer, or something else?"),
            starts=starts,
            ends=starts + TALK_LASTS,
            made_at=datetime.combine(pause.entered_on, time(), reader.zone),
            off=pause.withdrawn_on is not None or pause.pk in goes_on or _answered_before(pause),
        )


def _answered_before(pause: Pause) -> bool:
    return pause.answered_on is not None and pause.answered_on <= pause.talk_on


# --- sessions -------------------------------------------------------------------------------------------------------


def _sessions(reader: Reader, pauses: Iterable[Pause]) -> Iterator[_Kept]:
    """Yield the sessions that somebody of theirs was asked to; one inside a pause of training is off for them."""
    training = [pause for pause in pauses if pause.scope in (Scope.TRAINING, Scope.ALL)]
    asked: dict[int, list[Invitation]] = {}
    for invitation in reader.organization.invitations.select_related("session").order_by("pk"):
        asked.setdefault(invitation.session_id, []).append(invitation)
    for invitations in asked.values():
        session = invitations[0].session
        standing = any(invitation.withdrawn_on is None for invitation in invitations)
        paused = any(_inside(pause, local_start(session)) for pause in training)
        off = session.status == SessionStatus.CANCELLED or paused or not standing
        yield _session(reader, session, training, off=off)


def _inside(pause: Pause, day: date) -> bool:
    running = pause.ends_on is None or day <= pause.ends_on
    return pause.withdrawn_on is None and pause.starts_on <= day and running


def _session(reader: Reader, session: Session, training: Iterable[Pause], *, off: bool) -> _Kept:
    zone = ZoneInfo(session.zone)
    neutral = _("Partner training, %(day)s") % {"day": date_format(local_start(session), "j F Y")}
    return _Kept(
        uid=f"feed-session-{session.pk}",
        records=(f"session:{session.pk}", *(f"pause:{pause.pk}" for pause in training)),
        summary=neutral if reader.discreet else session.title,
        description="" if reader.discreet else _("Training with %(program)s.") % {"program": reader.sender},
        starts=session.starts_at.astimezone(zone),
        ends=session.ends_at.astimezone(zone),
        made_at=datetime.combine(session.entered_on, time(), reader.zone),
        off=off,
        place=_("Address given by phone") if session.place_confidential else session.place,
    )
