"""Record a talk: when, with whom, what was said. One in which both sides spoke counts as staying in touch."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.partners.actions import record_talk
from prm.partners.models import Organization
from prm.rules.refusal import Refusal
from prm.vocabulary.models import Term
from prm.web.forms import ContactField, Form, note_field, people_of
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.change import done, organization_or_404
from prm.web.typed import DayField
from prm.web.words import plain_day


class TalkForm(Form):
    """`two_way` is a choice of two rows rather than a tick, so that both are named."""

    happened_on = DayField(label=gettext_lazy("When"))
    contact = ContactField(
        label=gettext_lazy("With whom"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Somebody else"),
    )
    interaction = forms.ModelChoiceField(
        label=gettext_lazy("How"),
        queryset=Term.objects.filter(list="interaction", active=True),
        required=False,
        empty_label=gettext_lazy("Not said"),
    )
    two_way = forms.ChoiceField(
        label=gettext_lazy("Did you reach them?"),
        choices=[("yes", gettext_lazy("Yes, we talked")), ("no", gettext_lazy("No, I left word"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    note = note_field(
        gettext_lazy("What was said"), help_text=gettext_lazy("Totals and trends only, never about a client.")
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contact: Any = self.fields["contact"]
        contact.queryset = people_of(organization)


@writers
def talk(request: HttpRequest, slug: str) -> HttpResponse:
    """`/partners/<slug>/talk`; `?contact=<id>` names with whom, `?said=<id>` what it answers."""
    organization, frame = organization_or_404(request, slug), frame_of(request)
    form = TalkForm(request.POST or None, organization=organization, initial=_initial(request, frame))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            entry = record_talk(
                organization,
                happened_on=said["happened_on"],
                contact=said["contact"],
                interaction=said["interaction"],
                two_way=said["two_way"] == "yes",
                note=said["note"],
                now=frame.now,
                by=request.user,  # type: ignore[arg-type]
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            sentence = _("The talk of %s is recorded.") if entry.two_way else _("Your try of %s is recorded.")
            return done(request, organization, sentence % plain_day(entry.happened_on))
    return render(request, "staff/talk.html", {"form": form, "organization": organization})


def _initial(request: HttpRequest, frame: Frame) -> dict[str, Any]:
    return {"happened_on": frame.today, "contact": request.GET.get("contact")}
