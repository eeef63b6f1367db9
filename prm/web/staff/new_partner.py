"""A new partner: who they are, whom we talk to there, and who of us keeps them, in one short form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.models import User
from prm.partners.actions import add_contact, add_organization, assign_owner
from prm.partners.models import Organization, RoleKind, Status
from prm.rules.refusal import Refusal
from prm.search.likeness import organizations_like
from prm.web.forms import EMAIL_ERRORS, Form, KeeperField, TermField, phone_field
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.change import done

#: Arguments of the actions, and the fields that carry them.
FIELDS = {"user": "owner"}
PLACES = ("city", "county", "state")


class NewPartnerForm(Form):
    """The organization, its main contact, and what unfolds: who keeps it and what it is to us."""

    name = forms.CharField(
        label=gettext_lazy("Name of the organization"),
        max_length=200,
        error_messages={"required": gettext_lazy("Enter the name of the organization.")},
    )
    sector = TermField(name="sector", label=gettext_lazy("What kind of organization"))
    city = forms.CharField(label=gettext_lazy("Town"), max_length=120, required=False)
    county = forms.CharField(label=gettext_lazy("County"), max_length=120, required=False)
    state = forms.CharField(label=gettext_lazy("State"), max_length=60, required=False)
    contact_name = forms.CharField(label=gettext_lazy("Their name"), max_length=200, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False, error_messages=EMAIL_ERRORS)
    phone = phone_field()
    owner = KeeperField(label=gettext_lazy("Who keeps this partner"))
    status = forms.ChoiceField(
        label=gettext_lazy("What they are to us"),
        choices=[(Status.ACTIVE, Status.ACTIVE.label), (Status.PROSPECT, Status.PROSPECT.label)],
        widget=forms.RadioSelect,
        initial=Status.ACTIVE,
    )
    known = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if (said.get("email") or said.get("phone")) and not said.get("contact_name"):
            self.add_error("contact_name", _("Enter the name of the person whom this reaches."))
        return said

    @property
    def unfolded(self) -> bool:
        """Whether something that is folded away needs to be mended."""
        return any(name in self.errors for name in ("owner", "status"))


@writers
def new_partner(request: HttpRequest) -> HttpResponse:
    """`/partners/new`: names that are alike are shown once before a partner is entered; nothing is refused for them."""
    frame, by = frame_of(request), _by(request)
    form = NewPartnerForm(request.POST or None, initial={"owner": by, "name": request.GET.get("name", "")})
    alike: list[Organization] = []
    if request.method == "POST" and form.is_valid():
        alike = not_looked_at(form.cleaned_data, by)
        if not alike:
            try:
                organization, sentence = carry_out(form.cleaned_data, frame, by)
            except Refusal as refusal:
                refuse(form, refusal, FIELDS)
            else:
                return done(request, organization, sentence, unchanged=_nothing_planned())
    known = [*_numbers(form.data.get("known", "")), *(str(one.pk) for one in alike)]
    context = {"form": form, "alike": alike, "known": ",".join(known)}
    return render(request, "staff/partner_new.html", context)


def not_looked_at(said: dict[str, Any], reader: User) -> list[Organization]:
    """Partners with a name like the one that was typed, which the page has not shown yet."""
    shown = _numbers(said["known"])
    return [one for one in organizations_like(said["name"], reader=reader) if str(one.pk) not in shown]


@transaction.atomic
def carry_out(said: dict[str, Any], frame: Frame, by: User) -> tuple[Organization, str]:
    """Enter the partner, whoever keeps it and the main contact; return it and what to say. Raises Refusal."""
    entry: dict[str, Any] = {"now": frame.now, "by": by}
    facts = {name: said[name] for name in (*PLACES, "sector")}
    if not said["contact_name"]:  # then the number, if there is one, would be nobody's
        facts["phone"] = said["phone"]
    organization = add_organization(name=said["name"], status=said["status"], **facts, **entry)
    assign_owner(organization, said["owner"], **entry)
    if not said["contact_name"]:
        return organization, _("%s is entered. Nobody to write to is known there yet.") % organization.name
    person = {"name": said["contact_name"], "email": said["email"], "phone": said["phone"]}
    contact = add_contact(organization, roles=[RoleKind.PRIMARY], **person, **entry)
    words = {"partner": organization.name, "contact": contact.name}
    return organization, _("%(partner)s is entered, with %(contact)s as main contact.") % words


def _nothing_planned() -> str:
    return _("Nothing is planned yet: reminders come from an agreement, a pause, a training or a talk.")


def _numbers(text: str) -> list[str]:
    return [part for part in text.split(",") if part.isdecimal()]


def _by(request: HttpRequest) -> User:
    by: Any = request.user
    return by
