"""Ending by notice: who gave it, on which day, and which last day follows; and taking it back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.agreements.actions import give_notice, take_back_notice
from prm.agreements.models import Agreement
from prm.rules.refusal import Refusal
from prm.web.forms import Form, note_field
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.agreement_door import agreement_or_404, told
from prm.web.staff.agreement_sides import name_of
from prm.web.staff.agreement_steps import NO_NAMES
from prm.web.typed import DayField
from prm.web.words import plain_day

USUAL_DAYS = 30
FIELDS = {"notice_by": "who"}


class NoticeForm(Form):
    """`days`: how many days of notice the paper asks for; the last day follows from it unless another one is given."""

    who = forms.ChoiceField(label=gettext_lazy("Who gave notice?"), widget=forms.RadioSelect)
    given_on = DayField(label=gettext_lazy("On which day?"))
    days = forms.IntegerField(
        label=gettext_lazy("How many days of notice does the agreement ask for?"),
        min_value=0,
        max_value=3650,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "form-control short"}),
        error_messages={"invalid": gettext_lazy("Write the days as a number, such as 30.")},
    )
    ended_on = DayField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Leave it empty: the day of the notice and the days of notice say it."),
    )
    note = note_field(gettext_lazy("Why"), help_text=NO_NAMES)

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreement = agreement
        self.names = {str(party.pk): name_of(party) for party in agreement.parties.all()}
        who: Any = self.fields["who"]
        who.choices = list(self.names.items())

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and said.get("ended_on") is None and said.get("days") is None:
            self.add_error("days", _("Enter the days of notice, or the last day below."))
        return said

    def last_day(self) -> date:
        """The last day as typed, or as it follows; never later than the agreement runs by itself."""
        said = self.cleaned_data
        if said["ended_on"] is not None:
            chosen: date = said["ended_on"]
            return chosen
        follows: date = said["given_on"] + timedelta(said["days"])
        runs_out = self.agreement.expires_on
        return min(follows, runs_out) if runs_out is not None and runs_out >= said["given_on"] else follows


def start(agreement: Agreement, today: date) -> dict[str, Any]:
    """What the form proposes: they gave it, today, with the days that are known."""
    theirs = [party.pk for party in agreement.parties.all() if party.organization_id is not None]
    days = agreement.termination_days or USUAL_DAYS
    return {"who": str(theirs[0]) if len(theirs) == 1 else None, "given_on": today, "days": days}


@writers
def notice(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`/partners/<slug>/agreements/<id>/notice`; where notice was given it can be taken back here."""
    organization, agreement = agreement_or_404(request, slug, pk)
    frame = frame_of(request)
    given = agreement.notice_given_on is not None
    back = request.method == "POST" and request.POST.get("back") == "yes"
    posted = request.POST if request.method == "POST" and not back else None
    form = NoticeForm(posted, agreement=agreement, initial=start(agreement, frame.today))
    if back or (posted is not None and form.is_valid()):
        try:
            sentence = _back(agreement, frame, request.user) if back else _give(form, frame, request.user)
        except Refusal as refusal:
            form = form if posted is not None else NoticeForm({}, agreement=agreement)
            refuse(form, refusal, FIELDS)
        else:
            return told(request, organization, agreement, sentence)
    context = {"form": form, "organization": organization, "agreement": agreement, "given": given}
    return render(request, "staff/agreement_notice.html", context)


def _give(form: NoticeForm, frame: Frame, by: Any) -> str:
    said = form.cleaned_data
    given = give_notice(
        form.agreement,
        notice_by=form.names[said["who"]],
        given_on=said["given_on"],
        termination_days=said["days"],
        ended_on=form.last_day(),
        note=said["note"],
        now=frame.now,
        by=by,
    )
    return _("Notice is noted. The agreement stays in force until %s and then ends by itself.") % plain_day(
        given.ended_on
    )


def _back(agreement: Agreement, frame: Frame, by: Any) -> str:
    take_back_notice(agreement, now=frame.now, by=by)
    return _("The notice is taken back. The agreement goes on.")
