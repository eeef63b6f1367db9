"""Who we are and when we send: one form. What moves days or hours puts all plans out of date."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.actions import change_program
from prm.accounts.models import Program
from prm.accounts.queries import local_today, program
from prm.outbox.wording import names_trafficking
from prm.partners.actions.plans import forget_plans
from prm.reporting.mail_route import mail_route
from prm.rules.refusal import Refusal
from prm.web.forms import Form
from prm.web.frame import frame_of
from prm.web.gate import refuse, runners
from prm.web.staff.places import country_choices, country_names, part_choices, zone_choices
from prm.web.staff.week import day_name

#: What moves the days or hours of reminders.
MOVING = frozenset(
    {
        "zone",
        "holiday_country",
        "holiday_subdivision",
        "working_days",
        "sending_from",
        "sending_until",
        "digest_at",
    }
)
#: What changes which days are closed: somebody should look through them again.
CLOSING = frozenset({"holiday_country", "holiday_subdivision"})
TIMES = ["%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p"]


CHOOSE_ZONE = gettext_lazy("Choose a time zone from the list.")


class ClockInput(forms.TimeInput):
    """The browser's time field, or a plain one when what was typed is no time and must be kept to be mended."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        try:
            time.fromisoformat(context["widget"]["value"] or "00:00")
        except ValueError:
            return context
        context["widget"]["type"] = "time"
        return context


def clock(label: Any, help_text: Any = "") -> forms.TimeField:
    """A time of the day, picked or typed: 09:00, 9 am."""
    return forms.TimeField(
        label=label,
        help_text=help_text,
        input_formats=TIMES,
        widget=ClockInput(format="%H:%M", attrs={"class": "form-control clock"}),
        error_messages={
            "required": gettext_lazy("Enter a time."),
            "invalid": gettext_lazy("Write the time like 09:00 or 9 am."),
        },
    )


class ProgramForm(Form):
    """Every field is named like its column; the part of the country carries the country before it, "US-CA"."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("It heads every mail and every page."),
        error_messages={"required": gettext_lazy("The program needs a name.")},
    )
    neutral_name = forms.CharField(
        label=gettext_lazy("Neutral name"),
        help_text=gettext_lazy(
            "Stands in mail to people whose colleagues must not learn what you do, for example: Partner program."
        ),
        error_messages={"required": gettext_lazy("Enter a name that a stranger may read.")},
    )
    mailbox = forms.CharField(
        label=gettext_lazy("Address for answers"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("Where a reply goes when nobody in particular keeps the partner."),
        error_messages={"required": gettext_lazy("Enter the address to which answers go.")},
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=gettext_lazy("Stands on the pages that partners open from a mail: some would rather call."),
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Which day it is, and when mail goes."),
        error_messages={"required": CHOOSE_ZONE, "invalid_choice": CHOOSE_ZONE},
    )
    holiday_country = forms.ChoiceField(label=gettext_lazy("Public holidays of"), required=False)
    holiday_subdivision = forms.ChoiceField(
        label=gettext_lazy("State or part of the country"), required=False
    )
    working_days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Working days"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    sending_from = clock(gettext_lazy("Mail goes from"))
    sending_until = clock(gettext_lazy("Until"))
    digest_at = clock(
        gettext_lazy("Your own morning mail at"),
        gettext_lazy("One mail a working day to each of you, with what is due."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.data.get("holiday_country") if self.is_bound else self.initial["holiday_country"]
        fields: Any = self.fields
        fields["zone"].choices = zone_choices(self.initial["zone"])
        fields["holiday_country"].choices = country_choices()
        fields["holiday_subdivision"].choices = part_choices(country or "")
        other = _("Choose a part of %s, or leave it open.") % country_names().get(country or "", "")
        fields["holiday_subdivision"].error_messages["invalid_choice"] = other
        fields["working_days"].choices = [(day, day_name(day)) for day in range(7)]
        fields["working_days"].error_messages["required"] = _("Choose at least one working day.")

    def clean_neutral_name(self) -> str:
        name: str = self.cleaned_data["neutral_name"]
        if names_trafficking(name):
            raise forms.ValidationError(_("This name says what you do. Choose one that a stranger may read."))
        return name

    def clean_working_days(self) -> list[int]:
        return sorted(self.cleaned_data["working_days"])

    def clean_holiday_subdivision(self) -> str:
        """The bare code of the part: "CA"."""
        return str(self.cleaned_data["holiday_subdivision"]).partition("-")[2]


@runners
def program_page(request: HttpRequest) -> HttpResponse:
    """`/program/`"""
    present = program()  # not the frame's: what is refused must not show in its head
    form = ProgramForm(request.POST or None, initial=_initial(present))
    if request.method == "POST" and form.is_valid():
        try:
            words = carry_out(present, form.cleaned_data, request)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, words)
            return redirect("first-steps" if frame_of(request).open_steps else "program")
    return render(request, "staff/program.html", {"form": form, "route": mail_route()})


def _initial(present: Program) -> dict[str, Any]:
    values = {name: getattr(present, name) for name in ProgramForm.base_fields}
    part = present.holiday_subdivision
    return values | {"holiday_subdivision": f"{present.holiday_country}-{part}" if part else ""}


@transaction.atomic
def carry_out(present: Program, said: dict[str, Any], request: HttpRequest) -> str:
    """Write what changed, and that somebody looked it through. Raises Refusal."""
    changes = {name: value for name, value in said.items() if value != getattr(present, name)}
    looked: dict[str, Any] = {"introduced_on": local_today(frame_of(request).now, present)}
    if CLOSING & changes.keys():
        looked["holidays_checked_on"] = None
    change_program(present, **changes, **looked)
    sentences = [
        _("The program is saved.") if changes else _("Nothing changed. It is noted that you looked.")
    ]
    if MOVING & changes.keys() and forget_plans():
        sentences.append(_("All reminders are worked out anew within a minute."))
    if CLOSING & changes.keys():
        sentences.append(_("Other days are closed now: please look through them."))
    return "\n".join(sentences)
