"""The page behind a row of the morning mail, for our own side: what the mail said, and what can be done with it.

No sign-in and no cookie, like the pages of partners (docs/decisions/0006, 0009): who holds the link is its reader.
Opening it changes nothing; it shows no more of the partner than the mail did.
"""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.queries import local_today
from prm.desk import by_link
from prm.desk.actions import LONGEST
from prm.desk.finding import Found
from prm.reminders.facts import working_week
from prm.rules import putting_off
from prm.rules.refusal import Refusal
from prm.web.gate import refuse
from prm.web.portal.forms import Cards, Day, Note, PortalForm, card
from prm.web.portal.gate import Visit
from prm.web.until import ANOTHER, UntilForm
from prm.web.words import distance, weekday

#: What was done, for the page that comes after it. Fixed words: an address says nothing about anybody.
SAID = {
    "keep": gettext_lazy("The promise is kept. Thank you."),
    "move": gettext_lazy("The promise has its new day."),
    "confirm": gettext_lazy("It is done as they said."),
    "seen": gettext_lazy("Noted."),
    "again": gettext_lazy("It is on its way again, with the same words."),
    "talked": gettext_lazy("The talk of today is recorded."),
    "off": gettext_lazy("It is put off."),
    "back": gettext_lazy("It is back on Today."),
}


class MoveForm(PortalForm):
    due_on = Day(
        label=gettext_lazy("New day"),
        required=True,
        error_messages={"required": gettext_lazy("Enter a day.")},
    )


class TalkedForm(PortalForm):
    note = Note(label=gettext_lazy("What was said, in a few words"), rows=2)


class OffForm(UntilForm, PortalForm):
    until = Cards(label=gettext_lazy("Until when?"))
    day = Day(label=gettext_lazy("Day"))
    reason = forms.CharField(
        label=gettext_lazy("Why does it wait?"),
        help_text=gettext_lazy("A few words. Please no names of people you serve."),
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Say in a few words why it waits.")},
    )

    def __init__(self, *args: Any, visit: Visit, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = putting_off.offered(today, working_week(visit.program, today))
        until: Any = self.fields["until"]
        until.choices = [
            *((day.isoformat(), card(weekday(day, today), distance(day, today))) for day in days),
            (ANOTHER, card(_("Another day"), _("Up to 90 days from now."))),
        ]
        until.initial = days[0].isoformat()


def front(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/p/<token>/` of a row of the mail: GET shows it, POST does one thing about it (`do`)."""
    with translation.override("en"):  # our side reads English for now, whatever the address asks for
        found = by_link.row_of(visit.link, now=visit.now)
        if found is None:
            return _page(request, visit, None)
        today = local_today(visit.now, visit.program)
        bound = _forms(request, visit, today)
        if request.method == "POST" and _done(request.POST.get("do", ""), visit, found, bound):
            done = request.POST.get("do", "")
            return HttpResponseRedirect(visit.way(done=done), status=HTTPStatus.SEE_OTHER)
        return _page(request, visit, found, today=today, **bound)


def _forms(request: HttpRequest, visit: Visit, today: date) -> dict[str, Any]:
    """The forms of the page; what was sent belongs to one of them."""

    def sent(name: str) -> Any:
        return request.POST if request.method == "POST" and request.POST.get("do") == name else None

    return {
        "move": MoveForm(sent("move"), auto_id="move_%s"),
        "talked": TalkedForm(sent("talked"), auto_id="talked_%s"),
        "off": OffForm(sent("off"), visit=visit, today=today, auto_id="off_%s"),
    }


def _done(do: str, visit: Visit, found: Found, bound: dict[str, Any]) -> bool:
    """Do it; False where a form has to be looked at once more, or nothing of that name can be done."""
    form = bound.get(do)
    if do not in by_link.ways(found) or (form is not None and not form.is_valid()):
        return False
    try:
        _act(do, visit, found, form)
    except Refusal as refusal:
        if form is None:
            bound["refused"] = str(refusal)
        else:
            another = form.cleaned_data.get("until") == ANOTHER
            refuse(form, refusal, {"until": "day" if another else "until"})
        return False
    return True


def _act(do: str, visit: Visit, found: Found, form: Any) -> None:
    link, now = visit.link, visit.now
    if do == "move":
        by_link.move(link, found, due_on=form.cleaned_data["due_on"], now=now)
    elif do == "talked":
        by_link.talked(link, found, note=form.cleaned_data["note"], now=now)
    elif do == "off":
        by_link.put_off(link, found, until=form.last_day(), reason=form.cleaned_data["reason"], now=now)
    else:
        by_link.press(link, found, do, now=now)


def _page(request: HttpRequest, visit: Visit, found: Found | None, **context: Any) -> HttpResponse:
    """The page of a row, or that nothing is to be done about it any more."""
    context |= {
        "visit": visit,
        "program": visit.program,
        "found": found,
        "ways": by_link.ways(found) if found else (),
        "said": SAID.get(request.GET.get("done", ""), ""),
        "inside": reverse("today"),
    }
    return render(request, "row_link/row.html", context)
