"""The steps of a series, and what staff made of them: for one organization, one kind of agreement, or everyone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Step:
    """One offset in days, and whom it concerns on either side. `created_on`: the day a setting brought it about."""

    offset: int
    partner: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    created_on: date | None = None

    def since(self, day: date | None) -> "Step":
        """Return the step as brought about on `day` at the earliest."""
        if day is None or (self.created_on is not None and self.created_on >= day):
            return self
        return replace(self, created_on=day)


@dataclass(frozen=True, slots=True)
class Rule:
    """What somebody made of a series: of one organization (`own`), for one `kind` of agreement, else for everyone.

    `steps` empty: nothing is sent. None: nothing special since `changed_on`, what is further away holds again.
    """

    rule: str
    steps: tuple[Step, ...] | None
    changed_on: date
    kind: int | None = None
    own: bool = False


def steps_of(
    rules: Iterable[Rule], rule: str, usual: tuple[Step, ...], kind: int | None = None
) -> tuple[Step, ...]:
    """Return the steps of a series by offset: of the organization, else of the kind, else of everyone, else `usual`."""
    concerned = [one for one in rules if one.rule == rule and one.kind in (None, kind)]
    since: date | None = None
    for one in sorted(concerned, key=lambda one: (not one.own, one.kind is None)):
        if one.steps is not None:
            return _since(one.steps, since)
        since = max(one.changed_on, since or one.changed_on)
    return _since(usual, since)


def _since(steps: tuple[Step, ...], day: date | None) -> tuple[Step, ...]:
    return tuple(sorted((step.since(day) for step in steps), key=lambda step: step.offset))
