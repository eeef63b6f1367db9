"""One fact is changed: in its place on the page, or without scripts on a small page of its own.

Two people may change the same at once. Then nothing is written over: the second is told who was faster, sees both
values, and chooses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prm.partners.actions import change_organization, set_standing
from prm.partners.edits import as_text, record_of
from prm.partners.models import Entry, Organization
from prm.rules.refusal import Conflict, Refusal
from prm.web.frame import Frame, frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.change import done, organization_or_404
from prm.web.staff.facts import Fact, FactForm, Facts, lines
from prm.web.staff.organization_facts import FACTS
from prm.web.words import near_day

#: Writes what was typed; `seen` is what its writer saw. Raises Refusal or Conflict.
Write = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that two changed: what the other wrote, and what this reader typed."""

    word: str
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Who was faster and when, and what is at stake. `fields` are the columns to be kept or written over."""

    sentence: str
    clashes: list[Clash]
    fields: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What is being edited: a record of an organization, its fact, how it is written, and where it stands."""

    organization: Organization
    record: Any
    fact: Fact
    write: Write
    back: str


@writers
def partner_fact(request: HttpRequest, slug: str, fact: str) -> HttpResponse:
    """`/partners/<slug>/facts/<fact>`: one fact of an organization."""
    organization = organization_or_404(request, slug)
    known = FACTS.get(fact)
    if known is None:
        raise Http404
    write = _set_standing if fact == "standing" else change_organization
    back = reverse("partner", args=[organization.slug])
    return edit(request, Desk(organization, organization, known, write, back))


def facts_of(organization: Organization, frame: Frame) -> Facts:
    """The facts of a partner as lines of its page."""

    def address(key: str) -> str:
        return reverse("partner-fact", args=[organization.slug, key])

    return lines(
        organization, FACTS, address=address if frame.may_change else None, reasons=frame.sees_reasons
    )


def _set_standing(organization: Organization, *, seen: dict[str, str] | None, **said: Any) -> Any:
    """A standing is not changed but followed by the next, from a day."""
    if seen is not None and said.get("status") == seen["status"]:
        return None
    return set_standing(organization, seen=seen["status"] if seen else None, **said)


def edit(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the form of one fact, or write what it says."""
    frame = frame_of(request)
    form = FactForm(request.POST or None, fact=desk.fact, record=desk.record, **_start(desk.fact, frame))
    notice: Notice | None = None
    if request.method == "POST" and form.is_valid():
        try:
            changed = _write(request, desk, form, frame)
        except Conflict as conflict:
            notice = _notice(desk, form, conflict, frame)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return _said(request, desk, changed=changed)
    carried = dict(form.carried)
    if notice:  # whoever chooses now has seen theirs
        now = desk.fact.values(desk.record)
        carried |= {f"seen_{name}": as_text(now[name]) for name in notice.fields.split()}
    context = {
        "form": form,
        "fact": desk.fact,
        "carried": carried.items(),
        "notice": notice,
        "organization": desk.organization,
        "record": desk.record,
        "back": desk.back,
        "address": request.path,
    }
    return render(request, "staff/fact.html", context)


def _start(fact: Fact, frame: Frame) -> dict[str, Any]:
    return {"since": frame.today} if fact.key == "standing" else {}


def _write(request: HttpRequest, desk: Desk, form: FactForm, frame: Frame) -> bool:
    """Write what was typed, without the fields of which theirs is kept; return whether anything changed."""
    kept = request.POST.get("keep", "").split()
    wanted = {name: form.cleaned_data[name] for name in desk.fact.fields if name not in kept}
    by: Any = request.user
    before = desk.fact.values(desk.record)
    if wanted:
        desk.write(desk.record, seen=form.seen, now=frame.now, by=by, **wanted)
    return before != desk.fact.values(desk.record)


def _said(request: HttpRequest, desk: Desk, *, changed: bool) -> HttpResponse:
    if not changed:
        messages.info(request, _("%s: nothing changed.") % desk.fact.word)
        return redirect(desk.back)
    value = desk.fact.said(_fresh(desk.record))
    saved = _("%(fact)s: %(value)s.") if value and len(value) <= 60 else _("%(fact)s is saved.")
    words = saved % {"fact": desk.fact.word, "value": value}
    return done(request, desk.organization, words, to=desk.back, unchanged=None)


def _fresh(record: Any) -> Any:
    """The record as it stands now, with what hangs on it."""
    return type(record)._default_manager.get(pk=record.pk)  # noqa: SLF001 - Django documents it


# --- two at once ----------------------------------------------------------------------------------------------------


def _notice(desk: Desk, form: FactForm, conflict: Conflict, frame: Frame) -> Notice:
    desk.record.refresh_from_db()
    now = desk.fact.values(desk.record)
    clashes = [
        Clash(
            str(form.fields[name].label),
            form.told(name, now[name]) or _("empty"),
            form.told(name, form.cleaned_data[name]) or _("empty"),
        )
        for name in conflict.fields
    ]
    entry = last_change(desk.organization, desk.record, conflict.fields)
    who = entry.by.name if entry and entry.by else _("Somebody else")
    words = {"who": who, "fact": str(desk.fact.word).lower(), "when": _ago(entry, frame)}
    return Notice(_("%(who)s changed this %(when)s: %(fact)s.") % words, clashes, " ".join(conflict.fields))


def last_change(organization: Organization, record: models.Model, fields: tuple[str, ...]) -> Entry | None:
    """The newest entry that changed one of these columns, of the last few about the record."""
    entries = organization.entries.filter(record=record_of(record)).select_related("by").order_by("-pk")[:20]
    wanted = set(fields)
    return next((one for one in entries if wanted & {*one.data.get("fields", ()), *_status(one)}), None)


def _status(entry: Entry) -> tuple[str, ...]:
    return ("status",) if "status" in entry.data else ()


def _ago(entry: Entry | None, frame: Frame) -> str:
    moment: datetime | None = entry.recorded_at if entry else None
    if moment is None:
        return _("meanwhile")
    minutes = int((frame.now - moment).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%d minute ago", "%d minutes ago", minutes) % minutes
    hours = minutes // 60
    if hours < 24:
        return ngettext("%d hour ago", "%d hours ago", hours) % hours
    return near_day(moment.date(), frame.today)
