"""Write an agreement down: one page that unfolds; partners are added by name, and nothing typed is lost on the way."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from prm.agreements.actions import enter_agreement
from prm.agreements.models import Agreement, AgreementStatus, AgreementTerm
from prm.partners.models import Organization, Role, RoleKind
from prm.partners.queries import holding_on
from prm.rules.refusal import Refusal
from prm.vocabulary.models import Term
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.agreement_door import page_of
from prm.web.staff.agreement_form import FIELDS, AgreementForm
from prm.web.staff.agreement_signing import found_by_name
from prm.web.staff.change import done, organization_or_404, visible
from prm.web.typed import read_number
from prm.web.words import plain_day

MOST = 60  # sides of one paper


@writers
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """`/partners/<slug>/agreements/new`; `?kind=<key>` chooses what it is.

    Every button sends the whole form: `act` says to look for partners, to add or to leave out one; else it is kept.
    """
    organization, frame = organization_or_404(request, slug), frame_of(request)
    act, _colon, number = request.POST.get("act", "").partition(":")
    sides = _sides(request, organization, act, number)
    names = _signatories(sides, frame.today)
    looks = request.method == "POST" and act in ("find", "add", "drop")
    posted = request.POST if request.method == "POST" and not looks else None
    start = _typed(request, act) if looks else _start(request)
    form = AgreementForm(posted, sides=sides, names=names, initial=start)
    if posted is not None and form.is_valid():
        try:
            agreement = carry_out(organization, form, frame, request.user)
        except Refusal as refusal:
            refuse(form, refusal, FIELDS)
        else:
            also = [side for side in sides if side is not None]
            return done(
                request, organization, words_of(agreement), also=also, to=page_of(organization, agreement)
            )
    question = request.POST.get("find", "") if act != "add" else ""
    taken = {side.pk for side in sides if side is not None}
    context = {
        "form": form,
        "organization": organization,
        "rows": list(form.rows()),
        "ours": None in sides,
        "q": question.strip(),
        "matches": found_by_name(request, question, taken),
        "signing_open": request.POST.get("stands") == "sent" or _has_days(form),
    }
    return render(request, "staff/agreement_new.html", context)


def carry_out(organization: Organization, form: AgreementForm, frame: Frame, by: Any) -> Agreement:
    """Write the agreement down as a draft, waiting for signatures, or in force. Raises Refusal."""
    said = form.cleaned_data
    term, kind = said["term"], said["kind"]
    return enter_agreement(
        kind=kind,
        title=said["title"] or _("%(kind)s with %(name)s") % {"kind": kind.label, "name": organization.name},
        term=term,
        parties=form.signers(),
        starts_on=said["starts_on"] if term != AgreementTerm.FROM_LAST_SIGNATURE else None,
        expires_on=said["expires_on"] if term == AgreementTerm.FIXED else None,
        months=said["months"] if term == AgreementTerm.FROM_LAST_SIGNATURE else None,
        review_every_months=said["review_every_months"] or 12,
        termination_days=said["termination_days"],
        sent_on=(said["sent_on"] or frame.today) if said["stands"] == "sent" else None,
        notes=said["notes"],
        now=frame.now,
        by=by,
    )


def words_of(agreement: Agreement) -> str:
    """What is recorded now, in a sentence."""
    words = {"title": agreement.title, "day": plain_day(agreement.expires_on)}
    if agreement.status == AgreementStatus.DRAFT:
        return _("“%(title)s” is written down as a draft.") % words
    if agreement.status == AgreementStatus.AWAITING:
        return _("“%(title)s” is written down and waits for signatures.") % words
    if agreement.expires_on is None:
        return _("“%(title)s” is in force and runs until someone ends it.") % words
    return _("“%(title)s” is in force through %(day)s.") % words


# --- who is a party -------------------------------------------------------------------------------------------------


def _sides(
    request: HttpRequest, organization: Organization, act: str, number: str
) -> list[Organization | None]:
    """This partner, our program unless it was left out, and the others in the order in which they were added."""
    chosen = [one for text in request.POST.getlist("with")[:MOST] if (one := read_number(text)) is not None]
    named = read_number(number)
    if act == "add" and named is not None:
        chosen.append(named)
    if act == "drop":
        chosen = [one for one in chosen if one != named]
    known = {one.pk: one for one in visible(request).filter(pk__in=chosen).exclude(pk=organization.pk)}
    ours: list[Organization | None] = [None]
    if request.method == "POST":
        kept = request.POST.get("ours") == "yes" or (act == "add" and number == "ours")
        ours = ours if kept and not (act == "drop" and number == "ours") else []
    others = [known[one] for one in dict.fromkeys(chosen) if one in known]
    return [organization, *ours, *others]


def _signatories(sides: list[Organization | None], today: date) -> dict[str, str]:
    """Who signs for each partner, as far as we know: one query."""
    held = Role.objects.filter(
        holding_on(today), kind=RoleKind.SIGNATORY, organization__in=[one.pk for one in sides if one]
    )
    rows = held.select_related("contact").order_by("-contact__entered_at", "-contact_id")
    return {str(role.organization_id): role.contact.name for role in rows}


# --- what was typed -------------------------------------------------------------------------------------------------


def _typed(request: HttpRequest, act: str) -> dict[str, Any]:
    """Everything that stands in the form, to be shown again without being judged yet."""
    typed: dict[str, Any] = request.POST.dict()
    return typed | {"find": ""} if act == "add" else typed


def _start(request: HttpRequest) -> dict[str, Any]:
    wanted = Term.objects.filter(list="agreement_kind", active=True, key=request.GET.get("kind", "")).first()
    return {"kind": wanted.pk if wanted else None, "review_every_months": 12}


def _has_days(form: AgreementForm) -> bool:
    """Whether a side has something of its own that must not be folded away."""
    return any(
        on.value() or on.errors or signed.value() or who.errors for _side, signed, on, who in form.rows()
    )
