"""What a changed series would send and no longer send, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from prm.partners.models import Organization
from prm.reminders.changing import Wish, stamp
from prm.reminders.queries import now_of
from prm.reporting.changed_rules import Going, preview
from prm.reporting.departures import being_planned
from prm.rules.steps import Step
from prm.web.frame import frame_of
from prm.web.staff.matter import matter
from prm.web.staff.rule_form import RuleForm
from prm.web.staff.rule_place import Place
from prm.web.staff.rule_words import lines, words_of
from prm.web.words import listed

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """What is said about one partner on one day (None: now): to whom there, and to whom of us."""

    day: date | None
    organization: Organization
    about: str
    partner: str
    ours: str


def preview_page(request: HttpRequest, place: Place, wish: Wish, form: RuleForm | None) -> HttpResponse:
    frame = frame_of(request)
    found = preview(wish, now=frame.now)
    mails = [one for one in found.added if not one.ours]
    dropped = [one for one in found.gone if not one.ours]
    after = _steps_after(place, wish)
    context = {
        "place": place,
        "words": words_of(place.series.rule),
        "form": form,
        "typed": _typed(request.GET),
        "back": _back(request, place),
        "seen": stamp(place.row),
        "found": found,
        "now": found.about(sum(1 for one in mails if one.day is None)),
        "more": found.about(len(mails)),
        "fewer": found.about(len(dropped)),
        "ours_more": found.about(len(found.added) - len(mails)),
        "ours_fewer": found.about(len(found.gone) - len(dropped)),
        "added": _part(found.added, request.GET.get("page")),
        "gone": _part(found.gone, request.GET.get("gone")),
        "lines": lines(place.series, after),
        "silent": place.series.nobody_of_us(after),
        "planning": being_planned(now=frame.now, of=frame.program),
        "demo": any(one.organization.is_demo for one in (*found.added, *found.gone)),
    }
    return render(request, "staff/rule_preview.html", context)


def _steps_after(place: Place, wish: Wish) -> tuple[Step, ...]:
    if not wish.on:
        return ()
    if wish.wanted is not None:
        return tuple(sorted(wish.wanted, key=lambda step: step.offset))
    return (
        now_of(place.series.rule)
        if place.whose.ids != {"kind": None, "organization": None}
        else place.series.usual()
    )


def _part(some: list[Going], page: str | None) -> dict[str, Any]:
    """Return one page of the list: who is told the same about one partner on one day stands in one row."""
    together: dict[tuple[date | None, int, str], list[Going]] = {}
    for one in some:
        about = "; ".join(dict.fromkeys(matter(key).words for key in one.keys))
        together.setdefault((one.day, one.organization.pk, about), []).append(one)
    found = Paginator(list(together.items()), PER_PAGE).get_page(page)
    return {"page": found, "rows": [_row(about, goings) for (_day, _pk, about), goings in found]}


def _row(about: str, goings: list[Going]) -> Row:
    def names(*, ours: bool) -> str:
        return listed(list(dict.fromkeys(one.name for one in goings if one.ours is ours)))

    first = goings[0]
    return Row(first.day, first.organization, about, names(ours=False), names(ours=True))


def _typed(data: QueryDict) -> list[tuple[str, str]]:
    """Return what the form was sent with, to be sent again as it is."""
    kept = [name for name in data if name not in ("kind", "partner", "look", "page", "gone", "add", "remove")]
    return [(name, value) for name in kept for value in data.getlist(name)]


def _back(request: HttpRequest, place: Place) -> str:
    """Return the form as it was left."""
    query = request.GET.copy()
    for name in ("look", "page", "gone", "usual"):
        query.pop(name, None)
    told = query.urlencode()
    return reverse("rule", args=[place.series.rule]) + (f"?{told}" if told else "")
