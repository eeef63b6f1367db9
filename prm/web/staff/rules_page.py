"""The policy of reminders as it stands, told from the rules themselves: what is read here is what is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from prm.partners.models import Organization
from prm.reminders.models import Rule
from prm.reminders.queries import as_rule
from prm.rules.changing import SERIES
from prm.rules.steps import steps_of
from prm.web.gate import runners
from prm.web.staff.change import organization_or_404
from prm.web.staff.rule_words import Line, Words, lines, words_of

#: So many partners with rules of their own are named; of more, how many there are.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Other:
    """A kind of agreement or a partner for which a series is another one, and where that is changed."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One series as it stands for everyone, or for one partner. `lines` empty: nothing of it is sent."""

    rule: str
    words: Words
    lines: list[Line]
    address: str
    changed_on: date | None
    by: str
    others: list[Other]
    more: int


@runners
@require_safe
def rules_page(request: HttpRequest) -> HttpResponse:
    """`/rules/`: as they stand for everyone; `?partner=<slug>`: as they stand for that one."""
    slug = request.GET.get("partner", "")
    organization = organization_or_404(request, slug) if slug else None
    rows = list(Rule.objects.select_related("kind", "organization", "by"))
    return render(
        request,
        "staff/rules.html",
        {"series": list(all_series(rows, organization)), "organization": organization},
    )


def all_series(rows: Iterable[Rule] = (), organization: Organization | None = None) -> Iterator[Shown]:
    """Yield every series of reminders, each from the steps that the rules work with."""
    known = [row for row in rows if row.steps or not row.on]  # a row that says nothing only keeps its day
    own = organization.pk if organization else None
    for rule, series in SERIES.items():
        mine = [row for row in known if row.rule == rule]
        here = next((row for row in mine if row.kind_id is None and row.organization_id == own), None)
        holding = [as_rule(row) for row in mine if row.kind_id is None and row.organization_id in (None, own)]
        others = [_other(row) for row in mine if row.kind_id or (row.organization_id and not organization)]
        yield Shown(
            rule,
            words_of(rule),
            lines(series, steps_of(holding, rule, series.usual())),
            address(rule, organization=organization),
            here.changed_on if here else None,
            here.by.name if here and here.by else "",
            others[:NAMED],
            len(others[NAMED:]),
        )


def own_rules(organization: Organization) -> list[str]:
    """Return which series are other ones for this partner, in words."""
    rows = organization.rules.exclude(steps=[], on=True).values_list("rule", flat=True)
    return [words_of(rule).title for rule in SERIES if rule in set(rows)]


def _other(row: Rule) -> Other:
    if row.organization is not None:
        return Other(row.organization.name, address(row.rule, organization=row.organization))
    return Other(row.kind.label if row.kind else "", address(row.rule, kind=row.kind_id))


def address(
    rule: str, *, kind: int | None = None, organization: Organization | None = None, name: str = "rule"
) -> str:
    """Return where a series is changed, for whom it is changed."""
    query = {"kind": kind or "", "partner": organization.slug if organization else ""}
    told = urlencode({key: value for key, value in query.items() if value})
    return reverse(name, args=[rule]) + (f"?{told}" if told else "")
