""" "We are full": a partner's pause begins today, gets another end, or is said anew."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.capacity import actions as capacity
from prm.capacity.models import Effect, Pause, Reach
from prm.capacity.queries import current_pauses, pauses_of, to_be_confirmed
from prm.continuity import moved, undoing
from prm.partners import actions as partners
from prm.partners.models import Link, Organization, Statement, StatementKind
from prm.reminders.actions import replan
from prm.rules.pausing import pause_end
from prm.rules.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Full:
    """What somebody is full of, through `ends_on` or for `months` from today; with neither the end is unknown."""

    scope: str
    effect: str = Effect.CLOSED
    reach: str = Reach.US
    service: str = ""
    ends_on: datetime.date | None = None
    months: int | None = None
    reason: str = ""

    def last_day(self, today: datetime.date) -> datetime.date | None:
        return pause_end(today, self.months) if self.months and self.ends_on is None else self.ends_on

    def is_like(self, pause: Pause) -> bool:
        """Whether a pause is of the same scope and service."""
        return (pause.scope, pause.service.casefold()) == (self.scope, self.service.strip().casefold())


def running(organization: Organization, full: Full, today: datetime.date) -> Pause | None:
    """Return the pause of the same kind that holds on `today`, or None."""
    return next((pause for pause in current_pauses(organization, today) if full.is_like(pause)), None)


@transaction.atomic
def we_are_full(
    link: Link, *, now: datetime.datetime, replaced: Mapping[str, Any] | None = None, **said: Any
) -> Statement:
    """Begin a pause today; `said` is that of `Full`.

    A pause of the same kind that runs already gets the new last day instead, and keeps how far and for whom it is.
    The same again changes nothing. `replaced` is what the word moved that this one corrects. Raises Refusal.
    """
    organization, today = undoing.begin(link.organization_id, now=now)
    full = Full(**said)
    _check_last_day(organization, full, today)
    known = running(organization, full, today)
    before = undoing.state_of(known) if known else None
    invited = moved.standing_invitations(organization)
    over = [] if known else _answer_what_is_over(link, full, today, now)
    pause = _prolong(known, full, today, now) if known else _declare(link, full, today, now)
    after = undoing.state_of(pause)
    again = _said_already(link, pause) if before == after else None
    if again is not None:
        return again
    data = {"before": before, "after": after, "answered": over, **undoing.what_of(pause)}
    record = f"pause:{pause.pk}"
    kind = StatementKind.PAUSE
    statement = partners.say(
        link, kind=kind, choice=pause.scope, record_key=record, data=data, now=now, today=today
    )
    changes = replan([organization.pk], now=now)
    return partners.note_changed(statement, moved.by_pause(pause, changes, invited, replaced, today=today))


@transaction.atomic
def change_full(statement: Statement, link: Link, *, now: datetime.datetime, **said: Any) -> Statement:
    """Say it anew: what was said before counts as not said. `said` is that of `Full`."""
    undoing.begin(statement.organization_id, now=now)
    replaced = statement.data.get("changed")
    undoing.unsay(statement, now=now)
    return we_are_full(link, now=now, replaced=replaced, **said)


@transaction.atomic
def explain(statement: Statement, *, reason: str, now: datetime.datetime) -> Statement:
    """Add why they are full. The reason stays with the pause; only our side reads it."""
    pause = undoing.pause_of(statement)
    if pause is not None and statement.taken_back_at is None:
        capacity.explain(pause, reason=reason, now=now)
    return statement


def _check_last_day(organization: Organization, full: Full, today: datetime.date) -> None:
    last_day = full.last_day(today)
    if last_day is not None and last_day < today:
        raise Refusal(_("This day is over. Choose a day from today on."), field="ends_on")
    for other in pauses_of(organization).filter(starts_on__gt=today).order_by("starts_on"):
        if full.is_like(other) and (last_day is None or other.starts_on <= last_day):
            sentence = _("A pause from %(day)s on is known already. Choose a last day before it, or call us.")
            raise Refusal(sentence % {"day": other.starts_on.isoformat()}, field="ends_on")


def _prolong(pause: Pause, full: Full, today: datetime.date, now: datetime.datetime) -> Pause:
    return capacity.extend(pause, ends_on=full.last_day(today), now=now, today=today)


def _declare(link: Link, full: Full, today: datetime.date, now: datetime.datetime) -> Pause:
    return capacity.pause(
        link.organization,
        scope=full.scope,
        service=full.service,
        effect=full.effect,
        reach=full.reach,
        starts_on=today,
        ends_on=full.last_day(today),
        reason=full.reason,
        declared_by=link.contact,
        now=now,
        today=today,
    )


def _answer_what_is_over(link: Link, full: Full, today: datetime.date, now: datetime.datetime) -> list[int]:
    """Whoever is full again has answered the question about the pause before."""
    over = [pause for pause in to_be_confirmed(link.organization, today) if full.is_like(pause)]
    for pause in over:
        capacity.answer(pause, answer="longer", contact=link.contact, now=now, today=today)
    return [pause.pk for pause in over]


def _said_already(link: Link, pause: Pause) -> Statement | None:
    """Return what was said by this link about this pause: the button was pressed twice."""
    said = link.statements.filter(kind=StatementKind.PAUSE, record=f"pause:{pause.pk}")
    return said.filter(taken_back_at__isnull=True).first()
