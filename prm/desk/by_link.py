"""What is done about a row by the link of the morning mail: as its reader, and the timeline says by which way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.access import visible_organizations
from prm.accounts.models import User
from prm.desk import actions, statements
from prm.desk.finding import Found, find, read
from prm.desk.models import Snooze
from prm.partners.actions import keep_promise, move_promise, record_talk
from prm.partners.actions.voice import note_used
from prm.partners.models import Contact, EntryKind, Link, Organization, Promise
from prm.partners.timeline import record
from prm.reminders.actions import replan
from prm.reminders.again import send_again
from prm.rules.refusal import Refusal

#: Rules of rows about which both sides talk; the others are about addresses and gaps.
TALKS = ("expiry", "review", "stuck", "training", "talk", "touch", "promise", "consent")


def row_of(link: Link, *, now: datetime) -> Found | None:
    """Return the row of a link as it stands; None where it is done, or its reader may not see the partner any more."""
    key = read(link.about)
    if key is None or link.user is None:
        return None
    seen = Organization.objects.filter(visible_organizations(link.user), pk=link.organization_id)
    return find(key, now=now) if key.organization == link.organization_id and seen.exists() else None


def ways(found: Found) -> tuple[str, ...]:
    """Return what can be done by link about a row: keep, move, confirm, seen, again, talked, off, back."""
    if found.said is not None:
        return tuple(way for way in statements.ways(found.said) if way in ("confirm", "seen"))
    if found.message is not None:
        return ("again",)
    promised = ("keep", "move") if found.row.rule == "promise" else ()
    talked = ("talked",) if found.row.rule in TALKS else ()
    return (*promised, *talked, "back" if found.row.off else "off")


@transaction.atomic
def press(link: Link, found: Found, way: str, *, now: datetime) -> None:
    """Do what one press does: keep, confirm, seen, again, back. Refused where it does not go any more."""
    acts: dict[str, Callable[[], object]] = {
        "keep": lambda: keep_promise(_promise(found), now=now, by=link.user),
        "back": lambda: actions.wake(_snooze(found), matter=found.row.matter, now=now, by=link.user),
        "again": lambda: found.message and send_again(found.message, by=link.user, now=now),
        "confirm": partial(_settle, found, "confirm", now=now, by=link.user),
        "seen": partial(_settle, found, "seen", now=now, by=link.user),
    }
    _check(found, way)
    acts[way]()
    _note(link, now=now)


@transaction.atomic
def move(link: Link, found: Found, *, due_on: date, now: datetime) -> None:
    """Give the promise another day."""
    _check(found, "move")
    move_promise(_promise(found), due_on=due_on, now=now, by=link.user)
    _note(link, now=now)


@transaction.atomic
def put_off(link: Link, found: Found, *, until: date, reason: str, now: datetime) -> None:
    """Put the row off until a day, with the reason."""
    _check(found, "off")
    actions.snooze(found.row, until=until, reason=reason, now=now, by=link.user)
    _note(link, now=now)


@transaction.atomic
def talked(link: Link, found: Found, *, note: str, now: datetime) -> None:
    """Write down that both sides talked today; the time until the next call counts from today again."""
    _check(found, "talked")
    person = Contact.objects.filter(organization=found.organization, pk=found.row.person).first()
    record_talk(found.organization, contact=person, note=note, now=now, by=link.user)
    _note(link, now=now)


def _check(found: Found, way: str) -> None:
    if way not in ways(found):
        raise Refusal(_("This is done already."))


def _promise(found: Found) -> Promise:
    return Promise.objects.get(organization=found.organization, pk=int(found.row.record.partition(":")[2]))


def _snooze(found: Found) -> Snooze:
    return Snooze.objects.get(organization=found.organization, pk=found.row.off.pk if found.row.off else 0)


def _settle(found: Found, way: str, *, now: datetime, by: User | None) -> None:
    if found.said is None or by is None:
        raise Refusal(_("This is done already."))
    act = statements.confirm if way == "confirm" else statements.see
    act(found.said.statement, now=now, by=by)


def _note(link: Link, *, now: datetime) -> None:
    """The timeline says that it was done by a link, beside what was done; the plan is made anew."""
    last = link.organization.entries.filter(recorded_at=now, by=link.user).order_by("-pk").first()
    kind, on = (last.kind, last.happened_on) if last else (EntryKind.NOTE, None)
    record(link.organization, kind=kind, event="by_desk_link", now=now, by=link.user, happened_on=on)
    note_used(link, now=now)
    replan([link.organization_id], now=now)
