"""The days on which nothing is sent: public holidays, and our own to add and to remove."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from prm.accounts.actions import add_holiday, change_program, remove_holiday
from prm.accounts.models import Holiday, Program
from prm.accounts.queries import closed_days_between, local_today, program
from prm.partners.actions.plans import forget_plans
from prm.rules.refusal import Refusal
from prm.web.forms import Form
from prm.web.frame import frame_of
from prm.web.gate import refuse, runners, staff
from prm.web.staff.places import country_names, part_choices
from prm.web.typed import DayField
from prm.web.words import plain_day

YEAR = timedelta(365)
FARTHEST = timedelta(5 * 366)


class DayForm(Form):
    day = DayField(label=gettext_lazy("Day"))
    name = forms.CharField(
        label=gettext_lazy("What it is called"),
        error_messages={"required": gettext_lazy("Say what day it is, for example: Staff retreat.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < self.today:
            raise forms.ValidationError(_("This day is over. Enter one that is still to come."))
        if day > self.today + FARTHEST:
            raise forms.ValidationError(_("This day is more than five years away. Is the year right?"))
        return day


@staff
def closed_days(request: HttpRequest) -> HttpResponse:
    """`/closed-days/`: everyone sees them, who runs the program changes them."""
    if request.method == "POST":
        return _add(request)
    return _page(request, DayForm(today=_today(request)))


@runners
def _add(request: HttpRequest) -> HttpResponse:
    form = DayForm(request.POST, today=_today(request))
    if form.is_valid():
        day = form.cleaned_data["day"]
        try:
            with transaction.atomic():
                added = add_holiday(date=day, name=form.cleaned_data["name"])
                forget_plans()
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            said = _("%(day)s is closed: %(name)s.") % {"day": plain_day(day), "name": added.name}
            messages.success(request, f"{said}\n" + _("All reminders are worked out anew within a minute."))
            return redirect("closed-days")
    return _page(request, form)


def _today(request: HttpRequest) -> date:
    frame = frame_of(request)
    return local_today(frame.now, frame.program)


def _page(request: HttpRequest, form: DayForm) -> HttpResponse:
    us, today = frame_of(request).program, form.today
    ours = list(Holiday.objects.filter(date__gte=today))
    context = {
        "form": form,
        "public": [day for day in closed_days_between(us, today, today + YEAR) if not day.ours],
        "ours": ours,
        "where": where(us),
        "until": today + YEAR,
    }
    return render(request, "staff/closed_days.html", context)


def where(us: Program) -> str:
    """ "United States, California"; empty where no country is chosen."""
    if not us.holiday_country:
        return ""
    country = country_names().get(us.holiday_country, us.holiday_country)
    part = dict(part_choices(us.holiday_country)).get(f"{us.holiday_country}-{us.holiday_subdivision}", "")
    return f"{country}, {part}" if part else country


@runners
@require_POST
def remove(request: HttpRequest, day: str) -> HttpResponse:
    """Make a day of our own an ordinary one again."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    with transaction.atomic():
        remove_holiday(date=found)
        forget_plans()
    sentence = _("%s is an ordinary day again.") % plain_day(found)
    messages.success(request, f"{sentence}\n" + _("All reminders are worked out anew within a minute."))
    return redirect("closed-days")


@runners
@require_POST
def right(request: HttpRequest) -> HttpResponse:
    """Somebody looked through them."""
    change_program(program(), holidays_checked_on=_today(request))
    messages.success(request, _("Noted: the closed days are right."))
    return redirect("first-steps" if frame_of(request).open_steps else "closed-days")
