"""Which series is changed, for whom, and what holds for them now: read from the address."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from prm.reminders.changing import Whose
from prm.reminders.models import Rule
from prm.reminders.queries import now_of
from prm.rules.changing import SERIES, Series
from prm.rules.steps import Step
from prm.vocabulary.models import Term
from prm.web.staff.change import organization_or_404
from prm.web.staff.rules_page import address
from prm.web.typed import read_number


@dataclass(frozen=True, slots=True)
class Place:
    """What is changed: the series, for whom, what is written down for exactly these, and what holds for them now."""

    series: Series
    whose: Whose
    row: Rule | None
    steps: tuple[Step, ...]

    @property
    def on(self) -> bool:
        return bool(self.steps)

    @property
    def own(self) -> bool:
        """Whether these have something of their own, that can be given up."""
        return self.row is not None and bool(self.row.steps or not self.row.on)

    def at(self, name: str = "rule") -> str:
        """Return the address of a page about it."""
        whose = self.whose
        kind = whose.kind.pk if whose.kind else None
        return address(self.series.rule, kind=kind, organization=whose.organization, name=name)


def place_of(request: HttpRequest, rule: str) -> Place:
    series = SERIES.get(rule)
    if series is None:
        raise Http404
    slug, number = request.GET.get("partner", ""), read_number(request.GET.get("kind", ""))
    organization = organization_or_404(request, slug) if slug else None
    kind = None
    if number is not None and series.by_kind and organization is None:
        kind = get_object_or_404(Term, list="agreement_kind", pk=number)
    whose = Whose(rule, kind, organization)
    return Place(series, whose, whose.row, now_of(rule, **whose.ids))
