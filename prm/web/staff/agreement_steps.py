"""The small steps with an agreement: each one short form, one fact, and back to its page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from prm.agreements import actions
from prm.agreements.models import Agreement
from prm.rules.refusal import Refusal
from prm.web.forms import Form, note_field
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.agreement_door import agreement_or_404, page_of, told
from prm.web.staff.change import done
from prm.web.typed import DayField, read_number
from prm.web.words import plain_day

NO_NAMES = gettext_lazy("Please no names of people you serve.")


class SendForm(Form):
    sent_on = DayField(label=gettext_lazy("Sent on"))


class ReviewForm(Form):
    reviewed_on = DayField(label=gettext_lazy("Looked through on"))
    note = note_field(gettext_lazy("What you found"), help_text=NO_NAMES)


class CorrectForm(Form):
    expires_on = DayField(label=gettext_lazy("Last valid day"))


class EndForm(Form):
    ended_on = DayField(label=gettext_lazy("Last day"))
    note = note_field(gettext_lazy("Why"), help_text=NO_NAMES)


class WithdrawForm(Form):
    note = note_field(gettext_lazy("Why"), help_text=NO_NAMES)


Said = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its form, what it starts with, its words, and the action that records it and says so."""

    form: type[Form]
    headline: Any
    lede: Any
    button: Any
    start: Callable[[Agreement, Frame], Said]
    act: Callable[[Agreement, Said, Said], str]


def _send(agreement: Agreement, said: Said, by: Said) -> str:
    sent = actions.send_for_signature(agreement, **said, **by)
    return _("Sent for signature on %s. You are told when nobody has signed after two weeks.") % plain_day(
        sent.sent_on
    )


def _review(agreement: Agreement, said: Said, by: Said) -> str:
    review = actions.record_review(agreement, **said, **by)
    return _("Looked through on %s.") % plain_day(review.reviewed_on)


def _correct(agreement: Agreement, said: Said, by: Said) -> str:
    corrected = actions.correct_end(agreement, **said, **by)
    return _("The last valid day is %s now.") % plain_day(corrected.expires_on)


def _end(agreement: Agreement, said: Said, by: Said) -> str:
    ended = actions.end(agreement, **said, **by)
    return _("Ended with %s. Nobody is reminded of it any more.") % plain_day(ended.ended_on)


def _withdraw(agreement: Agreement, said: Said, by: Said) -> str:
    actions.withdraw(agreement, **said, **by)
    return _("Given up. It stays here to be read.")


STEPS = {
    "send": Step(
        SendForm,
        gettext_lazy("Send for signature"),
        gettext_lazy(
            "Send the paper the way you always do. Here we note the day, and remind you while it waits."
        ),
        gettext_lazy("It is sent"),
        lambda _agreement, frame: {"sent_on": frame.today},
        _send,
    ),
    "review": Step(
        ReviewForm,
        gettext_lazy("We looked it through"),
        gettext_lazy("For an agreement without an end the next review follows from this day."),
        gettext_lazy("Note the review"),
        lambda _agreement, frame: {"reviewed_on": frame.today},
        _review,
    ),
    "correct": Step(
        CorrectForm,
        gettext_lazy("Correct the last day"),
        gettext_lazy("For a day that was written down wrong. If it was made longer, renew it instead."),
        gettext_lazy("Correct the day"),
        lambda agreement, _frame: {"expires_on": agreement.expires_on},
        _correct,
    ),
    "end": Step(
        EndForm,
        gettext_lazy("End the agreement"),
        gettext_lazy("For when both sides let it go. Where one side gave notice, note that instead."),
        gettext_lazy("End it"),
        lambda agreement, frame: {"ended_on": min(frame.today, agreement.expires_on or frame.today)},
        _end,
    ),
    "withdraw": Step(
        WithdrawForm,
        gettext_lazy("Give it up"),
        gettext_lazy("It was never in force and will not be. It stays here to be read."),
        gettext_lazy("Give it up"),
        lambda _agreement, _frame: {},
        _withdraw,
    ),
}


@writers
def step(request: HttpRequest, slug: str, pk: int, name: str) -> HttpResponse:
    """`/partners/<slug>/agreements/<id>/<step>`"""
    organization, agreement = agreement_or_404(request, slug, pk)
    frame, what = frame_of(request), STEPS[name]
    posted = request.POST if request.method == "POST" else None
    form = what.form(posted, initial=what.start(agreement, frame))
    if posted is not None and form.is_valid():
        try:
            sentence = what.act(agreement, form.cleaned_data, {"now": frame.now, "by": request.user})
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return told(request, organization, agreement, sentence)
    context = {
        "form": form,
        "organization": organization,
        "agreement": agreement,
        "headline": what.headline,
        "lede": what.lede,
        "button": what.button,
    }
    return render(request, "staff/agreement_step.html", context)


@writers
@require_POST
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`/partners/<slug>/agreements/<id>/undo`; `?last=<id>` is the entry that the reader saw as the last one."""
    organization, agreement = agreement_or_404(request, slug, pk)
    last, by = request.GET.get("last", ""), request.user
    parties = [party.organization for party in agreement.parties.all() if party.organization is not None]
    try:
        seen = read_number(last)
        now_there = actions.undo(agreement, seen=seen, now=frame_of(request).now, by=by)  # type: ignore[arg-type]
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect(page_of(organization, agreement))
    return done(
        request,
        organization,
        _("Undone. “%s” is as it was before.") % now_there.title,
        also=parties,
        to=page_of(organization, now_there),
    )
