"""The chain of terms: what was before, what holds now, what follows or is not decided yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from prm.agreements.models import Agreement, AgreementStatus
from prm.agreements.queries import end_for
from prm.partners.models import Organization
from prm.rules.dates import ONE_DAY
from prm.web.words import plain_day

NOT_YET = (AgreementStatus.DRAFT, AgreementStatus.AWAITING)


@dataclass(frozen=True, slots=True)
class TermKnot:
    """One term on the line. `look`: filled (it holds or held), dashed (not decided); `here` is the page's own."""

    span: str
    words: str
    who: str = ""
    look: str = "filled"
    here: bool = False
    link: str = ""


def chain(
    papers: Iterable[Agreement], here: Agreement, organization: Organization, today: date, notice_by: str
) -> list[TermKnot]:
    """The terms that lead to this one and follow it, the first one first, as far as this partner is a party.

    `notice_by`: who gave notice, as the reader may know it.
    """
    known = {paper.pk: paper for paper in papers}
    after = {paper.renews_id: paper for paper in known.values() if paper.renews_id}
    first = here
    while first.renews_id in known:
        first = known[first.renews_id]
    found, one = [first], after.get(first.pk)
    while one is not None:
        found.append(one)
        one = after.get(one.pk)
    knots = [_knot(paper, here, organization) for paper in found]
    return [*knots, *_open_end(found[-1], organization, today, notice_by)]


def _knot(paper: Agreement, here: Agreement, organization: Organization) -> TermKnot:
    own = next(party for party in paper.parties.all() if party.organization_id == organization.pk)
    return TermKnot(
        span=_span(paper, organization),
        words=_words(paper),
        who=own.signatory_name,
        look="dashed" if paper.status in NOT_YET else "filled",
        here=paper.pk == here.pk,
        link="" if paper.pk == here.pk else reverse("agreement", args=[organization.slug, paper.pk]),
    )


def _span(paper: Agreement, organization: Organization) -> str:
    first, last = paper.starts_on, paper.ended_on or end_for(paper, organization)
    days = {"first": plain_day(first), "last": plain_day(last)}
    if first and last:
        return _("%(first)s to %(last)s") % days
    if last:
        return _("until %(last)s") % days
    return _("from %(first)s") % days if first else _("Days not known yet")


def _words(paper: Agreement) -> str:
    if paper.status in NOT_YET:
        return _("Waiting for signatures") if paper.status == AgreementStatus.AWAITING else _("Draft")
    if paper.status == AgreementStatus.ENDED:
        return _("Ended by notice") if paper.notice_given_on else _("Ended")
    if paper.status == AgreementStatus.WITHDRAWN:
        return _("Given up")
    return _("Renewed") if paper.renews_id else _("First agreement")


def _open_end(last: Agreement, organization: Organization, today: date, notice_by: str) -> list[TermKnot]:
    """What nobody has decided yet: who signs the next term."""
    ends_on = end_for(last, organization)
    if last.status != AgreementStatus.IN_FORCE or ends_on is None:
        return []
    if last.notice_given_on is not None:
        words = _("It ends: %s gave notice") % notice_by
        return [TermKnot(_("after %s") % plain_day(ends_on), words, look="dashed")]
    words = _("Expired, still cooperating") if ends_on < today else _("Renewal not decided")
    return [TermKnot(_("from %s") % plain_day(ends_on + ONE_DAY), words, look="dashed")]
