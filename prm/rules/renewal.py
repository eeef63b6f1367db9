"""Agreements: the term and its renewal ladder, the review of evergreen ones, the draft that is stuck."""

from collections.abc import Iterator
from datetime import date, timedelta

from prm.rules.dates import first_anchored
from prm.rules.facts import Agreement, Organization, Side
from prm.rules.ladder import Ladder, Moves, Step

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
STUCK_EVERY = 14


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
    organization: Organization, starts_on: date | None, ends_on: date, *, first_since: date | None = None
) -> tuple[Step, ...]:
    """Return the steps of a renewal: the first by the partner's approval lead time, none before the start.

    `first_since`: the day on which a changed lead time newly brought the first step about.
    """
    first = max(FIRST_OFFSET, organization.approval_lead_days)
    steps = (Step(-first, NOTICE, OWNER, created_on=first_since), *BEFORE_THE_END, *OVERDUE)
    if starts_on is None:
        return steps
    return tuple(step for step in steps if ends_on + timedelta(step.offset) >= starts_on)


def expiry(organization: Organization, agreement: Agreement, ends_on: date) -> Ladder:
    """Return the renewal ladder of an agreement in force whose last valid day is `ends_on`."""
    first = max(FIRST_OFFSET, organization.approval_lead_days)
    key = f"agreement:{agreement.id}:expiry-{first}d:{ends_on.isoformat()}:org-{organization.id}:{Side.OURS}"
    known = organization.past.get(key)
    is_new = known is None or known.reason.code == "setting"
    first_since = organization.approval_lead_set_on if is_new else None
    return Ladder(
        record=f"agreement:{agreement.id}",
        rule="expiry",
        reference=ends_on,
        organization=organization.id,
        category="renewal",
        moves=Moves.BEFORE,
        known_on=max(agreement.entered_on, agreement.known_on or agreement.entered_on),
        steps=expiry_steps(organization, agreement.starts_on, ends_on, first_since=first_since),
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
        steps=REVIEW,
    )


def stuck(organization: Organization, agreement: Agreement, waiting_since: date, until: date) -> Ladder:
    """Return the ladder of a signature that does not come: every 14 days through `until`, at least one ahead."""
    days = max(0, (until - waiting_since).days)
    offsets = range(STUCK_EVERY, days + 2 * STUCK_EVERY, STUCK_EVERY)
    return Ladder(
        record=f"agreement:{agreement.id}",
        rule="stuck",
        reference=waiting_since,
        organization=organization.id,
        category="renewal",
        moves=Moves.AFTER,
        known_on=agreement.entered_on,
        steps=tuple(Step(offset, (), OWNER) for offset in offsets),
    )
