""" "We are full": what pauses, then until when. Two presses are enough."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.queries import local_today
from prm.capacity.models import Effect, Pause, Reach, Scope
from prm.continuity import saying
from prm.partners.models import Purpose, Statement, StatementKind
from prm.rules.refusal import Refusal
from prm.web.gate import refuse
from prm.web.portal import until
from prm.web.portal.forms import TOO_LONG, Cards, PortalForm, card, chosen, known
from prm.web.portal.gate import Visit, by_link
from prm.web.portal.pages import page
from prm.web.portal.said import own_statement
from prm.web.typed import read_number

SCOPES = [
    (
        Scope.REFERRALS,
        card(gettext_lazy("New referrals"), gettext_lazy("You still get training invitations")),
    ),
    (Scope.TRAINING, card(gettext_lazy("Training"), gettext_lazy("No invitations for now"))),
    (Scope.ALL, card(gettext_lazy("Everything"), gettext_lazy("No referrals and no invitations"))),
    (Scope.SERVICE, card(gettext_lazy("Only some services"))),
]
EFFECTS = [
    (Effect.CLOSED, card(gettext_lazy("Closed"), gettext_lazy("Nobody is sent to you"))),
    (Effect.LIMITED, card(gettext_lazy("Ask first"), gettext_lazy("You are asked before anybody is sent"))),
    (Effect.WAITING_LIST, card(gettext_lazy("Waiting list"), gettext_lazy("People may wait for a place"))),
]
#: What the button of the second page does.
BUTTONS: dict[str, str | Promise] = {
    Scope.REFERRALS: gettext_lazy("Pause new referrals"),
    Scope.TRAINING: gettext_lazy("Pause training"),
    Scope.ALL: gettext_lazy("Pause everything"),
    Scope.SERVICE: gettext_lazy("Pause these services"),
}
DEFAULTS = {"scope": Scope.REFERRALS, "effect": Effect.CLOSED, "reach": Reach.US}


class WhatForm(PortalForm):
    scope = Cards(label=gettext_lazy("What should pause?"), choices=SCOPES)
    service = forms.CharField(
        label=gettext_lazy("Which services?"),
        max_length=120,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    effect = Cards(label=gettext_lazy("How far?"), choices=EFFECTS)
    reach = Cards(label=gettext_lazy("For whom?"))

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reach: Any = self.fields["reach"]
        everyone = card(gettext_lazy("Everyone"), gettext_lazy("Whoever wants to send somebody"))
        reach.choices = [
            (Reach.US, card(visit.sender, gettext_lazy("Others may still ask you"))),
            (Reach.EVERYONE, everyone),
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("scope") != Scope.SERVICE:
            said["service"] = ""
        elif not said.get("service") and "service" not in self.errors:
            self.add_error("service", _("Write which services pause."))
        return said


def _defaults(request: HttpRequest) -> dict[str, str]:
    choices = {"scope": Scope.values, "effect": Effect.values, "reach": Reach.values}
    return {name: known(request, name, choices[name], DEFAULTS[name]) for name in DEFAULTS}


def what_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Step 1: what pauses."""
    initial = chosen(request, ("service",)) | _defaults(request)
    form = WhatForm(initial=initial, visit=visit)
    return page(request, visit, "full", form=form, change=_changed(request, visit))


@by_link(Purpose.PAUSE)
def full(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/p/<token>/full`"""
    return what_page(request, visit)


@by_link(Purpose.PAUSE)
def full_until(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/p/<token>/full/until`: step 2. What was chosen before stands in the address."""
    what = WhatForm(chosen(request, ("service",)) | _defaults(request), visit=visit)
    change = _changed(request, visit)
    if not what.is_valid():
        return page(request, visit, "full", form=what, change=change)
    today = local_today(visit.now, visit.program)
    initial = {"until": known(request, "until", until.VALUES, until.DEFAULT)} | chosen(request, ("ends_on",))
    form = until.UntilForm(request.POST or None, start=today, today=today, initial=initial)
    runs = None if change else saying.running(visit.organization, saying.Full(**what.cleaned_data), today)
    if request.method == "POST" and form.is_valid():
        try:
            statement = _say(visit, what.cleaned_data | form.end(), change)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return HttpResponseRedirect(visit.way(f"said/{statement.pk}"), status=HTTPStatus.SEE_OTHER)
    return _until_page(request, visit, form, what.cleaned_data, runs, today)


def _until_page(
    request: HttpRequest,
    visit: Visit,
    form: until.UntilForm,
    what: dict[str, Any],
    runs: Pause | None,
    today: date,
) -> HttpResponse:
    asked = {name: value for name, value in what.items() if value} | chosen(request, ("change",))
    return page(
        request,
        visit,
        "until",
        form=form,
        runs=runs,
        today=today,
        here=visit.way("full/until", **asked),
        back=visit.way("full", **asked),
        button=_("Change the pause") if runs else BUTTONS[what["scope"]],
    )


def _say(visit: Visit, said: dict[str, Any], change: Statement | None) -> Statement:
    if change is None:
        return saying.we_are_full(visit.link, now=visit.now, **said)
    return saying.change_full(change, visit.link, now=visit.now, **said)


def _changed(request: HttpRequest, visit: Visit) -> Statement | None:
    """The word that is to be changed, if the address names one of this visitor's that still stands."""
    pk = request.GET.get("change", "")
    number = read_number(pk)
    found = own_statement(visit, number) if number is not None else None
    if found is None or found.kind != StatementKind.PAUSE or found.taken_back_at is not None:
        return None
    return found
