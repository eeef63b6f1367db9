"""Whether what a reminder of our side asks for is still to be done."""

from __future__ import annotations

from prm.desk import rows
from prm.reminders.facts import Batch
from prm.reminders.models import Reminder


def still_open(batch: Batch, reminder: Reminder) -> bool:
    """Whether nobody has done yet what a reminder asks for."""
    known = batch.facts[reminder.organization_id]
    kind, _colon, number = reminder.record.partition(":")
    day = reminder.day or reminder.reference_on
    if kind == "agreement":
        return _agreement_open(batch, reminder, int(number))
    if kind == "promise":
        return rows.still_promised(batch, reminder)
    if kind == "pause":
        return any(one.id == int(number) and one.answered_on is None for one in known.pauses)
    if reminder.rule == "training":
        return not any(one.on >= reminder.nominal_on for one in known.attended)
    return reminder.rule != "touch" or not any(talk.on >= day for talk in known.talks)


def _agreement_open(batch: Batch, reminder: Reminder, number: int) -> bool:
    return any(
        one.id == number
        and (reminder.rule != "expiry" or one.ends_on == reminder.reference_on)
        and (reminder.rule != "stuck" or one.waiting_since == reminder.reference_on)
        and not any(reviewed >= reminder.nominal_on for reviewed in one.reviews)
        for one in batch.facts[reminder.organization_id].agreements
    )
