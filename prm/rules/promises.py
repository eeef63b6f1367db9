"""What one side promised the other: a word before the day, on it, and when it is late (policy.md, "Other clocks")."""

from collections.abc import Iterator
from dataclasses import replace

from prm.rules.facts import Organization, Promise
from prm.rules.ladder import Ladder, Moves
from prm.rules.steps import Step, steps_of

OWNER = ("owner",)
PROMISER = ("promiser",)
STEPS = (Step(-3, (), PROMISER), Step(0, (), PROMISER), Step(7, (), ("owner", "deputy")))


def promiser(promise: Promise) -> tuple[str, ...]:
    """Return who is asked about a promise: whoever of us owes it or keeps an eye on it, else the owner."""
    return OWNER if promise.user is None else (f"promiser:{promise.user}",)


def ladders(organization: Organization) -> Iterator[Ladder]:
    """Yield the ladder of each open promise. It is a deadline: word of it on the Monday after would come too late."""
    for promise in organization.promises:
        usual = steps_of(organization.rules, "promise", STEPS)
        yield Ladder(
            record=f"promise:{promise.id}",
            rule="promise",
            reference=promise.due_on,
            organization=organization.id,
            category="promise",
            moves=Moves.BEFORE,
            known_on=max(promise.entered_on, promise.changed_on),
            steps=tuple(replace(step, ours=_asked(step.ours, promise)) for step in usual),
        )


def _asked(ours: tuple[str, ...], promise: Promise) -> tuple[str, ...]:
    """Return whom a step means of this promise; nobody twice."""
    found = (one for role in ours for one in (promiser(promise) if role in PROMISER else (role,)))
    return tuple(dict.fromkeys(found))
