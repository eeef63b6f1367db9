"""Release sending: what would leave now and in the next 90 days, and the button that lets it go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prm.accounts.actions import set_sending
from prm.accounts.models import Sending
from prm.exchange.work import AT_ONCE
from prm.partners.models import Organization
from prm.reminders.actions import refresh
from prm.reporting.departures import Departures, Mail, being_planned, departures
from prm.web.frame import Frame, frame_of
from prm.web.gate import writers
from prm.web.staff.matter import matter
from prm.web.typed import read_number

PER_PAGE = 50
#: So many of the coming days are shown, each with so many people.
NEXT_DAYS, PER_DAY = 5, 20


@dataclass(frozen=True, slots=True)
class Row:
    """What one person gets about one partner at a time: in how many mails, and what they are about."""

    organization: Organization
    whom: str
    address: str
    about: list[str]
    number: int


@dataclass(frozen=True, slots=True)
class Day:
    """One of the coming days: how many mails, to whom first, and how many people more."""

    day: date
    number: int
    rows: list[Row]
    rest: int


@writers
def release(request: HttpRequest) -> HttpResponse:
    """`/outbox/release`. To release, the form says how many mails its reader saw: more than that are shown first."""
    frame = frame_of(request)
    if request.method != "POST":
        return _page(request, frame)
    if not frame.may_switch:
        raise PermissionDenied
    if being_planned(now=frame.now) <= AT_ONCE:
        refresh(now=frame.now)
    if "plan" in request.POST or being_planned(now=frame.now):
        return redirect("release")
    found = departures(now=frame.now)
    seen = request.POST.get("seen", "")
    known = read_number(seen)
    if known is None or len(found.now) > known:
        return _page(request, frame, found, changed=known is not None)
    set_sending(frame.program, Sending.ON, by=request.user, now=frame.now)  # type: ignore[arg-type]
    messages.success(request, _("Sending is on.") + " " + _what_follows(found))
    return redirect("outbox")


def _what_follows(found: Departures) -> str:
    number = len(found.now)
    if number:
        return ngettext("%d mail leaves within a minute.", "%d mails leave within a minute.", number) % number
    return _("Nothing is due now.")


def _page(
    request: HttpRequest, frame: Frame, found: Departures | None = None, *, changed: bool = False
) -> HttpResponse:
    planning = being_planned(now=frame.now, of=frame.program)
    found = found or departures(now=frame.now, of=frame.program)
    page = Paginator(rows(found.now), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "found": found,
        "subjects": subjects(found.now),
        "page": page,
        "rows": list(page),
        "days": next_days(found.later),
        "planning": planning,
        "all": Organization.objects.count() if planning else 0,
        "few": planning <= AT_ONCE,
        "changed": changed,
    }
    return render(request, "staff/release.html", context)


def rows(mails: Iterable[Mail]) -> list[Row]:
    """Mails in words, those to one person about one partner together."""
    together: dict[tuple[int, str], list[Mail]] = {}
    for mail in mails:
        together.setdefault((mail.organization.pk, mail.address.casefold()), []).append(mail)
    return [_row(some) for some in together.values()]


def _row(mails: list[Mail]) -> Row:
    about = dict.fromkeys(matter(key).words for mail in mails for key in mail.keys)
    first = mails[0]
    return Row(
        first.organization,
        first.name or first.address,
        first.address,
        list(about) or [_("A message")],
        len(mails),
    )


def next_days(mails: Iterable[Mail]) -> list[Day]:
    """The first of the coming days on which something leaves."""
    days: list[Day] = []
    for day, some in groupby(mails, key=lambda mail: mail.day):
        if day is None or len(days) == NEXT_DAYS:
            break
        found = list(some)
        told = rows(found)
        days.append(Day(day, len(found), told[:PER_DAY], len(told) - len(told[:PER_DAY])))
    return days


def subjects(mails: Iterable[Mail]) -> list[str]:
    """ "12 speak of a renewal": a mail that speaks of two things is in both."""
    counted: Counter[str] = Counter()
    for mail in mails:
        counted.update({_subject(key) for key in mail.keys})
    words = {
        "renewal": lambda n: ngettext("%d about a renewal", "%d about a renewal", n),
        "training": lambda n: ngettext("%d about training", "%d about training", n),
        "talk": lambda n: ngettext("%d about a pause", "%d about a pause", n),
        "calendar": lambda n: ngettext("%d calendar entry", "%d calendar entries", n),
        "": lambda n: ngettext("%d about something else", "%d about something else", n),
    }
    return [say(counted[key]) % counted[key] for key, say in words.items() if counted[key]]


def _subject(key: str) -> str:
    rule = matter(key).rule
    if rule.endswith("entry"):
        return "calendar"
    groups = {"expiry": "renewal", "review": "renewal", "stuck": "renewal", "talk": "talk", "change": "talk"}
    groups |= dict.fromkeys(("training", "start", "after"), "training")
    return groups.get(rule, "")
