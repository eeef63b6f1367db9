"""Promises on the partner's page and on Today: kept with one press, moved to another day, let go with a word why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from prm.accounts.access import may_see_reasons, visible_organizations
from prm.partners.actions import drop_promise, keep_promise, move_promise, undo_promise
from prm.partners.models import Organization, Promise, PromiseSide
from prm.reminders.actions import replan
from prm.rules.refusal import Refusal
from prm.search.actions import follow
from prm.web.forms import Form
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.change import plan_words
from prm.web.typed import DayField
from prm.web.words import plain_day

WEEK = timedelta(7)


@dataclass(frozen=True, slots=True)
class Card:
    """One open promise for the eye: whose it is, and how near."""

    promise: Promise
    who: str
    look: str
    spoken: str


def cards(organization: Organization, frame: Frame) -> list[Card]:
    """The open promises of a partner that this reader may see, the first due first."""
    found = organization.promises.filter(kept_on__isnull=True, dropped_on__isnull=True)
    if not frame.sees_reasons:
        found = found.filter(private=False)
    return [_card(one, frame.today) for one in found.select_related("user", "contact")]


def _card(promise: Promise, today: date) -> Card:
    ours = promise.side == PromiseSide.OURS
    person = promise.user if ours else promise.contact
    who = str(PromiseSide(promise.side).label)
    if person is not None:
        who = (_("We promised: %s") if ours else _("They promised: %s")) % person.name
    if promise.due_on < today:
        return Card(promise, who, "late", _("Late"))
    return Card(
        promise,
        who,
        "due" if promise.due_on == today else "",
        _("Due today") if promise.due_on == today else _("Still to come"),
    )


def promise_or_404(request: HttpRequest, pk: int) -> Promise:
    """A promise of a partner that this reader may see; a private one only for those who may read reasons."""
    seen = Promise.objects.filter(visible_organizations(request.user, "organization__"))
    if not may_see_reasons(request.user):
        seen = seen.filter(private=False)
    return get_object_or_404(seen.select_related("organization"), pk=pk)


@writers
@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """`/promises/<id>/keep`: it is done."""
    promise, by = promise_or_404(request, pk), _by(request)
    try:
        keep_promise(promise, now=frame_of(request).now, by=by)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return _back(request, promise)
    return _told(request, promise, _("Kept: %s") % promise.what, undo=True)


@writers
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """`/promises/<id>/undo`: what was done last about it is taken back."""
    promise, by = promise_or_404(request, pk), _by(request)
    try:
        promise = undo_promise(promise, now=frame_of(request).now, by=by)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return _back(request, promise)
    words = _("Undone: “%(what)s” is open again, due %(day)s.")
    return _told(request, promise, words % {"what": promise.what, "day": plain_day(promise.due_on)})


class MoveForm(Form):
    due_on = DayField(label=gettext_lazy("New day"))


class DropForm(Form):
    why = forms.CharField(
        label=gettext_lazy("Why is it let go?"),
        help_text=gettext_lazy("A few words. Please no names of people you serve."),
        max_length=300,
        error_messages={"required": gettext_lazy("Say in a few words why it is let go.")},
    )


@writers
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """`/promises/<id>/move`: another day."""
    promise, frame = promise_or_404(request, pk), frame_of(request)
    start = max(promise.due_on, frame.today) + WEEK
    form = MoveForm(request.POST or None, initial={"due_on": start})
    if request.method == "POST" and form.is_valid():
        due_on = form.cleaned_data["due_on"]
        try:
            move_promise(promise, due_on=due_on, now=frame.now, by=_by(request))
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            words = _("“%(what)s” is now due %(day)s.") % {"what": promise.what, "day": plain_day(due_on)}
            return _told(request, promise, words, undo=True)
    return _page(request, promise, form, _("Move the promise"), _("Move it"))


@writers
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """`/promises/<id>/drop`: nobody will keep it."""
    promise, frame = promise_or_404(request, pk), frame_of(request)
    form = DropForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            drop_promise(promise, why=form.cleaned_data["why"], now=frame.now, by=_by(request))
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return _told(request, promise, _("Let go: %s") % promise.what, undo=True)
    return _page(request, promise, form, _("Let the promise go"), _("Let it go"))


def _page(request: HttpRequest, promise: Promise, form: Form, headline: str, button: str) -> HttpResponse:
    context = {
        "form": form,
        "field": next(iter(form)),
        "promise": promise,
        "organization": promise.organization,
        "headline": headline,
        "button": button,
    }
    return render(request, "staff/promise.html", context)


def _by(request: HttpRequest) -> Any:
    return request.user


def _told(request: HttpRequest, promise: Promise, sentence: str, *, undo: bool = False) -> HttpResponse:
    """Make the plan anew, say what that changed, offer to undo it, and go back to where the button stood."""
    changes = replan([promise.organization_id], now=frame_of(request).now)
    follow([promise.organization_id], now=frame_of(request).now)
    way = reverse("promise-undo", args=[promise.pk]) if undo else ""
    messages.success(request, "\n".join([sentence, *plan_words(changes)]), extra_tags=way)
    return _back(request, promise)


def _back(request: HttpRequest, promise: Promise) -> HttpResponse:
    back = request.POST.get("back", "")
    if back in ("today", "all", reverse("today")):
        return redirect(reverse("today") + ("?whose=all" if back == "all" else ""))
    return redirect("partner", promise.organization.slug)
