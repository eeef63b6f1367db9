"""The roles of a person: give one from a day, end one, or hand it over to somebody who is there or comes new."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.partners.actions import add_contact, end_role, give_role
from prm.partners.models import Contact, Role, RoleKind
from prm.rules.dates import ONE_DAY
from prm.rules.refusal import Refusal
from prm.web.forms import EMAIL_ERRORS, ContactField, Form, explained, people_of
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.change import done
from prm.web.staff.person import contact_or_404
from prm.web.typed import DayField
from prm.web.words import plain_day

FOLLOWERS = [
    ("nobody", explained(gettext_lazy("Nobody yet"), gettext_lazy("The role stays empty from then on."))),
    ("known", gettext_lazy("Somebody we know already")),
    ("new", gettext_lazy("Somebody new")),
]


class RoleForm(Form):
    kind = forms.ChoiceField(label=gettext_lazy("Which role"))
    since = DayField(label=gettext_lazy("From"))

    def __init__(self, *args: Any, held: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [(one.value, one.label) for one in RoleKind if one.value not in held]


class EndForm(Form):
    last_day = DayField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("From the day after, mail goes to whoever follows."),
    )
    follows = forms.ChoiceField(
        label=gettext_lazy("Who follows?"), choices=FOLLOWERS, widget=forms.RadioSelect, initial="known"
    )
    successor = ContactField(
        label=gettext_lazy("Choose the person"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Choose"),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False, error_messages=EMAIL_ERRORS)

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        successor: Any = self.fields["successor"]
        successor.queryset = people_of(contact.organization).exclude(pk=contact.pk)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("follows") == "known" and not said.get("successor") and "successor" not in self.errors:
            self.add_error("successor", _("Choose who follows."))
        if said.get("follows") == "new" and not said.get("name"):
            self.add_error("name", _("Enter the name of the new contact."))
        return said


def open_role(contact: Contact, kind: str, today: date) -> Role | None:
    """The role of a kind that a person holds or is to hold; the one held now first."""
    roles = [one for one in contact.roles.filter(kind=kind) if one.until is None or one.until >= today]
    return min(roles, key=lambda one: one.since, default=None)


@writers
def give(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`/partners/<slug>/people/<id>/roles`: one more role, from a day."""
    organization, contact = contact_or_404(request, slug, pk)
    frame = frame_of(request)
    kinds = [one.kind for one in contact.roles.all() if one.until is None or one.until >= frame.today]
    form = RoleForm(request.POST or None, held=set(kinds), initial={"since": frame.today})
    if request.method == "POST" and form.is_valid():
        by: Any = request.user
        try:
            role = give_role(contact, **form.cleaned_data, now=frame.now, by=by)
        except Refusal as refusal:
            refuse(form, refusal, {"until": "since"})
        else:
            words = {"name": contact.name, "role": str(role.get_kind_display()).lower()}
            words["day"] = plain_day(role.since)
            sentence = _("%(name)s: %(role)s from %(day)s.") % words
            return done(request, organization, sentence, to=_page(contact), unchanged=None)
    context = {"form": form, "organization": organization, "contact": contact}
    return render(request, "staff/role_give.html", context)


@writers
def end(request: HttpRequest, slug: str, pk: int, role: str) -> HttpResponse:
    """`/partners/<slug>/people/<id>/roles/<kind>`: the role ends, and somebody follows or nobody yet."""
    organization, contact = contact_or_404(request, slug, pk)
    frame = frame_of(request)
    held = open_role(contact, role, frame.today)
    if held is None:
        raise Http404
    form = EndForm(request.POST or None, contact=contact, initial={"last_day": max(frame.today, held.since)})
    if request.method == "POST" and form.is_valid():
        try:
            sentence = hand_over(held, form.cleaned_data, frame, request.user)
        except Refusal as refusal:
            refuse(form, refusal, {"contact": "successor"})
        else:
            return done(request, organization, sentence, to=_page(contact), unchanged=None)
    context = {"form": form, "organization": organization, "contact": contact, "role": held}
    return render(request, "staff/role_end.html", context)


@transaction.atomic
def hand_over(role: Role, said: dict[str, Any], frame: Frame, by: Any) -> str:
    """End a role and give it to whoever follows from the day after; return what to say. Raises Refusal."""
    stamp: dict[str, Any] = {"now": frame.now, "by": by}
    contact = role.contact
    words = {
        "old": contact.name,
        "role": str(role.get_kind_display()).lower(),
        "day": plain_day(said["last_day"]),
    }
    end_role(role, last_day=said["last_day"], **stamp)
    if said["follows"] == "nobody":
        return _("%(old)s: no longer %(role)s after %(day)s. Nobody follows yet.") % words
    successor = said["successor"]
    if said["follows"] == "new":
        facts = {"email": said["email"], "discreet": contact.discreet}
        successor = add_contact(contact.organization, name=said["name"], **facts, **stamp)
    give_role(successor, kind=role.kind, since=said["last_day"] + ONE_DAY, **stamp)
    words["new"] = successor.name
    return _("%(old)s: no longer %(role)s after %(day)s. %(new)s follows.") % words


def _page(contact: Contact) -> str:
    return reverse("person", args=[contact.organization.slug, contact.pk])
