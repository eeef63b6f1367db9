"""A new person at a partner: name, how to reach them, what they do there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.partners.actions import add_contact, note_same_person
from prm.partners.models import Contact, Organization, RoleKind
from prm.partners.queries import same_address
from prm.rules.refusal import Refusal
from prm.web.forms import EMAIL_ERRORS, Form, phone_field
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.change import done, organization_or_404
from prm.web.typed import DayField


class NewPersonForm(Form):
    """Who they are, and their roles from a day."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        error_messages={"required": gettext_lazy("Enter the name.")},
    )
    title = forms.CharField(label=gettext_lazy("Title at work"), max_length=200, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False, error_messages=EMAIL_ERRORS)
    phone = phone_field()
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("What they do there"),
        choices=RoleKind.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        required=False,
    )
    since = DayField(label=gettext_lazy("From"))


@writers
def new_person(request: HttpRequest, slug: str) -> HttpResponse:
    """`/partners/<slug>/people/new`: who is known elsewhere by the same address is offered as the same person."""
    organization, frame = organization_or_404(request, slug), frame_of(request)
    by: Any = request.user
    form = NewPersonForm(request.POST or None, initial={"since": frame.today})
    maybe: list[Contact] = []
    if request.method == "POST" and form.is_valid():
        maybe = same_address(form.cleaned_data["email"], organization, reader=by)
        said = request.POST.get("same", "")
        if not maybe or said == "no" or said in {str(one.pk) for one in maybe}:
            other = next((one for one in maybe if str(one.pk) == said), None)
            try:
                contact = carry_out(organization, form.cleaned_data, other, frame, by)
            except Refusal as refusal:
                refuse(form, refusal)
            else:
                page = reverse("person", args=[organization.slug, contact.pk])
                also = [other.organization] if other else []
                return done(
                    request,
                    organization,
                    _("%s is entered.") % contact.name,
                    also=also,
                    to=page,
                    unchanged=None,
                )
    context = {"form": form, "organization": organization, "maybe": maybe}
    return render(request, "staff/person_new.html", context)


@transaction.atomic
def carry_out(
    organization: Organization, said: dict[str, Any], other: Contact | None, frame: Frame, by: Any
) -> Contact:
    """Enter the person, and that it is the same as somebody elsewhere. Raises Refusal."""
    contact = add_contact(organization, **said, now=frame.now, by=by)
    if other is not None:
        note_same_person(contact, other, now=frame.now, by=by)
    return contact
