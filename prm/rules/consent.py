"""Consent to be listed ends by itself; the person who gave it is asked before (policy.md, "Other clocks")."""

from collections.abc import Iterator
from datetime import date

from prm.rules.facts import Organization
from prm.rules.ladder import Ladder, Moves
from prm.rules.steps import Step, steps_of

WHOEVER_GAVE_IT = ("consenter",)
OWNER = ("owner",)
BEFORE_IT_ENDS = (Step(-60, WHOEVER_GAVE_IT, OWNER), Step(-14, WHOEVER_GAVE_IT, OWNER))


def ladders(organization: Organization, today: date) -> Iterator[Ladder]:
    """Yield the ladder of each consent that counts. A pause does not hold them: nobody is listed against their will."""
    for consent in organization.consents:
        if consent.ends_on >= today:
            yield Ladder(
                record=f"consent:{consent.id}",
                rule="consent",
                reference=consent.ends_on,
                organization=organization.id,
                category="listing",
                moves=Moves.BEFORE,
                known_on=consent.given_on,
                steps=steps_of(organization.rules, "consent", BEFORE_IT_ENDS),
                person=consent.contact,
                partner_until=consent.ends_on,
            )
