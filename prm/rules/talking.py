"""Conversations that must not be forgotten: talk again after a pause, stay in touch."""

from collections.abc import Iterator
from datetime import timedelta

from prm.rules import pausing
from prm.rules.facts import Organization, Pause, Side
from prm.rules.ladder import Ladder, Moves, Touch
from prm.rules.steps import Step, steps_of

OWNER = ("owner",)
QUESTION = Step(-7, ("declarer",), OWNER)
TALK_DAY = Step(0, (), OWNER)
#: Nobody talked and nobody answered: the deputy is asked, then the directors.
UNANSWERED = (Step(7, (), ("deputy",)), Step(14, (), ("director",)))
TALK = (QUESTION, TALK_DAY, *UNANSWERED)
#: The next stretch of a pause begins.
SEAM = (Step(0, (), OWNER),)
STAY_IN_TOUCH = (Step(90, (), OWNER), Step(120, (), ("owner", "deputy")))


def ladders(organization: Organization) -> Iterator[Ladder]:
    """Yield the ladders of unanswered pauses and the one that asks us to stay in touch.

    Between two stretches of one pause nobody at the partner is asked; our owner hears that it goes on otherwise.
    """
    for pause in organization.pauses:
        following = pausing.next_stretch(organization.pauses, pause)
        if following is not None:
            yield seam(organization, following)
        elif pause.answered_on is None:
            yield talk_again(organization, pause)
    yield stay_in_touch(organization)


def talked_about(organization: Organization, pause: Pause) -> bool:
    """Return whether a two-way talk fits the pause's talk-again date: from the day the question is put."""
    first = min([QUESTION.offset, *(step.offset for step in talk_steps(organization))])
    return any(talk.on >= pause.talk_on + timedelta(first) for talk in organization.talks)


def talk_steps(organization: Organization) -> tuple[Step, ...]:
    """Return the steps towards the talk in which a pause ends."""
    return steps_of(organization.rules, "talk", TALK)


def talk_again(organization: Organization, pause: Pause) -> Ladder:
    """Return the ladder towards the conversation in which a pause ends."""
    talked = talked_about(organization, pause)
    return Ladder(
        record=f"pause:{pause.id}",
        rule="talk",
        reference=pause.talk_on,
        organization=organization.id,
        category="pause",
        moves=Moves.AFTER,
        known_on=max(pause.entered_on, pause.changed_on),
        steps=tuple(step for step in talk_steps(organization) if step.offset <= 0 or not talked),
        person=pause.declared_by,
    )


def seam(organization: Organization, following: Pause) -> Ladder:
    """Return the one note to our owner on the day on which a pause goes on in another way."""
    return Ladder(
        record=f"pause:{following.id}",
        rule="change",
        reference=following.starts_on,
        organization=organization.id,
        category="pause",
        moves=Moves.AFTER,
        known_on=max(following.entered_on, following.changed_on),
        steps=steps_of(organization.rules, "change", SEAM),
    )


def stay_in_touch(organization: Organization) -> Ladder:
    """Return the ladder from the last two-way talk, or from the day of entry where none is known."""
    last = max(organization.talks, key=lambda talk: talk.on, default=None)
    return Ladder(
        record=f"organization:{organization.id}",
        rule="touch",
        reference=last.on if last else organization.entered_on,
        organization=organization.id,
        category="touch",
        moves=Moves.AFTER,
        known_on=max(organization.entered_on, last.recorded_on) if last else organization.entered_on,
        steps=steps_of(organization.rules, "touch", STAY_IN_TOUCH),
    )


def while_active(organization: Organization, touches: list[Touch]) -> list[Touch]:
    """Return the touches without those that run for active partners only and lie outside such a time."""
    return [t for t in touches if t.rule not in ("touch", "training") or organization.is_active(t.nominal)]


def entry_sides() -> tuple[tuple[Side, tuple[str, ...]], ...]:
    """Return who gets the calendar entry of the talk: whoever declared the pause, and the owner."""
    return ((Side.PARTNER, ("declarer",)), (Side.OURS, OWNER))
