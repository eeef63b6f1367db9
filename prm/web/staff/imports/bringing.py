"""Bring in a spreadsheet: the form for a file, and what was brought in before."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prm.exchange import imports
from prm.exchange.models import Import, ImportState, Trace
from prm.rules.refusal import Refusal
from prm.web.forms import Form
from prm.web.frame import frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.badges import Badge
from prm.web.staff.imports.finding import imports_without_content

PER_PAGE = 25
KINDS = ".xlsx,.csv,.tsv,.txt"


class FileForm(Form):
    """One spreadsheet."""

    file = forms.FileField(
        label=gettext_lazy("Spreadsheet"),
        help_text=gettext_lazy("An Excel file (.xlsx) or CSV, up to %d MB.") % (imports.LARGEST // 1024**2),
        error_messages={
            "required": gettext_lazy("Choose a file first."),
            "empty": gettext_lazy("This file is empty."),
            "max_length": gettext_lazy("The name of this file is too long. Give it a shorter one."),
        },
        max_length=255,
        widget=forms.FileInput(attrs={"accept": KINDS, "class": "form-control"}),
    )


@dataclass(frozen=True, slots=True)
class Brought:
    """One line of the list."""

    source: Import
    badge: Badge
    counts: str


@writers
def bring_in(request: HttpRequest) -> HttpResponse:
    """`/imports/`: choose a file; below it, what was brought in before."""
    form = FileForm()
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        if getattr(request, "too_large", False):
            sentence = _(
                "This file is larger than %(size)d MB. Split it, or ask whoever runs PRM to import it."
            )
            form.errors.clear()
            form.add_error("file", sentence % {"size": imports.LARGEST // 1024**2})
        elif form.is_valid():
            file = form.cleaned_data["file"]
            try:
                source = imports.upload(
                    name=file.name,
                    content=file.read(),
                    now=frame_of(request).now,
                    by=request.user,  # type: ignore[arg-type]
                )
            except Refusal as refusal:
                refuse(form, refusal)
            else:
                return redirect("import-columns", source.pk)
    earlier = imports_without_content().defer("content", "columns", "tried", "report")
    page = Paginator(earlier, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": brought(list(page)),
        "template": _template_address(),
    }
    return render(request, "staff/imports/bring_in.html", context)


def brought(sources: list[Import]) -> list[Brought]:
    """The lines of the list, with what each import made and changed."""
    traces = Trace.objects.filter(source__in=sources).order_by().values_list("source", "new")
    numbers = {(source, new): number for source, new, number in traces.annotate(number=Count("pk"))}
    return [
        Brought(
            one,
            state_badge(one),
            counts(one, numbers.get((one.pk, True), 0), numbers.get((one.pk, False), 0)),
        )
        for one in sources
    ]


def state_badge(source: Import) -> Badge:
    """The state of an import as icon and word."""
    looks = {
        ImportState.CHOOSING: ("due", "pencil"),
        ImportState.TRYING: ("waiting", "hourglass-split"),
        ImportState.TRIED: ("due", "eye"),
        ImportState.IMPORTING: ("waiting", "hourglass-split"),
        ImportState.IMPORTED: ("steady", "check-lg"),
        ImportState.UNDOING: ("waiting", "hourglass-split"),
        ImportState.UNDONE: ("planned", "slash-circle"),
        ImportState.FAILED: ("failed", "x-lg"),
    }
    phase = ImportState(source.phase)
    return Badge(*looks[phase], str(phase.label))


def counts(source: Import, made: int, changed: int) -> str:
    """ "51 new, 3 changed" for what is in, "64 rows" for what is not."""
    if made or changed:
        told = [(made, _("%d new")), (changed, _("%d changed"))]
        return ", ".join(words % number for number, words in told if number)
    rows = source.layout.get("rows", 0)
    return ngettext("%d row", "%d rows", rows) % rows if rows else ""


def _template_address() -> str:
    try:
        return reverse("imports-template-xlsx")
    except NoReverseMatch:
        return ""
