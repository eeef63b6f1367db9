"""Two letters when somebody leaves: who follows learns who we are, and whoever of us looks after them what passed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from prm.accounts import queries as accounts
from prm.continuity.letters import draft
from prm.outbox import actions as outbox
from prm.partners.links import Wish
from prm.partners.models import Contact, Organization, Purpose, RoleKind
from prm.reminders import entries, facts
from prm.rules import renewal, sessions
from prm.rules.dates import ONE_DAY
from prm.rules.facts import Side
from prm.rules.succession import Recipient
from prm.training.models import Session

#: Within how many working days our side calls whoever follows (domain.md, section 7).
CALL_WITHIN = 10
#: How far ahead a letter tells dates.
AHEAD = timedelta(days=365)
THEIR_LINKS = (Wish(Purpose.PAUSE), Wish(Purpose.PAGE), Wish(Purpose.LEAVING))


@dataclass(frozen=True, slots=True)
class Passing:
    """What passes: from whom, with which last day, to whom (None: nobody is known), which roles and sessions."""

    leaver: Contact
    heir: Contact | None
    last_on: date
    roles: tuple[str, ...] = ()
    sessions: tuple[Session, ...] = ()


def introduce(
    organization: Organization, passing: Passing, *, about: str, now: datetime, due_at: datetime
) -> None:
    """Write to whoever follows, where there is an address, and to whoever of us looks after the partner.

    `about` makes the letters of this leaving one each; they go from `due_at` on.
    """
    batch = facts.load([organization], today=accounts.local_today(now))
    letters = [
        letter
        for letter in (_to_heir(batch, organization, passing), _to_owner(batch, organization, passing))
        if letter is not None
    ]
    drafts = []
    for to, context, links in letters:
        with translation.override(to.language):
            values = context | _common(batch, organization, passing, to)
        drafts.append(
            draft("introduction", to, values, about=about, now=now, due_at=due_at, links=links),
        )
    outbox.write(drafts, now=now)


Letter = tuple[entries.Addressee, dict[str, Any], tuple[Wish, ...]]


def _to_heir(batch: facts.Batch, organization: Organization, passing: Passing) -> Letter | None:
    heir = passing.heir
    if heir is None or not heir.email or heir.undeliverable_on is not None:
        return None
    language = (heir.languages or ["en"])[0]
    reader = Recipient(heir.email, heir.name, heir.pk, discreet=heir.discreet, language=language)
    to = entries.addressee(batch, organization.pk, Side.PARTNER, reader)
    links = {f"{wish.purpose}_link": wish.address for wish in THEIR_LINKS}
    return to, {"owner_name": to.owner_name, "owner_email": to.owner_email, **links}, THEIR_LINKS


def _to_owner(batch: facts.Batch, organization: Organization, passing: Passing) -> Letter | None:
    owner = entries.owner_of(batch, organization.pk)
    if owner is None:
        return None
    to = entries.addressee(batch, organization.pk, Side.OURS, owner)
    week, call_on = batch.facts[organization.pk].week, max(batch.today, passing.last_on)
    for _day in range(CALL_WITHIN):
        call_on = week.after(call_on)
    with translation.override(to.language):
        roles = [{"role": str(RoleKind(kind).label)} for kind in passing.roles]
    context = {
        "call_on": call_on,
        "roles": roles,
        "sessions": [_session(session) for session in passing.sessions],
        "heir_email": passing.heir.email if passing.heir else "",
    }
    return to, context, ()


def _common(
    batch: facts.Batch, organization: Organization, passing: Passing, to: entries.Addressee
) -> dict[str, Any]:
    return {
        "side": to.side,
        "program": to.sender,
        "recipient_name": to.name,
        "organization": to.organization_name,
        "zone_name": batch.zone(organization.pk).key,
        "discreet": to.discreet,
        "leaver": passing.leaver.name,
        "heir": passing.heir.name if passing.heir else "",
        "last_on": passing.last_on,
        "first_on": passing.last_on + ONE_DAY if passing.last_on >= batch.today else "",
        "phone": batch.program.phone,
        "agreements": list(_agreements(batch, organization.pk)),
        "dates": sorted(_dates(batch, organization.pk), key=lambda row: _day(row["when"])),
    }


def _agreements(batch: facts.Batch, organization: int) -> Iterator[dict[str, Any]]:
    """Yield what is in force, as this organization has it."""
    for agreement in batch.facts[organization].agreements:
        if agreement.in_force and (agreement.ends_on is None or agreement.ends_on >= batch.today):
            title = batch.agreements[agreement.id].title
            yield {"agreement_title": title, "ends_on": agreement.ends_on or ""}


def _dates(batch: facts.Batch, organization: int) -> Iterator[dict[str, Any]]:
    """Yield the next days with both of us in them: sessions, reviews, last days, talks about a pause."""
    known = batch.facts[organization]
    found: list[dict[str, Any]] = []
    for agreement in known.agreements:
        if agreement.in_force and agreement.ends_on is not None:
            found.append({"when": agreement.ends_on, "title": _("an agreement ends")})
        elif agreement.in_force:
            reviewed_on, _since = renewal.review_date(agreement)
            found.append({"when": reviewed_on, "title": _("we look through an agreement")})
    talks = (pause.talk_on for pause in known.pauses if pause.answered_on is None)
    found += [{"when": day, "title": _("we talk about the pause")} for day in talks]
    seats = (seat for seat in known.seats if sessions.stands(known, seat))
    found += [_session(batch.invitations[seat.id].session) for seat in seats]
    each_once = {(_day(row["when"]), row["title"]): row for row in found}
    return (row for row in each_once.values() if batch.today <= _day(row["when"]) <= batch.today + AHEAD)


def _session(session: Session) -> dict[str, Any]:
    return {"when": session.starts_at.astimezone(ZoneInfo(session.zone)), "title": session.title}


def _day(when: date | datetime) -> date:
    return when.date() if isinstance(when, datetime) else when
