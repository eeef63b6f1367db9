"""What partners say about pauses and renewals takes effect at once, and can be taken back.

Each function writes the statement, lets it take effect through the rooms' actions, replans, and keeps with the
statement what that moved (`moved`). Whoever speaks is the person of the link.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.agreements.models import Agreement, AgreementStatus
from prm.agreements.queries import end_for
from prm.capacity import actions as capacity
from prm.capacity.models import Pause
from prm.continuity import moved, undoing
from prm.continuity.full import Full, change_full, explain, running, we_are_full
from prm.partners import actions as partners
from prm.partners.models import Link, Statement, StatementKind
from prm.reminders.actions import replan
from prm.rules.pausing import pause_end
from prm.rules.refusal import Refusal

__all__ = [
    "RENEWAL_CHOICES",
    "TALK_CHOICES",
    "Full",
    "answer_renewal",
    "answer_talk",
    "change_full",
    "explain",
    "longer_from",
    "running",
    "take_back",
    "we_are_full",
]

TALK_CHOICES = ("back", "longer", "call")
RENEWAL_CHOICES = ("unchanged", "changes", "talk", "not_renewing", "not_me")


@transaction.atomic
def answer_talk(
    link: Link,
    pause: Pause,
    *,
    choice: str,
    ends_on: datetime.date | None = None,
    months: int | None = None,
    note: str = "",
    now: datetime.datetime,
) -> Statement:
    """Answer "back as planned, longer, or call me?". The last word about one question counts.

    `back` closes the question (a pause without an end is over from today on); `longer` moves the last day, for
    `months` from the present one, or leaves it unknown; `call` leaves the question open until somebody talked.
    """
    organization, today = undoing.begin(link.organization_id, now=now)
    _check_choice(choice, TALK_CHOICES)
    invited = moved.standing_invitations(organization)
    earlier = _unsay_answer(pause, today, now)
    before, record = undoing.state_of(pause), f"pause:{pause.pk}"
    if choice == "back":
        _back(link, pause, today, now)
    elif choice == "longer":
        last_day = pause_end(longer_from(pause, today), months) if months and ends_on is None else ends_on
        _longer(pause, last_day, today, now)
    data = {"before": before, "after": undoing.state_of(pause), **undoing.what_of(pause)}
    asked, kind = datetime.date.fromisoformat(before["talk_on"]), StatementKind.TALK
    said: dict[str, Any] = {
        "choice": choice,
        "record_key": record,
        "reference_on": asked,
        "note": note,
        "data": data,
    }
    statement = partners.say(link, kind=kind, now=now, today=today, **said)
    changes = replan([organization.pk], now=now)
    return partners.note_changed(statement, moved.by_pause(pause, changes, invited, earlier, today=today))


def _check_choice(choice: str, choices: Iterable[str]) -> None:
    if choice not in choices:
        raise Refusal(_("Please choose one of these."), field="choice")


def _unsay_answer(pause: Pause, today: datetime.date, now: datetime.datetime) -> dict[str, object] | None:
    """Undo what the answer before did, and return what it had moved."""
    earlier = undoing.answer_of(pause, today)
    if earlier is None:
        return None
    undoing.take_answer_back(earlier, pause, now=now, today=today)
    changed: dict[str, object] | None = earlier.data.get("changed")
    return changed


def _back(link: Link, pause: Pause, today: datetime.date, now: datetime.datetime) -> None:
    if pause.ends_on is None:
        capacity.resume(pause, now=now, today=today)
    else:
        capacity.answer(pause, answer="back", contact=link.contact, now=now, today=today)


def _longer(
    pause: Pause, last_day: datetime.date | None, today: datetime.date, now: datetime.datetime
) -> None:
    if last_day is not None and last_day <= max(pause.ends_on or today, today):
        raise Refusal(_("Choose a day after the present end."), field="ends_on")
    capacity.extend(pause, ends_on=last_day, now=now, today=today)


def longer_from(pause: Pause, today: datetime.date) -> datetime.date:
    """Return the day from which "three months longer" counts: the present end, or today."""
    return max(pause.ends_on or today, pause.starts_on, today)


@transaction.atomic
def answer_renewal(
    link: Link,
    agreement: Agreement,
    *,
    choice: str,
    note: str = "",
    proposed: Iterable[datetime.date] = (),
    now: datetime.datetime,
) -> Statement:
    """Say how an agreement should go on; it stops our reminders to that party about this last valid day.

    "not_me" stops them only for the person of the link. Their earlier word about it counts no longer. `proposed`:
    days for a talk, from today on.
    """
    organization, today = undoing.begin(link.organization_id, now=now)
    reference = end_for(agreement, organization)
    noticed = agreement.notice_given_on is not None
    if agreement.status != AgreementStatus.IN_FORCE or noticed or reference is None:
        raise Refusal(_("This agreement was renewed or ended meanwhile."))
    _check_choice(choice, RENEWAL_CHOICES)
    days, record = sorted(set(proposed)), f"agreement:{agreement.pk}"
    if any(day < today for day in days):
        raise Refusal(_("Propose days from today on."), field="proposed")
    _unsay_own(link, record, reference, choice, now)
    data = {"proposed": days, "title": agreement.title}
    said: dict[str, Any] = {
        "choice": choice,
        "record_key": record,
        "reference_on": reference,
        "note": note,
        "data": data,
    }
    statement = partners.say(link, kind=StatementKind.RENEWAL, now=now, today=today, **said)
    changes = replan([organization.pk], now=now)
    told = moved.by_answer(organization, agreement, reference, changes, today=today)
    return partners.note_changed(statement, told)


def _unsay_own(
    link: Link, record: str, reference: datetime.date, choice: str, now: datetime.datetime
) -> None:
    """One person's last word counts: "not me any more" takes back their answer, and an answer that they are gone."""
    said = Statement.objects.filter(
        organization=link.organization,
        contact=link.contact,
        kind=StatementKind.RENEWAL,
        record=record,
        reference_on=reference,
        taken_back_at__isnull=True,
        outcome="",
    )
    for statement in said if choice == "not_me" else said.filter(choice="not_me"):
        partners.take_back(statement, now=now)


@transaction.atomic
def take_back(statement: Statement, *, now: datetime.datetime, by: User | None = None) -> Statement:
    """Undo what a partner said, by themselves or by our side: everything is as if it had not been said."""
    organization, _today = undoing.begin(statement.organization_id, now=now)
    statement.refresh_from_db()
    if statement.taken_back_at is None:
        undoing.unsay(statement, now=now, by=by)
        replan([organization.pk], now=now)
    return statement
