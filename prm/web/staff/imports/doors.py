"""The steps of an import that change something: take it in, look once more, undo it, throw its file away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from prm.exchange import imports
from prm.rules.refusal import Refusal
from prm.web.frame import frame_of
from prm.web.gate import writers
from prm.web.staff.imports.finding import go_on, import_or_404


@writers
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Import the file as it was looked through."""
    try:
        source = imports.ask_import(import_or_404(pk), now=frame_of(request).now, by=request.user)  # type: ignore[arg-type]
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("import", pk)
    return go_on(source, source.job.total if source.job else 0)


@writers
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """`/imports/<id>/undo`: says what goes, and undoes it."""
    source = import_or_404(pk)
    made = source.traces.filter(new=True).count()
    changed = source.traces.filter(new=False).count()
    if request.method != "POST":
        if source.forgotten or not made + changed:
            return redirect("import", pk)
        context = {
            "source": source,
            "made": made,
            "changed": changed,
            "users": source.report.get("users", []),
        }
        return render(request, "staff/imports/undo.html", context)
    try:
        source = imports.ask_undo(source, now=frame_of(request).now, by=request.user)  # type: ignore[arg-type]
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("import", pk)
    return go_on(source, made + changed)


@writers
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the file away."""
    source = import_or_404(pk)
    try:
        imports.discard(source)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("import", pk)
    messages.success(request, _("“%s” is thrown away. Nothing of it was imported.") % source.name)
    return redirect("imports")
