"""One row of one partner, found again by what it is: for the page that puts it off, and for a link in a mail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from prm.accounts import queries as accounts
from prm.accounts.models import Program
from prm.desk import lasting, off, said
from prm.desk.rows import Key, Row
from prm.desk.said import Said
from prm.desk.sections import seat_of, sections
from prm.desk.still import of_ours, still_open
from prm.outbox.models import Message
from prm.outbox.queries import lost
from prm.partners.models import Organization
from prm.reminders import facts, glance
from prm.reminders.facts import Batch
from prm.reminders.models import Reminder
from prm.rules.facts import State

#: How a key is written in an address and in a link: "4:expiry:agreement:17:2027-09-30".
WRITTEN = re.compile(r"(\d+):([a-z]+):([a-z]+:\d+):(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class Found:
    """A row as it stands today, with what it was made from: facts, or what a partner said, or a mail."""

    row: Row
    organization: Organization
    batch: Batch | None = None
    said: Said | None = None
    message: Message | None = None


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
    organization = Organization.objects.filter(pk=key.organization).first()
    if organization is None:
        return None
    number = int(key.record.partition(":")[2])
    if key.rule == "said":
        return _said(organization, number)
    if key.rule == "message":
        return _message(organization, number)
    return _weighed(organization, key, now=now, of=of)


def _said(organization: Organization, number: int) -> Found | None:
    told = said.told(said.open_statements().filter(organization=organization, pk=number))
    return next((Found(said.row_of(one), organization, said=one) for one in told), None)


def _message(organization: Organization, number: int) -> Found | None:
    mail = lost(organization.messages.filter(pk=number)).first()
    row = lasting.of_message(organization, mail, str(lasting.AGAIN)) if mail else None
    return Found(row, organization, message=mail) if row else None


def _weighed(organization: Organization, key: Key, *, now: datetime, of: Program | None) -> Found | None:
    program = of or accounts.program()
    today, known = accounts.local_today(now, program), facts.Known(program, facts.everyone())
    partners = glance.Partners(Organization.objects.filter(pk=organization.pk), today)
    batch = glance.look(partners, known)
    seat, put_off = seat_of(batch, 0), off.put_off(batch)
    due = _due(batch, key)
    everything = sections(batch, [key.organization], due=due, soon=(), seat=seat, off=put_off)
    row = next((row for some in everything.values() for row in some if row.key == key), None)
    return Found(row, organization, batch) if row else None


def _due(batch: Batch, key: Key) -> list[Reminder]:
    """Return the reminder that makes this row, while it is to be done: the last that was due, else the next one."""
    known = of_ours().filter(
        organization=key.organization,
        record=key.record,
        reference_on=key.reference_on,
        state__in=(State.PLANNED.value, State.HANDED_OVER.value),
    )
    found = [one for one in known.order_by("nominal_on", "pk") if off.key_of_reminder(one) == key]
    ahead = [one for one in found if one.state == State.PLANNED.value and (one.day or date.max) > batch.today]
    due = [one for one in found if one not in ahead]
    return [one for one in (due[-1:] or ahead[:1]) if still_open(batch, one)]
