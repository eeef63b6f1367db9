"""What one side promised the other: a word before the day, on it, and when it is late (policy.md, "Other clocks")."""

from collections.abc import Iterator

from prm.rules.facts import Organization, Promise
from prm.rules.ladder import Ladder, Moves, Step

OWNER = ("owner",)
OWNER_AND_DEPUTY = ("owner", "deputy")


def promiser(promise: Promise) -> tuple[str, ...]:
    """Return who is asked about a promise: whoever of us owes it or keeps an eye on it, else the owner."""
    return OWNER if promise.user is None else (f"promiser:{promise.user}",)


def ladders(organization: Organization) -> Iterator[Ladder]:
    """Yield the ladder of each open promise. It is a deadline: word of it on the Monday after would come too late."""
    for promise in organization.promises:
        asked = promiser(promise)
        yield Ladder(
            record=f"promise:{promise.id}",
            rule="promise",
            reference=promise.due_on,
            organization=organization.id,
            category="promise",
            moves=Moves.BEFORE,
            known_on=max(promise.entered_on, promise.changed_on),
            steps=(Step(-3, (), asked), Step(0, (), asked), Step(7, (), OWNER_AND_DEPUTY)),
        )
