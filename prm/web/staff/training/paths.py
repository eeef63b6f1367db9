"""Learning paths: which course follows which, from the foundation to the refresher."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.rules.refusal import Refusal
from prm.training.actions import change_path, enter_path
from prm.training.models import Course, LearningPath
from prm.web.forms import Form
from prm.web.frame import frame_of
from prm.web.gate import refuse, writers

#: So many courses a path may have; who needs more has two paths.
MOST = 8
FIELDS = {"courses": "course_1"}


class PathForm(Form):
    """A title, and a course for each step; steps that stay empty do not count. `held`: those that stand there."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=300,
        error_messages={"required": gettext_lazy("Enter the title of the path.")},
    )

    def __init__(self, *args: Any, held: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Course.objects.filter(Q(retired_on__isnull=True) | Q(pk__in=held))
        self.courses = {str(course.pk): course for course in offered.order_by("title", "pk")}
        choices = [("", _("No course")), *((key, course.title) for key, course in self.courses.items())]
        for number in range(1, MOST + 1):
            self.fields[f"course_{number}"] = forms.ChoiceField(
                label=_("Course %d") % number, choices=choices, required=False
            )
        self.dress()

    def steps(self) -> list[Any]:
        """The fields of the courses in their order."""
        return [self[f"course_{number}"] for number in range(1, MOST + 1)]

    def chosen(self) -> list[Course]:
        """The courses in their order."""
        keys = [self.cleaned_data[f"course_{number}"] for number in range(1, MOST + 1)]
        return [self.courses[key] for key in keys if key]


@writers
def new(request: HttpRequest) -> HttpResponse:
    """`/training/paths/new`"""
    return _page(request, None)


@writers
def path(request: HttpRequest, pk: int) -> HttpResponse:
    """`/training/paths/<number>/`"""
    return _page(request, get_object_or_404(LearningPath, pk=pk))


def _page(request: HttpRequest, found: LearningPath | None) -> HttpResponse:
    held = list(found.steps.values_list("course", flat=True)) if found is not None else []
    start: dict[str, Any] = {f"course_{number}": str(pk) for number, pk in enumerate(held, start=1)}
    form = PathForm(
        request.POST or None, held=held, initial=start | {"title": found.title if found is not None else ""}
    )
    if request.method == "POST" and form.is_valid():
        title, courses = form.cleaned_data["title"], form.chosen()
        try:
            if found is None:
                found = enter_path(title=title, courses=courses, now=frame_of(request).now)
            else:
                change_path(found, title=title, courses=courses)
        except Refusal as refusal:
            refuse(form, refusal, FIELDS)
        else:
            messages.success(request, _("The path “%s” is saved.") % found.title)
            return redirect("training-courses")
    return render(request, "staff/training/path.html", {"form": form, "path": found})
