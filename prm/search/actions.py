"""Reconcile: what should be found -> difference -> rows. It may run too often without harm."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from prm.accounts.queries import local_today
from prm.partners.models import Organization
from prm.search.gathering import gather
from prm.search.models import Findable, Stale

log = logging.getLogger(__name__)

NOTES = 500  # notes read at once; one organization may have several
MOST = 2000  # organizations in one call: a first build must not keep a heartbeat from its mail
CHANGING = ("organization_id", "title", "text", "folded_title", "words", "happened_on")


def refresh(*, now: datetime, most: int = MOST) -> int:
    """Make the rows of organizations anew about which something was written. Return how many organizations.

    After about `most` of them the rest waits for the next call. A note that was read goes with the rows that it asked
    for, in one transaction; one that is written meanwhile is not seen by it and stays.
    """
    done, last = 0, 0
    while done < most:
        notes = Stale.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "organization_id")[:NOTES]
        read = list(notes)
        if not read:
            break
        last = read[-1][0]
        done += _reindex_what_can_be(read, now=now)
    return done


def follow(organizations: Iterable[int], *, now: datetime) -> int:
    """Make what was just written about these organizations findable, before the next heartbeat does."""
    notes = Stale.objects.filter(organization_id__in=list(organizations)).order_by("pk")
    read = list(notes.values_list("pk", "organization_id"))
    return _reindex_what_can_be(read, now=now) if read else 0


def _reindex_what_can_be(notes: list[tuple[int, int]], *, now: datetime) -> int:
    """Do a batch; where it fails, each organization by itself, so that one bad row holds up only its own."""
    try:
        return reindex(notes, now=now)
    except Exception:
        log.exception("indexing a batch failed, trying its organizations one by one")
    done = 0
    for pk in sorted({organization for _note, organization in notes}):
        try:
            done += reindex([note for note in notes if note[1] == pk], now=now)
        except Exception:
            log.exception("indexing failed", extra={"organization": pk})
    return done


@transaction.atomic
def reindex(notes: Sequence[tuple[int, int]], *, now: datetime) -> int:
    """Bring the rows up to date that these notes (their pk and an organization's) ask for; then the notes go."""
    asked = sorted({organization for _note, organization in notes})
    locked = Organization.objects.select_for_update(no_key=True).filter(pk__in=asked).order_by("pk")
    ids = list(locked.values_list("pk", flat=True))
    if ids:
        _write(ids, {row.key: row for row in gather(ids, today=local_today(now))})
    Stale.objects.filter(pk__in=[note for note, _organization in notes]).delete()
    return len(ids)


def _write(organizations: Sequence[int], wanted: dict[str, Findable]) -> None:
    known = {row.key: row for row in Findable.objects.filter(organization__in=organizations)}
    changed = []
    for key, row in known.items():
        if key in wanted and any(getattr(row, name) != getattr(wanted[key], name) for name in CHANGING):
            wanted[key].pk = row.pk
            changed.append(wanted[key])
    for some in _portions([row.pk for key, row in known.items() if key not in wanted], 500):
        Findable.objects.filter(pk__in=some).delete()
    Findable.objects.bulk_update(changed, CHANGING, batch_size=100)
    Findable.objects.bulk_create([row for key, row in wanted.items() if key not in known], batch_size=500)


def _portions(pks: list[int], size: int) -> Iterable[list[int]]:
    return (pks[start : start + size] for start in range(0, len(pks), size))
