"""The heart: what should exist for one organization, and how that differs from what exists. Two functions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from prm.rules import cadence, consent, entries, pausing, promises, renewal, sessions, talking
from prm.rules.facts import Organization, Past, Reason, Side, State
from prm.rules.ladder import Touch, effective_day, touches
from prm.rules.succession import partner_recipients


def desired(organization: Organization, today: date, until: date) -> list[Touch]:
    """Return every touch that should exist as of `today`, planned, held or skipped with its reason.

    Ladders that repeat for ever are laid out through the day `until` and one step beyond. Touches that were handed
    over come back as such; what was skipped or withdrawn on a day gone by is settled and does not come back.
    """
    found = talking.while_active(organization, _all_touches(organization, today, until))
    found = _remember(organization.past, found, today)
    gone = _gone_out(organization.past)
    found = [_gone_before(gone, touch) for touch in found]
    found = [_answered(organization, touch) for touch in found]
    found = pausing.bend(organization, found, today)
    found = _overtake(organization, found, today)
    found = [_in_time(organization, touch, today) for touch in found]
    found = _nobody_to_tell(organization, found, today)
    return [*found, *_remember(organization.past, entries.entries(organization, found, today), today)]


@dataclass(frozen=True, slots=True)
class Difference:
    """What to write so that the ledger holds what is desired: touches to insert, to update, keys to withdraw."""

    insert: tuple[Touch, ...] = ()
    update: tuple[Touch, ...] = ()
    withdraw: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.insert or self.update or self.withdraw)


def diff(existing: Mapping[str, Past], wanted: Iterable[Touch], today: date) -> Difference:
    """Return what turns the ledger `existing` (by natural key) into `wanted`; what was handed over never changes."""
    by_key = {touch.key: touch for touch in wanted if touch.state is not State.HANDED_OVER}
    insert = tuple(touch for key, touch in by_key.items() if key not in existing)
    update = tuple(t for key, t in by_key.items() if key in existing and _differs(existing[key], t))
    withdraw = tuple(key for key, past in existing.items() if key not in by_key and _open(past, today))
    return Difference(insert, update, withdraw)


def _differs(past: Past, touch: Touch) -> bool:
    if past.state is State.HANDED_OVER:
        return False
    return (past.state, past.day, past.reason, past.audience) != (
        touch.state,
        touch.day,
        touch.reason,
        touch.audience,
    )


def _open(past: Past, today: date) -> bool:
    """Return whether a row that is no longer desired must be withdrawn rather than kept as history."""
    if past.state in (State.PLANNED, State.HELD):
        return True
    return past.state is State.SKIPPED and (past.day is None or past.day >= today)


def _all_touches(organization: Organization, today: date, until: date) -> list[Touch]:
    week = organization.week
    found: list[Touch] = []
    single = (renewal.ladders(organization, until), talking.ladders(organization))
    lasting = (*consent.ladders(organization, today), *promises.ladders(organization))
    for ladder in (*single[0], *single[1], *lasting):
        found += touches(ladder, week, organization.past)
    for ladder, covered in cadence.ladders(organization, until):
        rungs = touches(ladder, week, organization.past)
        found += [replace(t, state=State.SKIPPED, reason=covered) for t in rungs] if covered else rungs
    return found + list(sessions.seat_touches(organization, today))


def _remember(past: Mapping[str, Past], found: Iterable[Touch], today: date) -> list[Touch]:
    """Take over what the ledger has settled: handed over is handed over, and a day gone by does not return.

    Cover is the exception: where it is lost, the rule of entry decides anew.
    """
    result: list[Touch] = []
    for touch in found:
        known = past.get(touch.key)
        if known is None:
            result.append(touch)
        elif known.state is State.HANDED_OVER:
            result.append(replace(touch, state=State.HANDED_OVER, day=known.day, reason=known.reason))
        elif not _settled(known, today) or _said_anew(known, touch):
            result.append(touch)
        elif known.reason.code == "no_contact":
            result += _still_to_tell(past, touch, known)
    return result


def _settled(known: Past, today: date) -> bool:
    gone_by = known.day is not None and known.day < today
    return gone_by and known.state in (State.SKIPPED, State.WITHDRAWN) and known.reason.code != "covered"


def _said_anew(known: Past, touch: Touch) -> bool:
    """Return whether a calendar entry that was withdrawn before it went is wanted again since a later day."""
    later = known.day is not None and touch.day is not None and touch.day > known.day
    return later and touch.offset is None and known.state is State.WITHDRAWN


def _gone_out(past: Mapping[str, Past]) -> dict[tuple[str, str], str]:
    """Return the renewal offsets that went out, as (key before, key after the reference date) -> that date."""
    parts = (key.split(":") for key, p in past.items() if p.state is State.HANDED_OVER and ":expiry" in key)
    return {(":".join(p[:3]), ":".join(p[4:])): p[3] for p in parts}


def _gone_before(gone: Mapping[tuple[str, str], str], touch: Touch) -> Touch:
    """Count an offset that went out for an earlier end date as gone for the corrected one."""
    if touch.rule != "expiry" or touch.state is not State.PLANNED or not gone:
        return touch
    start, _, rest = touch.key.partition(f":{touch.reference.isoformat()}:")
    reference = gone.get((start, rest))
    return touch if reference is None else touch.skipped("gone_before", reference=reference)


def _answered(organization: Organization, touch: Touch) -> Touch:
    """Stop the renewal toward a party that has answered for this reference date; our side goes on."""
    if touch.rule != "expiry" or touch.side is not Side.PARTNER or touch.state is not State.PLANNED:
        return touch
    said = (
        a
        for a in organization.people.answers
        if a.choice != "not_me" and (a.record, a.reference) == (touch.record, touch.reference)
    )
    answer = next(said, None)
    return touch if answer is None else touch.skipped("answered", on=answer.on)


def _in_time(organization: Organization, touch: Touch, today: date) -> Touch:
    """Skip what would come too late: a renewal after the last valid day, a reminder of a session that has begun."""
    day = effective_day(touch, today, organization.week)
    if touch.state not in (State.PLANNED, State.HELD) or touch.last_day is None or day is None:
        return touch
    return touch if day <= touch.last_day else touch.skipped("too_late", last_day=touch.last_day)


def _overtake(organization: Organization, found: list[Touch], today: date) -> list[Touch]:
    """Skip each touch that a later offset of its ladder and side reaches on the same day or earlier."""
    result: list[Touch] = []
    for _, group in groupby(sorted(found, key=_ladder_order), key=lambda touch: touch.ladder):
        later: list[Touch] = []
        for touch in reversed(list(group)):
            by = _overtaker(organization, touch, later, today)
            result.append(touch if by is None else touch.skipped("overtaken", by=by.key))
            if touch.goes:
                later.insert(0, touch)
    return result


def _ladder_order(touch: Touch) -> tuple[str, int]:
    return (":".join(map(str, touch.ladder)), touch.offset or 0)


def _overtaker(organization: Organization, touch: Touch, later: list[Touch], today: date) -> Touch | None:
    """Return the nearest later offset that reaches this one: it may be overtaken itself, by one later still."""
    if touch.state not in (State.PLANNED, State.HELD):
        return None
    day = effective_day(touch, today, organization.week)
    for other in later:
        if other.state is State.HANDED_OVER:
            return other
        reached = effective_day(other, today, organization.week)
        if day is not None and reached is not None and reached <= day:
            return other
    return None


def _nobody_to_tell(organization: Organization, found: list[Touch], today: date) -> list[Touch]:
    """Turn what nobody at the partner can receive into a line for the owner: a gap is a task, not a lost mail."""
    result: list[Touch] = []
    for touch in found:
        day = effective_day(touch, today, organization.week)
        waits = touch.side is Side.PARTNER and touch.state in (State.PLANNED, State.HELD) and day is not None
        if not waits or _reaches_someone(organization, touch, day or today):
            result.append(touch)
        else:
            result += [touch.skipped("no_contact"), _told(organization.past, _gap(touch))]
    return result


def _told(past: Mapping[str, Past], gap: Touch) -> Touch:
    known = past.get(gap.key)
    handed_over = known is not None and known.state is State.HANDED_OVER
    return replace(gap, state=State.HANDED_OVER, day=known.day) if known and handed_over else gap


def _reaches_someone(organization: Organization, touch: Touch, day: date) -> bool:
    people = organization.people.asked_about(touch.record, touch.reference)
    return bool(partner_recipients(people, touch.audience, day, touch.category, touch.person))


def _gap(touch: Touch) -> Touch:
    return replace(
        touch,
        side=Side.OURS,
        nobody=True,
        audience=("owner",),
        person=None,
        last_day=None,
        state=State.PLANNED,
        reason=Reason("no_contact"),
    )


def _still_to_tell(past: Mapping[str, Past], touch: Touch, known: Past) -> list[Touch]:
    """Keep the owner's line about a gap until it has gone, though the day of the mail itself is over."""
    gap = replace(_gap(touch), day=known.day)
    told = past.get(gap.key)
    return [gap] if told is not None and told.state is State.PLANNED else []
