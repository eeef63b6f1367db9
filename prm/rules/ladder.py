"""What every clock shares: a ladder of steps about one reference date becomes touches, and the rule of entry."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from prm.rules.dates import WorkingWeek
from prm.rules.facts import Past, Reason, Side, State
from prm.rules.steps import Step

#: Nothing special: it goes on its day.
PLANNED = Reason("planned")


class Moves(StrEnum):
    """Where a step goes that falls on a closed day."""

    BEFORE = "before"  # a deadline
    AFTER = "after"  # a nudge


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing to say to one side of one organization about one reference date (policy.md, "Words").

    `offset` None is a calendar entry; `nominal` is reference + offset, `day` the sending day after moving (None: held,
    end unknown); `last_day` the last day on which it may still go; `person` a contact that the audience points at.
    """

    record: str
    rule: str
    offset: int | None
    reference: date
    organization: int
    side: Side
    audience: tuple[str, ...]
    nominal: date
    day: date | None
    category: str
    state: State = State.PLANNED
    reason: Reason = PLANNED
    person: int | None = None
    last_day: date | None = None
    at_once: bool = False
    nobody: bool = False

    @property
    def key(self) -> str:
        """The natural key under which this touch exists once."""
        step = "" if self.offset is None else f"{'+' if self.offset > 0 else '-'}{abs(self.offset)}d"
        side = f"{Side.PARTNER}:nobody" if self.nobody else self.side
        return f"{self.record}:{self.rule}{step}:{self.reference.isoformat()}:org-{self.organization}:{side}"

    @property
    def ladder(self) -> tuple[str, str, date, Side, bool]:
        """Touches with the same value overtake one another."""
        return (self.record, self.rule, self.reference, self.side, self.nobody)

    @property
    def goes(self) -> bool:
        """Whether it goes, now or later, or has gone."""
        return self.state in (State.PLANNED, State.HELD, State.HANDED_OVER)

    def skipped(self, code: str, **data: str | int | date) -> "Touch":
        return replace(self, state=State.SKIPPED, reason=Reason.of(code, **data))


def effective_day(touch: Touch, today: date, week: WorkingWeek) -> date | None:
    """Return the day on which the touch goes as seen from `today`: a late one goes on the next day that mail goes."""
    if touch.day is None or touch.day >= today or touch.state is State.HANDED_OVER:
        return touch.day
    return today if touch.at_once else week.on_or_after(today)


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps about one reference date. `known_on` is the day of entry that counts for it.

    `catch_up`: whether the latest passed step of a running ladder still goes, once, after entry. `partner_until`: the
    last day on which the partner may hear of it.
    """

    record: str
    rule: str
    reference: date
    organization: int
    category: str
    moves: Moves
    known_on: date
    steps: tuple[Step, ...]
    catch_up: bool = True
    person: int | None = None
    partner_until: date | None = None


def moved(day: date, moves: Moves, week: WorkingWeek) -> date:
    """Return the working day on which something nominally due on `day` goes out."""
    return week.on_or_before(day) if moves is Moves.BEFORE else week.on_or_after(day)


def touches(ladder: Ladder, week: WorkingWeek, past: Mapping[str, Past]) -> list[Touch]:
    """Return the ladder's touches, with what lay before its entry skipped or, once, caught up.

    What a setting brought about after its day is skipped, unless the ledger `past` knew of it before.
    Source: policy.md, "What is never sent", first and third point.
    """
    days = {
        step: moved(ladder.reference + timedelta(step.offset), ladder.moves, week) for step in ladder.steps
    }
    caught_up = _caught_up(ladder, days, past)
    result = []
    for step, day in days.items():
        for touch in _sides(ladder, step, day):
            if _created_late(ladder, step, touch, past):
                result.append(touch.skipped("setting", changed_on=step.created_on or day))
            elif day >= ladder.known_on:
                result.append(touch)
            elif step is caught_up:
                late = week.after(ladder.known_on)
                result.append(
                    replace(touch, day=late, reason=Reason.of("caught_up", entered=ladder.known_on))
                )
            else:
                result.append(touch.skipped("entered", entered=ladder.known_on))
    return result


def _caught_up(ladder: Ladder, days: dict[Step, date], past: Mapping[str, Past]) -> Step | None:
    """Return the step that fires although it passed before entry: the latest passed one of a running ladder."""
    if not days or not ladder.catch_up:
        return None
    if ladder.known_on > max(ladder.reference, *days.values()):
        return None
    passed = [
        step
        for step, day in days.items()
        if day < ladder.known_on
        and not all(_created_late(ladder, step, touch, past) for touch in _sides(ladder, step, day))
    ]
    return max(passed, key=lambda step: step.offset, default=None)


def _created_late(ladder: Ladder, step: Step, touch: Touch, past: Mapping[str, Past]) -> bool:
    """Return whether a setting brought the touch about after its day.

    One that is older than the record did not, nor did one that came when the touch was long in the ledger.
    """
    day = touch.day or touch.nominal
    if step.created_on is None or max(day, ladder.known_on) >= step.created_on:
        return False
    known = past.get(touch.key)
    return known is None or known.reason.code == "setting"


def _sides(ladder: Ladder, step: Step, day: date) -> Iterator[Touch]:
    nominal = ladder.reference + timedelta(step.offset)
    reason = PLANNED if day == nominal else Reason.of("moved", nominal=nominal)
    for side, audience in ((Side.PARTNER, step.partner), (Side.OURS, step.ours)):
        if not audience:
            continue
        yield Touch(
            record=ladder.record,
            rule=ladder.rule,
            offset=step.offset,
            reference=ladder.reference,
            organization=ladder.organization,
            side=side,
            audience=audience,
            nominal=nominal,
            day=day,
            category=ladder.category,
            reason=reason,
            person=ladder.person if side is Side.PARTNER else None,
            last_day=ladder.partner_until if side is Side.PARTNER else None,
        )
