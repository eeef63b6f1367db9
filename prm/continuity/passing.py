"""What passes from somebody who leaves to whoever follows, and back: invitations, links, the two letters."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from prm.accounts import queries as accounts
from prm.accounts.models import User
from prm.continuity.introducing import Passing, introduce
from prm.outbox import actions as outbox
from prm.outbox.models import Message
from prm.outbox.queries import UNBEGUN
from prm.partners import actions as partners
from prm.partners.models import Contact, Purpose, Statement
from prm.reminders.hours import next_opening
from prm.rules import delivery
from prm.rules.refusal import Refusal
from prm.training.actions import pass_back, pass_on
from prm.training.models import Answer, Attendance, Invitation, SessionStatus
from prm.training.queries import local_start

#: Who leaves within this time is followed at once where it concerns the days after; later, on the day after.
SOON = timedelta(days=14)
#: Links that end with the person; feed and less mail end by themselves.
ENDING = (Purpose.PAGE, Purpose.PAUSE, Purpose.RENEWAL, Purpose.TALK, Purpose.LEAVING)

Done = dict[str, Any]


def is_time(last_on: date, today: date) -> bool:
    """Return whether invitations pass already: the person is gone, or will be within two weeks."""
    return last_on - today <= SOON


def pass_all(statement: Statement, done: Done, *, now: datetime, by: User | None, at_once: bool) -> Done:
    """Pass on what concerns the days after the last one, and tell both sides once. Returns `done`, added to.

    Done again it passes on what came since. `at_once`: the letters go now, not in the next working morning.
    """
    leaver = statement.contact
    if leaver is None:
        return done | {"waits": False}
    today, last_on = accounts.local_today(now), date.fromisoformat(done["last_on"])
    heir = Contact.objects.filter(pk=done["heir"]).first() if done.get("heir") else None
    passed = [list(pair) for pair in pass_invitations(leaver, heir, last_on, now=now, by=by)]
    done = done | {"invitations": [*done.get("invitations", []), *passed], "waits": last_on >= today}
    if last_on < today:
        ended = partners.revoke_links(leaver, ENDING, now=now)
        done["links"] = [*done.get("links", []), *ended]
    if not done.get("about"):
        done["about"] = f"leaving:{statement.pk}:{int(now.timestamp())}"
        asked = Invitation.objects.filter(pk__in=[old for old, _new in done["invitations"]])
        sessions = tuple(
            row.session for row in asked.select_related("session").order_by("session__starts_at")
        )
        roles = tuple(done.get("roles", ()))
        due_at = now if at_once else next_opening(statement.organization, now)
        passing = Passing(leaver, heir, last_on, roles, sessions)
        introduce(statement.organization, passing, about=done["about"], now=now, due_at=due_at)
    return done


def pass_invitations(
    leaver: Contact, heir: Contact | None, last_on: date, *, now: datetime, by: User | None
) -> list[tuple[int, int | None]]:
    """Pass on the invitations to sessions after the last day that were not declined; return old and new ids."""
    passed: list[tuple[int, int | None]] = []
    open_ = leaver.invitations.filter(withdrawn_on__isnull=True, session__status=SessionStatus.SCHEDULED)
    coming = open_.exclude(answer=Answer.DECLINED).filter(session__starts_at__gt=now)
    for invitation in coming.select_related("session", "organization", "contact").order_by("pk"):
        starts_on = local_start(invitation.session)
        if starts_on > last_on:
            there = heir is not None and (heir.left_on is None or heir.left_on >= starts_on)
            new = pass_on(invitation, heir if there else None, now=now, by=by)
            passed.append((invitation.pk, new.pk if new else None))
    return passed


def take_all_back(done: Done, *, now: datetime, by: User | None) -> None:
    """Undo `pass_all` as far as it can be: invitations and links as before, letters that wait do not go.

    Refused where an invitation changed since.
    """
    ids = [pk for pair in done.get("invitations", []) for pk in pair if pk is not None]
    rows = Invitation.objects.select_related("session", "organization", "contact").in_bulk(ids)
    for old, new in done.get("invitations", []):
        if old in rows:
            pass_back(rows[old], rows.get(new) if new else None, now=now, by=by)
    partners.restore_links(done.get("links", []))
    if done.get("about"):
        _stop(Message.objects.filter(kind="introduction", about=done["about"]).values_list("pk", flat=True))


def forget(heir: Contact) -> bool:
    """Remove a successor whom only a confirmation made. False, and they stay, where mail went or more is known."""
    mails = Message.objects.filter(contact=heir)
    went = mails.exclude(state__in=UNBEGUN, attempts=0).exclude(state=delivery.CANCELLED)
    if went.exists() or Attendance.objects.filter(contact=heir).exists():
        return False
    waiting = list(mails.filter(state__in=UNBEGUN, keys=[]).values_list("pk", flat=True))
    if not partners.remove_contact(heir):
        return False
    _stop(waiting)
    return True


def _stop(messages: Any) -> None:
    waiting = Message.objects.filter(pk__in=list(messages), state__in=UNBEGUN, attempts=0)
    ids = list(waiting.values_list("pk", flat=True))
    if ids:
        outbox.cancel(ids=ids)


def heir_of(leaver: Contact, *, name: str, email: str, last_on: date) -> Contact | None:
    """Return who of the people there follows, by address or, without one, by name; None: somebody new.

    Refused where it is the leaver's own address.
    """
    check_not_own(leaver, email)
    others = leaver.organization.contacts.exclude(pk=leaver.pk).order_by("entered_at", "id")
    here = [one for one in others if one.left_on is None or one.left_on > last_on]
    if email.strip():
        return next((one for one in here if one.email.casefold() == email.strip().casefold()), None)
    return next((one for one in here if one.name.casefold() == name.strip().casefold()), None)


def check_not_own(leaver: Contact, email: str) -> None:
    """Refuse an address that is the leaver's own."""
    if email.strip() and email.strip().casefold() == leaver.email.casefold():
        raise Refusal(
            _("This is the address of %(name)s. Which one has whoever follows?") % {"name": leaver.name},
            field="successor_email",
        )
