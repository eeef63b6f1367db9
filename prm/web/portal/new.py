"""A link that is too old: a new one for the same purpose goes to the address that we know, which no page shows."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from prm.accounts.models import Sending
from prm.continuity.letters import send_link, sent_lately
from prm.partners.links import Wish
from prm.partners.models import Purpose
from prm.web.portal.gate import Visit, by_old_link


@by_old_link
def new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/p/<token>/new`"""
    link = visit.link
    wish = Wish(Purpose(link.purpose), link.about, link.role)
    context = {"visit": visit, "program": visit.program}
    if request.method == "POST":
        if send_link(visit.organization, visit.contact, wish, now=visit.now):
            return HttpResponseRedirect(visit.way("new"), status=HTTPStatus.SEE_OTHER)
        return render(request, "portal/new_not_sent.html", context)
    if sent_lately(visit.organization, visit.contact, wish, now=visit.now):
        held = visit.program.sending != Sending.ON
        return render(request, "portal/new.html", context | {"held": held})
    return render(request, "portal/expired.html", context, status=HTTPStatus.GONE)
