"""The composer on a partner's page: a note or a quick talk in one field; whom and when unfold."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.partners.actions import record_note, record_talk
from prm.partners.models import Entry, Organization
from prm.rules.refusal import Refusal
from prm.vocabulary.models import Term
from prm.web.forms import ContactField, Form, people_of
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.change import done, organization_or_404
from prm.web.staff.talk import NO_NAMES, told
from prm.web.typed import DayField

NOTE = "note"
#: The kinds of talk that come up every day; the whole list is on the page that records a talk.
KINDS = ("call", "email", "visit", "meeting")


class ComposerForm(Form):
    """What kind, what was said; for a talk also with whom, when, and whether they were reached."""

    kind = forms.ChoiceField(label=gettext_lazy("What is it?"), widget=forms.RadioSelect, initial=NOTE)
    note = forms.CharField(
        label=gettext_lazy("What to remember"),
        help_text=NO_NAMES,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write a few words.")},
    )
    contact = ContactField(
        label=gettext_lazy("With whom"), queryset=None, required=False, empty_label=gettext_lazy("Not said")
    )
    happened_on = DayField(label=gettext_lazy("When"))
    tried = forms.BooleanField(label=gettext_lazy("I left word, we did not talk"), required=False)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "write_%s")
        super().__init__(*args, **kwargs)
        self.terms = {
            term.key: term for term in Term.objects.filter(list="interaction", active=True, key__in=KINDS)
        }
        kind: Any = self.fields["kind"]
        kind.choices = [(NOTE, _("Note")), *((key, term.label) for key, term in self.terms.items())]
        contact: Any = self.fields["contact"]
        contact.queryset = people_of(organization)

    @property
    def unfolded(self) -> bool:
        """Whether something that is folded away needs to be mended."""
        return any(name in self.errors for name in ("contact", "happened_on"))


def blank(organization: Organization, frame: Frame) -> ComposerForm:
    """The composer as it stands on the page."""
    return ComposerForm(organization=organization, initial={"happened_on": frame.today})


@writers
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """`/partners/<slug>/write`: what the composer sends; a page of its own where something is to be mended."""
    organization, frame = organization_or_404(request, slug), frame_of(request)
    form = ComposerForm(request.POST or None, organization=organization, initial={"happened_on": frame.today})
    if request.method == "POST" and form.is_valid():
        try:
            entry = _record(organization, form, frame, request.user)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            talked = form.cleaned_data["kind"] != NOTE
            return done(request, organization, *(told(entry, []) if talked else [_("The note is kept.")]))
    return render(request, "staff/write.html", {"form": form, "organization": organization})


def _record(organization: Organization, form: ComposerForm, frame: Frame, by: Any) -> Entry:
    given = form.cleaned_data
    if given["kind"] == NOTE:
        return record_note(organization, note=given["note"], now=frame.now, by=by)
    return record_talk(
        organization,
        happened_on=given["happened_on"],
        two_way=not given["tried"],
        interaction=form.terms[given["kind"]],
        contact=given["contact"],
        note=given["note"],
        now=frame.now,
        by=by,
    )
