"""Your account: how you are called, where you are, how often mail comes, how you get in, and who stands in for you."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from prm.accounts.actions import change_account, end_absence, plan_absence
from prm.accounts.models import DigestRhythm, User
from prm.accounts.queries import CAN_SIGN_IN
from prm.partners.actions.plans import forget_plans
from prm.rules.access import WRITERS
from prm.rules.refusal import Refusal
from prm.web.forms import Form, explained
from prm.web.frame import frame_of
from prm.web.gate import refuse, staff
from prm.web.staff.places import zone_choices
from prm.web.typed import DayField

CHOOSE_ZONE = gettext_lazy("Choose a time zone from the list.")
CHOOSE_STAND_IN = gettext_lazy("Choose who gets your mail as well.")
RHYTHMS = [
    (
        DigestRhythm.DAILY,
        explained(DigestRhythm.DAILY.label, gettext_lazy("One mail in the morning, if anything is due.")),
    ),
    (
        DigestRhythm.WEEKLY,
        explained(DigestRhythm.WEEKLY.label, gettext_lazy("One mail on Monday, with the whole week.")),
    ),
    (
        DigestRhythm.AT_ONCE,
        explained(DigestRhythm.AT_ONCE.label, gettext_lazy("A mail for each thing, as soon as it is due.")),
    ),
]


class AccountForm(Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        help_text=gettext_lazy("As partners read it in their mail."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Enter your name: partners read it in their mail.")},
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Your mail and your pages go by it."),
        required=False,
        error_messages={"invalid_choice": CHOOSE_ZONE},
    )
    digest = forms.ChoiceField(
        label=gettext_lazy("Your own mail"),
        choices=RHYTHMS,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={
            "required": gettext_lazy("Choose how often."),
            "invalid_choice": gettext_lazy("Choose how often."),
        },
    )

    def __init__(self, *args: Any, programs_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        as_program = (
            "",
            _("As the program: %s") % programs_zone.rpartition("/")[2].replace("_", " "),
        )
        fields["zone"].choices = [as_program, *zone_choices(self.initial["zone"] or programs_zone)]


class AbsenceForm(Form):
    first = DayField(label=gettext_lazy("First day away"))
    last = DayField(label=gettext_lazy("Last day away"))
    stand_in = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Who stands in"),
        help_text=gettext_lazy("They get your mail about partners on these days. You get it too."),
        empty_label=gettext_lazy("Choose somebody"),
        error_messages={"required": CHOOSE_STAND_IN, "invalid_choice": CHOOSE_STAND_IN},
    )

    def __init__(self, *args: Any, of: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        works = Q(role__in=WRITERS) | Q(is_superuser=True)
        fields["stand_in"].queryset = User.objects.filter(CAN_SIGN_IN & works).exclude(pk=of.pk)


@staff
def account(request: HttpRequest) -> HttpResponse:
    """`/account/`"""
    form = _form(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = _self(request)
        try:
            with transaction.atomic():
                renamed = person.name != form.cleaned_data["name"].strip()
                change_account(person, **form.cleaned_data)
                if renamed:
                    forget_plans(kept_by=person)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Your account is saved."))
            return redirect("account")
    return _page(request, form)


@staff
def away(request: HttpRequest) -> HttpResponse:
    """`/account/away`: leaving for some days, with somebody who stands in."""
    form = _absence_form(request)
    if request.method == "POST" and form.is_valid():
        person = _self(request)
        try:
            plan_absence(person, **form.cleaned_data, today=frame_of(request).today)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            sentence = _("Noted. On these days %s gets your mail too.")
            messages.success(request, sentence % form.cleaned_data["stand_in"].name)
            return redirect("account")
    return render(request, "staff/account_away.html", {"form": form})


@staff
@require_POST
def back(request: HttpRequest) -> HttpResponse:
    """Back, or not going."""
    end_absence(_self(request))
    messages.success(request, _("Your mail is yours alone again."))
    return redirect("account")


def _self(request: HttpRequest) -> User:
    """The person, fresh: what is refused must not show in the page's frame."""
    person: Any = request.user
    return User.objects.get(pk=person.pk)


def _form(request: HttpRequest, data: Any) -> AccountForm:
    person: Any = request.user
    initial = {"name": person.name, "zone": person.zone, "digest": person.digest}
    return AccountForm(data, initial=initial, programs_zone=frame_of(request).program.zone)


def _absence_form(request: HttpRequest) -> AbsenceForm:
    person: Any = request.user
    initial = {"first": person.away_from, "last": person.away_until, "stand_in": person.stand_in_id}
    data = request.POST if request.method == "POST" else None
    return AbsenceForm(data, initial=initial if _is_planned(request) else {}, of=person)


def _is_planned(request: HttpRequest) -> bool:
    """Whether an absence goes on or is still to come; one that is over is nobody's business any more."""
    person: Any = request.user
    return person.away_until is not None and person.away_until >= frame_of(request).today


def _page(request: HttpRequest, form: AccountForm) -> HttpResponse:
    kinds = list(Authenticator.objects.filter(user_id=request.user.pk).values_list("type", flat=True))
    person: Any = request.user
    there = person.stand_in is not None and person.stand_in.is_active
    context = {
        "form": form,
        "steps": _steps(kinds),
        "is_away": _is_planned(request),
        "stand_in": person.stand_in.name if there else "",
    }
    return render(request, "staff/account.html", context)


def _steps(kinds: list[str]) -> str:
    """ "An app and 2 passkeys", or that there is none."""
    passkeys = kinds.count(Authenticator.Type.WEBAUTHN)
    number = {"number": passkeys}
    told = ngettext("%(number)s passkey", "%(number)s passkeys", passkeys) % number
    if Authenticator.Type.TOTP in kinds:
        return _("An app with codes, and %s") % told if passkeys else _("An app with codes")
    return told if passkeys else _("Not set up")
