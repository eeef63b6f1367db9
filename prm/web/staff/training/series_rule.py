"""Another rule for a series: first what it does to the sessions, then it is done."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prm.rules.refusal import Refusal
from prm.rules.timetable import Shifts
from prm.training.actions import change_series, shifts_of
from prm.training.models import Series, Session
from prm.training.queries import local_start
from prm.web.frame import frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.training.rule_form import RuleForm, standing
from prm.web.words import day_of_week


class ChangeForm(RuleForm):
    """The rule alone; no course says here how long a session is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends"].required = True
        self.fields["ends"].help_text = ""


@writers
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """`/training/series/<number>/rule`: what changes is shown first; the second press does it."""
    found, frame = get_object_or_404(Series, pk=pk), frame_of(request)
    form = ChangeForm(request.POST or None, initial=standing(found))
    told: list[str] = []
    seal = ""
    if request.method == "POST" and form.is_valid():
        by: Any = request.user
        try:
            shifts = shifts_of(found, form.rule(), now=frame.now)
            seal, told = seal_of(shifts), in_words(shifts)
            if request.POST.get("shown") == seal:
                change_series(found, form.rule(), now=frame.now, by=by)
                messages.success(request, _("The rule is changed."))
                return redirect("training-series", found.pk)
        except Refusal as refusal:
            refuse(form, refusal)
    context = {"form": form, "series": found, "told": [] if form.errors else told, "shown": seal}
    return render(request, "staff/training/series_rule.html", context)


def seal_of(shifts: Shifts) -> str:
    """What tells whether the changes that were shown are those that would be made now."""
    moved = sorted((pk, day.isoformat()) for pk, day in shifts.moved.items())
    return sha256(repr((moved, sorted(shifts.dropped), shifts.added)).encode()).hexdigest()[:16]


def in_words(shifts: Shifts) -> list[str]:
    """What becomes of the sessions, a line for each kind of change."""
    touched = Session.objects.in_bulk([*shifts.moved, *shifts.dropped])
    moved = {pk: day for pk, day in shifts.moved.items() if local_start(touched[pk]) != day}
    lines = [
        _("%(before)s moves to %(after)s.")
        % {"before": day_of_week(local_start(touched[pk])), "after": day_of_week(day)}
        for pk, day in moved.items()
    ]
    same = len(shifts.moved) - len(moved)
    if same:
        lines.append(
            ngettext(
                "%d session stays on its day, with the hours of the rule.",
                "%d sessions stay on their days, with the hours of the rule.",
                same,
            )
            % same
        )
    lines += [_("%s is cancelled.") % day_of_week(local_start(touched[pk])) for pk in shifts.dropped]
    lines += [_("%s is new.") % day_of_week(day) for day in shifts.added]
    return lines or [_("No session changes.")]
