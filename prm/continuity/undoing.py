"""The way back: a pause, and the answer about one, become what they were before a partner spoke."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.capacity import actions as capacity
from prm.capacity.models import Pause
from prm.partners import actions as partners
from prm.partners.edits import standing_of
from prm.partners.models import Organization, Statement, StatementKind
from prm.reminders.actions import out_of_date, replan
from prm.rules.talking import QUESTION

Day = datetime.date


def begin(organization: int, *, now: datetime.datetime) -> tuple[Organization, Day]:
    """Lock the organization and bring its plan up to date, so that the next replan shows what one word moves.

    Returns it and the program's local day.
    """
    locked = Organization.objects.select_for_update().get(pk=organization)
    today = local_today(now)
    if Organization.objects.filter(out_of_date(today), pk=organization).exists():
        replan([organization], now=now)
    return locked, today


def what_of(pause: Pause) -> dict[str, Any]:
    """Return what a statement keeps about the pause it is about."""
    return {
        "scope": pause.scope,
        "service": pause.service,
        "effect": pause.effect,
        "reach": pause.reach,
        "starts_on": pause.starts_on,
        "ends_on": pause.ends_on,
        "talk_on": pause.talk_on,
    }


def state_of(pause: Pause) -> dict[str, Any]:
    """Return what a partner's word can change about a pause, as values to keep."""
    return standing_of(pause, ["ends_on", "talk_on", "answered_on", "answer"])


def pause_of(statement: Statement) -> Pause | None:
    """Return the pause that a statement is about, unless it was withdrawn meanwhile."""
    room, _colon, pk = statement.record.partition(":")
    if room != "pause" or statement.kind not in (StatementKind.PAUSE, StatementKind.TALK):
        return None
    known = Pause.objects.filter(organization=statement.organization_id, withdrawn_on__isnull=True)
    return known.filter(pk=int(pk)).first()


def answer_of(pause: Pause, today: Day) -> Statement | None:
    """Return the last answer about the question that is still the open one: a new one is put a week before the talk."""
    said = Statement.objects.filter(
        organization=pause.organization_id, kind=StatementKind.TALK, record=f"pause:{pause.pk}"
    )
    last = said.filter(taken_back_at__isnull=True, outcome="").first()
    if last is None or last.data.get("after") != state_of(pause):
        return None
    moved = last.data["after"]["talk_on"] != last.data["before"]["talk_on"]
    asked_again = moved and today >= pause.talk_on + datetime.timedelta(QUESTION.offset)
    return None if asked_again else last


def unsay(statement: Statement, *, now: datetime.datetime, by: User | None = None) -> None:
    """Take a statement back, and what it did to a pause. Who asks locks (`begin`) and replans."""
    pause, today = pause_of(statement), local_today(now)
    if pause is not None and statement.kind == StatementKind.PAUSE:
        take_pause_back(statement, pause, now=now, today=today, by=by)
    elif pause is not None:
        take_answer_back(statement, pause, now=now, today=today, by=by)
    partners.take_back(statement, now=now, by=by, today=today)


def take_pause_back(
    statement: Statement, pause: Pause, *, now: datetime.datetime, today: Day, by: User | None = None
) -> None:
    """End a pause that a statement began, or give one that it prolonged its days again.

    What our side changed since stays as our side left it.
    """
    before = statement.data.get("before")
    if before is None:
        capacity.resume(pause, now=now, today=today, by=by)
    elif statement.data.get("after") == state_of(pause):
        restore(pause, before, now=now, today=today, by=by)
    for pk in statement.data.get("answered", ()):
        over = Pause.objects.filter(organization=pause.organization_id, pk=pk, withdrawn_on__isnull=True)
        for other in over:
            capacity.unanswer(other, now=now, today=today, by=by)


def take_answer_back(
    statement: Statement, pause: Pause, *, now: datetime.datetime, today: Day, by: User | None = None
) -> None:
    """Open the question about a pause again, its days as they were; after a change by our side nothing happens."""
    if statement.data.get("after") == state_of(pause):
        restore(pause, statement.data["before"], now=now, today=today, by=by)


def restore(
    pause: Pause,
    before: Mapping[str, Any],
    *,
    now: datetime.datetime,
    today: Day,
    by: User | None = None,
) -> None:
    """Give a pause the days and the answer that `state_of` once said. Nothing happens where they are the same."""
    about: dict[str, Any] = {"now": now, "today": today, "by": by}
    if state_of(pause) == before:
        return
    days = _day(before["ends_on"]), Day.fromisoformat(before["talk_on"])
    if (pause.ends_on, pause.talk_on) != days:
        capacity.extend(pause, ends_on=days[0], talk_on=days[1], **about)
    if pause.answered_on is not None and before["answered_on"] is None:
        capacity.unanswer(pause, **about)
    elif before["answered_on"] is not None and pause.answered_on is None:
        capacity.answer(
            pause, answer=before["answer"], now=now, by=by, today=Day.fromisoformat(before["answered_on"])
        )


def _day(text: str | None) -> Day | None:
    return Day.fromisoformat(text) if text else None
