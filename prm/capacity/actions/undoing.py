"""One press takes back what was done last about a pause, for a day, and with it what that moved."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.capacity.actions.checking import check_days
from prm.capacity.actions.noting import note, record_of, span, state_of
from prm.capacity.actions.stretches import make_room
from prm.capacity.models import Pause
from prm.partners.edits import UNDONE_WITHIN
from prm.partners.models import Entry
from prm.partners.timeline import lock
from prm.rules.refusal import Refusal

#: A pause that was written down is taken back; what changed one keeps how it stood before in its entry.
BEGUN = ("pause_recorded", "pause_followed")
CHANGED = ("pause_extended", "pause_resumed", "pause_answered", "pause_withdrawn")


def can_be_undone(entry: Entry, now: datetime.datetime) -> bool:
    """Whether an entry, the last about its pause, can be undone: by us, within a day.

    What a partner said by link is taken back with their words; an import has an undo of its own.
    """
    if entry.by_id is None or now - entry.recorded_at > UNDONE_WITHIN:
        return False
    return entry.event in BEGUN or (entry.event in CHANGED and "before" in entry.data)


@transaction.atomic
def undo(
    pause: Pause, *, now: datetime.datetime, today: datetime.date | None = None, by: User | None = None
) -> Pause:
    """Take back what was last done about a pause. Refused after a day, or when something was changed since."""
    day = today or local_today(now)
    lock([pause.organization])
    pause.refresh_from_db()
    last = last_done(pause)
    if last is None or not can_be_undone(last, now):
        raise Refusal(_("There is nothing to undo about this pause any more."))
    if last.event in BEGUN:
        before = state_of(pause)
        pause.withdrawn_on = pause.changed_on = day
        pause.save(update_fields=["withdrawn_on", "changed_on"])
        data = span(pause) | {"before": before, "after": state_of(pause)}
        note(pause, "pause_withdrawn", now=now, by=by, on=day, data=data)
        return pause
    _restore(pause, last.data, day)
    pause.refresh_from_db()
    note(pause, "pause_undone", now=now, by=by, on=day, data=span(pause))
    return pause


def last_done(pause: Pause) -> Entry | None:
    """Return what the timeline says last about a pause."""
    found = Entry.objects.filter(organization=pause.organization_id, record=record_of(pause))
    return found.order_by("-pk").first()


def _restore(pause: Pause, data: dict[str, Any], day: datetime.date) -> None:
    """Give every row that was changed its state again, where nobody changed it since."""
    rows = list(pause.organization.pauses.filter(pk__in=[int(pk) for pk in data["before"]]))
    if state_of(*rows) != data["after"]:
        raise Refusal(_("This was changed again since, so it stays. Change the pause instead."))
    for row in rows:
        for name, value in data["before"][str(row.pk)].items():
            is_day = name.endswith("_on") and value is not None
            setattr(row, name, datetime.date.fromisoformat(value) if is_day else value)
        row.changed_on = day
    others = pause.organization.pauses.filter(withdrawn_on__isnull=True).exclude(pk__in=[r.pk for r in rows])
    standing = [*others, *(row for row in rows if row.withdrawn_on is None)]
    for row in standing:
        check_days(row, standing)
    make_room(rows)
    for row in rows:
        row.save()
