"""Partners of whom something cannot be planned or written: nothing stops for the others, and a person hears of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prm.desk.rows import Row
from prm.partners.models import Organization
from prm.reminders import reasons
from prm.reminders.facts import Batch
from prm.reminders.unwritten import unwritten

#: A plan is made within minutes; after this time it is no longer about to be made.
PATIENCE = timedelta(hours=1)
RULE = "halted"


def rows_of(batch: Batch, organizations: Iterable[int]) -> list[Row]:
    """Return a row for each of these partners that something is the matter with; one query."""
    ids = list(organizations)
    number = Counter(
        unwritten().filter(organization__in=ids).order_by("pk").values_list("organization", flat=True)
    )
    return [
        _row(batch, pk, words)
        for pk in ids
        if (words := _unplanned(batch, batch.organizations[pk]) or _unwritten(number[pk]))
    ]


def _unplanned(batch: Batch, organization: Organization) -> str:
    """Return what to say of a plan that the worker should have made long ago, "" where all is well."""
    worked, day = batch.program.worked_at, organization.planned_for
    if worked is None:
        return ""
    morning = datetime.combine(batch.today, time.min, ZoneInfo(batch.program.zone))
    changed = organization.plan_stale_at
    old = day is not None and day < batch.today and worked > morning + PATIENCE
    if not old and (changed is None or worked < changed + PATIENCE):
        return ""
    return _(
        "Its reminders could not be worked out, so none goes. We keep trying. "
        "Tell whoever runs this installation: the log says why."
    )


def _unwritten(number: int) -> str:
    return (
        ngettext(
            "A reminder could not be written. We keep trying. "
            "Tell whoever runs this installation: the log says why.",
            "%(number)d reminders could not be written. We keep trying. "
            "Tell whoever runs this installation: the log says why.",
            number,
        )
        % {"number": number}
        if number
        else ""
    )


def _row(batch: Batch, organization: int, words: str) -> Row:
    row = batch.organizations[organization]
    record = f"organization:{organization}"
    return Row(row.name, words, reasons.short(batch.today), "", batch.today, organization, record, RULE)
