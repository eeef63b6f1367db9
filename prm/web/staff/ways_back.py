"""Where one entry of a timeline is undone with one press: the same beside what was just saved and in the timeline."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse

from prm.capacity.actions import can_be_undone
from prm.partners.actions import promises
from prm.partners.edits import UNDONE_WITHIN
from prm.partners.models import Entry


def way_back(entry: Entry, now: datetime, slug: str, edits: Collection[int]) -> str:
    """Return where the last thing done about a promise or a pause, or a change of facts, is undone; "" for nowhere.

    `edits` are the entries that can be taken back as what they changed (`edits.undoable`).
    """
    if entry.pk in edits:
        return reverse("partner-undo", args=[slug, entry.pk])
    kind, _colon, number = entry.record.partition(":")
    if kind == "pause" and can_be_undone(entry, now):
        return reverse("partner-pause-undo", args=[slug, number])
    fresh = now - entry.recorded_at <= UNDONE_WITHIN
    if kind == "promise" and entry.event in promises.UNDOABLE and fresh:
        return reverse("promise-undo", args=[number])
    return ""
