"""What becomes of a pause: longer, answered, over, or taken back."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.capacity.actions.checking import check_days
from prm.capacity.actions.declaring import TALK_AFTER_MONTHS
from prm.capacity.actions.noting import note as _note
from prm.capacity.actions.noting import span, state_of
from prm.capacity.actions.stretches import let_go, make_room, moved, save_moved
from prm.capacity.models import Pause
from prm.capacity.queries import followers
from prm.partners.models import Contact, Organization
from prm.rules.dates import ONE_DAY, add_months
from prm.rules.refusal import Refusal


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

    The question whether they are back as planned is open again. The same days again change nothing. What follows the
    pause begins on the day after its new end.
    """
    day = today or local_today(now)
    _lock(pause)
    talk = talk_on or ends_on or add_months(max(day, pause.starts_on), TALK_AFTER_MONTHS)
    if (ends_on, talk) == (pause.ends_on, pause.talk_on):
        return pause
    following = moved(pause, ends_on, day)
    was = {"was_until_on": pause.ends_on, "before": _before(pause, following)}
    pause.ends_on, pause.talk_on, pause.changed_on = ends_on, talk, day
    pause.answered_on, pause.answer = None, ""
    _check_together([pause, *following])
    make_room(following)
    pause.save()
    save_moved(following, now=now, by=by, on=day)
    data = was | span(pause) | {"after": state_of(pause, *following)}
    _note(pause, "pause_extended", now=now, by=by, on=day, data=data)
    return pause


def _before(pause: Pause, changed: Sequence[Pause]) -> dict[str, Any]:
    """How rows that are about to be saved still stand in the database, the pause itself as it is in hand."""
    return state_of(pause, *Pause.objects.filter(pk__in=[row.pk for row in changed]).order_by("starts_on"))


def _check_together(rows: Sequence[Pause]) -> None:
    """Check rows as they are about to be saved, against one another and the others of their organization."""
    others = rows[0].organization.pauses.filter(withdrawn_on__isnull=True)
    standing = [*others.exclude(pk__in=[row.pk for row in rows]), *rows]
    for row in rows:
        check_days(row, standing)


@transaction.atomic
def resume(
    pause: Pause, *, now: datetime.datetime, today: datetime.date | None = None, by: User | None = None
) -> Pause:
    """Open again today: yesterday was the pause's last day, and its question is answered.

    A pause that had not begun is withdrawn; one that was over keeps its days. What was to follow is taken back.
    """
    day = today or local_today(now)
    _lock(pause)
    following = followers(pause)
    before = state_of(pause, *following)
    if pause.starts_on >= day:
        pause.withdrawn_on, pause.changed_on = day, day
    elif pause.ends_on is None or pause.ends_on >= day:
        pause.ends_on, pause.changed_on = day - ONE_DAY, day
        pause.talk_on = min(pause.talk_on, day)
    pause.answered_on, pause.answer = day, "resumed"
    pause.save()
    let_go(following, day, now=now, by=by, on=day)
    data = span(pause) | {"before": before, "after": state_of(pause, *following)}
    _note(pause, "pause_resumed", now=now, by=by, on=day, data=data)
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
    before = state_of(pause)
    pause.answered_on, pause.answer = day, answer.strip()[:60]
    pause.save(update_fields=["answered_on", "answer"])
    data = {"answer": pause.answer, "before": before, "after": state_of(pause)}
    _note(pause, "pause_answered", now=now, by=by, on=day, contact=contact, note=note, data=data)
    return pause


@transaction.atomic
def unanswer(
    pause: Pause, *, now: datetime.datetime, today: datetime.date | None = None, by: User | None = None
) -> Pause:
    """Take back what they answered: the question is open again. Twice is once."""
    day = today or local_today(now)
    _lock(pause)
    if pause.answered_on is not None:
        pause.answered_on, pause.answer = None, ""
        pause.save(update_fields=["answered_on", "answer"])
        _note(pause, "pause_unanswered", now=now, by=by, on=day, data=span(pause))
    return pause


@transaction.atomic
def explain(pause: Pause, *, reason: str, now: datetime.datetime, by: User | None = None) -> Pause:
    """Write down why; it stays with the pause, which our side alone reads. The timeline says that, not what."""
    _lock(pause)
    if reason.strip() != pause.reason:
        pause.reason = reason.strip()
        pause.save(update_fields=["reason"])
        _note(pause, "pause_explained", now=now, by=by, on=local_today(now), data={})
    return pause


@transaction.atomic
def withdraw(
    pause: Pause, *, now: datetime.datetime, today: datetime.date | None = None, by: User | None = None
) -> Pause:
    """Take back a pause that was entered by mistake. What was to follow it stands by itself."""
    day = today or local_today(now)
    _lock(pause)
    before = state_of(pause)
    pause.withdrawn_on, pause.changed_on = day, day
    pause.save(update_fields=["withdrawn_on", "changed_on"])
    data = span(pause) | {"before": before, "after": state_of(pause)}
    _note(pause, "pause_withdrawn", now=now, by=by, on=day, data=data)
    return pause


def _lock(pause: Pause) -> None:
    Organization.objects.select_for_update().get(pk=pause.organization_id)
    pause.refresh_from_db()
    if pause.withdrawn_on is not None:
        raise Refusal(_("This pause was taken back."))
