"""Our side's daily mail, made from the same rows as the desk; it hands over the reminders it contains."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from prm.accounts import actions as accounts_actions
from prm.accounts import queries as accounts
from prm.accounts.access import may_write
from prm.desk import finding, halted, lasting, readers, said
from prm.desk.off import put_off
from prm.desk.readers import Reader
from prm.desk.rows import Row
from prm.desk.sections import seat_of, sections
from prm.outbox import actions as outbox
from prm.outbox import wording
from prm.partners.links import Wish
from prm.partners.models import Purpose
from prm.reminders import facts, reasons, unwritten
from prm.reminders.actions import note_handed_over
from prm.reminders.dispatch import record_handovers
from prm.reminders.models import Reminder
from prm.rules.facts import Side, State

log = logging.getLogger(__name__)

#: One mail and the reminders that it hands over.
Written = tuple[outbox.Draft, tuple[Reminder, ...]]


def send_digests(*, now: datetime) -> int:
    """Write the digest of everyone whose morning has come. Return the number of mails written.

    One digest a reader and day, on working days between the digest's hour and the end of sending hours; never an
    empty one; none while sending is held. Demo partners have a digest of their own, which never leaves the machine.
    """
    program = accounts.program()
    if program.sending != "on":
        return 0
    week = facts.working_week(program, accounts.local_today(now, program))
    found = readers.at_their_desks(program, week, now=now)
    if not found or readers.plans_are_late(program, found, now=now):
        return 0
    batch = readers.load(program, found, now=now)
    readers.deal(batch, found)
    return sum(_send_if_it_can_be(batch, reader, now=now) for reader in found)


def _send_if_it_can_be(batch: facts.Batch, reader: Reader, *, now: datetime) -> int:
    """One reader's digest that cannot be written stops neither the others' nor the mail that goes after it."""
    try:
        return _send(batch, reader, now=now)
    except Exception:
        log.exception("writing a digest failed", extra={"user": reader.user.pk})
        unwritten.note(reminder.pk for reminder in reader.due)
    return 0


@transaction.atomic
def _send(batch: facts.Batch, reader: Reader, *, now: datetime) -> int:
    """Write one reader's mails of the day and note what they hand over."""
    written: list[Written] = []
    with translation.override("en"):
        for demo in (False, True):
            rows_of = {pk: row for pk, row in batch.organizations.items() if row.is_demo is demo}
            part = replace(batch, organizations=rows_of)
            written += _mails(part, reader, [r for r in reader.due if r.organization_id in rows_of], now=now)
    outbox.write((draft for draft, _reminders in written), now=now)
    record_handovers(written)
    handed = [reminder for _draft, reminders in written for reminder in reminders]
    note_handed_over(handed, now=now)
    unwritten.forget(handed)
    if reader.digest:
        accounts_actions.note_digested(reader.user, reader.day)
    return len(written)


def _mails(batch: facts.Batch, reader: Reader, due: list[Reminder], *, now: datetime) -> list[Written]:
    at_once = [r for r in due if readers.goes_at_once(r)]
    rest = [r for r in due if r not in at_once]
    written: list[Written] = [(_last_day(batch, reader, r, now=now), (r,)) for r in at_once]
    if not reader.digest:
        return written
    if reader.user.digest == "at_once":
        told = ((r, _due_only(batch, reader, [r])) for r in rest)
        written += [(_digest(batch, reader, [r], some, now=now), (r,)) for r, some in told if some]
    elif sections := _sections(batch, reader, rest):
        written.append((_digest(batch, reader, rest, sections, now=now), tuple(rest)))
    return written


def _sections(batch: facts.Batch, reader: Reader, due: list[Reminder]) -> list[dict[str, Any]]:
    """Return the digest's sections that have rows: said, late, today, this week, waiting, sent, failed, put off.

    What was put off makes no mail by itself.
    """
    owned = seat_of(batch, reader.user.pk, kinds=("owner",)).keeps
    mine = [pk for pk in batch.organizations if pk in owned]
    soon = Reminder.objects.filter(
        organization__in=mine,
        side=Side.OURS.value,
        state=State.PLANNED.value,
        offset__isnull=False,
        day__gt=reader.day,
        day__lte=reader.day + timedelta(7),
    ).order_by("day", "pk")
    found = sections(batch, mine, due=due, soon=soon, seat=seat_of(batch, reader.user.pk), off=put_off(batch))
    news = (
        (_("What partners said"), said.rows_of(batch, mine)),
        (_("Late"), found["late"]),
        (_("Today"), found["today"]),
        (_("This week"), found["week"]),
        (_("Waiting for the partner"), found["waiting"]),
        (_("Went out since the last digest"), lasting.sent(batch, mine, since=reader.since)),
        (_("Could not be sent"), [*halted.rows_of(batch, mine), *lasting.failed(batch, mine)]),
    )
    told: list[dict[str, Any]] = [
        {"title": title, "rows": [_printed(row, reader) for row in some]} for title, some in news if some
    ]
    if told and found["off"]:
        told.append(
            {"title": _("Put off"), "rows": [_printed(r, reader) for r in found["off"]], "quiet": True}
        )
    return told


def _due_only(batch: facts.Batch, reader: Reader, due: list[Reminder]) -> list[dict[str, Any]]:
    """Return the one section of a mail about one reminder; none where it was put off."""
    seat = seat_of(batch, reader.user.pk)
    found = sections(batch, (), due=due, soon=(), seat=seat, off=put_off(batch))["today"]
    return [{"title": _("Today"), "rows": [_printed(row, reader) for row in found]}] if found else []


def _printed(row: Row, reader: Reader) -> dict[str, Any]:
    """Return a row as the mail prints it; with a link for whoever may do something about it."""
    off = row.off
    day = {"day": reasons.short(off.until), "why": off.why, "by": off.by} if off else {}
    words = (
        _("%(by)s put it off until %(day)s: %(why)s")
        if off and off.by
        else _("put off until %(day)s: %(why)s")
    )
    return {
        "subject": row.subject,
        "matter": row.matter,
        "when": row.when,
        "next_action": row.next_action,
        "off_words": words % day if off else "",
        "wish": _wish(row) if row.next_action and may_write(reader.user) else None,
    }


def _wish(row: Row) -> Wish:
    return Wish(Purpose.DESK, finding.written(row.key), organization=row.organization)


def _with_links(sections: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], tuple[Wish, ...]]:
    """Return sections with the address of each row's link, and the links that the mail shall carry, each once."""
    wishes: list[Wish] = []
    found = []
    for section in sections:
        lines = []
        for row in section["rows"]:
            wish = row.pop("wish")
            wishes += [wish] if wish and wish not in wishes else []
            lines.append(row | {"link": wish.address if wish else ""})
        found.append(section | {"rows": lines})
    return found, tuple(wishes)


def _digest(
    batch: facts.Batch,
    reader: Reader,
    due: list[Reminder],
    sections: list[dict[str, Any]],
    *,
    now: datetime,
) -> outbox.Draft:
    linked, wishes = _with_links(sections)
    context = {
        "sections": linked,
        "day": reader.day,
        "held": batch.program.sending != "on",
    }
    return replace(_draft(batch, reader, "digest", context, due, now=now), links=wishes)


def _last_day(batch: facts.Batch, reader: Reader, reminder: Reminder, *, now: datetime) -> outbox.Draft:
    item = {
        "organization": batch.organizations[reminder.organization_id].name,
        "agreement_title": batch.agreements[int(reminder.record.partition(":")[2])].title,
        "ends_on": reminder.reference_on,
        "days_left": (reminder.reference_on - reader.day).days,
    }
    return _draft(batch, reader, "expiry_today", {"items": [item], "day": reader.day}, [reminder], now=now)


def _draft(
    batch: facts.Batch,
    reader: Reader,
    kind: str,
    context: dict[str, Any],
    due: list[Reminder],
    *,
    now: datetime,
) -> outbox.Draft:
    user, demo = reader.user, any(row.is_demo for row in batch.organizations.values())
    common = {
        "program": batch.program.name,
        "user_name": user.name,
        "recipient_name": user.name,
        "zone_name": user.local_zone(batch.program).key,
    }
    words = wording.render(kind, common | context, language="en")
    return outbox.Draft(
        kind=kind,
        recipient=user.email,
        recipient_name=user.name,
        subject=words.subject,
        text=words.text,
        html=words.html,
        due_at=now,
        keys=tuple(reminder.key for reminder in due),
        about=f"{reader.day.isoformat()} demo" if demo else reader.day.isoformat(),
        from_name=batch.program.name,
        reply_to=batch.program.mailbox,
        user_id=user.pk,
        demo=demo,
    )
