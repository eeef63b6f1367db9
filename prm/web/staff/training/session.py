"""One session: what it is, who teaches, who is asked; and moving, cancelling and changing it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prm.accounts.access import visible_organizations
from prm.partners.models import Organization
from prm.reminders.actions import replan
from prm.rules.refusal import Refusal
from prm.search.actions import follow
from prm.training import actions
from prm.training.models import Answer, Session, SessionStatus
from prm.training.queries import answers, local_start
from prm.web.forms import Form
from prm.web.frame import frame_of
from prm.web.gate import refuse, staff, writers
from prm.web.staff.change import plan_words, visible
from prm.web.staff.training.fields import ClockField, HostField, hosts_of
from prm.web.staff.training.rows import filled, rows
from prm.web.staff.training.what import FIELDS, WhatForm
from prm.web.typed import DayField
from prm.web.words import day_of_week, figure, listed

#: So many partners' plans are made anew while the page waits; those of more follow with the next heartbeat.
AT_ONCE = 50


@staff
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """`/training/sessions/<number>/`"""
    frame, partners = frame_of(request), visible(request)
    found = get_object_or_404(
        filled(Session.objects.select_related("format", "language", "series", "round"), partners), pk=pk
    )
    seen = Q(contact__isnull=True) | visible_organizations(request.user, "contact__organization__")
    teaching = found.trainers.select_related("user", "contact__organization")
    teaching_seen = set(found.trainers.filter(seen).values_list("pk", flat=True))
    context = {
        "session": found,
        "row": rows([found], frame.now)[0],
        "zone": found.zone if found.zone != frame.zone else "",
        "teaching": [(one, one.pk in teaching_seen, actions.unpaid_consultant(one)) for one in teaching],
        "unpaid": any(actions.unpaid_consultant(one) for one in teaching),
        "funders": listed([funder.name for funder in found.funders.all()]),
        "asked": asked_in_words(answers(found)),
        "open": changeable(found),
    }
    return render(request, "staff/training/session.html", context)


def asked_in_words(given: dict[str, int]) -> list[str]:
    """ "9 coming", "2 maybe": every answer that somebody gave, none first."""
    said = [
        (Answer.ACCEPTED, _("%s coming")),
        (Answer.TENTATIVE, _("%s maybe")),
        (Answer.DECLINED, _("%s not coming")),
        (Answer.NONE, _("%s without an answer")),
    ]
    return [words % figure(given[answer]) for answer, words in said if given.get(answer)]


def changeable(found: Session) -> bool:
    """Whether a session can still be changed: it is planned, and nobody has written down who came."""
    return found.status == SessionStatus.SCHEDULED and found.recorded_on is None


def told_so_far(found: Session) -> str:
    """How many people learn of it when something about the session changes."""
    number = sum(answers(found).values())
    if not number:
        return _("Nobody is invited yet, so nobody has to be told.")
    sentence = ngettext(
        "%s person is asked to it and gets an update of the calendar entry.",
        "%s people are asked to it. Each gets an update of the calendar entry.",
        number,
    )
    return sentence % figure(number)


def told(request: HttpRequest, found: Session, concerned: list[Organization], sentence: str) -> HttpResponse:
    """Replan whom it concerns, say what was recorded and what it changes, and go back to the session."""
    now, pks = frame_of(request).now, sorted(one.pk for one in concerned)
    lines = [sentence]
    if pks and len(pks) <= AT_ONCE:
        lines += plan_words(replan(pks, now=now))
        follow(pks, now=now)
    elif pks:
        lines.append(_("The calendar entries go out within some minutes."))
    messages.success(request, "\n".join(lines))
    return redirect("training-session", found.pk)


def closed(request: HttpRequest, found: Session) -> HttpResponse:
    """It was cancelled, or it is over: the page says so."""
    messages.warning(request, _("This session is cancelled or over. Nothing was changed."))
    return redirect("training-session", found.pk)


# --- moving ---------------------------------------------------------------------------------------------------------


class MoveForm(Form):
    """Another day, other hours, another place. What stands there is what holds now."""

    day = DayField(label=gettext_lazy("Day"))
    starts = ClockField(label=gettext_lazy("From"))
    ends = ClockField(label=gettext_lazy("To"))
    place = forms.CharField(label=gettext_lazy("Address"), max_length=300, required=False)
    place_confidential = forms.BooleanField(
        label=gettext_lazy("Nobody may read the address"),
        help_text=gettext_lazy("Invitations then say that it is given by phone."),
        required=False,
    )


@writers
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """`/training/sessions/<number>/move`"""
    found, frame = get_object_or_404(Session.objects.select_related("host"), pk=pk), frame_of(request)
    if not changeable(found):
        return closed(request, found)
    form = MoveForm(request.POST or None, initial=standing(found))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            starts_at, ends_at = actions.span(
                said["day"], said["starts"], said["ends"], found.zone, now=frame.now
            )
            where = {name: said[name] for name in ("place", "place_confidential")}
            by: Any = request.user
            actions.move_session(found, starts_at=starts_at, ends_at=ends_at, **where, now=frame.now, by=by)
        except Refusal as refusal:
            refuse(form, refusal, FIELDS)
        else:
            words = {"title": found.title, "day": day_of_week(local_start(found))}
            sentence = _("%(title)s is now on %(day)s.") % words
            return told(request, found, actions.concerned(found), sentence)
    context = {"form": form, "session": found, "telling": told_so_far(found)}
    return render(request, "staff/training/move.html", context)


def standing(found: Session) -> dict[str, Any]:
    """When and where a session is, as the form says it."""
    starts, ends = (moment.astimezone(ZoneInfo(found.zone)) for moment in (found.starts_at, found.ends_at))
    return {
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "place": found.place,
        "place_confidential": found.place_confidential,
    }


# --- cancelling -----------------------------------------------------------------------------------------------------


@writers
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """`/training/sessions/<number>/cancel`: first who is told, then it is done."""
    found, frame = get_object_or_404(Session.objects.select_related("host"), pk=pk), frame_of(request)
    if not changeable(found):
        return closed(request, found)
    if request.method == "POST":
        by: Any = request.user
        try:
            actions.cancel_session(found, now=frame.now, by=by)
        except Refusal:
            return closed(request, found)
        sentence = _("%s is cancelled.") % found.title
        return told(request, found, actions.concerned(found), sentence)
    context = {"session": found, "number": sum(answers(found).values()), "day": local_start(found)}
    return render(request, "staff/training/cancel.html", context)


# --- what it is -----------------------------------------------------------------------------------------------------


class SessionFactsForm(WhatForm):
    """What a session is, beside when and at which address."""

    def add_more(self) -> None:
        self.fields["town"] = forms.CharField(label=gettext_lazy("Town"), max_length=120, required=False)
        self.fields["host"] = HostField(partners=self.partners)


@writers
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """`/training/sessions/<number>/change`"""
    found = get_object_or_404(Session.objects.select_related("host", "course"), pk=pk)
    frame, partners = frame_of(request), visible(request)
    if not changeable(found):
        return closed(request, found)
    hidden = found.host is not None and not partners.filter(pk=found.host.pk).exists()
    form = SessionFactsForm(
        request.POST or None, partners=partners, keep=found.course, initial=facts_of(found)
    )
    if hidden:  # whoever may not see the host leaves it as it is
        del form.fields["host"]
    if request.method == "POST" and form.is_valid():
        by: Any = request.user
        others = {name: form.cleaned_data[name] for name in ("town", "host") if name in form.fields}
        facts = form.facts() | others | {"funders": form.cleaned_data["funders"]}
        try:
            actions.change_session(found, **facts, now=frame.now, by=by)
        except Refusal as refusal:
            refuse(form, refusal, FIELDS)
        else:
            return told(request, found, actions.concerned(found), _("The session is changed."))
    context = {"form": form, "session": found, "hosts": hosts_of(partners)}
    return render(request, "staff/training/change.html", context)


def facts_of(found: Session) -> dict[str, Any]:
    """What stands in the form at first."""
    names = ("title", "kind", "course", "format", "language", "capacity", "online_link", "town", "host")
    return {name: getattr(found, name) for name in names} | {
        "funders": ", ".join(funder.name for funder in found.funders.all())
    }
