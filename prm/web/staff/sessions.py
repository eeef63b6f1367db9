"""Where somebody is signed in, and the way to end it from afar: one's own only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from prm.web.frame import frame_of
from prm.web.gate import staff

#: What a browser says of itself -> its name; the first that fits, for most of them also name those they descend from.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """One line of the list; `pk` 0 where somebody came in before there were lists."""

    pk: int
    name: str
    since: datetime | None
    address: str
    here: bool


@staff
def sessions(request: HttpRequest) -> HttpResponse:
    """`/accounts/signed-in/`: looking changes nothing."""
    found = sorted(devices(request), key=lambda one: not one.here)
    if not any(one.here for one in found):
        found.insert(0, Device(0, spoken(request.headers.get("user-agent", "")), None, "", here=True))
    return render(request, "usersessions/usersession_list.html", {"devices": found})


def devices(request: HttpRequest) -> Iterator[Device]:
    """Yield where this person is signed in now, the latest first; in two queries."""
    known = list(UserSession.objects.filter(user_id=request.user.pk).order_by("-created_at"))
    keys = [row.session_key for row in known]
    open_ones = Session.objects.filter(session_key__in=keys, expire_date__gt=frame_of(request).now)
    alive = set(open_ones.values_list("session_key", flat=True))
    for row in known:
        if row.session_key in alive:
            here = row.session_key == request.session.session_key
            yield Device(row.pk, spoken(row.user_agent), row.created_at, row.ip, here)


def spoken(user_agent: str) -> str:
    """ "Firefox on Windows", as far as the browser says so."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), _("A browser"))
    device = next((name for sign, name in DEVICES if sign in user_agent), "")
    return _("%(browser)s on %(device)s") % {"browser": browser, "device": device} if device else browser


@staff
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out on one other device."""
    ours = UserSession.objects.filter(user_id=request.user.pk)
    get_object_or_404(ours.exclude(session_key=request.session.session_key), pk=pk).end()
    messages.success(request, _("You are signed out there."))
    return redirect("usersessions_list")


@staff
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    ours = UserSession.objects.filter(user_id=request.user.pk)
    for row in ours.exclude(session_key=request.session.session_key):
        row.end()
    messages.success(request, _("You are signed out everywhere but here."))
    return redirect("usersessions_list")
