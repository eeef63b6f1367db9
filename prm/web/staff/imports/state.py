"""The one page of an import: what it shows follows how far the import is."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prm.exchange.models import Import, ImportState
from prm.jobs.models import JobState
from prm.web.gate import writers
from prm.web.staff.imports.finding import import_or_404
from prm.web.staff.imports.telling import FIRST_OUT, PARTS, SHOWN, Told
from prm.web.typed import read_number
from prm.web.words import figure

WORKING = (ImportState.TRYING, ImportState.IMPORTING, ImportState.UNDOING)
PER_PAGE = 200


@writers
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """`/imports/<id>/`"""
    source = import_or_404(pk)
    phase = source.phase
    if phase in WORKING:
        return render(request, "staff/imports/working.html", working(source, told=-1))
    if source.forgotten and phase not in (ImportState.IMPORTED, ImportState.UNDONE):
        return render(request, "staff/imports/gone.html", {"source": source})
    if phase == ImportState.CHOOSING:
        return redirect("import-columns", pk)
    context = {"source": source, "phase": phase, "traces": source.traces.count()}
    if phase == ImportState.FAILED:
        return render(request, "staff/imports/failed.html", context)
    if phase == ImportState.UNDONE:
        return render(request, "staff/imports/undone.html", context)
    done = phase == ImportState.IMPORTED
    return render(
        request,
        f"staff/imports/{'imported' if done else 'tried'}.html",
        context | report_of(source, done=done),
    )


def report_of(source: Import, *, done: bool) -> dict[str, Any]:
    """What the page of a report shows: the first lines of each part, and how many there are."""
    told = Told(source.report if done else source.tried, source.columns)
    return {
        "told": told,
        "counts": told.counts(done=done),
        "out": told.out(told.raw("out")[:FIRST_OUT]),
        "groups": told.groups(),
        "parts": [
            (part, word, told.number(part), told.told(part, told.raw(part)[:SHOWN]))
            for part, word in PARTS.items()
            if part not in ("out", "remarks") and told.number(part)
        ],
        "more_out": told.number("out") > FIRST_OUT,
        "shown": SHOWN,
        "done": done,
    }


def report_in(source: Import) -> dict[str, Any]:
    """The report that the page of this import tells: of the import, or of the look through the file."""
    return dict(source.report if source.state == ImportState.IMPORTED else source.tried)


@writers
def lines(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """`/imports/<id>/lines/<part>`: all lines of one part of the report, page by page."""
    source = import_or_404(pk)
    report = report_in(source)
    if part not in PARTS or not report:
        raise Http404
    told = Told(report, source.columns)
    page = Paginator(told.raw(part), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "source": source,
        "part": part,
        "word": PARTS[part],
        "page": page,
        "rows": told.told(part, page.object_list),
    }
    return render(request, "staff/imports/lines.html", context)


# --- while something is being done ----------------------------------------------------------------------------------


@writers
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """`/imports/<id>/progress`: the part of the page that changes. `told`: the tenths that were announced already."""
    source = import_or_404(pk, state_only=True)
    if source.phase not in WORKING:
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    spoken = request.GET.get("told", "")
    known = read_number(spoken)
    told = -1 if known is None else known
    return render(request, "staff/imports/progress.html", working(source, told=told))


def working(source: Import, *, told: int) -> dict[str, Any]:
    """How far the work is, in words and figures; `say` is announced only when another tenth is done."""
    job = source.job
    done, total = (job.done, job.total) if job else (0, 0)
    tenth = done * 10 // total if total else 0
    return {
        "source": source,
        "what": _what(source, total),
        "waits": job is not None and job.state == JobState.WAITING,
        "done": done,
        "total": total,
        "measured": bool(done),
        "tenth": tenth,
        "say": tenth != told,
    }


def _what(source: Import, total: int) -> str:
    match ImportState(source.state):
        case ImportState.TRYING:
            words = ngettext("Looking through %s row", "Looking through %s rows", total)
        case ImportState.IMPORTING:
            words = ngettext("Importing %s row", "Importing %s rows", total)
        case _:
            words = ngettext(
                "Undoing the import of %s partner",
                "Undoing the import of %s partners",
                total,
            )
    return words % figure(total) if total else _("Working")
