"""A series: its rule, the days that it means, and planning it once the days were shown."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prm.rules.refusal import Refusal
from prm.rules.timetable import comes_twice
from prm.training.actions import Dated, dates_of, plan_series
from prm.training.models import Series
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, staff, writers
from prm.web.staff.change import visible
from prm.web.staff.training.fields import hosts_of, people_to_teach, teachers
from prm.web.staff.training.planning import course_asked_for, end_of, proposed
from prm.web.staff.training.rows import filled, hours, rows
from prm.web.staff.training.rule_form import QUARTERS, RuleForm, in_words
from prm.web.staff.training.what import FIELDS, WhatForm


class SeriesForm(RuleForm, WhatForm):
    """What, by which rule, where and with whom."""

    def add_more(self) -> None:
        self.add_place()
        self.add_trainers()

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        end_of(self, said, "starts", "ends")
        return said


@writers
def new(request: HttpRequest) -> HttpResponse:
    """`/training/series/new`: the days are shown first; the second press plans them."""
    frame, partners = frame_of(request), visible(request)
    course = course_asked_for(request)
    start = {"zone": frame.program.zone, "course": course, "week": "3", "weekday": "3", "months": QUARTERS}
    form = SeriesForm(request.POST or None, partners=partners, keep=course, initial=start | proposed(course))
    dates: list[Dated] = []
    if request.method == "POST" and form.is_valid():
        try:
            dates = dates_of(form.rule(), now=frame.now)
            if request.POST.get("shown") == seal_of(dates):
                return planned(request, carry_out(form, frame, request.user))
        except Refusal as refusal:
            refuse(form, refusal, FIELDS)
    context = {
        "form": form,
        "dates": [] if form.errors else told(dates, form),
        "shown": seal_of(dates),
        "hosts": hosts_of(partners),
        "people": people_to_teach(partners),
    }
    return render(request, "staff/training/series_new.html", context)


def carry_out(form: SeriesForm, frame: Frame, by: Any) -> Series:
    """Plan the series. Raises Refusal."""
    said = form.cleaned_data
    return plan_series(
        form.rule(),
        **{name: said[name] for name in ("town", "host", "place", "place_confidential")},
        trainers=teachers(said["trainers"], form.partners),
        now=frame.now,
        by=by,
        **form.facts(),
    )


def planned(request: HttpRequest, series: Series) -> HttpResponse:
    """Say what is planned now, and show it."""
    number = series.sessions.count()
    sentence = ngettext("%d session is planned.", "%d sessions are planned.", number) % number
    messages.success(request, f"{sentence} {_('Nobody is invited yet.')}")
    return redirect("training-series", series.pk)


def seal_of(dates: list[Dated]) -> str:
    """What tells whether the days that were shown are those that would be planned now."""
    moments = " ".join(f"{one.starts_at.isoformat()}/{one.ends_at.isoformat()}" for one in dates)
    return sha256(moments.encode()).hexdigest()[:16] if dates else ""


def told(dates: list[Dated], form: SeriesForm) -> list[tuple[Dated, str, bool]]:
    """Each day with its hours, and whether its time comes twice in that night."""
    if not dates:
        return []
    zone = form.cleaned_data["zone"]
    return [(one, hours(one.starts_at, one.ends_at, zone), comes_twice(one.starts_at)) for one in dates]


@staff
def series(request: HttpRequest, pk: int) -> HttpResponse:
    """`/training/series/<number>/`"""
    found = get_object_or_404(Series.objects.select_related("course"), pk=pk)
    frame = frame_of(request)
    sessions = filled(found.sessions.order_by("starts_at", "id"), visible(request))
    context = {"series": found, "rows": rows(sessions, frame.now), "rule": in_words(found)}
    return render(request, "staff/training/series.html", context)
