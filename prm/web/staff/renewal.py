"""Record a renewal: the next term of an agreement, signed or still waiting for signatures."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.models import User
from prm.agreements.actions import renew
from prm.agreements.models import Agreement, AgreementStatus, AgreementTerm
from prm.agreements.queries import agreements_of, next_term
from prm.partners.models import Organization, RoleKind
from prm.reminders.people import people
from prm.rules.refusal import Refusal
from prm.web.forms import Form, explained, note_field
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.agreement_clauses import looked_at
from prm.web.staff.agreement_sides import Holder, who_has
from prm.web.staff.change import done, organization_or_404
from prm.web.typed import DayField
from prm.web.words import plain_day

#: Whom a renewal needs.
ASKED = [
    (RoleKind.NOTICE, gettext_lazy("Gets the notices")),
    (RoleKind.SIGNATORY, gettext_lazy("Signs for them")),
]
SIGNATURES = [
    ("signed", gettext_lazy("Everyone has signed")),
    (
        "waiting",
        explained(
            gettext_lazy("Signatures are still missing"),
            gettext_lazy("The present term stays as it is until the last one is there."),
        ),
    ),
]


def renewable(organization: Organization) -> QuerySet[Agreement]:
    """The agreements that are in force, or ran out, and have no next term yet; not those that end by notice."""
    found = agreements_of(organization).filter(status=AgreementStatus.IN_FORCE, renewed_by__isnull=True)
    return found.filter(notice_given_on__isnull=True)


class RenewalForm(Form):
    """`until`: same length, another day, or without an end."""

    until = forms.ChoiceField(
        label=gettext_lazy("How long does the next term run?"), widget=forms.RadioSelect
    )
    starts_on = DayField(label=gettext_lazy("First day"), required=False)
    expires_on = DayField(label=gettext_lazy("Last valid day"), required=False)
    signed = forms.ChoiceField(
        label=gettext_lazy("Is it signed?"), choices=SIGNATURES, widget=forms.RadioSelect, initial="signed"
    )
    signed_on = DayField(
        label=gettext_lazy("Last signature"),
        required=False,
        help_text=gettext_lazy("Leave it empty if nobody knows the day."),
    )
    notes = note_field(gettext_lazy("What changed"))

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        until: Any = self.fields["until"]
        until.choices = lengths(agreement)
        until.initial = until.choices[0][0]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("until") == "date" and "expires_on" not in self.errors and not said.get("expires_on"):
            self.add_error("expires_on", _("Enter the last day on which the next term is valid."))
        return said


def lengths(agreement: Agreement) -> list[tuple[str, Any]]:
    """The lengths that can be chosen, the one that follows by itself first."""
    next_ = next_term(agreement)
    open_end = explained(_("Without an end"), _("Looked through once a year."))
    other = ("date", _("Until another day"))
    if agreement.term == AgreementTerm.EVERGREEN:
        return [("open", open_end), other]
    if agreement.term == AgreementTerm.FROM_LAST_SIGNATURE and next_.months:
        words = _("%d months from the last signature") % next_.months
        return [("same", explained(_("As long as before"), words)), other, ("open", open_end)]
    if next_.starts_on and next_.expires_on:
        words = _("%(first)s to %(last)s") % {
            "first": plain_day(next_.starts_on),
            "last": plain_day(next_.expires_on),
        }
        return [("same", explained(_("As long as before"), words)), other, ("open", open_end)]
    return [other, ("open", open_end)]


def carry_out(agreement: Agreement, said: dict[str, Any], frame: Frame, by: User) -> str:
    """Record the renewal and say what is valid now. Raises Refusal."""
    signed = said["signed"] == "signed"
    renewed = renew(
        agreement,
        starts_on=said["starts_on"],
        expires_on=said["expires_on"] if said["until"] == "date" else None,
        term=_term(agreement, said["until"]),
        signed=signed,
        signed_on=said["signed_on"] if signed else None,
        notes=said["notes"],
        now=frame.now,
        by=by,
    )
    if renewed.status != AgreementStatus.IN_FORCE:
        return _("The next term of “%s” is written down and waits for signatures.") % renewed.title
    if renewed.expires_on is None:
        return _("“%s” is renewed and runs until someone ends it.") % renewed.title
    return _("“%(title)s” is renewed through %(day)s.") % {
        "title": renewed.title,
        "day": plain_day(renewed.expires_on),
    }


def _term(agreement: Agreement, until: str) -> str:
    if until == "open":
        return AgreementTerm.EVERGREEN
    return AgreementTerm.FIXED if until == "date" else agreement.term


@writers
def renewal(request: HttpRequest, slug: str) -> HttpResponse:
    """`/partners/<slug>/renewal`; `?agreement=<id>` names the one where there are several."""
    organization, frame = organization_or_404(request, slug), frame_of(request)
    candidates = list(renewable(organization))
    wanted = request.GET.get("agreement", "")
    agreement = next((one for one in candidates if str(one.pk) == wanted), None)
    if agreement is None and len(candidates) == 1:
        agreement = candidates[0]
    if agreement is None:
        return render(
            request, "staff/renewal_choice.html", {"organization": organization, "agreements": candidates}
        )
    form = RenewalForm(request.POST or None, agreement=agreement, initial=_initial(agreement, frame.today))
    if request.method == "POST" and form.is_valid():
        parties = [party.organization for party in agreement.parties.all() if party.organization is not None]
        try:
            sentence = carry_out(agreement, form.cleaned_data, frame, request.user)  # type: ignore[arg-type]
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return done(request, organization, sentence, also=parties)
    context = {
        "form": form,
        "organization": organization,
        "agreement": agreement,
        "asked": asked(organization, frame.today),
        "clauses": looked_at(agreement),
        "over": agreement.expires_on is not None and agreement.expires_on < frame.today,
    }
    return render(request, "staff/renewal.html", context)


def asked(organization: Organization, today: date) -> list[tuple[Any, list[Holder]]]:
    """Who hears of the agreement and who signs it, with what keeps mail from them: are they still right?"""
    told = people([organization])[organization.pk]
    return [(word, who_has(told, role, today)) for role, word in ASKED]


def _initial(agreement: Agreement, today: date) -> dict[str, Any]:
    return {"starts_on": next_term(agreement).starts_on, "signed_on": today}
