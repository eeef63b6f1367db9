"""The outbox: mail that waits, has left, or came back, each as its recipient sees it; and the way to hold it."""

from __future__ import annotations

from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from prm.accounts import actions as accounts
from prm.accounts.access import may_write, visible_organizations
from prm.accounts.models import Sending
from prm.outbox.models import Message
from prm.web.frame import frame_of
from prm.web.gate import staff, switchers
from prm.web.staff.letter import Letter

PER_PAGE = 30
State = Message.State
GROUPS: dict[str, tuple[Any, str, str, tuple[str, ...]]] = {
    "waiting": (gettext_lazy("Waiting"), "due", "clock", (State.WAITING, State.SENDING)),
    "held": (gettext_lazy("Held back"), "paused", "pause-fill", (State.HELD,)),
    "back": (gettext_lazy("Did not arrive"), "failed", "x-lg", (State.BOUNCED, State.FAILED)),
    "gone": (gettext_lazy("Sent"), "steady", "check-lg", (State.SENT, State.DELIVERED)),
    "stopped": (gettext_lazy("Stopped"), "planned", "slash-circle", (State.CANCELLED,)),
}

#: What can be done with several mails at once, in the order of their buttons.
ACTS: dict[str, Any] = {
    "hold": gettext_lazy("Hold back"),
    "release": gettext_lazy("Release"),
    "cancel": gettext_lazy("Cancel"),
    "again": gettext_lazy("Send again"),
}


def readable(request: HttpRequest) -> QuerySet[Message]:
    """The mails that this reader may see: a viewer none about hidden partners, and no digest but the own one."""
    seen = Message.objects.select_related("organization", "contact", "user", "started_by", "handled_by")
    if may_write(request.user):
        return seen
    about = Q(organization__isnull=False) & visible_organizations(request.user, "organization__")
    return seen.filter(about | Q(user=request.user.pk))


def found_messages(request: HttpRequest) -> QuerySet[Message]:
    """The mails that the address asks for."""
    state, partner = request.GET.get("state", ""), request.GET.get("partner", "")
    found = readable(request)
    if state in GROUPS:
        found = found.filter(state__in=GROUPS[state][3])
    return found.filter(organization__slug=partner) if partner else found


@staff
def outbox(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """`/outbox/` and `/outbox/<id>/`: the list on the left, one mail on the right."""
    frame, everything = frame_of(request), readable(request)
    state, found = request.GET.get("state", ""), found_messages(request)
    page = Paginator(found.defer("text", "html", "calendar_body"), PER_PAGE).get_page(request.GET.get("page"))
    chosen = _chosen(everything, page, pk)
    context = {
        "page": page,
        "days": by_day(page, frame.zone, held=frame.held, now=frame.now),
        "groups": groups(everything),
        "state": state if state in GROUPS else "",
        "letter": Letter(chosen, frame.zone, held=frame.held, now=frame.now) if chosen else None,
        "reading": pk is not None,
        "plain": request.GET.get("as") == "plain",
        "acts": ACTS,
    }
    return render(request, "staff/outbox.html", context)


def _chosen(everything: QuerySet[Message], page: Page[Message], pk: int | None) -> Message | None:
    """The mail on the right: the one asked for, else the first of the list."""
    if pk is not None:
        return get_object_or_404(everything, pk=pk)
    first = next(iter(page), None)
    return everything.get(pk=first.pk) if first else None


def groups(everything: QuerySet[Message]) -> list[dict[str, Any]]:
    """The chips above the list, each with its number."""
    numbers = dict(everything.order_by().values_list("state").annotate(number=Count("pk")))
    return [
        {
            "key": key,
            "word": word,
            "look": look,
            "icon": icon,
            "number": sum(numbers.get(one, 0) for one in states),
        }
        for key, (word, look, icon, states) in GROUPS.items()
    ]


def by_day(page: Page[Message], zone: str, *, held: bool, now: datetime) -> list[tuple[date, list[Letter]]]:
    """The mails of a page under the local day on which they went, or are to go."""
    letters = sorted(
        (Letter(message, zone, held=held, now=now) for message in page),
        key=lambda one: one.moment,
        reverse=True,
    )
    return [(day, list(some)) for day, some in groupby(letters, key=lambda one: one.day)]


@switchers
@require_POST
def hold(request: HttpRequest) -> HttpResponse:
    """Hold sending. The way back leads over the page that says what would leave."""
    frame = frame_of(request)
    accounts.set_sending(frame.program, Sending.HELD, by=request.user, now=frame.now)  # type: ignore[arg-type]
    return redirect("outbox")
