"""Their dates with us in their own calendar: its address, how to add it, a new one, and none any more."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from prm.partners import actions, links
from prm.partners.actions.voice import note_used
from prm.partners.models import Link, Purpose
from prm.web import feeds
from prm.web.portal.gate import Visit, by_link
from prm.web.portal.pages import page

DOING = ("make", "anew", "end")


@by_link(Purpose.PAGE)
def feed(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/p/<token>/feed`"""
    if request.method == "POST":
        _change(visit, request.POST.get("do", ""))
        return HttpResponseRedirect(visit.way("feed"), status=303)
    address = _address(visit)
    at_once = f"webcal://{address.partition('://')[2]}" if address else ""
    return page(request, visit, "feed", address=address, at_once=at_once)


def _live(visit: Visit) -> list[Link]:
    """Return the calendars of this reader that nobody ended: one, or none."""
    known = visit.organization.links.filter(purpose=Purpose.FEED, contact=visit.link.contact_id)
    return list(known.filter(revoked_at__isnull=True).order_by("-issued_at", "-pk"))


def _address(visit: Visit) -> str:
    for link in _live(visit):
        try:
            return feeds.address_of(link)
        except ValueError:  # the secret key is another one by now: only a new one helps
            continue
    return ""


@transaction.atomic
def _change(visit: Visit, do: str) -> None:
    """Make the address ("make"), make a new one in its place ("anew"), or end it ("end")."""
    if do not in DOING:
        return
    if do in ("anew", "end") or not _address(visit):
        for link in _live(visit):
            actions.revoke(link, now=visit.now)
    if do in ("make", "anew"):
        holder = links.Holder(visit.organization.pk, visit.link.contact_id)
        links.issue([(holder, links.Wish(Purpose.FEED))], now=visit.now)
    note_used(visit.link, now=visit.now)
