"""How the portal shows a page to a visitor, and the kind answer where a link does not lead any further."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from prm.web.portal.gate import Visit


def page(request: HttpRequest, visit: Visit, template: str, **context: Any) -> HttpResponse:
    """Show `templates/portal/<template>.html` with what every page of the portal knows."""
    return render(request, f"portal/{template}.html", {"visit": visit, "program": visit.program, **context})


def number_in(about: str) -> int:
    """The id in what a link is about: 17 of "agreement:17:2027-09-30"; 0 where there is none."""
    number = about.partition(":")[2].partition(":")[0]
    return int(number) if number.isdigit() else 0


def nowhere(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Answer like the gate does for an unknown link: what is asked for is not this visitor's."""
    answer = page(request, visit, "unknown")
    answer.status_code = HTTPStatus.NOT_FOUND
    return answer
