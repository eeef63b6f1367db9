"""The sections of a day, for the page and for the mail alike: late, today, this week, waiting, and put off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from prm.desk import lasting, rows
from prm.desk.off import PutOff
from prm.desk.rows import Key, Off, Row
from prm.reminders.facts import Batch
from prm.reminders.models import Reminder
from prm.rules import succession

SECTIONS = ("late", "today", "week", "waiting", "off")


@dataclass(frozen=True, slots=True)
class Seat:
    """Who looks: the partners that they look after, and whether they are a director."""

    keeps: frozenset[int]
    director: bool = False

    def is_asked(self, row: Row) -> bool:
        """Whether a row asks a director who does not look after the partner: no colleague puts that off for them."""
        return self.director and "director" in row.audience and row.organization not in self.keeps


def seat_of(batch: Batch, person: int, *, kinds: Iterable[str] = ("owner", "deputy")) -> Seat:
    """Return the seat of one of our side: what they keep, and what is kept by those for whom they stand in today."""
    known = {colleague.id: colleague for one in batch.facts.values() for colleague in one.people.colleagues}
    meant = succession.works_for(known.values(), person, batch.today)
    asked = frozenset(kinds)
    keeps = frozenset(
        pk
        for pk, one in batch.facts.items()
        if any(
            k.user in meant
            and k.kind in asked
            and k.since <= batch.today
            and (k.until is None or batch.today <= k.until)
            for k in one.people.keepings
        )
    )
    return Seat(keeps, director=person in known and known[person].role == "director")


def sections(
    batch: Batch,
    organizations: Iterable[int],
    *,
    due: Iterable[Reminder],
    soon: Iterable[Reminder],
    seat: Seat,
    off: PutOff,
) -> dict[str, list[Row]]:
    """Return the rows of each section, in their order.

    `organizations`: of whom everything is looked at. `due` reminders may be about others as well: what somebody is
    asked about without looking after the partner. `off`: a row that was put off stands under "off" alone.
    """
    ids = list(organizations)
    found = {
        "late": sorted(rows.overdue(batch, ids), key=lambda row: (row.day, row.subject)),
        "today": [rows.of_reminder(batch, one) for one in due],
        "week": [rows.of_reminder(batch, one, ahead=True) for one in soon],
        "waiting": lasting.waiting(batch, ids),
    }
    seen = {row.key for some in found.values() for row in some}
    found["today"] += [row for row in off.returned(batch) if row.organization in ids and row.key not in seen]
    resting = [_marked(row, off.resting) for some in found.values() for row in some if row.key in off.resting]
    unseen = [_marked(row, off.resting) for row in off.unseen(batch, seen) if row.organization in ids]
    shown = {key: _shown(some, off.resting, seat) for key, some in found.items()}
    today, asked = shown["today"], {row.key for some in shown.values() for row in some}
    late = rows.without(shown["late"], today)
    return {
        "late": late,
        "today": today,
        "week": rows.without(_each(shown["week"]), [*late, *today]),
        "waiting": rows.without(shown["waiting"], [*late, *today]),
        "off": _once(row for row in (*resting, *unseen) if row.key not in asked),
    }


def _marked(row: Row, resting: dict[Key, Off]) -> Row:
    return replace(row, off=resting[row.key])


def _shown(some: list[Row], resting: dict[Key, Off], seat: Seat) -> list[Row]:
    """Leave out what was put off, except what asks a director: that says who put it off."""
    plain = [_marked(row, resting) if row.key in resting else row for row in some]
    return [row for row in plain if row.off is None or seat.is_asked(row)]


def _each(some: list[Row]) -> list[Row]:
    """Return each row once, as it comes first."""
    found: dict[Key, Row] = {}
    for row in some:
        found.setdefault(row.key, row)
    return list(found.values())


def _once(some: Iterable[Row]) -> list[Row]:
    """Return each row once, the first to come back first."""
    return sorted(_each(list(some)), key=lambda row: (row.off.until if row.off else row.day, row.subject))
