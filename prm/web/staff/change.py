"""After a fact was recorded: plan and index follow at once, and the page says what that changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prm.accounts.access import visible_organizations
from prm.agreements.actions import may_undo
from prm.desk.said import open_statements
from prm.partners.actions import settle
from prm.partners.edits import undoable
from prm.partners.models import EntryKind, Organization, Outcome
from prm.reminders.actions import Changes, replan
from prm.rules.facts import State
from prm.search.actions import follow
from prm.web.frame import frame_of
from prm.web.staff.ways_back import way_back
from prm.web.typed import read_number
from prm.web.words import plain_day


def visible(request: HttpRequest) -> QuerySet[Organization]:
    """The organizations that this reader may see."""
    return Organization.objects.filter(visible_organizations(request.user))


def organization_or_404(request: HttpRequest, slug: str) -> Organization:
    return get_object_or_404(visible(request).select_related("sector"), slug=slug)


def done(
    request: HttpRequest,
    organization: Organization,
    *sentences: str,
    also: Iterable[Organization] = (),
    unchanged: str | None = "",
    to: str = "",
) -> HttpResponse:
    """Replan, say what was recorded and what it changes, and go back to the partner.

    `also`: other organizations that the fact concerns, such as the other parties of an agreement. `unchanged`: what to
    say where the plan stays as it is (None: nothing). `to`: the address to go to instead of the partner.
    """
    concerned = {organization.pk, *(other.pk for other in also)}
    settle_said(request, organization)
    changes = replan(sorted(concerned), now=frame_of(request).now)
    follow(concerned, now=frame_of(request).now)
    stays = [] if unchanged is None else [unchanged or _("No reminder changes.")]
    text = "\n".join([*sentences, *(plan_words(changes) or stays)])
    messages.success(request, text, extra_tags=undone_at(request, organization))
    return redirect(to) if to else redirect("partner", organization.slug)


def undone_at(request: HttpRequest, organization: Organization) -> str:
    """Return where what this request recorded is undone with one press; "" where it cannot be."""
    now, by = frame_of(request).now, request.user.pk
    entries = list(organization.entries.filter(recorded_at=now, by=by).order_by("pk"))
    paper = next((one for one in reversed(entries) if one.record.startswith("agreement:")), None)
    if paper is not None and may_undo(paper, now=now):
        way = reverse("agreement-undo", args=[organization.slug, paper.record.partition(":")[2]])
        return f"{way}?last={paper.pk}"
    edits = undoable(entries, now)
    whole = edits or all(
        one.kind == EntryKind.PAUSE for one in entries
    )  # a talk keeps what was promised in it
    ways = (way_back(one, now, organization.slug, edits) for one in reversed(entries) if whole)
    return next((way for way in ways if way), "")


def settle_said(request: HttpRequest, organization: Organization) -> None:
    """What a partner said and led here (`?said=<id>`) is settled by what was recorded; not by a call that failed."""
    number = request.GET.get("said", "") if request.POST.get("two_way") != "no" else ""
    waiting = open_statements().filter(organization=organization, pk=read_number(number) or 0)
    statement = waiting.first()
    if statement is None:
        return
    talked = request.resolver_match is not None and request.resolver_match.url_name == "partner-talk"
    outcome = Outcome.SEEN if talked else Outcome.CORRECTED
    by: Any = request.user
    settle(statement, outcome=outcome, now=frame_of(request).now, by=by)


def plan_words(changes: Changes) -> list[str]:
    """What became of the plan, in sentences: planned, waiting, withdrawn, calendar entries. Empty: nothing did."""
    touched = [*changes.added, *changes.changed]
    planned = [touch for touch in touched if touch.state is State.PLANNED and touch.offset is not None]
    entries = [touch for touch in touched if touch.state is State.PLANNED and touch.offset is None]
    held = [touch for touch in touched if touch.state is State.HELD]
    found: list[str] = []
    if planned:
        number = ngettext("%d reminder is planned", "%d reminders are planned", len(planned)) % len(planned)
        first = min(touch.day for touch in planned if touch.day)
        found.append(_("%(number)s, the first for %(day)s.") % {"number": number, "day": plain_day(first)})
    counted = (
        (len(held), ngettext("%d reminder waits.", "%d reminders wait.", len(held))),
        (len(changes.withdrawn), ngettext("%d is withdrawn.", "%d are withdrawn.", len(changes.withdrawn))),
        (len(entries), ngettext("%d calendar entry goes out.", "%d calendar entries go out.", len(entries))),
        (
            changes.calendar.get("CANCEL", 0),
            ngettext(
                "%d calendar entry is cancelled.",
                "%d calendar entries are cancelled.",
                changes.calendar.get("CANCEL", 0),
            ),
        ),
    )
    return found + [sentence % number for number, sentence in counted if number]
