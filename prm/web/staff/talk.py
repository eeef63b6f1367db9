"""Record a talk: when, with whom, what was said, and what was promised. A two-way one counts as staying in touch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prm.partners.actions import NewPromise, NewTalk, record_talk_with_promises
from prm.partners.models import Entry, Organization, Promise, PromiseSide
from prm.rules.refusal import Refusal
from prm.vocabulary.models import Term
from prm.web.forms import ContactField, Form, note_field, people_of
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.change import done, organization_or_404
from prm.web.typed import DayField
from prm.web.words import plain_day

PROMISES = (1, 2, 3)
NO_NAMES = gettext_lazy("Please no names of people you serve.")


class TalkForm(Form):
    """`two_way` is a choice of two rows rather than a tick, so that both are named. Promises come numbered."""

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
        blank=True,
        widget=forms.RadioSelect,
        empty_label=gettext_lazy("Not said"),
    )
    two_way = forms.ChoiceField(
        label=gettext_lazy("Did you reach them?"),
        choices=[("yes", gettext_lazy("Yes, we talked")), ("no", gettext_lazy("No, I left word"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    note = note_field(gettext_lazy("What was said"), help_text=NO_NAMES)
    happened_on = DayField(label=gettext_lazy("When"))
    next_talk_on = DayField(
        label=gettext_lazy("Talk again on"),
        help_text=gettext_lazy("We remind you three days before and on that day. Leave it empty for none."),
        required=False,
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        contact: Any = self.fields["contact"]
        contact.queryset = people_of(organization)
        for number in PROMISES:
            self.fields.update(_promise_fields(number))
        self.dress()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for number in PROMISES:
            what, due_on = given.get(f"promise{number}_what"), given.get(f"promise{number}_due_on")
            if what and not due_on and f"promise{number}_due_on" not in self.errors:
                self.add_error(f"promise{number}_due_on", _("Say by when. A day near enough will do."))
            if due_on and not what and f"promise{number}_what" not in self.errors:
                self.add_error(f"promise{number}_what", _("Say in a few words what was promised."))
        return given

    def rows(self) -> Iterator[dict[str, Any]]:
        """The promises as the page shows them: folded until something is in them."""
        for number in PROMISES:
            fields = {name: self[f"promise{number}_{name}"] for name in ("side", "what", "due_on")}
            filled = any(fields[name].value() or fields[name].errors for name in ("what", "due_on"))
            yield {"number": number, "open": filled, **fields}

    def talk(self) -> NewTalk:
        """What was said, for the action."""
        given = self.cleaned_data
        return NewTalk(
            organization=self.organization,
            happened_on=given["happened_on"],
            two_way=given["two_way"] == "yes",
            interaction=given["interaction"],
            contact=given["contact"],
            note=given["note"],
        )

    def promised(self) -> dict[int, NewPromise]:
        """What was promised, by the number of its row."""
        given = self.cleaned_data
        return {
            number: NewPromise(
                given[f"promise{number}_side"],
                given[f"promise{number}_what"],
                given[f"promise{number}_due_on"],
            )
            for number in PROMISES
            if given[f"promise{number}_what"]
        }


def _promise_fields(number: int) -> dict[str, forms.Field]:
    return {
        f"promise{number}_side": forms.ChoiceField(
            label=gettext_lazy("Who promised it?"),
            choices=PromiseSide.choices,
            widget=forms.RadioSelect,
            initial=PromiseSide.OURS,
            required=False,
        ),
        f"promise{number}_what": forms.CharField(
            label=gettext_lazy("What was promised"), help_text=NO_NAMES, max_length=300, required=False
        ),
        f"promise{number}_due_on": DayField(label=gettext_lazy("By when"), required=False),
    }


@writers
def talk(request: HttpRequest, slug: str) -> HttpResponse:
    """`/partners/<slug>/talk`; `?contact=<id>` names with whom, `?said=<id>` what it answers."""
    organization, frame = organization_or_404(request, slug), frame_of(request)
    form = TalkForm(request.POST or None, organization=organization, initial=_initial(request, frame))
    if request.method == "POST" and form.is_valid():
        promised, by = form.promised(), request.user
        try:
            entry, made = record_talk_with_promises(
                form.talk(),
                list(promised.values()),
                next_talk_on=form.cleaned_data["next_talk_on"],
                now=frame.now,
                by=by,  # type: ignore[arg-type]
            )
        except Refusal as refusal:
            refuse(form, refusal, _rows_of(list(promised)))
        else:
            return done(request, organization, *told(entry, made))
    return render(request, "staff/talk.html", {"form": form, "organization": organization})


def _rows_of(numbers: list[int]) -> dict[str, str]:
    """From the fields that a refusal names, by order, to those of the rows in which the promises were typed."""
    return {
        f"promise{order}_{name}": f"promise{number}_{name}"
        for order, number in enumerate(numbers, start=1)
        for name in ("side", "what", "due_on")
    }


def told(entry: Entry, made: list[Promise]) -> list[str]:
    """What was recorded and what that changes, in sentences."""
    sentence = _("The talk of %s is recorded.") if entry.two_way else _("Your try of %s is recorded.")
    found = [sentence % plain_day(entry.happened_on)]
    if entry.two_way and _is_last(entry):
        found.append(_("The time until the next call counts from that day again."))
    if made:
        number = len(made)
        found.append(ngettext("%d promise is noted.", "%d promises are noted.", number) % number)
    return found


def _is_last(entry: Entry) -> bool:
    talks = Entry.objects.filter(organization=entry.organization_id, two_way=True)
    return not talks.filter(happened_on__gt=entry.happened_on).exists()


def _initial(request: HttpRequest, frame: Frame) -> dict[str, Any]:
    return {"happened_on": frame.today, "contact": request.GET.get("contact")}
