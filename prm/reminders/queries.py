"""Rules that staff changed, in the words of the rules: which hold for an organization, and what they say for whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from prm.reminders.models import Rule
from prm.rules import steps
from prm.rules.changing import SERIES
from prm.rules.steps import Step


def rules_of(organizations: Collection[int]) -> dict[int, tuple[steps.Rule, ...]]:
    """Return the changed rules that concern each of these organizations, in one query (none where nobody asks)."""
    if not organizations:
        return {}
    rows = Rule.objects.filter(Q(organization__isnull=True) | Q(organization__in=organizations))
    shared: list[steps.Rule] = []
    own: dict[int, list[steps.Rule]] = {}
    for row in rows:
        of = shared if row.organization_id is None else own.setdefault(row.organization_id, [])
        of.append(as_rule(row))
    return {pk: (*own.get(pk, ()), *shared) for pk in organizations}


def as_rule(row: Rule) -> steps.Rule:
    """Return a row in the words of the rules."""
    return steps.Rule(
        rule=row.rule,
        steps=steps_in(row) if row.steps and row.on else None if row.on else (),
        changed_on=row.changed_on,
        kind=row.kind_id,
        own=row.organization_id is not None,
    )


def steps_in(row: Rule) -> tuple[Step, ...]:
    """Return the steps that a row holds, also while it is off."""
    return tuple(
        Step(
            one["offset"],
            tuple(one["partner"]),
            tuple(one["ours"]),
            date.fromisoformat(one["since"]) if one["since"] else None,
        )
        for one in row.steps
    )


def now_of(rule: str, *, kind: int | None = None, organization: int | None = None) -> tuple[Step, ...]:
    """Return the steps that hold now for everyone, for a kind of agreement or for one organization."""
    rows = Rule.objects.filter(rule=rule).filter(Q(organization=organization) | Q(organization__isnull=True))
    concerned = [as_rule(row) for row in rows if row.kind_id in (None, kind)]
    return steps.steps_of(concerned, rule, SERIES[rule].usual(), kind)


def row_of(rule: str, *, kind: int | None = None, organization: int | None = None) -> Rule | None:
    """Return what is written down for exactly these, if anything is."""
    return (
        Rule.objects.filter(rule=rule, kind=kind, organization=organization)
        .select_related("by", "kind", "organization")
        .first()
    )
