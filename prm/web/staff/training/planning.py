"""Plan one session: `/training/sessions/new`."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.rules.refusal import Refusal
from prm.training.actions import plan_session, span
from prm.training.models import Course, Session
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.change import visible
from prm.web.staff.training.fields import (
    ClockField,
    hosts_of,
    people_to_teach,
    teachers,
    zone_field,
)
from prm.web.staff.training.what import FIELDS, WhatForm
from prm.web.typed import DayField, read_number
from prm.web.words import day_of_week


class SessionForm(WhatForm):
    """What, when, where and with whom."""

    day = DayField(label=gettext_lazy("Day"), required=True)
    starts = ClockField(label=gettext_lazy("From"))
    ends = ClockField(
        label=gettext_lazy("To"),
        required=False,
        help_text=gettext_lazy("Leave it empty, and it is as long as the course."),
    )

    def add_more(self) -> None:
        self.fields["zone"] = zone_field(self.initial["zone"])
        self.add_place()
        self.add_trainers()

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        end_of(self, said, "starts", "ends")
        return said


def end_of(form: Any, said: dict[str, Any], starts: str, ends: str) -> None:
    """Fill in when it ends from the length of the course, or ask for it."""
    start, course = said.get(starts), said.get("course")
    if start is None or said.get(ends) is not None or ends in form.errors:
        return
    if course is None:
        form.add_error(ends, _("Enter when it ends, or choose a course."))
        return
    last = datetime.datetime.combine(datetime.date.min, start) + datetime.timedelta(minutes=course.minutes)
    if last.date() != datetime.date.min:
        form.add_error(ends, _("Then it would end after midnight. Enter when it ends."))
    else:
        said[ends] = last.time()


@writers
def new(request: HttpRequest) -> HttpResponse:
    """`/training/sessions/new`; `?course=<number>` chooses the course."""
    frame, partners = frame_of(request), visible(request)
    course = course_asked_for(request)
    start = {"zone": frame.program.zone, "course": course, **proposed(course)}
    form = SessionForm(request.POST or None, partners=partners, keep=course, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            session = carry_out(form, frame, request.user)
        except Refusal as refusal:
            refuse(form, refusal, FIELDS)
        else:
            words = {"title": session.title, "day": day_of_week(form.cleaned_data["day"])}
            messages.success(request, _("%(title)s is planned for %(day)s. Nobody is invited yet.") % words)
            return redirect("training-session", session.pk)
    context = {"form": form, "hosts": hosts_of(partners), "people": people_to_teach(partners)}
    return render(request, "staff/training/session_new.html", context)


def carry_out(form: SessionForm, frame: Frame, by: Any) -> Session:
    """Plan the session. Raises Refusal."""
    said = form.cleaned_data
    starts_at, ends_at = span(said["day"], said["starts"], said["ends"], said["zone"], now=frame.now)
    return plan_session(
        starts_at=starts_at,
        ends_at=ends_at,
        zone=said["zone"],
        **{name: said[name] for name in ("town", "host", "place", "place_confidential")},
        trainers=teachers(said["trainers"], form.partners),
        now=frame.now,
        by=by,
        **form.facts(),
    )


def course_asked_for(request: HttpRequest) -> Course | None:
    """The course that the address names and that is still offered."""
    number = read_number(request.GET.get("course", "")) or 0
    return Course.objects.select_related("format").filter(pk=number, retired_on__isnull=True).first()


def proposed(course: Course | None) -> dict[str, Any]:
    """What a course says of its sessions."""
    return {"format": course.format, "funders": course.funder} if course is not None else {}
