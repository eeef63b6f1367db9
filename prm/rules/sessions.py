"""A session and the people invited to it: the reminders before it and the thanks after it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from prm.rules.facts import Organization, Reason, Seat, Side, State
from prm.rules.ladder import Ladder, Moves, Touch, touches
from prm.rules.pausing import training_pause
from prm.rules.steps import Step, steps_of

INVITED = ("invited",)
BEFORE_THE_START = (Step(-7, INVITED), Step(-1, INVITED))
AFTERWARDS = (Step(2, INVITED),)


def stands(organization: Organization, seat: Seat) -> bool:
    """Return whether the invitation stands: not cancelled, not taken back, not inside a pause of training."""
    ended = seat.cancelled_on is not None or seat.withdrawn_on is not None
    return not ended and training_pause(organization, seat.on) is None


def seat_touches(organization: Organization, today: date) -> Iterator[Touch]:
    """Yield the touches of every standing invitation as of `today`."""
    for seat in organization.seats:
        if not stands(organization, seat):
            continue
        if seat.answer != "declined":
            yield from touches(_ladder(organization, seat, "start"), organization.week, organization.past)
        if seat.attended or seat.answer != "declined":
            yield from _afterwards(organization, seat, today)


def _ladder(organization: Organization, seat: Seat, rule: str) -> Ladder:
    """Return a ladder whose offsets that passed before the invitation, or the last move, are simply skipped."""
    before = rule == "start"
    return Ladder(
        record=f"invitation:{seat.id}",
        rule=rule,
        reference=seat.on,
        organization=organization.id,
        category="training",
        moves=Moves.BEFORE if before else Moves.AFTER,
        known_on=max(seat.invited_on, seat.moved_on or seat.invited_on),
        steps=steps_of(organization.rules, rule, BEFORE_THE_START if before else AFTERWARDS),
        catch_up=False,
        person=seat.contact,
        partner_until=seat.on if before else None,
    )


def _afterwards(organization: Organization, seat: Seat, today: date) -> Iterator[Touch]:
    """Yield thanks or "we missed you", which wait until attendance is written down."""
    ladder = _ladder(organization, seat, "after")
    for touch in touches(ladder, organization.week, organization.past):
        if touch.state is not State.PLANNED or touch.day is None:
            yield touch
        elif seat.recorded_on is None and touch.day <= today:
            yield replace(touch, day=None, state=State.HELD, reason=Reason("attendance_missing"))
        elif seat.recorded_on is not None and touch.day < seat.recorded_on:
            yield replace(touch, day=organization.week.after(seat.recorded_on))
        else:
            yield touch


def entry(organization: Organization, seat: Seat) -> Touch | None:
    """Return the invitation itself: a calendar entry that goes at once, again under a new key when the day moves."""
    if not stands(organization, seat):
        return None
    made_on = max(seat.invited_on, seat.moved_on or seat.invited_on)
    return Touch(
        record=f"invitation:{seat.id}",
        rule="entry",
        offset=None,
        reference=seat.on,
        organization=organization.id,
        side=Side.PARTNER,
        audience=INVITED,
        nominal=made_on,
        day=made_on,
        category="training",
        person=seat.contact,
        last_day=seat.on,
        at_once=True,
    )
