"""Staff change the steps of a series of reminders: checked first, written once, and taken back with one press."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zlib import crc32

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from prm.accounts.history import history_of
from prm.accounts.models import User
from prm.agreements.models import Party
from prm.partners.actions.plans import forget_plans
from prm.partners.models import Organization
from prm.reminders.models import Rule
from prm.reminders.queries import row_of, steps_in
from prm.rules import steps
from prm.rules.changing import FARTHEST, MOST_STEPS, SERIES, Series
from prm.rules.refusal import Conflict, Refusal
from prm.rules.steps import Step
from prm.vocabulary.models import Term


@dataclass(frozen=True, slots=True)
class Whose:
    """For whom a series is changed: one organization, one kind of agreement, or (neither) everyone."""

    rule: str
    kind: Term | None = None
    organization: Organization | None = None

    @property
    def row(self) -> Rule | None:
        """What is written down for exactly these."""
        return row_of(self.rule, **self.ids)

    @property
    def ids(self) -> dict[str, int | None]:
        return {
            "kind": self.kind.pk if self.kind else None,
            "organization": self.organization.pk if self.organization else None,
        }


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants it to be. `wanted` None: nothing special any more. `on` False: nothing is sent."""

    whose: Whose
    wanted: tuple[Step, ...] | None
    on: bool = True

    def rule(self, today: date) -> steps.Rule:
        """Return it in the words of the rules, as if it were written on `today`."""
        said = () if not self.on else self.wanted if self.wanted is None else self.dated(today)
        kind, whose = self.whose.ids["kind"], self.whose
        return steps.Rule(whose.rule, said, today, kind, own=whose.organization is not None)

    def dated(self, today: date) -> tuple[Step, ...]:
        """Return the steps, each with the day on which it came here: `today` unless exactly this row had it before."""
        row = self.whose.row
        had = {step.offset: step for step in steps_in(row)} if row and row.on else {}
        return tuple(
            replace(step, created_on=had[step.offset].created_on)
            if step.offset in had and _no_wider(step, had[step.offset])
            else replace(step, created_on=today)
            for step in self.wanted or ()
        )


def _no_wider(step: Step, before: Step) -> bool:
    """Return whether no side hears that heard nothing before."""
    return bool(before.partner or not step.partner) and bool(before.ours or not step.ours)


def stamp(row: Rule | None) -> str:
    """Return a mark that changes with what the row says; "0" where nothing special holds."""
    return f"{crc32(json.dumps([row.steps, row.on], sort_keys=True).encode()):x}" if row else "0"


@transaction.atomic
def change_rule(wish: Wish, *, by: User, today: date, seen: str) -> Rule:
    """Write down the steps that hold from now on; the plans concerned are made anew by the next heartbeat.

    `seen`: the stamp of what the writer looked at. Raises Refusal at the field ("days-0", "partner-0", "ours-0", by the
    number of the step), Conflict where somebody else changed it since.
    """
    series = SERIES[wish.whose.rule]
    if wish.wanted is not None and (wish.on or wish.wanted):
        check(series, wish.wanted)
    row = _lock(wish.whose, seen)
    if row is None and wish.wanted is None:
        raise Refusal(_("It is as usual already."))
    dated = wish.dated(today)
    row = row or Rule(rule=wish.whose.rule, kind=wish.whose.kind, organization=wish.whose.organization)
    row.steps, row.on = [_kept(step) for step in sorted(dated, key=lambda step: step.offset)], wish.on
    row.changed_on, row.by = today, by
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # a colleague wrote the first one at this very moment
        raise _conflict() from None
    forget_plans(only=concerned(wish.whose))
    return row


def reset_rule(whose: Whose, *, by: User, today: date, seen: str) -> Rule:
    """Let what holds for others hold here again. The row stays: it knows since when, so that nothing late is sent."""
    return change_rule(Wish(whose, None), by=by, today=today, seen=seen)


@transaction.atomic
def undo_rule(whose: Whose, *, by: User, today: date, seen: str) -> Rule:
    """Take back the last change. Raises Conflict where another one followed it, Refusal where there is none."""
    row = _lock(whose, seen)
    if row is None:
        raise Refusal(_("There is nothing to undo."))
    known = history_of(Rule).filter(history_relation=row.pk).order_by("-history_id")
    before = known.values("steps", "on")[1:2].first()
    if before is None or not (before["steps"] or not before["on"]):
        return reset_rule(whose, by=by, today=today, seen=seen)
    wanted = steps_in(Rule(steps=before["steps"]))
    return change_rule(Wish(whose, wanted, on=before["on"]), by=by, today=today, seen=seen)


def _lock(whose: Whose, seen: str) -> Rule | None:
    found = Rule.objects.select_for_update().filter(rule=whose.rule, **whose.ids).first()
    if stamp(found) != seen:
        raise _conflict()
    return found


def _conflict() -> Conflict:
    return Conflict(_("Somebody else changed this meanwhile. Look at it again."), fields=["on"])


def _kept(step: Step) -> dict[str, Any]:
    since = step.created_on.isoformat() if step.created_on else None
    return {"offset": step.offset, "partner": list(step.partner), "ours": list(step.ours), "since": since}


def concerned(whose: Whose) -> QuerySet[Organization]:
    """Return the organizations for which it may make a difference."""
    if whose.organization is not None:
        return Organization.objects.filter(pk=whose.organization.pk)
    if whose.kind is not None:
        return Organization.objects.filter(
            pk__in=Party.objects.filter(agreement__kind=whose.kind).values("organization")
        )
    return Organization.objects.all()


def check(series: Series, wanted: Sequence[Step]) -> None:
    """Raise Refusal at the first field that has to change."""
    if not wanted:
        raise Refusal(_("Keep at least one reminder, or turn them all off."), field="on")
    if len(wanted) > MOST_STEPS:
        raise Refusal(_("Use %d reminders at most.") % MOST_STEPS, field="on")
    offsets = [step.offset for step in wanted]
    for number, step in enumerate(wanted):
        _check_day(series, step.offset, f"days-{number}")
        if step.offset in offsets[:number]:
            raise Refusal(
                _("This day is there already. Change the number, or remove one of the two."),
                field=f"days-{number}",
            )
        _check_people(series, step, number)


def _check_day(series: Series, offset: int, field: str) -> None:
    if abs(offset) > FARTHEST:
        raise Refusal(_("Use %d days at most.") % FARTHEST, field=field)
    if series.repeats and offset < series.first:
        raise Refusal(_("Use %d days or more.") % series.first, field=field)
    if offset > series.last:
        if series.last == 0:
            raise Refusal(_("Choose a day before it, or the day itself."), field=field)
        raise Refusal(_("Choose a day before it."), field=field)
    if offset < series.first:
        raise Refusal(_("Choose a day after it."), field=field)


def _check_people(series: Series, step: Step, number: int) -> None:
    for side, asked, known in (
        ("partner", step.partner, series.partner),
        ("ours", step.ours, series.ours),
    ):
        if not set(asked) <= set(known):
            raise Refusal(_("Please choose one of these."), field=f"{side}-{number}")
    if step.partner and step.offset > series.partner_last:
        raise Refusal(
            _("After the day nobody at the partner is asked any more. Choose people on our side alone."),
            field=f"partner-{number}",
        )
    if not step.partner and not step.ours:
        raise Refusal(_("Choose who hears of it."), field=f"{'ours' if series.ours else 'partner'}-{number}")
