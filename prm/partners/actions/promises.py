"""What one side promised the other: made in a talk, then kept, moved or let go, and for a day open to be undone."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.partners.edits import UNDONE_WITHIN
from prm.partners.models import Contact, Entry, EntryKind, Organization, Promise, PromiseSide
from prm.partners.timeline import record
from prm.rules.refusal import Refusal

LONGEST = 300
#: What the timeline says when a promise was kept, let go or moved: the three that can be undone.
UNDOABLE = ("promise_kept", "promise_dropped", "promise_moved")


@transaction.atomic
def make_promise(
    organization: Organization,
    *,
    side: str,
    what: str,
    due_on: datetime.date,
    now: datetime.datetime,
    user: User | None = None,
    contact: Contact | None = None,
    entry: Entry | None = None,
    private: bool = False,
    made_on: datetime.date | None = None,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Promise:
    """Write down what one side (`side`: "ours" or "theirs") will do by a day, that day inside.

    `made_on`: the day of the talk (default: that of `entry`, else today). `user`: who of us owes it, or for theirs
    keeps an eye on it; nobody is the owner. Refused without words, with more than 300 characters, or due before it
    was made.
    """
    day = today or local_today(now)
    made = made_on or (entry.happened_on if entry else day)
    _check_sides(organization, side, contact)
    _check_due(due_on, made)
    promise = Promise.objects.create(
        organization=organization,
        side=side,
        what=_worded(what),
        user=user,
        contact=contact,
        entry=entry,
        made_on=made,
        due_on=due_on,
        changed_on=day,
        entered_on=day,
        private=private,
    )
    _note(promise, "promise_made", now=now, by=by, happened_on=made)
    return promise


def keep_promise(
    promise: Promise, *, now: datetime.datetime, today: datetime.date | None = None, by: User | None = None
) -> Promise:
    """Say that a promise was kept; its reminders are withdrawn with the next plan."""
    return _settled(promise, "kept_on", "promise_kept", now=now, today=today, by=by)


def drop_promise(
    promise: Promise,
    *,
    why: str,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Promise:
    """Let a promise go, in a few words why: whoever reads this in a year was not there."""
    if not why.strip():
        raise Refusal(_("Say in a few words why it is let go."), field="why")
    return _settled(promise, "dropped_on", "promise_dropped", now=now, today=today, by=by, why=why.strip())


@transaction.atomic
def move_promise(
    promise: Promise,
    *,
    due_on: datetime.date,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Promise:
    """Give an open promise another day, today or later: its reminders start anew for that day."""
    day, known = today or local_today(now), _locked(promise)
    _check_open(known)
    if due_on < day:
        raise Refusal(_("The new day is over already. Choose today or a later day."), field="due_on")
    if due_on == known.due_on:
        raise Refusal(_("It is due on that day already. Choose another one."), field="due_on")
    was_on, known.due_on, known.changed_on = known.due_on, due_on, day
    known.save(update_fields=["due_on", "changed_on"])
    _note(known, "promise_moved", now=now, by=by, happened_on=day, was_on=was_on)
    return known


@transaction.atomic
def reopen_promise(
    promise: Promise, *, now: datetime.datetime, today: datetime.date | None = None, by: User | None = None
) -> Promise:
    """Open a promise again that was kept or let go; it is due on the day it was."""
    known = _locked(promise)
    if known.kept_on is None and known.dropped_on is None:
        raise Refusal(_("This promise is open already."))
    return _opened(known, known.due_on, now=now, day=today or local_today(now), by=by)


@transaction.atomic
def undo_promise(
    promise: Promise, *, now: datetime.datetime, today: datetime.date | None = None, by: User | None = None
) -> Promise:
    """Take back what was last done about a promise: kept, let go or moved. Refused after a day."""
    known, last = _locked(promise), last_done(promise)
    if last is None or last.event not in UNDOABLE:
        raise Refusal(_("There is nothing to undo about this promise any more."))
    if now - last.recorded_at > UNDONE_WITHIN:
        raise Refusal(_("This was more than a day ago, so it stays. You can write a new promise."))
    moved = last.event == "promise_moved"
    due_on = datetime.date.fromisoformat(last.data["was_on"]) if moved else known.due_on
    return _opened(known, due_on, now=now, day=today or local_today(now), by=by)


def last_done(promise: Promise) -> Entry | None:
    """Return what the timeline says last about a promise."""
    found = Entry.objects.filter(organization=promise.organization_id, record=record_of(promise))
    return found.order_by("-pk").first()


def record_of(promise: Promise) -> str:
    """Return the readable key of a promise in the timeline and in reminders."""
    return f"promise:{promise.pk}"


@transaction.atomic
def _settled(
    promise: Promise,
    column: str,
    event: str,
    *,
    now: datetime.datetime,
    today: datetime.date | None,
    by: User | None,
    why: str = "",
) -> Promise:
    day, known = today or local_today(now), _locked(promise)
    _check_open(known)
    setattr(known, column, day)
    known.save(update_fields=[column])
    _note(known, event, now=now, by=by, happened_on=day, note=why)
    return known


def _opened(
    known: Promise,
    due_on: datetime.date,
    *,
    now: datetime.datetime,
    day: datetime.date,
    by: User | None,
) -> Promise:
    known.kept_on = known.dropped_on = None
    known.due_on, known.changed_on = due_on, day
    known.save(update_fields=["kept_on", "dropped_on", "due_on", "changed_on"])
    _note(known, "promise_reopened", now=now, by=by, happened_on=day)
    return known


def _locked(promise: Promise) -> Promise:
    """Return the promise as it stands, held until the transaction ends: two presses at once do not both count."""
    rows = Promise.objects.select_for_update(of=("self",)).select_related("organization", "contact")
    return rows.get(pk=promise.pk)


def _check_open(promise: Promise) -> None:
    if promise.kept_on is not None:
        raise Refusal(_("This promise was kept already."))
    if promise.dropped_on is not None:
        raise Refusal(_("This promise was let go already."))


def _check_sides(organization: Organization, side: str, contact: Contact | None) -> None:
    if side not in PromiseSide.values:
        raise Refusal(_("Say who promised it."), field="side")
    if contact is not None and contact.organization_id != organization.pk:
        raise Refusal(
            _("%(name)s belongs to another organization.") % {"name": contact.name}, field="contact"
        )


def _check_due(due_on: datetime.date, made_on: datetime.date) -> None:
    if due_on < made_on:
        raise Refusal(
            _("A promise cannot be due before it was made. Choose that day or a later one."), field="due_on"
        )


def _worded(what: str) -> str:
    words = " ".join(what.split())
    if not words:
        raise Refusal(_("Say in a few words what was promised."), field="what")
    if len(words) > LONGEST:
        raise Refusal(
            _("That is too long. Use %(number)d characters at most.") % {"number": LONGEST}, field="what"
        )
    return words


def _note(
    promise: Promise,
    event: str,
    *,
    now: datetime.datetime,
    by: User | None,
    happened_on: datetime.date,
    note: str = "",
    was_on: datetime.date | None = None,
) -> None:
    """Write a line of the timeline, which also marks the plan as out of date."""
    data = {"side": promise.side, "what": promise.what, "due_on": promise.due_on, "was_on": was_on}
    record(
        promise.organization,
        kind=EntryKind.TALK,
        event=event,
        now=now,
        by=by,
        happened_on=happened_on,
        contact=promise.contact,
        note=note,
        data=data,
        private=promise.private,
        record=record_of(promise),
    )
