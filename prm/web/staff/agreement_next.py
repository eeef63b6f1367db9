"""The next step with an agreement as the one button, and what else can be done with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from prm.agreements.models import Agreement, AgreementStatus, AgreementTerm, Party, Signature
from prm.agreements.queries import last_day
from prm.partners.models import Organization
from prm.web.staff.badges import SOON, next_review

REVIEW_SOON = 30


@dataclass(frozen=True, slots=True)
class Way:
    """Words on a button or in the menu, and where they lead."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Steps:
    """`first` is the one primary button, `second` stands outlined beside it, `more` in the menu."""

    first: Way | None
    second: Way | None
    more: list[Way]


def steps(
    organization: Organization, agreement: Agreement, party: Party, today: date, *, followed: bool
) -> Steps:
    """What can be done with an agreement as it stands, the most urgent first; `followed`: there is a next term."""
    ways = list(_ways(organization, agreement, party, today, followed=followed))
    urgent = not followed and _is_urgent(agreement, party, today)
    first = ways.pop(0) if ways and urgent else None
    second = ways.pop(0) if ways else None
    return Steps(first, second, ways)


def _is_urgent(agreement: Agreement, party: Party, today: date) -> bool:
    """Whether somebody waits for a step: a steady agreement in force needs none."""
    if agreement.status in (AgreementStatus.DRAFT, AgreementStatus.AWAITING):
        return True
    if agreement.status != AgreementStatus.IN_FORCE or agreement.notice_given_on is not None:
        return False
    last = last_day(party)
    if last is not None:
        return (last - today).days <= SOON
    return (next_review(agreement) - today).days <= REVIEW_SOON


def _ways(
    organization: Organization, agreement: Agreement, party: Party, today: date, *, followed: bool
) -> Iterator[Way]:
    def way(name: str, words: str) -> Way:
        return Way(words, reverse(name, args=[organization.slug, agreement.pk]))

    clauses = way("agreement-clauses", _("Go through the clauses"))
    if agreement.status == AgreementStatus.DRAFT:
        yield way("agreement-send", _("Send for signature"))
        yield from (way("agreement-sign", _("Record a signature")), clauses)
    elif agreement.status == AgreementStatus.AWAITING:
        yield from (way("agreement-sign", _("Record a signature")), clauses)
    elif agreement.status == AgreementStatus.IN_FORCE:
        yield from _in_force(organization, agreement, party, today, followed=followed)
        yield from _waiting(agreement, way("agreement-sign", _("Record a signature")))
        yield clauses
    if agreement.status in (AgreementStatus.DRAFT, AgreementStatus.AWAITING):
        if agreement.expires_on is not None:
            yield way("agreement-correct", _("Correct the last day"))
        yield way("agreement-withdraw", _("Give it up"))


def _waiting(agreement: Agreement, sign: Way) -> Iterator[Way]:
    if any(party.signature == Signature.WAITING for party in agreement.parties.all()):
        yield sign


def _in_force(
    organization: Organization, agreement: Agreement, party: Party, today: date, *, followed: bool
) -> Iterator[Way]:
    def way(name: str, words: str) -> Way:
        return Way(words, reverse(name, args=[organization.slug, agreement.pk]))

    if agreement.notice_given_on is not None:
        yield way("agreement-notice", _("Take the notice back"))
        yield way("agreement-end", _("End it now"))
        return
    renew = Way(
        _("Renew"), reverse("partner-renewal", args=[organization.slug]) + f"?agreement={agreement.pk}"
    )
    review = way("agreement-review", _("We looked it through"))
    last = last_day(party)
    over = last is not None and last < today
    if agreement.term == AgreementTerm.EVERGREEN:
        yield from [review] if followed else [review, renew]
    if agreement.term != AgreementTerm.EVERGREEN:
        yield from [] if followed else [renew]
    if over:
        yield way("agreement-end", _("End it"))
    else:
        yield way("agreement-notice", _("End it by notice"))
        yield way("agreement-end", _("End it now"))
    yield way("agreement-join", _("Let another partner join"))
    if agreement.term != AgreementTerm.EVERGREEN:
        yield from (review, way("agreement-correct", _("Correct the last day")))
