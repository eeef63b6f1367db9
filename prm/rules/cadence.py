"""The rhythm of training: last training + rhythm -> next one due, and which session covers it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from prm.rules.dates import anchored, first_anchored
from prm.rules.facts import Cadence, Organization, Reason, Seat
from prm.rules.ladder import Ladder, Moves, moved
from prm.rules.pausing import training_pause
from prm.rules.steps import Step, steps_of

TRAINING = (Step(-21, ("training",), ("owner",)), Step(0, ("training",)), Step(14, (), ("owner", "deputy")))
FIRST_AFTER = timedelta(30)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How near a session must be to a due date to count for it, in days."""

    before: timedelta
    after: timedelta

    @classmethod
    def of(cls, months: int) -> "Tolerance":
        if months >= 3:
            return cls(timedelta(45), timedelta(30))
        return cls(timedelta(15 * months), timedelta(10 * months))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Where due dates are counted from: `first` is the smallest n of anchor + n x months."""

    months: int
    anchor: date
    first: int
    known_on: date
    catch_up: bool


def rhythm(organization: Organization) -> Rhythm | None:
    """Return the organization's rhythm, or None where it has none (policy.md, "Rhythm")."""
    cadence: Cadence = organization.cadence
    if cadence.months is None:
        return None
    changed = max(organization.entered_on, cadence.changed_on or organization.entered_on)
    catch_up = changed == organization.entered_on
    if cadence.anchor is not None:
        return Rhythm(cadence.months, cadence.anchor, 0, changed, catch_up)
    if organization.attended:
        first = min(organization.attended, key=lambda a: (a.on, a.entered_on))
        known_on = max(changed, first.entered_on)
        return Rhythm(cadence.months, first.on, 1, known_on, catch_up or known_on > changed)
    begin = (organization.partner_since or organization.entered_on) + FIRST_AFTER
    return Rhythm(cadence.months, begin, 0, changed, catch_up)


def due_dates(organization: Organization, until: date) -> list[date]:
    """Return the due dates that exist: the latest begun at entry and those after it, through `until` and one more.

    A date that a session was attended for is gone; one that nobody attended stays. Which dates exist is a fact: it
    does not depend on the steps, only how far they are laid out does.
    """
    beat = rhythm(organization)
    if beat is None:
        return []
    earliest = first_anchored(
        beat.anchor, beat.months, not_before=date(beat.anchor.year - 1, 1, 1), first=beat.first
    )
    if organization.attended:
        last = max(attended.on for attended in organization.attended)
        not_before = last + Tolerance.of(beat.months).before + timedelta(1)
        earliest = first_anchored(beat.anchor, beat.months, not_before=not_before, first=beat.first)
    existing: list[date] = []
    ahead = min([TRAINING[0].offset, *(step.offset for step in _steps(organization))])
    n = (earliest.year - beat.anchor.year) * 12 + earliest.month - beat.anchor.month
    for due in anchored(beat.anchor, beat.months, first=n // beat.months):
        if _first_day(organization, due, TRAINING[0].offset) <= beat.known_on:
            existing = [due]
            continue
        existing.append(due)
        if _first_day(organization, due, ahead) > until:
            return existing
    raise AssertionError("a rhythm never ends")


def _steps(organization: Organization) -> tuple[Step, ...]:
    return steps_of(organization.rules, "training", TRAINING)


def _first_day(organization: Organization, due: date, offset: int) -> date:
    return moved(due + timedelta(offset), Moves.AFTER, organization.week)


@dataclass(frozen=True, slots=True)
class Cover:
    """What a due date's sessions mean for it: covered by a session on a day, or no longer covered since a day."""

    covered_on: date | None = None
    lost_on: date | None = None


def cover(organization: Organization, due: date, months: int) -> Cover:
    """Return whether a session covers the due date, and if not, since when one no longer does."""
    near = Tolerance.of(months)

    def inside(day: date | None) -> bool:
        return day is not None and due - near.before <= day <= due + near.after

    lost: list[date] = []
    seats = sorted(organization.seats, key=lambda seat: seat.session)
    for _, group in groupby(seats, key=lambda seat: seat.session):
        invited = list(group)
        session = invited[0]
        if inside(session.on):
            ended = _cover_ended(organization, invited)
            if ended is None:
                return Cover(covered_on=session.on)
            lost.append(ended)
        elif inside(session.moved_from) and session.moved_on is not None:
            lost.append(session.moved_on)
    return Cover(lost_on=max(lost, default=None))


def _cover_ended(organization: Organization, seats: list[Seat]) -> date | None:
    """Return the day on which a session near enough stopped covering, None while it covers."""
    session = seats[0]
    if session.cancelled_on is not None:
        return session.cancelled_on
    if session.recorded_on is not None and not session.present:
        return session.recorded_on
    pause = training_pause(organization, session.on)
    if pause is not None:
        return pause.changed_on
    closed = [_closed_on(seat) for seat in seats]
    days = [day for day in closed if day is not None]
    return max(days) if len(days) == len(seats) else None


def _closed_on(seat: Seat) -> date | None:
    """Return the day on which this person's invitation ended in a no, None while it stands."""
    if seat.withdrawn_on is not None:
        return seat.withdrawn_on
    return (seat.answered_on or seat.invited_on) if seat.answer == "declined" else None


def ladders(organization: Organization, until: date) -> Iterator[tuple[Ladder, Reason | None]]:
    """Yield each due date's ladder and, where a session covers it, the reason to skip it."""
    beat = rhythm(organization)
    if beat is None:
        return
    for due in due_dates(organization, until):
        ladder = Ladder(
            record=f"organization:{organization.id}",
            rule="training",
            reference=due,
            organization=organization.id,
            category="training",
            moves=Moves.AFTER,
            known_on=beat.known_on,
            steps=_steps(organization),
            catch_up=beat.catch_up,
        )
        found = cover(organization, due, beat.months)
        if found.covered_on is not None:
            yield ladder, Reason.of("covered", session_on=found.covered_on)
        elif found.lost_on is not None and found.lost_on > beat.known_on:
            yield replace(ladder, known_on=found.lost_on, catch_up=True), None
        else:
            yield ladder, None
