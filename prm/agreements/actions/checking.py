"""What was found about the clauses of an agreement."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.checks import check_lengths
from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.agreements.force import lock, record_for_parties
from prm.agreements.models import Agreement, Clause, ClauseState
from prm.rules.refusal import Refusal
from prm.vocabulary.models import Term


@dataclass(frozen=True, slots=True)
class Found:
    """What somebody found about one clause; without a `state` nobody has looked."""

    kind: Term
    state: str = ""
    place: str = ""
    note: str = ""


@transaction.atomic
def note_clauses(
    agreement: Agreement,
    found: Sequence[Found],
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> int:
    """Write down what was found and return how many clauses changed; those that are not named stay as they are."""
    day = today or local_today(now)
    lock(agreement)
    known = {clause.kind_id: clause for clause in agreement.clauses.all()}
    changed = [one for one in found if _said(one) != _held(known.get(one.kind.pk))]
    for one in changed:
        _write(agreement, known.get(one.kind.pk), one)
    if changed:
        looked_at = agreement.clauses.count()
        record_for_parties(
            agreement, "agreement_clauses", now=now, by=by, on=day, data={"looked_at": looked_at}
        )
    return len(changed)


def _write(agreement: Agreement, known: Clause | None, one: Found) -> None:
    if one.state not in {"", *ClauseState.values}:
        raise Refusal(_("Choose one of the answers."), field="state")
    if not one.state:
        if known is not None:
            known.delete()
        return
    clause = known or Clause(agreement=agreement, kind=one.kind)
    clause.state, clause.place, clause.note = _said(one)
    check_lengths(clause)
    clause.save()


def _said(one: Found) -> tuple[str, str, str]:
    return (one.state, one.place.strip(), one.note.strip()) if one.state else ("", "", "")


def _held(clause: Clause | None) -> tuple[str, str, str]:
    return (clause.state, clause.place, clause.note) if clause else ("", "", "")


def carry_over(before: Agreement, after: Agreement) -> None:
    """Give the next term what was found about the clauses of the term before."""
    Clause.objects.bulk_create(
        Clause(agreement=after, kind_id=one.kind_id, state=one.state, place=one.place, note=one.note)
        for one in before.clauses.all()
    )


def same_clauses(one: Agreement, other: Agreement) -> bool:
    """Whether the same was found about two agreements."""
    columns = ("kind", "state", "place", "note")
    return set(one.clauses.values_list(*columns)) == set(other.clauses.values_list(*columns))
