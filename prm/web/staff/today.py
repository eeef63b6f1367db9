"""Today: the first page. What partners said, what is late and due, what comes up, and what was settled this morning."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from prm.desk import today as desk
from prm.web.frame import frame_of
from prm.web.gate import staff
from prm.web.staff.lines import GROUPS, shown
from prm.web.staff.more import YEAR
from prm.web.staff.put_off import back_address
from prm.web.staff.statements import cards

#: A browser in which the keys of Today are switched off (WCAG 2.1.4); "off" or no cookie.
KEYS_COOKIE = "single_keys"


@staff
def today(request: HttpRequest) -> HttpResponse:
    """`/today/`; `?whose=all` looks at everyone's partners, `?show=late` at one group at length."""
    frame, user = frame_of(request), request.user
    whose = {"all": True, "me": False}.get(request.GET.get("whose", ""))
    show = request.GET.get("show", "")
    day = desk.day_of(user, everyone=whose, now=frame.now, show=show, of=frame.program)  # type: ignore[arg-type]
    back = "all" if day.everyone else "today"
    groups = [shown(day.groups[key], day, back) for key in GROUPS if day.groups[key].rows]
    context = {
        "day": day,
        "headline": _headline(day.needs_you),
        "said": cards(day.said, frame, back=back),
        "done": cards(day.done, frame, back=back),
        "groups": [group for group in groups if show not in GROUPS or group.key == show],
        "chips": groups,
        "back": back,
        "show": show if show in GROUPS else "",
        "empty": not (day.said or groups),
        "keys": request.COOKIES.get(KEYS_COOKIE) != "off",
    }
    return render(request, "staff/today.html", context)


def _headline(number: int) -> str:
    if not number:
        return _("Nothing needs you today.")
    return ngettext("%(number)d thing needs you", "%(number)d things need you", number) % {"number": number}


@staff
@require_POST
def keys(request: HttpRequest) -> HttpResponse:
    """`/today/keys`: this browser's single keys on or off, in a cookie like light and dark."""
    answer: Any = redirect(back_address(request))
    if request.POST.get("keys") == "off":
        answer.set_cookie(
            KEYS_COOKIE, "off", max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
        )
    else:
        answer.delete_cookie(KEYS_COOKIE)
    return answer
