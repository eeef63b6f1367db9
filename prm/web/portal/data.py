"""Everything we hold about somebody, for that somebody: what is in it, and the file."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from prm.accounts.actions import note_access
from prm.partners.models import Purpose
from prm.reporting.held import held
from prm.web.portal.gate import Visit, by_link
from prm.web.portal.pages import nowhere, page

FILE = "what-we-hold.json"


@by_link(Purpose.PAGE)
@require_safe
def data(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/p/<token>/data`"""
    return page(request, visit, "data")


@by_link(Purpose.PAGE)
@require_safe
def data_file(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/p/<token>/data.json`: to be kept, not shown; a shared mailbox is nobody. The log says that it was fetched."""
    if visit.contact is None:
        return nowhere(request, visit)
    text = json.dumps(held(visit.contact, now=visit.now), ensure_ascii=False, indent=2)
    note_access(kind="download", about=f"contact:{visit.contact.pk}", now=visit.now)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return response
