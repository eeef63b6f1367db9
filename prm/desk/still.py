"""Whether what a reminder of our side asks for is still to be done."""

from __future__ import annotations

from django.db.models import BooleanField, Case, Exists, OuterRef, QuerySet, Value, When
from django.db.models.functions import Coalesce

from prm.desk import rows
from prm.partners.models import Entry
from prm.reminders.facts import Batch
from prm.reminders.models import Reminder
from prm.rules.facts import Side
from prm.training.models import Attendance


def of_ours() -> QuerySet[Reminder]:
    """Reminders to our side, without calendar entries; `followed` by the talk or the training that they ask for."""
    theirs = {"organization": OuterRef("organization")}
    since = Coalesce(OuterRef("day"), OuterRef("reference_on"))
    talked = Exists(Entry.objects.filter(two_way=True, happened_on__gte=since, **theirs))
    came = Exists(Attendance.objects.filter(attended_on__gte=OuterRef("nominal_on"), **theirs))
    followed = Case(
        When(rule="touch", then=talked),
        When(rule="training", then=came),
        default=Value(False),
        output_field=BooleanField(),
    )
    return Reminder.objects.filter(side=Side.OURS.value, offset__isnull=False).annotate(followed=followed)


def still_open(batch: Batch, reminder: Reminder) -> bool:
    """Whether nobody has done yet what a reminder asks for; it was read by `of_ours`."""
    known = batch.facts[reminder.organization_id]
    kind, _colon, number = reminder.record.partition(":")
    if kind == "agreement":
        return _agreement_open(batch, reminder, int(number))
    if kind == "promise":
        return rows.still_promised(batch, reminder)
    if kind == "pause":
        return any(one.id == int(number) and one.answered_on is None for one in known.pauses)
    return not reminder.followed  # type: ignore[attr-defined]


def _agreement_open(batch: Batch, reminder: Reminder, number: int) -> bool:
    return any(
        one.id == number
        and (reminder.rule != "expiry" or one.ends_on == reminder.reference_on)
        and (reminder.rule != "stuck" or one.waiting_since == reminder.reference_on)
        and not any(reviewed >= reminder.nominal_on for reviewed in one.reviews)
        for one in batch.facts[reminder.organization_id].agreements
    )
