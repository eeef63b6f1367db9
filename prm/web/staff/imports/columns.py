"""What each column of an uploaded file means: proposed from its headings, decided by a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.exchange import imports, meanings
from prm.exchange.headings import Chosen
from prm.exchange.models import Import
from prm.rules.refusal import Refusal
from prm.web.forms import Form, explained
from prm.web.frame import frame_of
from prm.web.gate import refuse, writers
from prm.web.staff.imports.finding import go_on, import_or_404

ORDER = "day_first"
ORDERS = [
    ("yes", explained(gettext_lazy("The day"), gettext_lazy("3/4/2028 is 3 April 2028."))),
    ("no", explained(gettext_lazy("The month"), gettext_lazy("3/4/2028 is March 4, 2028."))),
]
SAID: dict[str, bool | None] = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class ColumnShown:
    """One column: its heading, some of its cells, and the field for its meaning."""

    heading: str
    samples: list[str]
    field: BoundField
    open: bool


@dataclass(frozen=True, slots=True)
class SheetShown:
    """One sheet that can be brought in; `wanted` is the tick box, where there are several."""

    sheet: dict[str, Any]
    wanted: BoundField | None
    columns: list[ColumnShown]
    known: int


class ColumnsForm(Form):
    """A select for every column that says something; `day_first` only where it must be asked."""

    def __init__(self, *args: Any, source: Import, ask_order: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheets: list[dict[str, Any]] = source.layout["sheets"]
        self.several = len(self.sheets) > 1
        choices = [
            ("", _("Keep in the notes")),
            *((word, list(some.items())) for word, some in meanings.groups()),
        ]
        for at, sheet in enumerate(self.sheets):
            if self.several:
                self.fields[f"sheet-{at}"] = _tick(sheet["name"] in source.columns)
            for place, meaning in enumerate(_present(source, sheet)):
                if said(sheet, place):
                    self.fields[f"column-{at}-{place}"] = forms.ChoiceField(
                        label=heading(sheet, place),
                        choices=choices,
                        initial=meaning,
                        required=False,
                        widget=forms.Select(attrs={"class": "form-select"}),
                    )
        if ask_order:
            self.fields[ORDER] = forms.ChoiceField(
                label=_("In 3/4/2028, which comes first?"),
                choices=ORDERS,
                required=False,
                initial={True: "yes", False: "no"}.get(source.day_first, ""),  # type: ignore[arg-type]
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            )

    def choices(self) -> dict[str, Chosen]:
        """What was chosen, as `imports.choose` takes it."""
        found = {}
        for at, sheet in enumerate(self.sheets):
            if not self.several or self.cleaned_data[f"sheet-{at}"]:
                told = [
                    self.cleaned_data.get(f"column-{at}-{place}", "")
                    for place in range(len(sheet["headings"]))
                ]
                found[sheet["name"]] = Chosen(tuple(sheet["headings"]), tuple(told))
        return found

    def chosen_order(self) -> bool | None:
        """Whether the day comes first; None where nobody was asked, or nobody said."""
        return SAID.get(self.cleaned_data.get(ORDER, ""))

    def shown(self) -> list[SheetShown]:
        """Sheets and columns in the order of the file."""
        return [self._shown(at, sheet) for at, sheet in enumerate(self.sheets)]

    def _shown(self, at: int, sheet: dict[str, Any]) -> SheetShown:
        columns = [
            ColumnShown(
                heading(sheet, place), sheet["samples"][place], self[name], open=not self[name].value()
            )
            for place in range(len(sheet["headings"]))
            if (name := f"column-{at}-{place}") in self.fields
        ]
        known = sum(not column.open for column in columns)
        return SheetShown(sheet, self[f"sheet-{at}"] if self.several else None, columns, known)


def _tick(initial: bool) -> forms.BooleanField:
    widget = forms.CheckboxInput(attrs={"class": "form-check-input"})
    return forms.BooleanField(label=_("Bring in this sheet"), required=False, initial=initial, widget=widget)


def _present(source: Import, sheet: dict[str, Any]) -> list[str]:
    """The meanings chosen before, else the proposed ones."""
    chosen = source.columns.get(sheet["name"])
    return list(chosen["meanings"] if chosen else sheet["meanings"])


def said(sheet: dict[str, Any], place: int) -> bool:
    """Whether a column has a heading or a cell at all."""
    return bool(sheet["headings"][place] or sheet["samples"][place])


def heading(sheet: dict[str, Any], place: int) -> str:
    """The heading as written."""
    return str(sheet["headings"][place]) or _("Column %d, without a heading") % (place + 1)


@writers
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """`/imports/<id>/columns`"""
    source = import_or_404(pk)
    if source.phase not in imports.OPEN or source.forgotten:
        return redirect("import", pk)
    form = ColumnsForm(source=source, ask_order=source.day_first is not None)
    if request.method == "POST":
        form = ColumnsForm(request.POST, source=source, ask_order=ORDER in request.POST)
        if form.is_valid():
            try:
                chosen = _choose(request, source, form)
            except Refusal as refusal:
                if not refusal.field:
                    messages.error(request, str(refusal))
                    return redirect("import", pk)
                form = _refused(request, source, refusal)
            else:
                return go_on(chosen, chosen.job.total if chosen.job else 0)
    context = {
        "source": source,
        "form": form,
        "order": form[ORDER] if ORDER in form.fields else None,
        "sheets": form.shown(),
        "aside": source.layout["aside"],
    }
    return render(request, "staff/imports/columns.html", context)


def _choose(request: HttpRequest, source: Import, form: ColumnsForm) -> Import:
    now, by = frame_of(request).now, request.user
    return imports.choose(source, form.choices(), day_first=form.chosen_order(), now=now, by=by)  # type: ignore[arg-type]


def _refused(request: HttpRequest, source: Import, refusal: Refusal) -> ColumnsForm:
    """The form with everything as it was chosen, and the refusal where it can be mended."""
    asks = refusal.field == ORDER
    form = ColumnsForm(request.POST, source=source, ask_order=asks or ORDER in request.POST)
    refuse(form, refusal)
    return form
