"""Replace a contact: who leaves, the last day, and who follows: somebody known, somebody new, or nobody yet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.models import User
from prm.continuity.passing import pass_invitations
from prm.partners.actions import note_leaving, replace_contact
from prm.partners.models import Contact, Organization, RoleKind
from prm.rules.refusal import Refusal
from prm.web.forms import EMAIL_ERRORS, ContactField, Form, explained, note_field, people_of, who_may_leave
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.change import done, organization_or_404
from prm.web.typed import DayField
from prm.web.words import listed, plain_day

FOLLOWERS = [
    ("known", gettext_lazy("Somebody we know already")),
    ("new", gettext_lazy("Somebody new")),
    (
        "nobody",
        explained(
            gettext_lazy("Nobody yet"),
            gettext_lazy("The roles stay empty; reminders ask whoever else is there."),
        ),
    ),
]
#: Arguments of the actions, and the fields that carry them.
FIELDS = {"old": "leaves", "email": "email", "name": "name", "successor": "successor", "last_day": "last_day"}


class ReplacementForm(Form):
    leaves = ContactField(
        label=gettext_lazy("Who leaves?"), queryset=None, empty_label=gettext_lazy("Choose")
    )
    last_day = DayField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("From the day after, mail goes to whoever follows."),
    )
    follows = forms.ChoiceField(
        label=gettext_lazy("Who follows?"), choices=FOLLOWERS, widget=forms.RadioSelect, initial="new"
    )
    successor = ContactField(
        label=gettext_lazy("Choose the person"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Choose"),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        error_messages=EMAIL_ERRORS,
    )
    title = forms.CharField(label=gettext_lazy("Title at work"), max_length=200, required=False)
    note = note_field(gettext_lazy("Anything to keep in mind"))

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leaves: Any = self.fields["leaves"]
        successor: Any = self.fields["successor"]
        leaves.queryset = who_may_leave(organization)
        successor.queryset = people_of(organization)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        follows = said.get("follows")
        if follows == "known" and not said.get("successor"):
            self.add_error("successor", _("Choose who follows."))
        if follows == "new" and not said.get("name"):
            self.add_error("name", _("Enter the name of the new contact."))
        return said


@transaction.atomic
def carry_out(said: dict[str, Any], frame: Frame, by: User) -> str:
    """Record it, and say who leaves, when, and what passes to whom; later sessions pass too. Raises Refusal."""
    old: Contact = said["leaves"]
    held = set(old.roles.filter(until__isnull=True).values_list("kind", flat=True))
    roles = [str(kind.label).lower() for kind in RoleKind if kind in held]
    words = {"old": old.name, "day": plain_day(said["last_day"]), "roles": listed(roles)}
    if said["follows"] == "nobody":
        note_leaving(old, last_day=said["last_day"], note=said["note"], now=frame.now, by=by)
        pass_invitations(old, None, said["last_day"], now=frame.now, by=by)
        if roles:
            return _("%(old)s leaves after %(day)s. Nobody follows yet as %(roles)s.") % words
        return _("%(old)s leaves after %(day)s.") % words
    known = said["successor"] if said["follows"] == "known" else None
    new = {} if known else {"name": said["name"], "email": said["email"], "title": said["title"]}
    successor = replace_contact(
        old, last_day=said["last_day"], successor=known, note=said["note"], now=frame.now, by=by, **new
    )
    pass_invitations(old, successor, said["last_day"], now=frame.now, by=by)
    words["new"] = successor.name
    if roles:
        return _("%(old)s leaves after %(day)s. %(new)s takes over: %(roles)s.") % words
    return _("%(old)s leaves after %(day)s. %(new)s follows.") % words


def only_one(organization: Organization) -> int | None:
    """Whoever is the only one there: nobody else can be meant."""
    here = list(people_of(organization).values_list("pk", flat=True)[:2])
    return here[0] if len(here) == 1 else None


@writers
def replacement(request: HttpRequest, slug: str) -> HttpResponse:
    """`/partners/<slug>/replace`; `?contact=<id>` names who leaves."""
    organization, frame = organization_or_404(request, slug), frame_of(request)
    initial = {"leaves": request.GET.get("contact") or only_one(organization), "last_day": frame.today}
    form = ReplacementForm(request.POST or None, organization=organization, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            sentence = carry_out(form.cleaned_data, frame, request.user)  # type: ignore[arg-type]
        except Refusal as refusal:
            refuse(form, refusal, FIELDS)
        else:
            stays = _("The planned reminders stay; from then on they reach whoever follows.")
            return done(request, organization, sentence, unchanged=stays)
    return render(request, "staff/replacement.html", {"form": form, "organization": organization})
