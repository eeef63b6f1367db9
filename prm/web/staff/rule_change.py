"""Change the steps of a series: chosen on a form, shown with what they would send, and only then saved.

Form and preview are read with GET, so that going back loses nothing and nothing is written by looking. The address
holds what was typed; only `keep` and `undo` write.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from prm.reminders.actions import replan
from prm.reminders.changing import Wish, change_rule, check, stamp, undo_rule
from prm.reminders.models import Rule
from prm.reminders.queries import steps_in
from prm.rules.refusal import Refusal
from prm.rules.steps import Step
from prm.vocabulary.models import Term
from prm.web.frame import frame_of
from prm.web.gate import refuse, runners
from prm.web.staff.change import plan_words, visible
from prm.web.staff.rule_form import RuleForm, rows_of, typed_rows
from prm.web.staff.rule_place import Place, place_of
from prm.web.staff.rule_preview import preview_page
from prm.web.staff.rule_words import words_of
from prm.web.staff.rules_page import address

#: So many partners are offered where a name fits several.
FOUND = 10


@runners
@require_safe
def rule_page(request: HttpRequest, rule: str) -> HttpResponse:
    """`/rules/<rule>/`: the form; with `look` what it would change; `kind`, `partner` for whom, `name` seeks one."""
    place, data = place_of(request, rule), request.GET
    if "usual" in data and place.own:
        return preview_page(request, place, Wish(place.whose, None), None)
    if "look" not in data:
        return _page(request, place, _form(place, data))
    form = _form(place, data, looked=True)
    wish = _wish(place, form)
    if wish is None:
        return _page(request, place, form)
    return preview_page(request, place, wish, form)


@runners
@require_POST
def keep(request: HttpRequest, rule: str) -> HttpResponse:
    """Write what the preview showed."""
    place = place_of(request, rule)
    form = None if "usual" in request.POST else _form(place, request.POST, looked=True)
    wish = _wish(place, form) if form else Wish(place.whose, None)
    if wish is None:
        return _page(request, place, form)
    by: Any = request.user
    try:
        row = change_rule(wish, by=by, today=frame_of(request).program_day, seen=request.POST.get("seen", ""))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(place.at())
    return _written(request, place, row, _("Saved: %s.") % words_of(rule).title)


@runners
@require_POST
def undo(request: HttpRequest, rule: str) -> HttpResponse:
    """Take the last change back, unless another one followed it."""
    place, by = place_of(request, rule), request.user
    day: Any = frame_of(request).program_day
    try:
        row = undo_rule(place.whose, by=by, today=day, seen=request.GET.get("seen", ""))  # type: ignore[arg-type]
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(place.at())
    return _written(request, place, row, _("Undone: %s.") % words_of(rule).title)


def _written(request: HttpRequest, place: Place, row: Rule, said: str) -> HttpResponse:
    """Say what was written and what that changes, with the way back."""
    there = place.whose.organization
    if there is None:
        words = [_("All reminders are worked out anew within a minute.")]
        to = reverse("rules")
    else:
        words = plan_words(replan([there.pk], now=frame_of(request).now)) or [_("No reminder changes.")]
        to = f"{reverse('rules')}?partner={there.slug}"
    way = place.at("rule-undo")
    way += ("&" if "?" in way else "?") + f"seen={stamp(row)}"
    messages.success(request, "\n".join([said, *words]), extra_tags=way)
    return redirect(f"{to}#rule-{place.series.rule}")


def _form(place: Place, data: QueryDict, *, looked: bool = False) -> RuleForm:
    """Return the form as it was typed, else as the series stands; what is off keeps its steps to be switched on."""
    if "rows" in data:
        return RuleForm(place.series, typed_rows(data), on=data.get("on", ""), looked=looked)
    kept = steps_in(place.row) if place.row and place.row.steps else ()
    rows = rows_of(place.steps or kept or place.series.usual())
    return RuleForm(place.series, rows, on="yes" if place.on else "no", looked=looked)


def _wish(place: Place, form: RuleForm) -> Wish | None:
    """Return what the form says; None where something in it has to change, which then stands at its field."""
    if not form.is_valid():
        return None
    wish = Wish(place.whose, form.steps, on=form.cleaned_data["on"] == "yes")
    try:
        check(place.series, form.steps)
    except Refusal as refusal:
        refuse(form, refusal)
        return None
    if wish.on == place.on and (not wish.on or _same(form.steps, place.steps)):
        form.add_error(None, _("This is how it is now. Change something first."))
        return None
    return wish


def _same(some: tuple[Step, ...], others: tuple[Step, ...]) -> bool:
    def said(steps: tuple[Step, ...]) -> set[tuple[int, frozenset[str], frozenset[str]]]:
        return {(step.offset, frozenset(step.partner), frozenset(step.ours)) for step in steps}

    return said(some) == said(others)


def _page(request: HttpRequest, place: Place, form: RuleForm | None) -> HttpResponse:
    name = request.GET.get("name", "").strip()
    context = {
        "place": place,
        "words": words_of(place.series.rule),
        "form": form,
        "everyone": address(place.series.rule),
        "kinds": _kinds(place) if place.series.by_kind else [],
        "name": name,
        "found": _found(request, place, name),
    }
    return render(request, "staff/rule.html", context)


def _kinds(place: Place) -> list[dict[str, Any]]:
    return [
        {
            "label": term.label,
            "address": address(place.series.rule, kind=term.pk),
            "here": term == place.whose.kind,
        }
        for term in Term.objects.filter(list="agreement_kind", active=True)
    ]


def _found(request: HttpRequest, place: Place, name: str) -> list[tuple[str, str]]:
    """Return the partners whose name has these letters, with the address of their own rule."""
    if not name:
        return []
    some = visible(request).filter(name__icontains=name).order_by("name", "pk")[:FOUND]
    return [(one.name, address(place.series.rule, organization=one)) for one in some]
