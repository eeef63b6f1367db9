"""The only writers of pauses. A pause ends in a conversation, never in silent reopening."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.checks import check_lengths
from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.capacity.models import Effect, Pause, Reach, Scope
from prm.partners.models import Contact, Entry, EntryKind, Organization
from prm.partners.timeline import draft, lock, record_all
from prm.rules.dates import ONE_DAY, add_months
from prm.rules.refusal import Refusal

#: How long after its start a pause without a known end is talked about, where nobody chose a day.
TALK_AFTER_MONTHS = 3


@dataclass(frozen=True, slots=True)
class NewPause:
    """A pause through `ends_on` or for a number of months (start + months, clamped, is its last day)."""

    organization: Organization
    scope: str
    starts_on: datetime.date
    ends_on: datetime.date | None = None
    months: int | None = None
    service: str = ""
    effect: str = Effect.CLOSED
    reach: str = Reach.US
    talk_on: datetime.date | None = None
    reason: str = ""
    declared_by: Contact | None = None
    imported: bool = False


def pause(
    organization: Organization,
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
    **facts: Any,
) -> Pause:
    """Record one pause: `facts` are those of `NewPause`, `record_pauses` says what becomes of it."""
    return record_pauses([NewPause(organization, **facts)], now=now, today=today, by=by)[0]


@transaction.atomic
def record_pauses(
    new: Sequence[NewPause],
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> list[Pause]:
    """Record pauses, all of them or, where one is refused, none.

    Without `ends_on` and `months` the end is unknown. The talk-again day is the end unless chosen, or three months
    after the start. Refused where one would overlap another pause of the same scope (and service).
    """
    day = today or local_today(now)
    rows = [_drafted(one, day) for one in new]
    pks = lock(one.organization for one in new)
    known = defaultdict(list)
    for other in Pause.objects.filter(organization__in=pks, withdrawn_on__isnull=True):
        known[other.organization_id].append(other)
    for row in rows:
        _check_choices(row)
        _check_days(row, known[row.organization_id])
        known[row.organization_id].append(row)
    Pause.objects.bulk_create(rows)
    about: dict[str, Any] = {"now": now, "by": by, "on": day}
    record_all(
        [_entry(row, "pause_recorded", contact=row.declared_by, data=_span(row), **about) for row in rows],
        now=now,
    )
    return rows


def _drafted(new: NewPause, day: datetime.date) -> Pause:
    if new.months is not None and new.months < 1:
        raise Refusal(_("A pause takes at least one month, or give its last day."), field="months")
    last_day = add_months(new.starts_on, new.months) if new.months and new.ends_on is None else new.ends_on
    return Pause(
        organization=new.organization,
        scope=new.scope,
        service=new.service.strip(),
        effect=new.effect,
        reach=new.reach,
        starts_on=new.starts_on,
        ends_on=last_day,
        talk_on=new.talk_on or last_day or add_months(new.starts_on, TALK_AFTER_MONTHS),
        reason=new.reason.strip(),
        declared_by=new.declared_by,
        imported=new.imported,
        entered_on=day,
        changed_on=day,
    )


@transaction.atomic
def extend(
    pause: Pause,
    *,
    ends_on: datetime.date | None,
    now: datetime.datetime,
    talk_on: datetime.date | None = None,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Pause:
    """Give a pause another last day (None: unknown), and with it a new day to talk: the end, or in three months.

    The question whether they are back as planned is open again. The same days again change nothing.
    """
    day = today or local_today(now)
    _lock(pause)
    talk = talk_on or ends_on or add_months(max(day, pause.starts_on), TALK_AFTER_MONTHS)
    if (ends_on, talk) == (pause.ends_on, pause.talk_on):
        return pause
    data = {"was_until_on": pause.ends_on}
    pause.ends_on, pause.talk_on, pause.changed_on = ends_on, talk, day
    pause.answered_on, pause.answer = None, ""
    _check_days(pause, pause.organization.pauses.filter(withdrawn_on__isnull=True))
    pause.save()
    _note(pause, "pause_extended", now=now, by=by, on=day, data=data | _span(pause))
    return pause


@transaction.atomic
def resume(
    pause: Pause, *, now: datetime.datetime, today: datetime.date | None = None, by: User | None = None
) -> Pause:
    """Open again today: yesterday was the pause's last day, and its question is answered.

    A pause that had not begun is withdrawn; one that was over keeps its days.
    """
    day = today or local_today(now)
    _lock(pause)
    if pause.starts_on >= day:
        pause.withdrawn_on, pause.changed_on = day, day
    elif pause.ends_on is None or pause.ends_on >= day:
        pause.ends_on, pause.changed_on = day - ONE_DAY, day
        pause.talk_on = min(pause.talk_on, day)
    pause.answered_on, pause.answer = day, "resumed"
    pause.save()
    _note(pause, "pause_resumed", now=now, by=by, on=day, data=_span(pause))
    return pause


@transaction.atomic
def answer(
    pause: Pause,
    *,
    answer: str,
    now: datetime.datetime,
    contact: Contact | None = None,
    note: str = "",
    today: datetime.date | None = None,
    by: User | None = None,
) -> Pause:
    """Write down what they said to "back as planned, longer, or call me?"; the days of the pause stay as they are."""
    day = today or local_today(now)
    _lock(pause)
    if not answer.strip():
        raise Refusal(_("What did they say?"), field="answer")
    pause.answered_on, pause.answer = day, answer.strip()[:60]
    pause.save(update_fields=["answered_on", "answer"])
    data = {"answer": pause.answer}
    _note(pause, "pause_answered", now=now, by=by, on=day, contact=contact, note=note, data=data)
    return pause


@transaction.atomic
def withdraw(
    pause: Pause, *, now: datetime.datetime, today: datetime.date | None = None, by: User | None = None
) -> Pause:
    """Take back a pause that was entered by mistake."""
    day = today or local_today(now)
    _lock(pause)
    pause.withdrawn_on, pause.changed_on = day, day
    pause.save(update_fields=["withdrawn_on", "changed_on"])
    _note(pause, "pause_withdrawn", now=now, by=by, on=day, data=_span(pause))
    return pause


def _lock(pause: Pause) -> None:
    Organization.objects.select_for_update().get(pk=pause.organization_id)
    pause.refresh_from_db()
    if pause.withdrawn_on is not None:
        raise Refusal(_("This pause was taken back."))


def _check_choices(pause: Pause) -> None:
    if pause.scope not in Scope.values:
        raise Refusal(
            _("What is paused? Choose referrals, training, everything or one service."), field="scope"
        )
    if (pause.scope == Scope.SERVICE) != bool(pause.service):
        raise Refusal(_("Name the service where one service is paused, and only there."), field="service")
    if pause.effect not in Effect.values:
        raise Refusal(_("Choose closed, ask first or waiting list."), field="effect")
    if pause.reach not in Reach.values:
        raise Refusal(_("Choose whether the pause is for us or for everyone."), field="reach")
    contact = pause.declared_by
    if contact is not None and contact.organization_id != pause.organization_id:
        raise Refusal(
            _("%(name)s belongs to another organization.") % {"name": contact.name}, field="declared_by"
        )
    check_lengths(pause)


def _check_days(pause: Pause, known: Iterable[Pause]) -> None:
    """Check a pause by itself and against the others of its organization that were not taken back."""
    if pause.ends_on is not None and pause.ends_on < pause.starts_on:
        raise Refusal(_("The last day lies before the first one."), field="ends_on")
    if pause.talk_on < pause.starts_on:
        raise Refusal(_("The day to talk again lies before the pause."), field="talk_on")
    other = next((other for other in known if _overlap(pause, other)), None)
    if other is not None:
        sentence = _(
            "Another pause of the same kind covers some of these days: it starts on %(day)s. Change that one."
        )
        raise Refusal(sentence % {"day": other.starts_on.isoformat()}, field="starts_on")


def _overlap(one: Pause, other: Pause) -> bool:
    """Whether two pauses of one organization are of one kind and have a day in common."""
    if one.scope != other.scope or one.service.casefold() != other.service.casefold():
        return False
    if one.pk is not None and one.pk == other.pk:
        return False
    begins_before_end = one.ends_on is None or other.starts_on <= one.ends_on
    return begins_before_end and (other.ends_on is None or other.ends_on >= one.starts_on)


def _span(pause: Pause) -> dict[str, Any]:
    return {
        "scope": pause.scope,
        "service": pause.service or None,
        "starts_on": pause.starts_on,
        "ends_on": pause.ends_on,
        "talk_on": pause.talk_on,
    }


def _note(pause: Pause, event: str, *, now: datetime.datetime, **what: Any) -> None:
    record_all([_entry(pause, event, now=now, **what)], now=now)


def _entry(
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
        record=f"pause:{pause.pk}",
    )
