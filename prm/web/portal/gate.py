"""Who may pass by a link, and what such a page tells the browser.

A page of the portal sets no cookie and asks for none. The token in its address is the whole secret, nothing that a
browser sends by itself opens anything, so there is nothing to forge from another site: these views need no CSRF token
(docs/decisions/0006). That also lets a mail reader's one-click POST in (RFC 8058).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt

from prm.accounts.models import Program
from prm.accounts.queries import local_today, program
from prm.partners import links
from prm.partners.models import Contact, Link, Organization, Purpose
from prm.web.portal import pace

Arguments = ParamSpec("Arguments")
LANGUAGE = "lang"


@dataclass
class Visit:
    """One person at one door: the link, whose it is, and the clock of this request."""

    link: Link
    token: str
    now: datetime
    language: str
    program: Program = field(default_factory=program)
    kept: str = ""  # what the address said besides the language, for the link to the other language

    @property
    def organization(self) -> Organization:
        return self.link.organization

    @property
    def contact(self) -> Contact | None:
        return self.link.contact

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which this partner's days and times are told."""
        return ZoneInfo(self.organization.zone or self.program.zone)

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def sender(self) -> str:
        """Our name as this person may see it on a screen that others look at."""
        discreet = self.contact is not None and self.contact.discreet
        return self.program.neutral_name if discreet else self.program.name

    @property
    def first_name(self) -> str:
        return self.contact.name.split()[0] if self.contact and self.contact.name else ""

    @property
    def address(self) -> str:
        """The path of this link's first page."""
        return f"/p/{self.token}/"

    @property
    def asking(self) -> str:
        """What an address inside the portal ends with so that the next page speaks as this one: "?lang=es", or ""."""
        return f"?{LANGUAGE}={self.language}" if self.language != language_of(self.link) else ""

    def way(self, path: str = "", **asked: object) -> str:
        """The address of a page of this link: `way("full/until", scope="all")`, in the language of this one."""
        other = {LANGUAGE: self.language} if self.asking else {}
        query = urlencode({name: value for name, value in (asked | other).items() if value not in (None, "")})
        return f"{self.address}{path}?{query}" if query else f"{self.address}{path}"

    @property
    def whole(self) -> bool:
        """Whether it is the link to their own page, from which everything else can be said."""
        return self.link.purpose == Purpose.PAGE

    def opens(self, purpose: Purpose) -> bool:
        return self.whole or self.link.purpose == purpose

    def about(self, record: str) -> bool:
        """Whether this link may speak about a record: any of theirs from their page, else the one it was made for."""
        return self.whole or self.link.about == record or self.link.about.startswith(f"{record}:")


View = Callable[Concatenate[HttpRequest, Visit, Arguments], HttpResponse]


def by_link(*purposes: Purpose) -> Callable[[View[Arguments]], Callable[..., HttpResponse]]:
    """Let in whoever holds a live link for one of these purposes (or their own page's); the view gets a `Visit`.

    An unknown token, and one that is for something else, is answered alike: this link leads nowhere.
    """

    def gate(view: View[Arguments]) -> Callable[..., HttpResponse]:
        return _sealed_gate(view, functools.partial(_let_in, purposes))

    return gate


def by_old_link(view: View[Arguments]) -> Callable[..., HttpResponse]:
    """Let in whoever holds a link that is too old, and only them; a live one is led to its own page."""
    return _sealed_gate(view, _let_in_late)


def _sealed_gate(view: View[Arguments], let_in: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @csrf_exempt
    @functools.wraps(view)
    def passed(
        request: HttpRequest, token: str, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponse:
        with translation.override(_asked_language(request) or settings.LANGUAGE_CODE):
            return _sealed(_recognize(let_in, view, request, token, *args, **kwargs))

    return passed


def _recognize(
    let_in: Callable[..., HttpResponse],
    view: Callable[..., HttpResponse],
    request: HttpRequest,
    token: str,
    *args: Any,
    **kwargs: Any,
) -> HttpResponse:
    origin = get_adapter().get_client_ip(request)
    if pace.UNKNOWN.spent(origin):
        return _door(request, "portal/too_often.html", HTTPStatus.TOO_MANY_REQUESTS)
    link = links.find(token)
    if link is None:
        pace.UNKNOWN.count(origin)
        return _door(request, "portal/unknown.html", HTTPStatus.NOT_FOUND)
    now = timezone.now()
    visit = Visit(link, token, now, _asked_language(request) or language_of(link), kept=_kept(request))
    with translation.override(visit.language):
        standing = links.standing(link, now=now, today=local_today(now, visit.program))
        if link.purpose == Purpose.DESK and standing is not links.Standing.LIVE:
            return _door(request, "row_link/old.html", HTTPStatus.GONE, visit=visit)
        if standing is links.Standing.ENDED:
            return _door(request, "portal/ended.html", HTTPStatus.GONE, visit=visit)
        return let_in(standing, view, request, visit, *args, **kwargs)


def _let_in(
    purposes: tuple[Purpose, ...],
    standing: links.Standing,
    view: Callable[..., HttpResponse],
    request: HttpRequest,
    visit: Visit,
    *args: Any,
    **kwargs: Any,
) -> HttpResponse:
    if standing is links.Standing.EXPIRED:
        return _door(request, "portal/expired.html", HTTPStatus.GONE, visit=visit)
    if not any(visit.opens(purpose) for purpose in purposes):
        return _door(request, "portal/unknown.html", HTTPStatus.NOT_FOUND, visit=visit)
    if request.method == "POST" and not pace.SAYING.count(str(visit.link.pk)):
        return _door(request, "portal/too_often.html", HTTPStatus.TOO_MANY_REQUESTS, visit=visit)
    return view(request, visit, *args, **kwargs)


def _let_in_late(
    standing: links.Standing,
    view: Callable[..., HttpResponse],
    request: HttpRequest,
    visit: Visit,
    *args: Any,
    **kwargs: Any,
) -> HttpResponse:
    if standing is links.Standing.LIVE:
        return HttpResponseRedirect(visit.way(), status=HTTPStatus.SEE_OTHER)
    if request.method == "POST" and not pace.RENEWING.count(str(visit.link.pk)):
        return _door(request, "portal/too_often.html", HTTPStatus.TOO_MANY_REQUESTS, visit=visit)
    return view(request, visit, *args, **kwargs)


def _door(
    request: HttpRequest, template: str, status: HTTPStatus, *, visit: Visit | None = None
) -> HttpResponse:
    """A page for somebody who cannot pass: kind, without a name in it where nobody is known."""
    context = {"visit": visit, "program": visit.program if visit else program(), "inside": reverse("today")}
    return render(request, template, context, status=status)


def _sealed(response: HttpResponse) -> HttpResponse:
    """Nothing keeps the page, no search engine lists it, and no address that leads here is told to anybody."""
    add_never_cache_headers(response)
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _asked_language(request: HttpRequest) -> str:
    """The language chosen on the page, or "": it travels in the address and in the form, never in a cookie."""
    asked = request.POST.get(LANGUAGE) or request.GET.get(LANGUAGE) or ""
    return asked if asked in dict(settings.LANGUAGES) else ""


def _kept(request: HttpRequest) -> str:
    values = request.GET.copy()
    values.pop(LANGUAGE, None)
    return f"{values.urlencode()}&" if values else ""


def language_of(link: Link) -> str:
    """The contact's language where we have words in it, else the installation's."""
    asked = (link.contact.languages or [""])[0] if link.contact else ""
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
