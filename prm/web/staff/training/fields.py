"""What the forms about training ask in more than one place: a time, a host, who teaches, who pays."""

from __future__ import annotations

import datetime
import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.models import User
from prm.partners.models import Contact, Organization, RoleKind
from prm.training.actions import Teacher
from prm.training.models import Course, TrainerRole
from prm.web.staff.places import zone_choices

MOST_SEATS = 100_000
#: What is proposed while somebody types; any other name is taken too.
PROPOSED = 500
CLOCKS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p")
OF_A_PARTNER = re.compile(r"(?P<person>.+?) \((?P<partner>.+)\)")


class ClockInput(forms.TimeInput):
    """The browser's field for a time, or a plain one when what was typed is no time and must be kept to be mended."""

    input_type = "time"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if not re.fullmatch(r"(\d\d:\d\d(:\d\d)?)?", context["widget"]["value"] or ""):
            context["widget"]["type"] = "text"
        return context

    def format_value(self, value: Any) -> Any:
        return value.strftime("%H:%M") if isinstance(value, datetime.time) else value


class ClockField(forms.TimeField):
    """A time of day, typed or picked: "14:30", "2:30 pm"."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": gettext_lazy("Enter a time."),
        "invalid": gettext_lazy("Write the time like 14:30 or 2:30 pm."),
    }

    def __init__(self, **kwargs: Any) -> None:
        look = ClockInput(attrs={"class": "form-control short"})
        start: dict[str, Any] = {"widget": look, "input_formats": CLOCKS}
        super().__init__(**start | kwargs)


class CourseField(forms.ModelChoiceField):
    """One of the courses that we offer, or none; `keep` stands already and stays among them."""

    def __init__(self, *, keep: Course | None = None, **kwargs: Any) -> None:
        offered = Course.objects.filter(retired_on__isnull=True)
        if keep is not None:
            offered = offered | Course.objects.filter(pk=keep.pk)
        start: dict[str, Any] = {
            "label": gettext_lazy("Course"),
            "queryset": offered.order_by("title", "pk"),
            "required": False,
            "empty_label": gettext_lazy("None of our courses"),
        }
        super().__init__(**start | kwargs)


class HostField(forms.CharField):
    """A partner whom the reader may see, by name; the browser proposes names of the page's list `hosts`."""

    def __init__(self, *, partners: QuerySet[Organization], **kwargs: Any) -> None:
        self.partners = partners
        look = forms.TextInput(attrs={"list": "hosts", "autocomplete": "off"})
        start: dict[str, Any] = {
            "label": gettext_lazy("Host"),
            "max_length": 200,
            "required": False,
            "widget": look,
        }
        super().__init__(**start | kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.name if isinstance(value, Organization) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = list(self.partners.filter(name__iexact=text).order_by("pk")[:2])
        if not found:
            raise ValidationError(
                _("No partner has this name. Choose one from the list, or leave the field empty.")
            )
        if len(found) > 1:
            raise ValidationError(_("Several partners have this name. Give one of them another name first."))
        return found[0]


class NamesField(forms.CharField):
    """Names with commas between them."""

    def __init__(self, **kwargs: Any) -> None:
        start: dict[str, Any] = {"max_length": 1000, "required": False}
        super().__init__(**start | kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return [name.strip() for name in text.split(",") if name.strip()]


def funders_field() -> NamesField:
    """Who pays for a session; each fits its column."""
    return NamesField(
        label=gettext_lazy("Who pays"), help_text=gettext_lazy("Several with commas between them.")
    )


def seats_field() -> forms.IntegerField:
    """How many fit in, where that matters."""
    return forms.IntegerField(
        label=gettext_lazy("Seats"),
        min_value=1,
        max_value=MOST_SEATS,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "form-control short"}),
    )


def zone_field(present: str) -> forms.ChoiceField:
    """The zone of the place, the likely ones first."""
    return forms.ChoiceField(
        label=gettext_lazy("Times are those of"), choices=zone_choices(present), initial=present
    )


def hosts_of(partners: QuerySet[Organization]) -> list[str]:
    """Names of partners to propose as hosts: one query."""
    return list(dict.fromkeys(partners.order_by("name").values_list("name", flat=True)[:PROPOSED]))


def people_to_teach(partners: QuerySet[Organization]) -> list[str]:
    """Names to propose as trainers: ours, and the training contacts of partners. Two queries."""
    ours = User.objects.filter(is_active=True).order_by("name").values_list("name", flat=True)
    theirs = Contact.objects.filter(
        roles__kind=RoleKind.TRAINING, left_on__isnull=True, organization__in=partners
    )
    spoken = [
        f"{name} ({partner})"
        for name, partner in theirs.order_by("name", "pk").values_list("name", "organization__name")[
            :PROPOSED
        ]
    ]
    return list(dict.fromkeys([*ours, *spoken]))


def teachers(
    names: list[str], partners: QuerySet[Organization], role: str = TrainerRole.LEAD
) -> list[Teacher]:
    """Return who is meant: ours by name, a partner's person as "Anna Reyes (Harbor House)", else the bare name."""
    ours = {user.name.casefold(): user for user in User.objects.filter(is_active=True)} if names else {}
    return [
        Teacher(user=ours[name.casefold()], role=role)
        if name.casefold() in ours
        else _of_a_partner(name, partners, role)
        for name in names
    ]


def spoken(teacher: Any) -> str:
    """The name of somebody who teaches, as `teachers` reads it again."""
    if teacher.user is not None:
        return str(teacher.user.name)
    if teacher.contact is not None:
        return f"{teacher.contact.name} ({teacher.contact.organization.name})"
    return str(teacher.name)


def _of_a_partner(name: str, partners: QuerySet[Organization], role: str) -> Teacher:
    match = OF_A_PARTNER.fullmatch(name)
    if match:
        found = Contact.objects.filter(
            name__iexact=match["person"],
            organization__name__iexact=match["partner"],
            organization__in=partners,
        )
        if contact := found.order_by("left_on", "pk").first():
            return Teacher(contact=contact, role=role)
    return Teacher(name=name, role=role)
