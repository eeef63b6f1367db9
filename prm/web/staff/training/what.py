"""The part of a form that says what a session is; those of one session, a series and a round begin with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from prm.partners.models import Organization
from prm.training.models import Course, SessionKind
from prm.vocabulary.models import Term
from prm.web.forms import Form, TermField
from prm.web.staff.training.fields import CourseField, HostField, NamesField, funders_field, seats_field

#: Arguments of the actions that a form carries under another name.
FIELDS = {"name": "trainers", "starts_at": "starts", "ends_at": "ends"}
TEACH_HELP = gettext_lazy(
    "Several with commas between them. A partner’s person as Anna Reyes (Harbor House)."
)


class WhatForm(Form):
    """`partners`: those whom the reader may see. `keep`: a course that stands already, though it may be retired."""

    course: Any
    host: Any
    title = forms.CharField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("Leave it empty, and it is called like the course."),
        max_length=300,
        required=False,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"), choices=SessionKind.choices, initial=SessionKind.TRAINING
    )
    format = TermField(name="training_format", label=gettext_lazy("Form"))
    language = TermField(name="language", label=gettext_lazy("Language"))
    capacity = seats_field()
    online_link = forms.CharField(
        label=gettext_lazy("Link to join online"), max_length=500, required=False, widget=forms.URLInput
    )
    funders = funders_field()

    def __init__(
        self,
        *args: Any,
        partners: QuerySet[Organization],
        keep: Course | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.partners = partners
        self.fields["course"] = CourseField(keep=keep)
        for name in ("format", "language"):  # a word that stands already stays, though it may be retired
            words: Any = self.fields[name]
            held = self.initial.get(name)
            words.queryset = words.words(keep=held.pk if isinstance(held, Term) else None)
        self.add_more()
        self.dress()

    def add_more(self) -> None:
        """Add the fields that need to know who reads."""

    def add_place(self) -> None:
        """Add where it is, for sessions that are all in one place."""
        self.fields["town"] = forms.CharField(label=gettext_lazy("Town"), max_length=120, required=False)
        self.fields["host"] = HostField(partners=self.partners)
        self.fields["place"] = forms.CharField(label=gettext_lazy("Address"), max_length=300, required=False)
        self.fields["place_confidential"] = forms.BooleanField(
            label=gettext_lazy("Nobody may read the address"),
            help_text=gettext_lazy("Invitations then say that it is given by phone."),
            required=False,
        )

    def add_trainers(self) -> None:
        self.fields["trainers"] = NamesField(label=gettext_lazy("Who teaches"), help_text=TEACH_HELP)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        course = said.get("course")
        if not said.get("title") and course is not None:
            said["title"] = course.title
        return said

    def facts(self) -> dict[str, Any]:
        """What the actions are told of each session alike."""
        said = self.cleaned_data
        names = ("title", "kind", "course", "format", "language", "capacity", "online_link", "funders")
        found = {name: said[name] for name in names if name in self.fields}
        found["funders"] = found["funders"] or own_funder(said["course"])
        return found


def own_funder(course: Course | None) -> list[str]:
    """Who pays for a course, where nobody else was named."""
    return [course.funder] if course is not None and course.funder else []
