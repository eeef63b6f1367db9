"""Agreements: the term and its renewal ladder, the review of evergreen ones, the draft that is stuck."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from prm.rules.dates import first_anchored
from prm.rules.facts import Agreement, Organization
from prm.rules.ladder import Ladder, Moves
from prm.rules.steps import Step, steps_of

FIRST_OFFSET = 90
OWNER = ("owner",)
OWNER_AND_DEPUTY = ("owner", "deputy")
EVERYONE_OURS = ("owner", "deputy", "director")
NOTICE = ("notice",)
NOTICE_AND_SIGNATORY = ("notice", "signatory")

#: Days before the last valid day, and who hears: the partner, our side.
BEFORE_THE_END = (
    Step(-60, NOTICE, OWNER),
    Step(-30, NOTICE_AND_SIGNATORY, OWNER),
    Step(-14, NOTICE_AND_SIGNATORY, OWNER),
    Step(-7, NOTICE_AND_SIGNATORY, OWNER_AND_DEPUTY),
    Step(0, NOTICE_AND_SIGNATORY, EVERYONE_OURS),
)
OVERDUE = tuple(Step(days, (), EVERYONE_OURS) for days in (7, 14, 21, 28))
REVIEW = (Step(-30, (), OWNER), Step(-7, (), OWNER))
#: Again and again after as many days.
STUCK = (Step(14, (), OWNER),)


def usual() -> tuple[Step, ...]:
    """Return the steps of a renewal where nobody changed them and no approval takes longer."""
    return (Step(-FIRST_OFFSET, NOTICE, OWNER), *BEFORE_THE_END, *OVERDUE)


def ladders(organization: Organization, until: date) -> Iterator[Ladder]:
    """Yield every ladder about the organization's agreements; repeating ones as far as the day `until`.

    Where notice was given, nothing is asked any more: the agreement ends by itself.
    """
    for agreement in organization.agreements:
        if agreement.notice_on is not None:
            continue
        if agreement.waiting_since is not None:
            yield stuck(organization, agreement, agreement.waiting_since, until)
        elif agreement.in_force and agreement.ends_on is not None:
            yield expiry(organization, agreement, agreement.ends_on)
        elif agreement.in_force:
            yield review(organization, agreement)


def expiry_steps(
    organization: Organization, starts_on: date | None, ends_on: date, kind: int | None = None
) -> tuple[Step, ...]:
    """Return the steps of a renewal: the first by the partner's approval lead time, none before the start."""
    steps = _by_lead_time(organization, steps_of(organization.rules, "expiry", usual(), kind))
    if starts_on is None:
        return steps
    return tuple(step for step in steps if ends_on + timedelta(step.offset) >= starts_on)


def _by_lead_time(organization: Organization, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Let the earliest step come as many days before the end as the partner needs to approve, if that is longer.

    A changed lead time brings it about anew. Where nothing is said before the end, there is nothing to put forward.
    """
    if not steps or steps[0].offset >= 0:
        return steps
    first = steps[0].since(organization.approval_lead_set_on)
    return (replace(first, offset=min(first.offset, -organization.approval_lead_days)), *steps[1:])


def expiry(organization: Organization, agreement: Agreement, ends_on: date) -> Ladder:
    """Return the renewal ladder of an agreement in force whose last valid day is `ends_on`."""
    return Ladder(
        record=f"agreement:{agreement.id}",
        rule="expiry",
        reference=ends_on,
        organization=organization.id,
        category="renewal",
        moves=Moves.BEFORE,
        known_on=max(agreement.entered_on, agreement.known_on or agreement.entered_on),
        steps=expiry_steps(organization, agreement.starts_on, ends_on, agreement.kind),
        partner_until=ends_on,
    )


def review_date(agreement: Agreement) -> tuple[date, date]:
    """Return the open review date of an evergreen agreement, and the day since which it is the open one.

    The anchor (signing, else entry) is not itself a review: nobody reviews what was signed that day. Each recorded
    review closes the open date; the next is the first anchored date after both.
    """
    anchor = agreement.signed_on or agreement.entered_on
    known_on = agreement.entered_on
    day = first_anchored(anchor, agreement.review_every, not_before=known_on, first=1)
    for reviewed_on in agreement.reviews:
        later = max(day, reviewed_on) + timedelta(1)
        day = first_anchored(anchor, agreement.review_every, not_before=later, first=1)
        known_on = max(known_on, reviewed_on)
    return day, known_on


def review(organization: Organization, agreement: Agreement) -> Ladder:
    """Return the review ladder of an agreement without end."""
    day, known_on = review_date(agreement)
    return Ladder(
        record=f"agreement:{agreement.id}",
        rule="review",
        reference=day,
        organization=organization.id,
        category="renewal",
        moves=Moves.BEFORE,
        known_on=known_on,
        steps=steps_of(organization.rules, "review", REVIEW, agreement.kind),
    )


def every(organization: Organization, kind: int | None) -> Step | None:
    """Return the step that asks about a signature again and again: its offset is the number of days between."""
    return next(iter(steps_of(organization.rules, "stuck", STUCK, kind)), None)


def stuck(organization: Organization, agreement: Agreement, waiting_since: date, until: date) -> Ladder:
    """Return the ladder of a signature that does not come: every 14 days through `until`, at least one ahead."""
    again = every(organization, agreement.kind)
    days = max(0, (until - waiting_since).days)
    offsets = range(again.offset, days + 2 * again.offset, again.offset) if again else ()
    return Ladder(
        record=f"agreement:{agreement.id}",
        rule="stuck",
        reference=waiting_since,
        organization=organization.id,
        category="renewal",
        moves=Moves.AFTER,
        known_on=agreement.entered_on,
        steps=tuple(replace(again, offset=offset) for offset in offsets if again),
    )
