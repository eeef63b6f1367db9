"""Calendar entries: each goes once to each side, with the first touch that really goes there, or at once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from prm.rules import pausing, renewal, sessions, talking
from prm.rules.facts import Agreement, Organization, Pause, Side, State
from prm.rules.ladder import Touch, effective_day


def entries(organization: Organization, touches: list[Touch], today: date) -> Iterator[Touch]:
    """Yield the calendar entries that should exist, given the organization's settled touches."""
    for agreement in organization.agreements:
        if agreement.in_force and agreement.ends_on is not None and agreement.waiting_since is None:
            yield from _expiry(organization, agreement, agreement.ends_on, touches, today)
    for pause in organization.pauses:
        if pause.answered_on is None and pausing.next_stretch(organization.pauses, pause) is None:
            yield from _talk(organization, pause, touches, today)
    for seat in organization.seats:
        invitation = sessions.entry(organization, seat)
        if invitation is not None and _may_still_be_asked(organization, invitation, seat.answer, today):
            yield invitation


def _entry(
    organization: Organization,
    key: tuple[str, str, date],
    to: tuple[Side, tuple[str, ...]],
    day: date,
    *,
    at_once: bool,
) -> Touch:
    record, rule, reference = key
    side, audience = to
    return Touch(
        record=record,
        rule=rule,
        offset=None,
        reference=reference,
        organization=organization.id,
        side=side,
        audience=audience,
        nominal=day,
        day=day,
        category="pause" if rule == "talk-entry" else "renewal",
        at_once=at_once,
    )


def _expiry(
    organization: Organization, agreement: Agreement, ends_on: date, touches: list[Touch], today: date
) -> Iterator[Touch]:
    """With the first renewal touch that goes to a side; where that side has the entry already, it moves at once.

    After a notice, and where nothing is said any more, nobody gets a new one; but who has it keeps it: the day stands.
    """
    record = f"agreement:{agreement.id}"
    for side, audience in ((Side.PARTNER, renewal.NOTICE), (Side.OURS, renewal.OWNER)):
        day = _first_day(organization, touches, (record, "expiry", ends_on, side, False), today)
        moves = _moved_on(organization, (record, "expiry-entry", ends_on, side), agreement.known_on)
        if moves is not None:
            day = moves
        elif _ahead(day, ends_on) is None and _holds(organization, (record, "expiry-entry", ends_on, side)):
            day = agreement.known_on
        if day is not None and day <= ends_on:
            key = (record, "expiry-entry", ends_on)
            yield _entry(organization, key, (side, audience), day, at_once=moves is not None)


def _talk(organization: Organization, pause: Pause, touches: list[Touch], today: date) -> Iterator[Touch]:
    """When the pause is declared; with the question a week before for an imported one.

    Where we ask no more, nobody gets a new one.
    """
    record = f"pause:{pause.id}"
    silent = not talking.talk_steps(organization)
    for side, audience in talking.entry_sides():
        day: date | None = max(pause.entered_on, pause.changed_on)
        moves = _moved_on(organization, (record, "talk-entry", pause.talk_on, side), day)
        if (pause.imported or silent) and moves is None:
            day = _first_day(organization, touches, (record, "talk", pause.talk_on, side, False), today)
            if _ahead(day, pause.talk_on) is None and _holds(
                organization, (record, "talk-entry", pause.talk_on, side)
            ):
                day = pause.changed_on
        if day is not None and day <= pause.talk_on:
            key = (record, "talk-entry", pause.talk_on)
            at_once = not pause.imported or moves is not None
            touch = _entry(organization, key, (side, audience), day, at_once=at_once)
            yield touch if side is Side.OURS else _to_person(touch, pause.declared_by)


def _ahead(day: date | None, reference: date) -> date | None:
    """Return the day if an entry may still go on it: not after the day that it is about."""
    return day if day is not None and day <= reference else None


def _to_person(touch: Touch, contact: int | None) -> Touch:
    return replace(touch, person=contact)


def _first_day(
    organization: Organization, touches: list[Touch], ladder: tuple[str, str, date, Side, bool], today: date
) -> date | None:
    """Return the day of the first touch of a ladder and side that goes or has gone, None where none does."""
    days = (effective_day(t, today, organization.week) for t in touches if t.ladder == ladder and t.goes)
    return min((day for day in days if day is not None), default=None)


def _moved_on(
    organization: Organization, key: tuple[str, str, date, Side], known_on: date | None
) -> date | None:
    """Return when the entry's date became known, if this side already holds the entry for another date."""
    record, rule, reference, side = key
    start, end = f"{record}:{rule}:", f":org-{organization.id}:{side}"
    held = any(
        past.state is State.HANDED_OVER
        and known.startswith(start)
        and known.endswith(end)
        and known != f"{start}{reference.isoformat()}{end}"
        for known, past in organization.past.items()
    )
    return known_on if held else None


def _holds(organization: Organization, key: tuple[str, str, date, Side]) -> bool:
    """Return whether this side has the entry for this very date."""
    record, rule, reference, side = key
    past = organization.past.get(f"{record}:{rule}:{reference.isoformat()}:org-{organization.id}:{side}")
    return past is not None and past.state is State.HANDED_OVER


def _may_still_be_asked(organization: Organization, invitation: Touch, answer: str, today: date) -> bool:
    """A handed-over invitation stays; a new one goes only to somebody who has not said no, before the day."""
    known = organization.past.get(invitation.key)
    if known is not None and known.state is State.HANDED_OVER:
        return True
    return answer != "declined" and invitation.reference >= today
