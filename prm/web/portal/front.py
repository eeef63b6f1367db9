"""The first page of a link: what it was made for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from prm.partners.models import Purpose
from prm.web import row_link
from prm.web.portal import full, leaving, mail, own, renewal, talk
from prm.web.portal.gate import Visit, by_link
from prm.web.portal.pages import nowhere

#: What the first page of a link is, by what it was made for.
PAGES: dict[str, Callable[[HttpRequest, Visit], HttpResponse]] = {
    Purpose.PAGE: own.own,
    Purpose.PAUSE: full.what_page,
    Purpose.TALK: talk.front,
    Purpose.RENEWAL: renewal.front,
    Purpose.UNSUBSCRIBE: mail.less,
    Purpose.LEAVING: leaving.page,
    Purpose.DESK: row_link.front,
}


@by_link(*Purpose)
def front(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/p/<token>/`"""
    page = PAGES.get(visit.link.purpose, nowhere)  # the link of a calendar leads to no page
    return page(request, visit)
