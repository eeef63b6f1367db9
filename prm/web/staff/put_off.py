"""A row of Today is put off until a day, with a word why; and fetched back before it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from prm.accounts.access import visible_organizations
from prm.desk import finding
from prm.desk.actions import LONGEST, snooze, wake
from prm.desk.models import Snooze
from prm.desk.off import key_of
from prm.desk.rows import Row
from prm.rules import putting_off
from prm.rules.dates import WorkingWeek
from prm.rules.refusal import Refusal
from prm.web.forms import Form, explained
from prm.web.frame import frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.change import organization_or_404
from prm.web.typed import DayField
from prm.web.until import ANOTHER, UntilForm
from prm.web.words import distance, weekday


class PutOffForm(UntilForm, Form):
    """Until when, one of a few days or another one, and why."""

    until = forms.ChoiceField(label=gettext_lazy("Until when?"), widget=forms.RadioSelect)
    day = DayField(label=gettext_lazy("Day"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why does it wait?"),
        help_text=gettext_lazy("A few words. Please no names of people you serve."),
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Say in a few words why it waits.")},
    )

    def __init__(self, *args: Any, today: date, week: WorkingWeek, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = putting_off.offered(today, week)
        until: Any = self.fields["until"]
        until.choices = [*((day.isoformat(), day_choice(day, today)) for day in days), another()]
        until.initial = days[0].isoformat()


def day_choice(day: date, today: date) -> Any:
    return explained(weekday(day, today), distance(day, today))


def another() -> tuple[str, Any]:
    return ANOTHER, explained(gettext_lazy("Another day"), gettext_lazy("Up to 90 days from now."))


@writers
def put_off(request: HttpRequest, slug: str) -> HttpResponse:
    """`/partners/<slug>/put-off?row=<key>`: one row of Today."""
    organization, frame = organization_or_404(request, slug), frame_of(request)
    key = finding.read(request.GET.get("row", ""))
    mine = key is not None and key.organization == organization.pk
    found = finding.find(key, now=frame.now, of=frame.program) if key and mine else None
    if found is None or found.batch is None:
        messages.info(request, _("There is nothing to put off here any more."))
        return back(request)
    today, week = found.batch.today, found.batch.facts[organization.pk].week
    form = PutOffForm(request.POST or None, today=today, week=week)
    if request.method == "POST" and form.is_valid():
        try:
            _carry_out(request, found.row, form, today)
        except Refusal as refusal:
            refuse(form, refusal, {"until": "day" if form.cleaned_data["until"] == ANOTHER else "until"})
        else:
            return back(request)
    context = {"form": form, "organization": organization, "row": found.row, "back": back_address(request)}
    return render(request, "staff/put_off.html", context)


def _carry_out(request: HttpRequest, row: Row, form: PutOffForm, today: date) -> None:
    by: Any = request.user
    until = form.last_day()
    snooze(row, until=until, reason=form.cleaned_data["reason"], now=frame_of(request).now, by=by)
    words = _("%(name)s: put off until %(day)s. It stands at the end of Today until then.")
    messages.success(request, words % {"name": row.subject, "day": weekday(until, today)})


@writers
@require_POST
def fetch_back(request: HttpRequest, pk: int) -> HttpResponse:
    """`/put-off/<id>/back`: it is wanted now."""
    seen = Snooze.objects.filter(visible_organizations(request.user, "organization__"))
    known, frame = get_object_or_404(seen, pk=pk), frame_of(request)
    found = finding.find(key_of(known), now=frame.now, of=frame.program)
    by: Any = request.user
    if found and wake(known, matter=found.row.matter, now=frame.now, by=by):
        messages.success(request, _("%(name)s: it is back.") % {"name": found.row.subject})
    else:
        messages.info(request, _("It is back already, or done."))
    return back(request)


def back(request: HttpRequest) -> HttpResponse:
    return redirect(back_address(request))


def back_address(request: HttpRequest) -> str:
    """Today, or everyone's where it was pressed there."""
    asked = request.POST.get("back") or request.GET.get("back")
    return reverse("today") + ("?whose=all" if asked == "all" else "")
