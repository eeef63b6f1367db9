"""Our side's daily mail, made from the same rows as the desk; it hands over the reminders it contains."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from prm.accounts import actions as accounts_actions
from prm.accounts import queries as accounts
from prm.accounts.models import Program, User
from prm.agreements.models import Party
from prm.desk import rows
from prm.outbox import actions as outbox
from prm.outbox import wording
from prm.outbox.models import Message
from prm.partners.models import Assignment, Organization
from prm.reminders import facts, reasons
from prm.reminders.actions import note_handed_over
from prm.reminders.dispatch import record_handovers, within
from prm.reminders.models import Reminder
from prm.rules import succession
from prm.rules.dates import WorkingWeek
from prm.rules.facts import Side, State

#: How long a digest waits for plans that are still being made, before it goes with what there is.
PATIENCE = timedelta(minutes=15)
BATCH = 200
SENT_LINES = 20


@dataclass(slots=True)
class Reader:
    """A user whose digest is due, on the reader's own local day."""

    user: User
    day: date
    due: list[Reminder] = field(default_factory=list)


def send_digests(*, now: datetime) -> int:
    """Write the digest of everyone whose morning has come. Return the number of mails written.

    One digest a reader and day, on working days between the digest's hour and the end of sending hours; never an
    empty one; none while sending is held.
    """
    program = accounts.program()
    if program.sending != "on":
        return 0
    week = facts.working_week(program, facts.local_date(program, now))
    readers = [r for user in User.objects.filter(is_active=True) if (r := _reader(program, week, user, now))]
    if not readers or _plans_are_late(program, readers, now):
        return 0
    batch = _load(program, readers, now)
    _deal(batch, readers)
    return sum(_send(batch, reader, now=now) for reader in readers)


def _reader(program: Program, week: WorkingWeek, user: User, now: datetime) -> Reader | None:
    """Return the user as a reader if a digest may go at this moment."""
    local = now.astimezone(user.local_zone(program))
    day = local.date()
    if not week.is_working(day) or not within(local.time(), program.digest_at, program.sending_until):
        return None
    if user.digest == "at_once" or user.digested_on is None:
        return Reader(user, day)
    first = week.on_or_after(day - timedelta(day.weekday())) if user.digest == "weekly" else day
    return Reader(user, day) if user.digested_on < first <= day else None


def _plans_are_late(program: Program, readers: Iterable[Reader], now: datetime) -> bool:
    """Return whether today's plans are still being made, while every reader's morning is young enough to wait."""
    mornings = [
        datetime.combine(reader.day, program.digest_at, reader.user.local_zone(program)) for reader in readers
    ]
    if now > min(mornings) + PATIENCE:
        return False
    today = facts.local_date(program, now)
    stale = Q(plan_stale_at__isnull=False) | Q(planned_for__isnull=True) | ~Q(planned_for=today)
    return Organization.objects.filter(stale).exists()


def _due(day: date) -> Q:
    """What the digest of a day hands over: our side's reminders, also one that a colleague's digest took today."""
    ours = Q(side=Side.OURS.value, offset__isnull=False)
    return ours & (Q(state=State.PLANNED.value) | Q(state=State.HANDED_OVER.value, day=day)) & Q(day__lte=day)


def _load(program: Program, readers: list[Reader], now: datetime) -> facts.Batch:
    """Return the facts of every organization that a reader owns or hears about today."""
    today = facts.local_date(program, now)
    last = max(reader.day for reader in readers)
    owned = Assignment.objects.filter(_current(today), kind="owner", user__in=[r.user for r in readers])
    concerned = Q(pk__in=owned.values("organization")) | Q(
        pk__in=Reminder.objects.filter(_due(last)).values("organization")
    )
    fresh = Q(plan_stale_at__isnull=True, planned_for=today)
    return facts.load(Organization.objects.filter(concerned & fresh).order_by("name"), today=today)


def _current(day: date) -> Q:
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))


def _deal(batch: facts.Batch, readers: list[Reader]) -> None:
    """Give each reader the due reminders whose audience means them today and that have not reached them."""
    by_user = {reader.user.pk: reader for reader in readers}
    last = max(reader.day for reader in readers)
    due = Reminder.objects.filter(_due(last), organization__in=batch.organizations).order_by("day", "pk")
    for reminder in due.prefetch_related("handovers"):
        reached = {handover.recipient for handover in reminder.handovers.all()}
        people = batch.facts[reminder.organization_id].people
        for recipient in succession.our_recipients(people, reminder.audience, batch.today):
            reader = by_user.get(recipient.user or 0)
            if (
                reader
                and recipient.address.casefold() not in reached
                and (reminder.day or reader.day) <= reader.day
            ):
                reader.due.append(reminder)


@transaction.atomic
def _send(batch: facts.Batch, reader: Reader, *, now: datetime) -> int:
    """Write one reader's mails of the day and note what they hand over."""
    at_once = [r for r in reader.due if r.rule == "expiry" and r.offset == 0]
    rest = [r for r in reader.due if r not in at_once]
    with translation.override("en"):
        written: list[tuple[outbox.Draft, tuple[Reminder, ...]]] = [
            (_expiry_today(batch, reader, [r], now=now), (r,)) for r in at_once
        ]
        if reader.user.digest == "at_once":
            written += [(_digest(batch, reader, [r], _due_only(batch, [r]), now=now), (r,)) for r in rest]
        elif sections := _sections(batch, reader, rest):
            written.append((_digest(batch, reader, rest, sections, now=now), tuple(rest)))
    outbox.write((draft for draft, _reminders in written), now=now)
    record_handovers(written)
    note_handed_over((reminder for _draft, reminders in written for reminder in reminders), now=now)
    accounts_actions.note_digested(reader.user, reader.day)
    return len(written)


def _sections(batch: facts.Batch, reader: Reader, due: list[Reminder]) -> list[dict[str, Any]]:
    """Return the digest's sections that have rows: late, today, this week, waiting, sent, failed."""
    mine = [pk for pk in batch.organizations if _owns(batch, pk, reader.user)]
    soon = Reminder.objects.filter(
        organization__in=mine,
        side=Side.OURS.value,
        state=State.PLANNED.value,
        offset__isnull=False,
        day__gt=reader.day,
        day__lte=reader.day + timedelta(7),
    ).order_by("day", "pk")
    sections = (
        (_("Late"), list(rows.overdue(batch, mine))),
        (_("Today"), [rows.of_reminder(batch, r) for r in due]),
        (_("This week"), [rows.of_reminder(batch, r) for r in soon]),
        (_("Waiting for the partner"), _waiting(batch, mine)),
        (_("Went out since the last digest"), _sent(batch, reader, mine)),
        (_("Could not be sent"), _failed(batch, mine)),
    )
    return [{"title": title, "rows": [asdict(row) for row in found]} for title, found in sections if found]


def _due_only(batch: facts.Batch, due: list[Reminder]) -> list[dict[str, Any]]:
    return [{"title": _("Today"), "rows": [asdict(rows.of_reminder(batch, r)) for r in due]}]


def _owns(batch: facts.Batch, organization: int, user: User) -> bool:
    keepings = batch.facts[organization].people.keepings
    return any(
        k.user == user.pk
        and k.kind == "owner"
        and k.since <= batch.today
        and (k.until is None or batch.today <= k.until)
        for k in keepings
    )


def _waiting(batch: facts.Batch, mine: list[int]) -> list[rows.Row]:
    parties = Party.objects.filter(
        organization__in=mine,
        signature="waiting",
        agreement__status__in=("awaiting", "in_force"),
    ).select_related("agreement")
    found: defaultdict[int, list[date]] = defaultdict(list)
    for party in parties:
        found[party.organization_id or 0].append(party.agreement.sent_on or party.agreement.entered_on)
    return [
        rows.Row(
            batch.organizations[pk].name,
            _("Agreement to be signed"),
            _("since %(day)s") % {"day": reasons.short(min(days))},
            _("Call them"),
            min(days),
        )
        for pk, days in found.items()
    ]


def _sent(batch: facts.Batch, reader: Reader, mine: list[int]) -> list[rows.Row]:
    since = reader.user.digested_on or reader.day - timedelta(1)
    start = datetime.combine(since, batch.program.digest_at, reader.user.local_zone(batch.program))
    sent = Message.objects.filter(organization__in=mine, user__isnull=True, sent_at__gte=start).order_by(
        "sent_at"
    )
    return [_message_row(batch, message, "") for message in sent[:SENT_LINES]]


def _failed(batch: facts.Batch, mine: list[int]) -> list[rows.Row]:
    failed = Message.objects.filter(organization__in=mine, state__in=("failed", "bounced")).order_by("due_at")
    return [_message_row(batch, message, _("See why and send it again")) for message in failed[:SENT_LINES]]


def _message_row(batch: facts.Batch, message: Message, action: str) -> rows.Row:
    day = (message.sent_at or message.due_at).date()
    name = batch.organizations[message.organization_id or 0].name
    matter = f"{message.subject} ({message.recipient_name or message.recipient})"
    return rows.Row(name, matter, reasons.short(day), action, day)


def _digest(
    batch: facts.Batch,
    reader: Reader,
    due: list[Reminder],
    sections: list[dict[str, Any]],
    *,
    now: datetime,
) -> outbox.Draft:
    context = {
        "sections": sections,
        "day": reader.day,
        "held": batch.program.sending != "on",
    }
    return _draft(batch, reader, "digest", context, due, now=now)


def _expiry_today(batch: facts.Batch, reader: Reader, due: list[Reminder], *, now: datetime) -> outbox.Draft:
    items = [
        {
            "organization": batch.organizations[r.organization_id].name,
            "agreement_title": batch.agreements[int(r.record.partition(":")[2])].title,
            "ends_on": r.reference_on,
        }
        for r in due
    ]
    return _draft(batch, reader, "expiry_today", {"items": items, "day": reader.day}, due, now=now)


def _draft(
    batch: facts.Batch,
    reader: Reader,
    kind: str,
    context: dict[str, Any],
    due: list[Reminder],
    *,
    now: datetime,
) -> outbox.Draft:
    user = reader.user
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
        about=reader.day.isoformat(),
        from_name=batch.program.name,
        reply_to=batch.program.mailbox,
        user_id=user.pk,
        demo=_only_demo(batch),
    )


def _only_demo(batch: facts.Batch) -> bool:
    """A digest about demo partners alone is demo mail, which never leaves the machine."""
    return bool(batch.organizations) and all(row.is_demo for row in batch.organizations.values())
