"""What we teach: the list of courses, one of them, entering and changing it, retiring it and bringing it back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from prm.partners.edits import as_text
from prm.rules.refusal import Conflict, Refusal
from prm.training import actions
from prm.training.models import Course, LearningPath, Origin, SessionStatus
from prm.training.queries import gone_by, to_come
from prm.vocabulary.models import Term
from prm.web.forms import Form, TermField, note_field
from prm.web.frame import frame_of
from prm.web.gate import refuse, staff, writers
from prm.web.staff.change import visible
from prm.web.staff.training.rows import filled, rows
from prm.web.typed import CHOOSE_OF_THESE, DayField, read_number

ORIGINS = [("", gettext_lazy("Not said")), *Origin.choices]
FACTS = (
    "title", "topic", "level", "format", "minutes", "objectives", "origin", "review_on", "materials_link",
    "on_demand_link", "funder", "accreditation",
)  # fmt: skip
#: What stands folded away at first.
FOLDED = ("materials_link", "on_demand_link", "funder", "accreditation", "review_on", "origin", "objectives")
SHOWN = 10


class LanguagesField(forms.ModelMultipleChoiceField):
    """Words of the list of languages. A number that is none of ours never reaches the database."""

    def clean(self, value: Any) -> Any:
        if any(read_number(str(one)) is None for one in value or ()):
            raise ValidationError(CHOOSE_OF_THESE)
        return super().clean(value)


class CourseForm(Form):
    """A course; only its title and its length are needed."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=300,
        error_messages={"required": gettext_lazy("Enter the title of the course.")},
    )
    topic = TermField(name="training_topic", label=gettext_lazy("Topic"))
    level = TermField(name="training_level", label=gettext_lazy("Level"))
    format = TermField(name="training_format", label=gettext_lazy("Form"))
    minutes = forms.IntegerField(
        label=gettext_lazy("How many minutes"),
        initial=60,
        min_value=1,
        max_value=24 * 60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "form-control short"}),
    )
    languages: Any = LanguagesField(
        label=gettext_lazy("Languages"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    objectives = note_field(gettext_lazy("What people can do afterwards"))
    origin = forms.ChoiceField(label=gettext_lazy("Who made the material"), choices=ORIGINS, required=False)
    review_on = DayField(
        label=gettext_lazy("Look it through by"),
        required=False,
        help_text=gettext_lazy("Laws and numbers change. The list then says that it is due."),
    )
    materials_link = forms.CharField(
        label=gettext_lazy("Link to the material"), max_length=500, required=False, widget=forms.URLInput
    )
    on_demand_link = forms.CharField(
        label=gettext_lazy("Link to take it at any time"),
        max_length=500,
        required=False,
        widget=forms.URLInput,
    )
    funder = forms.CharField(label=gettext_lazy("Who pays"), max_length=200, required=False)
    accreditation = forms.CharField(
        label=gettext_lazy("Accreditation"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("As it stands on a certificate: who gives credit, how much, which number."),
    )

    def __init__(self, *args: Any, course: Course | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken: Any = self.fields["languages"]
        held = [term.pk for term in course.languages.all()] if course is not None else []
        spoken.queryset = Term.objects.filter(Q(active=True) | Q(pk__in=held), list="language")
        for name in ("topic", "level", "format"):
            words: Any = self.fields[name]
            words.queryset = words.words(keep=getattr(course, f"{name}_id", None))
        spoken.widget.attrs["class"] = "form-check-input"

    @property
    def unfolded(self) -> bool:
        """Whether something that is folded away says something, or needs to be mended."""
        return any(self[name].errors or self[name].value() for name in FOLDED)


@staff
def courses(request: HttpRequest) -> HttpResponse:
    """`/training/courses/`"""
    held = Count("sessions", filter=~Q(sessions__status=SessionStatus.CANCELLED))
    listed = Course.objects.select_related("topic", "level").annotate(held=held)
    context = {
        "offered": [one for one in listed if one.retired_on is None],
        "retired": [one for one in listed if one.retired_on is not None],
        "paths": LearningPath.objects.filter(retired_on__isnull=True).prefetch_related("steps__course"),
    }
    return render(request, "staff/training/courses.html", context)


@staff
def course(request: HttpRequest, pk: int) -> HttpResponse:
    """`/training/courses/<number>/`"""
    found = get_object_or_404(Course.objects.select_related("topic", "level", "format"), pk=pk)
    frame = frame_of(request)
    partners = visible(request)
    coming = filled(to_come(frame.now).filter(course=found), partners)[:SHOWN]
    past = filled(gone_by(frame.now).filter(course=found), partners)[:SHOWN]
    context = {
        "course": found,
        "languages": [term.label for term in found.languages.all()],
        "coming": rows(coming, frame.now),
        "past": rows(past, frame.now),
        "due": found.review_on is not None and found.review_on <= frame.today,
    }
    return render(request, "staff/training/course.html", context)


@writers
def new(request: HttpRequest) -> HttpResponse:
    """`/training/courses/new`"""
    form = CourseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.enter_course(**form.cleaned_data, now=frame_of(request).now)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("“%s” is among the courses.") % made.title)
            return redirect("training-course", made.pk)
    return render(request, "staff/training/course_form.html", {"form": form})


@writers
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """`/training/courses/<number>/change`"""
    found = get_object_or_404(Course.objects.prefetch_related("languages"), pk=pk)
    start = {name: getattr(found, name) for name in FACTS} | {"languages": found.languages.all()}
    form = CourseForm(request.POST or None, course=found, initial=start)
    seen = {name: request.POST.get(f"seen_{name}", as_text(getattr(found, name))) for name in FACTS}
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_course(found, **form.cleaned_data, seen=seen)
        except Conflict as conflict:
            sentence = _("Somebody else has changed this since you opened it. Save once more to use yours.")
            for name in conflict.fields:
                form.add_error(name, sentence)
                seen[name] = as_text(getattr(found, name))
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            words = _("“%s” is changed. Sessions that are planned stay as they are.")
            messages.success(request, words % found.title)
            return redirect("training-course", found.pk)
    context = {"form": form, "course": found, "seen": [(f"seen_{name}", text) for name, text in seen.items()]}
    return render(request, "staff/training/course_form.html", context)


@writers
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """`/training/courses/<number>/retire`"""
    found = get_object_or_404(Course, pk=pk)
    actions.retire_course(found, now=frame_of(request).now)
    back = reverse("training-course-offer", args=[found.pk])
    words = _("“%s” is retired. What is planned of it stays.") % found.title
    messages.success(request, words, extra_tags=back)
    return redirect("training-course", found.pk)


@writers
@require_POST
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """`/training/courses/<number>/offer`: offer a retired course again."""
    found = get_object_or_404(Course, pk=pk)
    actions.offer_course_again(found)
    messages.success(request, _("“%s” is offered again.") % found.title)
    return redirect("training-course", found.pk)
