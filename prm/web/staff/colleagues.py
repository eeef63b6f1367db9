"""People on our side: who can sign in, who was never invited, whose access is closed."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from prm.accounts.access import may_close_access, roles_to_give
from prm.accounts.actions import add_user, set_active
from prm.accounts.models import User, UserRole
from prm.accounts.second_step import has_second_step, reset_second_step
from prm.exchange.demo.coalition import COLLEAGUES
from prm.partners.actions.plans import forget_plans
from prm.partners.models import AssignmentKind
from prm.partners.queries import holding_on
from prm.reporting.mail_route import mail_route
from prm.rules.refusal import Refusal
from prm.web.forms import Form, explained
from prm.web.frame import frame_of
from prm.web.gate import refuse, runners, staff
from prm.web.staff.badges import Badge
from prm.web.words import short_day

log = logging.getLogger(__name__)

INVENTED = frozenset(colleague.email for colleague in COLLEAGUES)
WHAT_THEY_DO = {
    UserRole.DIRECTOR: gettext_lazy("Everything, and is asked too when something has waited too long."),
    UserRole.MANAGER: gettext_lazy("Keeps partners, runs the program, lets people in."),
    UserRole.ASSISTANT: gettext_lazy("Writes down what happens with partners."),
    UserRole.VIEWER: gettext_lazy("Reads, but not what is confidential."),
}


class PersonForm(Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter their name.")},
    )
    email = forms.CharField(
        label=gettext_lazy("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the address to which the invitation goes.")},
    )
    role = forms.ChoiceField(
        label=gettext_lazy("What they do"),
        widget=forms.RadioSelect,
        initial=UserRole.MANAGER,
        error_messages={
            "invalid_choice": gettext_lazy("Choose one of these; a director is made by a director.")
        },
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.choices = [(one.value, explained(one.label, WHAT_THEY_DO[one])) for one in roles_to_give(by)]


@dataclass(frozen=True, slots=True)
class Row:
    """One person: `invite`, `close` and `reset` say which buttons stand beside them; `away` when they are not there."""

    person: User
    badge: Badge
    owns: int
    invented: bool
    invite: bool
    close: bool
    reset: bool
    away: str


@staff
def colleagues(request: HttpRequest) -> HttpResponse:
    """`/colleagues/`"""
    owned = _held_on(frame_of(request).today) & Q(assignments__kind=AssignmentKind.OWNER)
    steps = Exists(Authenticator.objects.filter(user=OuterRef("pk")))
    people = User.objects.annotate(owns=Count("assignments", filter=owned), has_step=steps)
    people = people.select_related("stand_in").order_by("-is_active", "name", "id")
    rows = [_row(person, request) for person in people]
    return render(request, "staff/colleagues.html", {"rows": rows})


def _held_on(day: date) -> Q:
    """`holding_on`, seen from the person."""
    ends = Q(assignments__until__isnull=True) | Q(assignments__until__gte=day)
    return Q(assignments__since__lte=day) & ends


def _row(person: Any, request: HttpRequest) -> Row:
    runs, invented = frame_of(request).may_run, is_invented(person, request)
    return Row(
        person=person,
        badge=_badge(person),
        owns=person.owns,
        invented=invented,
        invite=runs and person.is_active and not person.can_sign_in and not invented,
        close=may_close_access(request.user, person),
        reset=person.has_step and may_close_access(request.user, person),
        away=away_words(person, frame_of(request).today),
    )


def away_words(person: User, today: date) -> str:
    """ "Away until 14 Jun. Ben stands in.", or that somebody will be; empty where they are there."""
    first, last = person.away_from, person.away_until
    if first is None or last is None or last < today:
        return ""
    days = {"first": short_day(first, today), "last": short_day(last, today)}
    told = _("Away until %(last)s.") if first <= today else _("Away from %(first)s until %(last)s.")
    there = person.stand_in is not None and person.stand_in.is_active
    stands_in = (
        _("%s stands in.") % person.stand_in.name if there and person.stand_in else _("Nobody stands in.")
    )
    return f"{told % days} {stands_in}"


def is_invented(person: User, request: HttpRequest) -> bool:
    """Whether this is one of the demo's people: as long as the demo is here, and nobody let them in."""
    return frame_of(request).beginning.demo and person.email in INVENTED and not person.can_sign_in


def _badge(person: User) -> Badge:
    if not person.is_active:
        return Badge("planned", "slash-circle", _("Access closed"))
    if person.can_sign_in:
        return Badge("steady", "check-lg", _("Can sign in"))
    return Badge("due", "key", _("No password yet"))


@runners
def add(request: HttpRequest) -> HttpResponse:
    """`/colleagues/add`: somebody new, who gets an invitation at once."""
    by: Any = request.user
    form = PersonForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        try:
            person = add_user(**form.cleaned_data, now=frame_of(request).now)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            _invite(request, person)
            return redirect("colleagues")
    return render(request, "staff/colleague_add.html", {"form": form})


@runners
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Send somebody without a password the link to choose one, for the first time or once more."""
    person = get_object_or_404(User, pk=pk, is_active=True)
    if person.can_sign_in:
        messages.error(request, _("%s has a password already.") % person.name)
    elif is_invented(person, request):
        messages.error(request, _("%s belongs to the demo and has no mailbox.") % person.name)
    else:
        _invite(request, person)
    return redirect("colleagues")


def _invite(request: HttpRequest, person: User) -> None:
    """Hand the invitation over and say what became of it; the person stays, whatever the mail route does."""
    said, route = {"name": person.name, "address": person.email}, mail_route()
    try:
        get_adapter(request).send_invitation(person, by=request.user)
    except Exception:
        log.exception("an invitation could not be handed over")
        sentence = _(
            "%(name)s is on the list, but the mail server did not take the invitation. Try again later."
        )
        messages.error(request, sentence % said)
        return
    if route.reaches:
        messages.success(request, _("An invitation to %(name)s is on its way to %(address)s.") % said)
    else:
        words = _("The invitation to %(name)s is written, but it reaches nobody.") % said
        messages.success(request, f"{words} {route.words}")


@runners
@require_POST
def access(request: HttpRequest, pk: int) -> HttpResponse:
    """Close somebody's access, or open it again; mail about what they keep goes to others meanwhile."""
    person: Any = get_object_or_404(User, pk=pk)
    by: Any = request.user
    if by.pk != person.pk and not may_close_access(by, person):
        raise PermissionDenied
    active = request.POST.get("access") == "open"
    try:
        with transaction.atomic():
            set_active(person, active, by=by)
            forget_plans(kept_by=person)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _words(person, active, frame_of(request).today))
    return redirect("colleagues")


def _words(person: User, active: bool, today: date) -> str:
    if active:
        return _("%s has access again.") % person.name
    closed = _("The access of %s is closed.") % person.name
    if person.assignments.filter(holding_on(today), kind=AssignmentKind.OWNER).exists():
        closed += "\n" + _("What they keep stays theirs until somebody else takes it over.")
    return closed


@runners
def second_step(request: HttpRequest, pk: int) -> HttpResponse:
    """`/colleagues/<pk>/second-step`: what happens when somebody's second step is taken away, and the button."""
    person, by = get_object_or_404(User, pk=pk), request.user
    if not may_close_access(by, person):
        raise PermissionDenied
    if not has_second_step(person):
        messages.error(request, _("%s has no second step.") % person.name)
        return redirect("colleagues")
    if request.method == "POST":
        _reset(request, person)
        return redirect("colleagues")
    return render(request, "staff/colleague_second_step.html", {"person": person})


def _reset(request: HttpRequest, person: User) -> None:
    """Take it away and tell them by mail; who did not ask for it must hear of it."""
    by: Any = request.user
    reset_second_step(person, by=by)
    sentence = _("The second step of %s is taken away, and they are signed out everywhere.") % person.name
    try:
        get_adapter(request).send_second_step_reset(person, by=by)
    except Exception:
        log.exception("somebody could not be told that their second step is gone")
        sentence += "\n" + _("The mail server did not take the mail that tells them. Tell them yourself.")
    messages.success(request, sentence)
