"""What the timeline says about a pause."""

from __future__ import annotations

import datetime
from typing import Any

from prm.accounts.models import User
from prm.capacity.models import Pause
from prm.partners.edits import standing_of
from prm.partners.models import Contact, Entry, EntryKind
from prm.partners.timeline import draft, record_all


def span(pause: Pause) -> dict[str, Any]:
    """Return what is paused and from when until when."""
    return {
        "scope": pause.scope,
        "service": pause.service or None,
        "starts_on": pause.starts_on,
        "ends_on": pause.ends_on,
        "talk_on": pause.talk_on,
    }


#: What an action can change about a pause, and an undo gives back.
KEPT = ("starts_on", "ends_on", "talk_on", "answered_on", "answer", "withdrawn_on")


def record_of(pause: Pause) -> str:
    """Return the readable key of a pause in the timeline and in reminders."""
    return f"pause:{pause.pk}"


def state_of(*pauses: Pause) -> dict[str, Any]:
    """Return how pauses stand, by the text of their number, as an entry keeps it and an undo reads it."""
    return {str(one.pk): standing_of(one, KEPT) for one in pauses}


def note(pause: Pause, event: str, *, now: datetime.datetime, **what: Any) -> None:
    """Write one entry; `what` is that of `entry`."""
    record_all([entry(pause, event, now=now, **what)], now=now)


def entry(
    pause: Pause,
    event: str,
    *,
    now: datetime.datetime,
    by: User | None,
    on: datetime.date,
    data: dict[str, Any],
    contact: Contact | None = None,
    note: str = "",
) -> Entry:
    """Draft an entry. The reason stays with the pause: the timeline is read by more people."""
    return draft(
        pause.organization,
        kind=EntryKind.PAUSE,
        event=event,
        now=now,
        by=by,
        happened_on=on,
        contact=contact,
        note=note.strip(),
        data=data,
        record=record_of(pause),
    )
