"""A partner's pauses as its page shows them: what holds, what follows, and what can be done about each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from prm.capacity.models import Pause
from prm.partners.models import Organization
from prm.web.staff.badges import Badge, pause_badge, runs, takes_referrals


@dataclass(frozen=True, slots=True)
class Breath:
    """One pause. `begun`: it holds now, or is over and nobody said yet whether they are back.

    `follows`: it goes on from another one; `goes_on`: another one goes on from it, so nobody talks at its end.
    """

    pause: Pause
    badge: Badge
    running: bool
    begun: bool
    to_come: bool
    follows: bool
    goes_on: bool

    @property
    def open_question(self) -> bool:
        """Whether there is anything to press: it holds, is to come, or is to be confirmed."""
        return self.begun or self.to_come

    @property
    def may_go_on(self) -> bool:
        """Whether something else can be written down for the time after it."""
        return self.running and self.pause.ends_on is not None and not self.goes_on


def breaths(organization: Organization, today: date) -> tuple[list[Pause], list[Breath]]:
    """A partner's pauses that were not taken back, the latest first, and how the page shows them."""
    known = list(organization.pauses.filter(withdrawn_on__isnull=True).select_related("declared_by"))
    return known, shown(known, today)


def shown(pauses: Iterable[Pause], today: date) -> list[Breath]:
    """Pauses for the eye: what holds and what is to come as the days go, then what is over, the latest first."""
    known = list(pauses)
    numbers, gone_on = {one.pk for one in known}, {one.continues_id for one in known}
    found = [
        _breath(one, today, follows=one.continues_id in numbers, goes_on=one.pk in gone_on) for one in known
    ]
    here = sorted((one for one in found if one.running), key=lambda one: one.pause.starts_on)
    return [*here, *(one for one in found if not one.running)]


def _breath(pause: Pause, today: date, *, follows: bool, goes_on: bool) -> Breath:
    over = pause.ends_on is not None and pause.ends_on < today
    waits = over and pause.answered_on is None and not goes_on
    unanswered = waits and takes_referrals([pause], today) == "to_be_confirmed"
    now, to_come = runs(pause, today), pause.starts_on > today
    return Breath(
        pause,
        pause_badge(pause, today),
        running=now or to_come,
        begun=now or unanswered,
        to_come=to_come,
        follows=follows,
        goes_on=goes_on,
    )
