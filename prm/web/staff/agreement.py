"""One agreement: its chain of terms, who signed, what is planned, its clauses, and the next step as the one button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from prm.agreements.models import AgreementTerm, Party, Review
from prm.agreements.queries import agreements_of, last_day
from prm.partners.models import RoleKind
from prm.reminders.people import people
from prm.web.frame import Frame, frame_of
from prm.web.gate import staff
from prm.web.staff.agreement_chain import chain
from prm.web.staff.agreement_clauses import looked_at
from prm.web.staff.agreement_door import party_of
from prm.web.staff.agreement_next import steps
from prm.web.staff.agreement_past import past, planned
from prm.web.staff.agreement_sides import Side, keepers_of, notice_by, sides, who_has
from prm.web.staff.badges import Badge, agreement_badge, next_review
from prm.web.staff.change import visible
from prm.web.staff.year import year

#: Who must be there for a renewal, and what they do.
ASKED = [(RoleKind.NOTICE, gettext_lazy("Notices to")), (RoleKind.SIGNATORY, gettext_lazy("Signs"))]


@staff
def agreement(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`/partners/<slug>/agreements/<id>/`"""
    frame = frame_of(request)
    papers = list(agreements_of(visible(request).filter(slug=slug)[:1]))
    paper = next((one for one in papers if one.pk == pk), None)
    if paper is None:
        raise Http404
    party, organization = party_of(paper, slug)
    prefetch_related_objects([paper], Prefetch("reviews", Review.objects.select_related("by")))
    reader: Any = request.user
    told = people([organization])[organization.pk]
    shown = sides(paper, reader, frame.today)
    reminders, more = planned(organization, paper, told, reader, frame.today)
    followed = any(one.renews_id == pk for one in papers)
    evergreen = paper.term == AgreementTerm.EVERGREEN and paper.notice_given_on is None
    context = {
        "organization": organization,
        "agreement": paper,
        "badges": badges(party, shown, frame),
        "chain": chain(papers, paper, organization, frame.today, notice_by(paper, shown)),
        "sides": shown,
        "signed": sum(side.signed for side in shown),
        "last_day": last_day(party),
        "planned": reminders,
        "more": more,
        "people": [(word, who_has(told, role, frame.today)) for role, word in ASKED],
        "past": past(organization, paper, reader, frame.now),
        "reviews": paper.reviews.all(),
        "review": next_review(paper) if evergreen else None,
        "clauses": looked_at(paper),
        "steps": steps(organization, paper, party, frame.today, followed=followed),
        "notice_by": notice_by(paper, shown),
        "keepers": keepers_of(told, frame.today),
        "year": year(paper, reader, frame.today),
    }
    return render(request, "staff/agreement.html", context)


def badges(party: Party, shown: Sequence[Side], frame: Frame) -> list[Badge]:
    """How it stands, and before whose board it lies."""
    found = [agreement_badge(party, frame.today)]
    words = [side.waits for side in shown if side.waits and side.party.pk != party.pk]
    return found + [Badge("waiting", "hourglass-split", word) for word in words]
