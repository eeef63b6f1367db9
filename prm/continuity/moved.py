"""What a partner's word moved: reminders, invitations, calendar entries. Plain values, kept with the statement.

    moved        [{"on": day, "count": n}]  reminders that wait until a day (several of one day go as one mail)
    waiting      reminders that wait for a day that nobody knows yet
    ours         reminders about an agreement that our side alone gets
    cancelled    [day of the session], one for each invitation that was cancelled
    asked_on     the day on which we ask whether they are back as planned
    talk_on      the day of the talk; `entry`: whether it comes into their calendar; `talk_off`: it left it
    training_paused  whether training pauses too, by this word or another
    session_on   the day of the next session that somebody of theirs is still invited to
    keys         the natural keys of these reminders

Days are ISO text; one that there is not is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from prm.agreements.models import Agreement
from prm.calendars.models import Invite
from prm.capacity.models import Pause
from prm.capacity.queries import pauses_of
from prm.partners.models import Organization
from prm.reminders import facts
from prm.reminders.actions import Changes
from prm.reminders.models import Reminder
from prm.rules import succession
from prm.rules.facts import People, Side, State
from prm.rules.pausing import TRAINING_SCOPES
from prm.training.models import Invitation
from prm.training.queries import local_start

GOES = (State.PLANNED.value, State.HANDED_OVER.value)
ROLES_ASKED = ("notice", "signatory", "primary")


def standing_invitations(organization: Organization) -> set[int]:
    """Return the ids of the invitations that somebody holds in a calendar or is about to get."""
    held = Invite.objects.filter(
        organization=organization, status=Invite.Status.LIVE, event__startswith="invitation:"
    ).values_list("event", flat=True)
    due = Reminder.objects.filter(
        organization=organization, rule="entry", side=Side.PARTNER.value, state=State.PLANNED.value
    ).values_list("record", flat=True)
    return {int(text.split(":")[1]) for text in (*held, *due)}


def by_pause(
    pause: Pause,
    changes: Changes,
    invited: set[int],
    earlier: Mapping[str, Any] | None = None,
    *,
    today: date,
) -> dict[str, Any]:
    """Return what a replan moved after a pause was declared, changed or answered on `today`.

    `invited` are the standing invitations of before; `earlier` is what the word moved that this one replaces.
    """
    before = earlier or {}
    keys = {touch.key for touch in (*changes.added, *changes.changed)} | set(before.get("keys", ()))
    found = _moved(pause.organization, keys)
    still = standing_invitations(pause.organization)
    stood = invited | set(before.get("invitations", ()))
    gone = sorted(stood - still)
    held = pauses_of(pause.organization).filter(scope__in=TRAINING_SCOPES)
    return {
        **found,
        **_talk(pause),
        "training_paused": held.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=pause.changed_on)).exists(),
        "invitations": gone,
        "cancelled": sorted(day.isoformat() for day in _days(gone)),
        "session_on": _iso(min((day for day in _days(still) if day >= today), default=None)),
    }


def _moved(organization: Organization, keys: Iterable[str]) -> dict[str, Any]:
    rows = Reminder.objects.filter(organization=organization, side=Side.PARTNER.value, offset__isnull=False)
    held = dict(rows.filter(state=State.HELD.value, reason="held").values_list("key", "day"))
    moved: Counter[date | None] = Counter()
    waiting = ours = 0
    told = []
    for row in rows.filter(key__in=list(keys)):
        if row.key in held or (row.reason == "overtaken" and row.reason_data.get("by") in held):
            moved[row.day] += 1
        elif row.state == State.HELD.value and row.reason == "held_unknown":
            waiting += 1
        elif row.state == State.SKIPPED.value and row.reason in ("paused", "paused_open"):
            ours += 1
        else:
            continue
        told.append(row.key)
    days = [{"on": day.isoformat(), "count": moved[day]} for day in sorted(day for day in moved if day)]
    return {"moved": days, "waiting": waiting, "ours": ours, "keys": sorted(told)}


def _talk(pause: Pause) -> dict[str, Any]:
    about = Reminder.objects.filter(record=f"pause:{pause.pk}", reference_on=pause.talk_on)
    theirs = about.filter(side=Side.PARTNER.value)
    asked = theirs.filter(rule="talk", offset=-7, state=State.PLANNED.value).first()
    entry = pause.answered_on is None and theirs.filter(rule="talk-entry", state__in=GOES).exists()
    return {
        "asked_on": _iso(asked.day if asked else None),
        "talk_on": None if pause.answered_on else pause.talk_on.isoformat(),
        "entry": entry,
        "talk_off": pause.answered_on is not None
        and Invite.objects.filter(event=f"pause:{pause.pk}:talk-entry:org-{pause.organization_id}:partner")
        .exclude(status=Invite.Status.LIVE)
        .exists(),
    }


def _days(invitations: Iterable[int]) -> list[date]:
    rows = Invitation.objects.filter(pk__in=list(invitations)).select_related("session")
    return [local_start(row.session) for row in rows]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def by_answer(
    organization: Organization, agreement: Agreement, reference: date, changes: Changes, *, today: date
) -> dict[str, Any]:
    """Return how many reminders an answer about an agreement stopped, and whose turn it is where some go on.

    `next` is notice, signatory, primary, contact, mailbox, nobody, or "" where no reminder comes any more.
    """
    record = f"agreement:{agreement.pk}"
    stopped = [t for t in changes.changed if t.record == record and t.reason.code == "answered"]
    return {
        "stopped": len(stopped),
        "next": _next(organization, record, reference, today),
    }


def _next(organization: Organization, record: str, reference: date, today: date) -> str:
    rows = Reminder.objects.filter(organization=organization, record=record, reference_on=reference)
    coming = rows.filter(rule="expiry", side=Side.PARTNER.value, state=State.PLANNED.value)
    row = coming.order_by("day").first()
    if row is None:
        gap = rows.filter(rule="expiry", nobody=True, state=State.PLANNED.value).exists()
        return "nobody" if gap else ""
    people = facts.load([organization], today=today).facts[organization.pk].people
    people = people.asked_about(record, reference)
    found = succession.partner_recipients(people, row.audience, row.day or today, row.category)
    return _as_what(people, found[0].contact, row.day or today) if found else "nobody"


def _as_what(people: People, contact: int | None, day: date) -> str:
    if contact is None:
        return "mailbox"
    held = (role for role in ROLES_ASKED if contact in {c.id for c in succession.holders(people, role, day)})
    return next(held, "contact")
