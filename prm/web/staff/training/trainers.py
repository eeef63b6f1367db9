"""Who teaches a session: add somebody, say the fee that was offered, agreed and paid, take somebody off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.access import visible_organizations
from prm.rules.refusal import Refusal
from prm.training import actions
from prm.training.models import Session, SessionTrainer, TrainerRole
from prm.web.forms import Form
from prm.web.gate import refuse, writers
from prm.web.staff.change import visible
from prm.web.staff.training.fields import people_to_teach, spoken, teachers
from prm.web.typed import DayField

MOST_PAID = 1_000_000


def fee_field(label: Any) -> forms.IntegerField:
    """An amount in whole units of money."""
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST_PAID,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "form-control short"}),
        error_messages={"invalid": gettext_lazy("Write the fee as a whole number, such as 300.")},
    )


class TrainerForm(Form):
    name = forms.CharField(
        label=gettext_lazy("Who"),
        help_text=gettext_lazy("A partner’s person as Anna Reyes (Harbor House)."),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say who teaches.")},
    )
    role = forms.ChoiceField(
        label=gettext_lazy("What they do"), choices=TrainerRole.choices, initial=TrainerRole.LEAD
    )
    fee_offered = fee_field(gettext_lazy("Fee offered"))
    fee_agreed = fee_field(gettext_lazy("Fee agreed"))
    paid_on = DayField(label=gettext_lazy("Paid on"), required=False)


@writers
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """`/training/sessions/<number>/trainers`"""
    session = get_object_or_404(Session, pk=pk)
    form = TrainerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_trainer(session, meant(request, form))
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("%s teaches.") % form.cleaned_data["name"])
            return redirect("training-session", session.pk)
    return page(request, {"form": form, "session": session})


@writers
def trainer(request: HttpRequest, pk: int) -> HttpResponse:
    """`/training/trainers/<number>/`; `act=remove` takes them off."""
    seen = SessionTrainer.objects.filter(contact__isnull=True) | SessionTrainer.objects.filter(
        visible_organizations(request.user, "contact__organization__")
    )
    found = get_object_or_404(seen.select_related("session", "user", "contact__organization"), pk=pk)
    off = request.method == "POST" and request.POST.get("act") == "remove"
    form = TrainerForm(None if off else request.POST or None, initial=standing(found))
    if off or (request.method == "POST" and form.is_valid()):
        try:
            if off:
                actions.remove_trainer(found)
            else:
                actions.change_trainer(found, meant(request, form))
        except Refusal as refusal:
            messages.error(request, str(refusal)) if off else refuse(form, refusal)
        else:
            messages.success(request, _("Who teaches is changed."))
            return redirect("training-session", found.session_id)
    return page(request, {"form": form, "session": found.session, "trainer": found})


def page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The form, with names to choose from."""
    people = people_to_teach(visible(request))
    return render(request, "staff/training/trainer.html", context | {"people": people})


def standing(found: SessionTrainer) -> dict[str, Any]:
    """What stands in the form at first."""
    names = ("role", "fee_offered", "fee_agreed", "paid_on")
    return {"name": spoken(found)} | {name: getattr(found, name) for name in names}


def meant(request: HttpRequest, form: TrainerForm) -> actions.Teacher:
    """Who was meant, and what they get."""
    said = form.cleaned_data
    [known] = teachers([said["name"]], visible(request), said["role"])
    return actions.Teacher(
        role=known.role,
        user=known.user,
        contact=known.contact,
        name=known.name,
        fee_offered=said["fee_offered"],
        fee_agreed=said["fee_agreed"],
        paid_on=said["paid_on"],
    )
