"""Harbor House with an agreement that ends: what the tests of renewal share."""

from prm.rules.facts import Organization
from tests.rules.world import agreement, going, harbor, plan

ENDS = "2027-09-30"  # a Thursday


def ending(ends: str = ENDS, entered: str = "2026-11-02", **facts: object) -> Organization:
    """Harbor House with one agreement, 17, that ends; facts of the organization may follow."""
    starts = facts.pop("starts_on", None)
    return harbor(entered, agreements=(agreement(ends, entered, starts_on=starts),), **facts)


def days_of(organization: Organization, today: str, side: str) -> list[tuple[str, str]]:
    return [
        (on, key.removeprefix("agreement:17:"))
        for on, key in going(plan(organization, today), "agreement", side)
    ]
