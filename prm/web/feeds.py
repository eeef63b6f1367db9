"""A partner's calendar, as programs fetch it again and again: `/feeds/<token>.ics`.

No page and no cookie: a file that says the same until something changed, so that most answers are "not modified".
"""

from __future__ import annotations

import hashlib
from http import HTTPStatus

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from prm.accounts.queries import local_today
from prm.calendars import ics
from prm.partners import links
from prm.partners.models import Link, Purpose
from prm.reporting.feed import Reader, feed
from prm.web.portal import pace
from prm.web.portal.gate import Visit, language_of

CALENDAR = "text/calendar; charset=utf-8"


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """`/feeds/<token>.ics`: 404 for a token that is none, 410 for one that has ended, 304 where nothing changed."""
    return _sealed(_answer(request, token))


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    origin = get_adapter().get_client_ip(request)
    if pace.UNKNOWN.spent(origin):
        return _plain(_("Please try again in a few minutes."), HTTPStatus.TOO_MANY_REQUESTS)
    link = links.find(token)
    if link is None or link.purpose != Purpose.FEED:
        pace.UNKNOWN.count(origin)
        return _plain(_("There is no such calendar."), HTTPStatus.NOT_FOUND)
    visit = Visit(link, token, timezone.now(), language_of(link))
    today = local_today(visit.now, visit.program)
    if links.standing(link, now=visit.now, today=today) is not links.Standing.LIVE:
        return _plain(_("This calendar has ended."), HTTPStatus.GONE)
    with translation.override(visit.language):
        return _file(request, visit)


def _file(request: HttpRequest, visit: Visit) -> HttpResponse:
    discreet = visit.contact is not None and visit.contact.discreet
    shown = feed(Reader(visit.organization, visit.sender, visit.zone, discreet=discreet), now=visit.now)
    octets = ics.publish(shown.events, calendar_name(visit.sender, discreet=discreet))
    etag = f'"{hashlib.sha256(octets).hexdigest()[:32]}"'
    changed = int(max(filter(None, (shown.changed_at, visit.link.issued_at))).timestamp())
    response = HttpResponse(octets, content_type=CALENDAR)
    response["ETag"] = etag
    response["Last-Modified"] = http_date(changed)
    return get_conditional_response(request, etag=etag, last_modified=changed, response=response) or response


def calendar_name(sender: str, *, discreet: bool) -> str:
    """Return the name under which programs list this calendar; for a discreet contact it says nothing of our work."""
    return sender if discreet else _("Dates with %(program)s") % {"program": sender}


def _plain(words: str, status: HTTPStatus) -> HttpResponse:
    return HttpResponse(words, content_type="text/plain; charset=utf-8", status=status)


def _sealed(response: HttpResponse) -> HttpResponse:
    """Only the program that fetched it may keep it, no search engine lists it, its address is told to nobody."""
    response["Cache-Control"] = "private"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def address_of(link: Link) -> str:
    """Return the whole address of a calendar. ValueError where the secret key is another one than at issue."""
    return links.feed_address(links.token_of(link))
