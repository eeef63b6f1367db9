"""What staff may change of each series of reminders: how far from its day, and whom it may concern."""

from collections.abc import Callable
from dataclasses import dataclass

from prm.rules import cadence, consent, promises, renewal, sessions, talking
from prm.rules.steps import Step

OURS = ("owner", "deputy", "director")
#: A year either way, and not more steps than anyone can keep in mind.
FARTHEST, MOST_STEPS = 365, 12


@dataclass(frozen=True, slots=True)
class Series:
    """One series: its usual steps, the offsets that make sense (inside), and the roles that may be asked.

    The partner hears until `partner_last` at most. `by_kind`: it may differ by kind of agreement. `repeats`: it has one
    step, whose offset is the number of days between one time and the next.
    """

    rule: str
    usual: Callable[[], tuple[Step, ...]]
    first: int = -FARTHEST
    last: int = FARTHEST
    partner: tuple[str, ...] = ()
    partner_last: int = FARTHEST
    ours: tuple[str, ...] = OURS
    by_kind: bool = False
    repeats: bool = False

    def nobody_of_us(self, steps: tuple[Step, ...]) -> bool:
        """Return whether our side, which should hear of it, hears at no step."""
        return bool(self.ours and steps) and not any(step.ours for step in steps)


#: How often a missing signature may be asked for, in days: more often would be a nuisance.
STUCK_LEAST = 7

SERIES = {
    one.rule: one
    for one in (
        Series(
            "expiry", renewal.usual, partner=("notice", "signatory", "primary"), partner_last=0, by_kind=True
        ),
        Series("review", lambda: renewal.REVIEW, last=0, by_kind=True),
        Series("stuck", lambda: renewal.STUCK, first=STUCK_LEAST, by_kind=True, repeats=True),
        Series("training", lambda: cadence.TRAINING, partner=("training", "primary")),
        Series("start", lambda: sessions.BEFORE_THE_START, last=-1, partner=sessions.INVITED, ours=()),
        Series("after", lambda: sessions.AFTERWARDS, first=1, partner=sessions.INVITED, ours=()),
        Series("talk", lambda: talking.TALK, partner=("declarer",), partner_last=0),
        Series("change", lambda: talking.SEAM, last=0),
        Series("touch", lambda: talking.STAY_IN_TOUCH, first=1),
        Series("consent", lambda: consent.BEFORE_IT_ENDS, last=0, partner=consent.WHOEVER_GAVE_IT),
        Series("promise", lambda: promises.STEPS, ours=(*promises.PROMISER, *OURS)),
    )
}
