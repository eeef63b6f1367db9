"""The first page of a link: what it was made for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from prm.partners.models import Purpose
from prm.web.portal.gate import Visit, by_link


@by_link(*Purpose)
def front(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/p/<token>/`"""
    return render(request, "portal/unknown.html", {"visit": visit, "program": visit.program})
