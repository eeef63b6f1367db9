"""A round through several towns: one form, all of it or nothing, and the days shown before they are planned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prm.rules.refusal import Refusal
from prm.training.actions import Stop, WrongStops, plan_round, spans_of
from prm.training.models import Round, TrainerRole
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, staff, writers
from prm.web.staff.change import visible
from prm.web.staff.training.fields import (
    ClockField,
    HostField,
    NamesField,
    hosts_of,
    people_to_teach,
    seats_field,
    teachers,
    zone_field,
)
from prm.web.staff.training.planning import course_asked_for, end_of, proposed
from prm.web.staff.training.rows import filled, hours, rows
from prm.web.staff.training.what import FIELDS, WhatForm
from prm.web.typed import DayField, read_number

#: Towns that stand there at first, and at most.
FEW, MOST = 3, 20
Spans = list[tuple[datetime, datetime]]
#: The fields of a town, each with the number of its row behind it.
PARTS = ("town", "day", "starts", "ends", "host", "place", "confidential", "capacity", "trainers")
#: Arguments of the action that a row carries under another name.
OF_A_ROW = {"name": "trainers", "place_confidential": "confidential"} | {
    "starts_at": "starts",
    "ends_at": "ends",
}


class RoundForm(WhatForm):
    """What is the same everywhere, and so many rows of towns. A row in which nothing was typed does not count."""

    def __init__(self, *args: Any, towns: int, **kwargs: Any) -> None:
        self.towns = towns
        super().__init__(*args, **kwargs)

    def add_more(self) -> None:
        del self.fields["capacity"]
        self.fields["zone"] = zone_field(self.initial["zone"])
        self.add_trainers()
        for number in range(self.towns):
            for part, field in self._row_fields().items():
                self.fields[f"{part}_{number}"] = field

    def _row_fields(self) -> dict[str, forms.Field]:
        return {
            "town": forms.CharField(label=gettext_lazy("Town"), max_length=120, required=False),
            "day": DayField(label=gettext_lazy("Day"), required=False),
            "starts": ClockField(label=gettext_lazy("From"), required=False),
            "ends": ClockField(label=gettext_lazy("To"), required=False),
            "host": HostField(partners=self.partners),
            "place": forms.CharField(label=gettext_lazy("Address"), max_length=300, required=False),
            "confidential": forms.BooleanField(
                label=gettext_lazy("Nobody may read the address"), required=False
            ),
            "capacity": seats_field(),
            "trainers": NamesField(label=gettext_lazy("Also teaching")),
        }

    def rows(self) -> Iterator[tuple[int, list[forms.BoundField], forms.BoundField, bool]]:
        """The number of each town from 1, its fields in their order, its tick, and whether something is wrong there."""
        for number in range(self.towns):
            fields = {part: self[f"{part}_{number}"] for part in PARTS}
            tick = fields.pop("confidential")
            yield number + 1, list(fields.values()), tick, any(field.errors for field in fields.values())

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        before: dict[str, Any] = {}
        self.used = [number for number in range(self.towns) if self._is_used(number)]
        for number in self.used:
            for part in ("starts", "ends"):  # the hours of the town before, where nothing else is said
                key = f"{part}_{number}"
                if said.get(key) is None and key not in self.errors:
                    said[key] = before.get(part)
            self._ask_for(number, "town", _("Enter the town."))
            self._ask_for(number, "day", _("Enter a day."))
            self._ask_for(number, "starts", _("Enter a time."))
            end_of(self, said, f"starts_{number}", f"ends_{number}")
            before = {part: said.get(f"{part}_{number}") for part in ("starts", "ends")}
        if not self.used:
            self.add_error("town_0", _("Enter one town or more."))
        return said

    def _is_used(self, number: int) -> bool:
        return any(str(self.data.get(f"{part}_{number}", "")).strip() for part in PARTS)

    def _ask_for(self, number: int, part: str, sentence: str) -> None:
        key = f"{part}_{number}"
        if not self.cleaned_data.get(key) and key not in self.errors:
            self.add_error(key, sentence)

    def stops(self) -> list[Stop]:
        """The towns as the action wants them, in the order in which they stand there."""
        return [self._stop(number) for number in self.used]

    def _stop(self, number: int) -> Stop:
        said = {part: self.cleaned_data[f"{part}_{number}"] for part in PARTS}
        there = teachers(said.pop("trainers"), self.partners, TrainerRole.CO_TRAINER)
        said["place_confidential"] = said.pop("confidential")
        return Stop(**said, trainers=tuple(there))

    def show(self, wrong: WrongStops) -> None:
        """Put every problem of a town where it can be mended."""
        for place, refusal in wrong.problems:
            number = self.used[place]
            part = OF_A_ROW.get(refusal.field, refusal.field)
            self.add_error(f"{part if part in PARTS else 'town'}_{number}", str(refusal))


@writers
def new(request: HttpRequest) -> HttpResponse:
    """`/training/rounds/new`: `act=more` gives one more row, the first press shows the days, the second plans them."""
    frame, partners, course = frame_of(request), visible(request), course_asked_for(request)
    more = request.POST.get("act") == "more"
    towns = min(MOST, max(FEW, read_number(request.POST.get("towns", "")) or FEW) + more)
    posted = request.POST if request.method == "POST" and not more else None
    start = (
        {"zone": frame.program.zone, "course": course}
        | proposed(course)
        | (request.POST.dict() if more else {})
    )
    form = RoundForm(posted, partners=partners, keep=course, initial=start, towns=towns)
    spans: Spans = []
    if posted is not None and form.is_valid():
        try:
            spans = spans_of(form.stops(), form.cleaned_data["zone"], now=frame.now)
            if request.POST.get("shown") == seal_of(spans):
                return planned(request, carry_out(form, frame, request.user))
        except WrongStops as wrong:
            form.show(wrong)
        except Refusal as refusal:
            refuse(form, refusal, FIELDS)
    context = {
        "form": form,
        "dates": [] if posted is None or form.errors else told(spans, form),
        "shown": seal_of(spans),
        "towns": towns,
        "most": MOST,
        "hosts": hosts_of(partners),
        "people": people_to_teach(partners),
    }
    return render(request, "staff/training/round_new.html", context)


def carry_out(form: RoundForm, frame: Frame, by: Any) -> Round:
    """Plan the round. Raises Refusal, WrongStops with the problems of towns."""
    said = form.cleaned_data
    return plan_round(
        form.stops(),
        zone=said["zone"],
        trainers=teachers(said["trainers"], form.partners),
        now=frame.now,
        by=by,
        **form.facts(),
    )


def planned(request: HttpRequest, made: Round) -> HttpResponse:
    """Say what is planned now, and show it."""
    number = made.sessions.count()
    sentence = ngettext("%d session is planned.", "%d sessions are planned.", number) % number
    messages.success(request, f"{sentence} {_('Nobody is invited yet.')}")
    return redirect("training-round", made.pk)


def seal_of(spans: Spans) -> str:
    """What tells whether the days that were shown are those that would be planned now."""
    moments = " ".join(f"{first.isoformat()}/{last.isoformat()}" for first, last in spans)
    return sha256(moments.encode()).hexdigest()[:16] if spans else ""


def told(spans: Spans, form: RoundForm) -> list[tuple[date, str, str]]:
    """Each town with its day and hours."""
    zone = form.cleaned_data["zone"]
    return [
        (stop.day, hours(*times, zone), stop.town) for stop, times in zip(form.stops(), spans, strict=True)
    ]


@staff
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """`/training/rounds/<number>/`"""
    found = get_object_or_404(Round.objects.select_related("course"), pk=pk)
    frame = frame_of(request)
    sessions = filled(found.sessions.order_by("starts_at", "id"), visible(request))
    context = {"round": found, "rows": rows(sessions, frame.now)}
    return render(request, "staff/training/round.html", context)
