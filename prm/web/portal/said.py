"""The page that answers: what somebody said by link, what it changed, and the way back."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.calendars import ics
from prm.capacity.models import Pause
from prm.continuity import saying, undoing
from prm.outbox.actions import sender_address
from prm.partners.models import Purpose, Statement, StatementKind
from prm.reminders.entries import TALK_AT, TALK_LASTS
from prm.web.portal.forms import NO_NAMES, Note, PortalForm
from prm.web.portal.gate import Visit, by_link
from prm.web.portal.pages import nowhere, page
from prm.web.portal.telling import long_day, told

KINDS = (StatementKind.PAUSE, StatementKind.TALK, StatementKind.RENEWAL)
SPEAKING = (Purpose.PAUSE, Purpose.TALK, Purpose.RENEWAL)


class ReasonForm(PortalForm):
    reason = Note(label=gettext_lazy("Why are you full?"), help_text=NO_NAMES)


def own_statement(visit: Visit, pk: int) -> Statement | None:
    """Return a statement by its id if this visitor said it: by this link, or as the person whose page it is."""
    said = visit.organization.statements.filter(kind__in=KINDS, pk=pk)
    mine = said.filter(contact=visit.contact) if visit.whole else said.filter(link=visit.link)
    return mine.select_related("link").first()


@by_link(*SPEAKING)
def said(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """`/p/<token>/said/<id>`: what holds now. POST takes it back, or adds why."""
    statement = own_statement(visit, pk)
    if statement is None:
        return nowhere(request, visit)
    form = ReasonForm(request.POST if request.POST.get("do") == "reason" else None)
    if request.method == "POST" and _may_change(statement):
        if request.POST.get("do") == "undo":
            saying.take_back(statement, now=visit.now)
            return _again(visit, statement)
        if form.is_valid():
            saying.explain(statement, reason=form.cleaned_data["reason"], now=visit.now)
            return _again(visit, statement)
    if statement.taken_back_at is not None:
        return _taken_back(request, visit, statement)
    return _standing(request, visit, statement, form)


def _again(visit: Visit, statement: Statement) -> HttpResponse:
    return HttpResponseRedirect(visit.way(f"said/{statement.pk}"), status=HTTPStatus.SEE_OTHER)


def _may_change(statement: Statement) -> bool:
    """What our side has acted on is changed by a talk; a pause can end at any time."""
    return statement.taken_back_at is None and (
        not statement.outcome or statement.kind == StatementKind.PAUSE
    )


def _standing(request: HttpRequest, visit: Visit, statement: Statement, form: ReasonForm) -> HttpResponse:
    pause = undoing.pause_of(statement)
    own_pause = statement.kind == StatementKind.PAUSE and "before" not in statement.data
    return page(
        request,
        visit,
        "said",
        statement=statement,
        told=told(statement, visit),
        since=since(statement, pause, visit),
        here=visit.way(f"said/{statement.pk}"),
        change=say_again(visit, statement),
        undo=_undo_words(statement),
        leaving=visit.way("leaving") if visit.opens(Purpose.LEAVING) else "",
        may_change=_may_change(statement),
        calendar=visit.way(f"said/{statement.pk}/talk.ics") if _talk_day(statement) else "",
        form=form if pause is not None and own_pause else None,
        reason_noted=pause is not None and own_pause and bool(pause.reason),
    )


def since(statement: Statement, pause: Pause | None, visit: Visit) -> str:
    """What became of the pause after this was said, or "" where all is as they were told."""
    if statement.kind == StatementKind.RENEWAL:
        return ""
    if pause is None:
        return _("This pause was taken back since. Nothing is paused by it.")
    if undoing.state_of(pause)["ends_on"] == statement.data["after"]["ends_on"]:
        return ""
    if pause.ends_on is None:
        return _("The pause was changed since: it lasts until we have talked.")
    if pause.ends_on < visit.today:
        return _("The pause is over since.")
    day = long_day(pause.ends_on, visit.today)
    return _("The pause was changed since: its last day is %(day)s.") % {"day": day}


def _taken_back(request: HttpRequest, visit: Visit, statement: Statement) -> HttpResponse:
    later = visit.organization.statements.filter(kind=statement.kind, pk__gt=statement.pk)
    newer = later.filter(taken_back_at__isnull=True).order_by("-pk").first()
    holds = own_statement(visit, newer.pk) if newer else None
    again = say_again(visit, statement)
    return page(request, visit, "said_taken_back", statement=statement, newer=holds, again=again)


def say_again(visit: Visit, statement: Statement) -> str:
    """The page on which the same can be said differently, with what was said chosen."""
    number = statement.record.partition(":")[2]
    if statement.kind == StatementKind.TALK:
        return visit.way(f"talk/{number}", answer=statement.choice)
    if statement.kind == StatementKind.RENEWAL:
        return visit.way(f"renewal/{number}", answer=statement.choice)
    kept = {name: statement.data.get(name, "") for name in ("scope", "service", "effect", "reach")}
    change = "" if statement.taken_back_at else statement.pk
    return visit.way("full", **kept, change=change)


def _undo_words(statement: Statement) -> str:
    if statement.kind != StatementKind.PAUSE:
        return _("Take my answer back")
    return _("Undo the change") if "before" in statement.data else _("Undo the pause")


def _talk_day(statement: Statement) -> str:
    """The day of the talk that this word led to, as ISO text, or ""."""
    day: str = statement.data.get("changed", {}).get("talk_on", "")
    return day if statement.choice != "call" else ""


@by_link(*SPEAKING)
def talk_entry(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """`/p/<token>/said/<id>/talk.ics`: the talk as a file for a calendar. Nobody is invited by it."""
    statement = own_statement(visit, pk)
    day = _talk_day(statement) if statement and statement.taken_back_at is None else ""
    if statement is None or not day:
        return nowhere(request, visit)
    starts = datetime.combine(datetime.fromisoformat(day), TALK_AT, visit.zone)
    event = ics.Event(
        uid=f"said-{statement.pk}@{sender_address().rpartition('@')[2]}",
        sequence=0,
        summary=_("Talk again with %(other)s") % {"other": visit.sender},
        description=_("Back as planned, longer, or something else?"),
        starts=starts,
        ends=starts + TALK_LASTS,
        dtstamp=statement.said_at,
    )
    answer = HttpResponse(ics.publish([event]), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="talk.ics"'
    return answer
