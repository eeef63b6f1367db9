"""How a pause bends touches: the partner is left in peace, staff are told (policy.md, "Pauses")."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum

from prm.rules.dates import WorkingWeek, add_months
from prm.rules.facts import Organization, Pause, Reason, Side, State
from prm.rules.ladder import Touch

TRAINING_SCOPES = frozenset({"training", "all"})
TALK_AGAIN_MONTHS = 3
#: What goes through every pause: the question when it ends, and whether they still consent to be listed.
EXEMPT = frozenset({"talk", "consent"})


class Openness(StrEnum):
    """Whether a partner takes referrals."""

    OPEN = "open"
    LIMITED = "limited"
    WAITING_LIST = "waiting_list"
    PAUSED = "paused"
    TO_BE_CONFIRMED = "to_be_confirmed"


def pause_end(starts_on: date, months: int) -> date:
    """Return the last day of a pause of `months`: from 30 Nov 2027, three months, through 29 Feb 2028."""
    return add_months(starts_on, months)


def talk_again_on(starts_on: date, ends_on: date | None) -> date:
    """Return when to talk again unless a day was named: at the end, or three months on where that is unknown."""
    return ends_on if ends_on is not None else add_months(starts_on, TALK_AGAIN_MONTHS)


def contains(pause: Pause, day: date) -> bool:
    """Return whether `day` lies in the pause; first and last day are inside."""
    return pause.starts_on <= day and (pause.ends_on is None or day <= pause.ends_on)


def next_stretch(pauses: Iterable[Pause], pause: Pause) -> Pause | None:
    """Return the stretch that follows a pause without a talk between them, or None."""
    return next((p for p in pauses if p.continues == pause.id and p.starts_on > pause.starts_on), None)


def last_stretch(pauses: Collection[Pause], pause: Pause) -> Pause:
    """Return the last of the stretches that begin with this pause: the one that ends in a talk."""
    while (following := next_stretch(pauses, pause)) is not None:
        pause = following
    return pause


def training_pause(organization: Organization, day: date) -> Pause | None:
    """Return a pause of training or of everything that contains `day`."""
    return next((p for p in organization.pauses if p.scope in TRAINING_SCOPES and contains(p, day)), None)


def openness(pauses: Iterable[Pause], today: date) -> Openness:
    """Return whether the partner takes referrals on `today`; an unanswered pause never reopens by itself."""
    concerned = [p for p in pauses if p.scope in ("referrals", "all")]
    inside = [p for p in concerned if contains(p, today)]
    if any(p.effect == "closed" for p in inside):
        return Openness.PAUSED
    if inside:
        return Openness(inside[0].effect)
    past = [p for p in concerned if p.ends_on is not None and p.ends_on < today]
    last = max(past, key=lambda p: p.ends_on or today, default=None)
    return Openness.TO_BE_CONFIRMED if last is not None and last.answered_on is None else Openness.OPEN


def bend(organization: Organization, touches: list[Touch], today: date) -> list[Touch]:
    """Return the touches as the organization's pauses leave them, as seen from `today`."""
    if not organization.pauses:
        return touches
    bent = [_bend_one(organization, touch, today) for touch in touches]
    return _one_a_day(bent)


def _bend_one(organization: Organization, touch: Touch, today: date) -> Touch:
    if touch.state is not State.PLANNED or touch.day is None or touch.rule in EXEMPT:
        return touch
    week = organization.week
    if touch.side is Side.OURS:
        return (
            _hold_in_touch(organization.pauses, touch, touch.day, today, week)
            if touch.rule == "touch"
            else touch
        )
    if touch.category == "renewal":
        return _skip_renewal(organization.pauses, touch, _late(touch.day, today, week), week)
    return _hold_training(organization.pauses, touch, today, week)


def _late(day: date, today: date, week: WorkingWeek) -> date:
    return day if day >= today else week.on_or_after(today)


def _meets(pause: Pause, last: date | None, day: date, late: date, week: WorkingWeek) -> bool:
    """Return whether the touch's sending day lies in the pause (through `last`), or one on which it waited to go.

    What was not handed over on its day goes on the next working day, and is then inside a pause that has begun
    meanwhile. The answer is the same however often, or seldom, somebody asks.
    """
    first = week.on_or_after(max(day, pause.starts_on))
    return first <= late and (last is None or first <= last)


def _skip_renewal(pauses: tuple[Pause, ...], touch: Touch, late: date, week: WorkingWeek) -> Touch:
    """A pause of everything turns renewal to our side: nothing is moved, nothing caught up."""
    day = touch.day or late
    everything = (p for p in pauses if p.scope == "all")
    inside = next((p for p in everything if _meets(p, p.ends_on, day, late, week)), None)
    if inside is None:
        return touch
    if inside.ends_on is None:
        return touch.skipped("paused_open")
    return touch.skipped("paused", until=inside.ends_on)


def _hold_training(pauses: tuple[Pause, ...], touch: Touch, today: date, week: WorkingWeek) -> Touch:
    """Training waits for the first working day after the last day of the last of touching pauses."""
    holding = [p for p in pauses if p.scope in TRAINING_SCOPES]
    day: date | None = touch.day
    until: date | None = None
    while day is not None:
        late = _late(day, today, week)
        inside = [p for p in holding if _meets(p, p.ends_on, day, late, week)]
        if not inside:
            break
        day, until = _release(holding, inside, week)
    if day == touch.day:
        return touch
    if day is None:
        return replace(touch, day=None, state=State.HELD, reason=Reason("held_unknown"))
    state = State.HELD if day > today else State.PLANNED
    return replace(touch, day=day, state=state, reason=Reason.of("held", until=until or day))


def _release(holding: list[Pause], inside: list[Pause], week: WorkingWeek) -> tuple[date | None, date | None]:
    """Return the day on which mail goes again after these pauses and those that touch them, and their last day."""
    chain = list(inside)
    while True:
        if any(p.ends_on is None for p in chain):
            return None, None
        last = max(p.ends_on for p in chain if p.ends_on is not None)
        touching = [
            p for p in holding if p not in chain and p.starts_on <= last + timedelta(1) and _reaches(p, last)
        ]
        if not touching:
            break
        chain += touching
    day = week.after(last)
    changed_on = max(p.changed_on for p in chain)
    return (week.after(changed_on) if day < changed_on else day), last


def _reaches(pause: Pause, last: date) -> bool:
    return pause.ends_on is None or pause.ends_on > last


def _hold_in_touch(
    pauses: tuple[Pause, ...], touch: Touch, day: date, today: date, week: WorkingWeek
) -> Touch:
    """Staying in touch waits, in any pause, for its talk-again date; in one of several stretches for the last one's."""
    ends = {p: last_stretch(pauses, p) for p in pauses}
    while True:
        late = _late(day, today, week)
        inside = [p for p in pauses if _meets(p, _talked(ends[p]) - timedelta(1), day, late, week)]
        if not inside:
            break
        last = max((ends[p] for p in inside), key=_talked)
        day = week.on_or_after(_talked(last))
        if day < last.changed_on:
            day = week.after(last.changed_on)
    if day == touch.day:
        return touch
    state = State.HELD if day > today else State.PLANNED
    return replace(touch, day=day, state=state, reason=Reason.of("held_until_talk", until=day))


def _talked(pause: Pause) -> date:
    return min(pause.talk_on, pause.answered_on or pause.talk_on)


def _one_a_day(touches: list[Touch]) -> list[Touch]:
    """Of several held training touches that go on one day, only the one with the latest nominal day goes.

    Two people who are to be told the same of the same nominal day are both told.
    """
    latest: dict[date, Touch] = {}
    for touch in touches:
        if touch.reason.code == "held" and touch.day is not None:
            best = latest.setdefault(touch.day, touch)
            latest[touch.day] = max(best, touch, key=lambda t: t.nominal)
    result = []
    for touch in touches:
        waits = touch.reason.code == "held" and touch.state is not State.HANDED_OVER
        best_one = latest.get(touch.day) if waits and touch.day is not None else None
        late = best_one is not None and touch.nominal < best_one.nominal
        result.append(touch.skipped("overtaken", by=best_one.key) if best_one and late else touch)
    return result
