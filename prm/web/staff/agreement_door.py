"""How a request finds an agreement, and how it goes back to it after something was recorded."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from prm.agreements.models import Agreement, Party
from prm.agreements.queries import agreements_of
from prm.partners.models import Organization
from prm.web.staff.change import done, organization_or_404


def party_of(paper: Agreement, slug: str) -> tuple[Party, Organization]:
    """An organization's own side of an agreement that it is a party of, and the organization."""
    return next(
        (party, party.organization)
        for party in paper.parties.all()
        if party.organization is not None and party.organization.slug == slug
    )


def agreement_or_404(request: HttpRequest, slug: str, pk: int) -> tuple[Organization, Agreement]:
    """A partner that this reader may see, and one of its agreements."""
    organization = organization_or_404(request, slug)
    paper = agreements_of(organization).filter(pk=pk).first()
    if paper is None:
        raise Http404
    return organization, paper


def page_of(organization: Organization, paper: Agreement) -> str:
    return reverse("agreement", args=[organization.slug, paper.pk])


def told(request: HttpRequest, organization: Organization, paper: Agreement, *sentences: str) -> HttpResponse:
    """Replan every party, say what was recorded and what that changes, and go to the agreement."""
    parties = [party.organization for party in paper.parties.all() if party.organization is not None]
    return done(request, organization, *sentences, also=parties, to=page_of(organization, paper))
