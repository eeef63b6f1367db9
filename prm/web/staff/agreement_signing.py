"""Signing one by one, the board that has to agree first, and who joins later."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.agreements.actions import join as join_agreement
from prm.agreements.actions import note_approval, sign
from prm.agreements.models import Agreement, AgreementStatus, Party, Signature
from prm.partners.models import Organization, RoleKind
from prm.partners.queries import holders
from prm.rules.refusal import Refusal
from prm.web.forms import Form
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.agreement_clauses import looked_at
from prm.web.staff.agreement_door import agreement_or_404, told
from prm.web.staff.agreement_sides import name_of
from prm.web.staff.change import visible
from prm.web.typed import DayField
from prm.web.words import plain_day

MATCHES = 12


class SignForm(Form):
    signed_on = DayField(
        label=gettext_lazy("Signed on"),
        required=False,
        help_text=gettext_lazy("Leave it empty if nobody knows the day."),
    )
    signatory_name = forms.CharField(
        label=gettext_lazy("Who signed for them?"), max_length=200, required=False
    )


class BodyForm(Form):
    approval_body = forms.CharField(
        label=gettext_lazy("Who has to agree first?"),
        help_text=gettext_lazy("Such as the city council or the board."),
        max_length=200,
        error_messages={"required": gettext_lazy("Name the board, council or office.")},
    )
    before_body_on = DayField(label=gettext_lazy("It went there on"), required=False)
    approved_on = DayField(
        label=gettext_lazy("They agreed on"),
        required=False,
        help_text=gettext_lazy("Leave it empty until they have."),
    )


def signatory(party: Party, today: date) -> str:
    """Who signs for a party, as far as we know."""
    if party.signatory_name or party.organization is None:
        return party.signatory_name
    return next((one.name for one in holders(party.organization, RoleKind.SIGNATORY, today)), "")


def waiting(agreement: Agreement) -> list[Party]:
    """Who has not signed yet, the partners first."""
    found = [party for party in agreement.parties.all() if party.signature == Signature.WAITING]
    return sorted(found, key=lambda party: party.organization_id is None)


def party_asked(request: HttpRequest, agreement: Agreement, organization: Organization) -> Party | None:
    """The party that the address names, else this partner, else the first that has not signed."""
    open_ = waiting(agreement)
    wanted = request.GET.get("party", "")
    named = next((party for party in open_ if str(party.pk) == wanted), None)
    own = next((party for party in open_ if party.organization_id == organization.pk), None)
    return named or own or (open_[0] if open_ else None)


@writers
def signing(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`/partners/<slug>/agreements/<id>/sign`; `?party=<id>` says for whom."""
    organization, agreement = agreement_or_404(request, slug, pk)
    frame = frame_of(request)
    party = party_asked(request, agreement, organization)
    start = {"signed_on": frame.today, "signatory_name": signatory(party, frame.today) if party else ""}
    posted = request.POST if request.method == "POST" else None
    form = SignForm(posted, initial=start)
    if party is not None and posted is not None and form.is_valid():
        try:
            sentence = _sign(party, form.cleaned_data, frame, request.user)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return told(request, organization, agreement, sentence)
    context = {
        "form": form,
        "organization": organization,
        "agreement": agreement,
        "party": party,
        "name": name_of(party) if party else "",
        "others": [(one, name_of(one)) for one in waiting(agreement) if one != party],
        "clauses": looked_at(agreement),
    }
    return render(request, "staff/agreement_sign.html", context)


def _sign(party: Party, said: dict[str, Any], frame: Frame, by: Any) -> str:
    signed = sign(party, **said, now=frame.now, by=by)
    words = {"name": name_of(party), "day": plain_day(signed.expires_on)}
    if not party.original or signed.status != AgreementStatus.IN_FORCE:
        return _("%(name)s has signed.") % words
    if signed.expires_on is None:
        return _("%(name)s has signed. The agreement is in force and runs until someone ends it.") % words
    return _("%(name)s has signed. The agreement is in force through %(day)s.") % words


@writers
def approval(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`/partners/<slug>/agreements/<id>/approval`; `?party=<id>` says whose board or council."""
    organization, agreement = agreement_or_404(request, slug, pk)
    frame, by = frame_of(request), request.user
    party = party_asked(request, agreement, organization)
    posted = request.POST if request.method == "POST" else None
    form = BodyForm(posted, initial=_body(party, frame.today) if party else {})
    if party is not None and posted is not None and form.is_valid():
        said = form.cleaned_data
        days = {name: said[name] for name in ("before_body_on", "approved_on")}
        try:
            note_approval(party, body=said["approval_body"], **days, now=frame.now, by=by)  # type: ignore[arg-type]
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return told(request, organization, agreement, _body_words(said))
    context = {"form": form, "organization": organization, "agreement": agreement, "party": party}
    return render(request, "staff/agreement_approval.html", context | {"name": party and name_of(party)})


def _body(party: Party, today: date) -> dict[str, Any]:
    """What is known, else what the partner usually needs."""
    usual = party.organization.approval_body if party.organization is not None else ""
    return {
        "approval_body": party.approval_body or usual,
        "before_body_on": party.before_body_on or today,
        "approved_on": party.approved_on,
    }


def _body_words(said: dict[str, Any]) -> str:
    if said["approved_on"] is not None:
        return _("%(approval_body)s agreed. Now it can be signed.") % said
    return _("Noted: it is with %(approval_body)s.") % said


# --- joining --------------------------------------------------------------------------------------------------------


class JoinForm(SignForm):
    signed = forms.ChoiceField(
        label=gettext_lazy("Have they signed?"),
        choices=[("signed", gettext_lazy("Yes")), ("waiting", gettext_lazy("Not yet"))],
        widget=forms.RadioSelect,
        initial="signed",
    )

    field_order = ("signed", "signed_on", "signatory_name")


def found_by_name(request: HttpRequest, question: str, taken: set[int]) -> list[Organization]:
    """Partners whose name has the words in it, names that begin with them first; never more than fit on a page."""
    words = question.strip()[:100]
    if not words:
        return []
    named = visible(request).filter(name__icontains=words).exclude(pk__in=taken)
    begins = list(named.filter(name__istartswith=words).order_by("name", "pk")[:MATCHES])
    rest = named.filter(~Q(pk__in=[one.pk for one in begins])).order_by("name", "pk")
    return [*begins, *rest[: MATCHES - len(begins)]]


@writers
def join(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`/partners/<slug>/agreements/<id>/join`; `?q=` finds by name, `?with=<slug>` is who joins."""
    organization, agreement = agreement_or_404(request, slug, pk)
    frame, question = frame_of(request), request.GET.get("q", "")
    taken = {party.organization_id for party in agreement.parties.all() if party.organization_id}
    newcomer = visible(request).filter(slug=request.GET.get("with", "")).first()
    start: dict[str, Any] = {"signed_on": frame.today}
    if newcomer is not None:
        start["signatory_name"] = next((c.name for c in holders(newcomer, "signatory", frame.today)), "")
    posted = request.POST if request.method == "POST" else None
    form = JoinForm(posted, initial=start)
    if newcomer is not None and posted is not None and form.is_valid():
        try:
            sentence = _join(agreement, newcomer, form.cleaned_data, frame, request.user)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            agreement.refresh_from_db()
            return told(request, organization, agreement, sentence)
    context = {
        "form": form,
        "organization": organization,
        "agreement": agreement,
        "newcomer": newcomer,
        "q": question,
        "matches": [] if newcomer else found_by_name(request, question, taken),
    }
    return render(request, "staff/agreement_join.html", context)


def _join(agreement: Agreement, newcomer: Organization, said: dict[str, Any], frame: Frame, by: Any) -> str:
    signed = said["signed"] == "signed"
    party = join_agreement(
        agreement,
        newcomer,
        signed=signed,
        signed_on=said["signed_on"] if signed else None,
        signatory_name=said["signatory_name"],
        now=frame.now,
        by=by,
    )
    if not signed:
        return _("%s joins as soon as it has signed.") % newcomer.name
    if party.expires_on is not None:
        words = {"name": newcomer.name, "day": plain_day(party.expires_on)}
        return _("%(name)s has joined. For it the agreement runs through %(day)s.") % words
    return _("%s has joined.") % newcomer.name
