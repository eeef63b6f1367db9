"""One row of one partner, found again by what it is: for the page that puts it off, and for a link in a mail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from prm.accounts import queries as accounts
from prm.accounts.models import Program
from prm.desk import off
from prm.desk.rows import Key, Row
from prm.desk.sections import seat_of, sections
from prm.desk.still import still_open
from prm.partners.models import Organization
from prm.reminders import facts
from prm.reminders.facts import Batch
from prm.reminders.models import Reminder
from prm.rules.facts import State

#: How a key is written in an address and in a link: "4:expiry:agreement:17:2027-09-30".
WRITTEN = re.compile(r"(\d+):([a-z]+):([a-z]+:\d+):(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class Found:
    """A row as it stands today, and the facts that it was made from."""

    row: Row
    batch: Batch

    @property
    def organization(self) -> Organization:
        return self.batch.organizations[self.row.organization]


def written(key: Key) -> str:
    """Return a key as text."""
    return f"{key.organization}:{key.rule}:{key.record}:{key.reference_on.isoformat()}"


def read(text: str) -> Key | None:
    """Return the key of a text that `written` made, or None."""
    match = WRITTEN.fullmatch(text)
    if match is None:
        return None
    try:
        return Key(int(match[1]), match[2], match[3], date.fromisoformat(match[4]))
    except ValueError:
        return None


def find(key: Key, *, now: datetime, of: Program | None = None) -> Found | None:
    """Return the row of a key, put off or not; None where nothing is to be done about it any more."""
    program = of or accounts.program()
    today = accounts.local_today(now, program)
    known = facts.Known(program, facts.everyone())
    mine = Organization.objects.filter(pk=key.organization)
    batch = facts.load(mine, today=today, known=known, planning=False)
    if key.organization not in batch.organizations:
        return None
    everything = sections(batch, [key.organization], due=_due(batch, key), soon=(), seat=seat_of(batch, 0))
    row = next((row for some in everything.values() for row in some if row.key == key), None)
    return Found(row, batch) if row else None


def _due(batch: Batch, key: Key) -> list[Reminder]:
    """Return the reminder that makes this row, while it is to be done: the last that was due, else the next one."""
    known = off.of_ours().filter(
        organization=key.organization,
        record=key.record,
        reference_on=key.reference_on,
        state__in=(State.PLANNED.value, State.HANDED_OVER.value),
    )
    found = [one for one in known.order_by("nominal_on", "pk") if off.key_of_reminder(one) == key]
    ahead = [one for one in found if one.state == State.PLANNED.value and (one.day or date.max) > batch.today]
    due = [one for one in found if one not in ahead]
    return [one for one in (due[-1:] or ahead[:1]) if still_open(batch, one)]
