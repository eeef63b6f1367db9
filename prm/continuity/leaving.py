"""Somebody at a partner says that they are leaving; our side confirms, and what was theirs passes to who follows."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from prm.accounts.checks import clean_email
from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.continuity import passing
from prm.partners import actions as partners
from prm.partners.models import Contact, Link, Organization, Outcome, Statement, StatementKind
from prm.reminders.actions import replan
from prm.rules.refusal import Refusal

log = logging.getLogger(__name__)

#: How far from today a last day may lie: what is farther is a slip of the year.
EARLIEST, LATEST = timedelta(days=366), timedelta(days=731)
LONGEST_NAME = 200


@transaction.atomic
def announce(
    link: Link,
    *,
    last_day: date,
    now: datetime,
    successor_name: str = "",
    successor_email: str = "",
    note: str = "",
) -> Statement:
    """Write down that the holder of a link leaves with `last_day`, and who follows, as typed ("": not known yet).

    Nothing changes until our side confirms. Said again before that, the last word counts.
    """
    leaver = link.contact
    if leaver is None:
        raise Refusal(_("This link belongs to a shared mailbox. Please reply to our mail instead."))
    Organization.objects.select_for_update().get(pk=link.organization_id)
    if confirmed_leaving(leaver) is not None:
        raise Refusal(_("We know that already. If something changed, please reply to our mail."))
    today = local_today(now)
    _check_day(last_day, today)
    name, email = _successor(leaver, successor_name, successor_email)
    earlier = open_leaving(leaver)
    if earlier is not None:
        partners.take_back(earlier, now=now, today=today)
    return partners.say(
        link,
        kind=StatementKind.LEAVING,
        now=now,
        record_key=f"contact:{leaver.pk}",
        reference_on=last_day,
        note=note,
        data={"last_on": last_day, "successor_name": name, "successor_email": email},
        today=today,
    )


def _successor(leaver: Contact, typed_name: str, typed_email: str) -> tuple[str, str]:
    name, email = typed_name.strip(), _address(typed_email)
    if email and not name:
        raise Refusal(_("Please give the name, too."), field="successor_name")
    if len(name) > LONGEST_NAME:
        sentence = _("Please keep it under %(number)d characters.") % {"number": LONGEST_NAME}
        raise Refusal(sentence, field="successor_name")
    passing.check_not_own(leaver, email)
    return name, email


@transaction.atomic
def take_back(statement: Statement, *, now: datetime, by: User | None = None) -> Statement:
    """They stay after all, or said it by mistake. Refused once our side has confirmed."""
    _lock(statement)
    if statement.outcome:
        raise Refusal(_("We have confirmed it already. Please reply to our mail, and we undo it."))
    return partners.take_back(statement, now=now, by=by)


def open_leaving(leaver: Contact) -> Statement | None:
    """Return what somebody said about leaving that waits for our side, or None."""
    said = leaver.statements.filter(kind=StatementKind.LEAVING, taken_back_at__isnull=True)
    return said.filter(outcome=Outcome.OPEN).first()


def confirmed_leaving(leaver: Contact) -> Statement | None:
    """Return what somebody said about leaving and our side confirmed, while they are still to leave by it, or None."""
    said = leaver.statements.filter(kind=StatementKind.LEAVING, taken_back_at__isnull=True)
    confirmed = said.filter(outcome__in=(Outcome.CONFIRMED, Outcome.CORRECTED)).first()
    return confirmed if confirmed and leaver.left_on is not None else None


@transaction.atomic
def confirm(
    statement: Statement,
    *,
    now: datetime,
    by: User | None,
    last_day: date | None = None,
    successor: Contact | None = None,
    name: str = "",
    email: str = "",
) -> Statement:
    """Let them leave as they said, or with another last day or successor (None and "": as said).

    Roles end with the last day and pass to the successor from the day after. Invitations to sessions after it pass
    at once where the day is gone by or near, else on the day after; so do the letters that introduce both sides.
    """
    leaver = _lock(statement)
    if statement.taken_back_at is not None:
        raise Refusal(_("%(name)s took it back.") % {"name": leaver.name})
    if statement.outcome:
        raise Refusal(_("Somebody was faster: this is done already."))
    said = statement.data
    last_on = last_day or date.fromisoformat(said["last_on"])
    _check_day(last_on, local_today(now))
    corrected = last_on.isoformat() != said["last_on"] or bool(successor or name or email)
    name = name.strip() or said.get("successor_name", "")
    email = _address(email) or said.get("successor_email", "")
    heir = successor or (passing.heir_of(leaver, name=name, email=email, last_on=last_on) if name else None)
    done = _replace(statement, leaver, heir, last_on, name=name, email=email, now=now, by=by)
    if passing.is_time(last_on, local_today(now)):
        done = passing.pass_all(statement, done, now=now, by=by, at_once=True)
    outcome = Outcome.CORRECTED if corrected else Outcome.CONFIRMED
    settled = partners.settle(statement, outcome=outcome, now=now, by=by, data={"done": done})
    replan([statement.organization_id], now=now)
    return settled


def _replace(
    statement: Statement,
    leaver: Contact,
    heir: Contact | None,
    last_on: date,
    *,
    name: str,
    email: str,
    now: datetime,
    by: User | None,
) -> passing.Done:
    """End the leaver's roles and give them to whoever follows; return what is needed to undo it."""
    before = partners.situation(leaver)
    heir_before = partners.situation(heir) if heir else {"roles": []}
    done: passing.Done = {"last_on": last_on.isoformat(), "waits": True, "before": before}
    about: dict[str, Any] = {"last_day": last_on, "note": statement.note, "now": now, "by": by}
    if heir is None and not name:
        partners.note_leaving(leaver, **about)
    else:
        follows = partners.replace_contact(leaver, successor=heir, name=name, email=email, **about)
        gained = partners.situation(follows)
        held = [tuple(role) for role in heir_before["roles"]]
        done |= {
            "heir": follows.pk,
            "heir_made": heir is None,
            "heir_before": heir_before,
            "heir_after": gained,
            "roles": [role[0] for role in gained["roles"] if tuple(role) not in held],
        }
    return done | {"after": partners.situation(leaver)}


@transaction.atomic
def undo(statement: Statement, *, now: datetime, by: User | None) -> Statement:
    """Undo `confirm`: roles, last day, invitations and links as before, and the statement is open again.

    Mails that went stay gone; those that wait do not go. Refused where something else changed since.
    """
    leaver = _lock(statement)
    done = statement.data.get("done")
    if not statement.outcome or not done:
        raise Refusal(_("There is nothing to undo here."))
    heir = Contact.objects.filter(pk=done["heir"]).first() if done.get("heir") else None
    if done.get("heir") and heir is None:
        raise Refusal(_("Whoever followed is not in the list any more. Please change the roles by hand."))
    people = [partners.Return(leaver, done["before"], done["after"])]
    if heir is not None:
        people.append(partners.Return(heir, done["heir_before"], done["heir_after"]))
    partners.put_back(people, now=now, by=by)
    passing.take_all_back(done, now=now, by=by)
    reopened = partners.reopen(statement, now=now, by=by)
    if heir is not None and done["heir_made"]:
        passing.forget(heir)
    replan([statement.organization_id], now=now)
    return reopened


def follow_through(*, now: datetime) -> int:
    """Pass on what waited for somebody's last day to be over; return how many left. Part of every heartbeat.

    It also catches what came up after the confirmation, such as a session that was moved behind the last day.
    """
    today, gone = local_today(now), 0
    waiting = Statement.objects.filter(
        kind=StatementKind.LEAVING, taken_back_at__isnull=True, data__done__waits=True
    )
    for statement in waiting.exclude(outcome=Outcome.OPEN).order_by("pk"):
        if date.fromisoformat(statement.data["done"]["last_on"]) < today:
            gone += _follow_one(statement, now=now)
    return gone


def _follow_one(statement: Statement, *, now: datetime) -> int:
    try:
        with transaction.atomic():
            leaver = _lock(statement)
            done = statement.data.get("done") or {}
            if not statement.outcome or not done.get("waits") or leaver.left_on is None:
                return 0
            done = passing.pass_all(statement, done, now=now, by=None, at_once=False)
            partners.note_done(statement, done)
            return 1
    except Exception:
        log.exception("passing on failed", extra={"statement": statement.pk})
        return 0


def _lock(statement: Statement) -> Contact:
    """Two people who press at once come one after the other. Returns who leaves."""
    Organization.objects.select_for_update().get(pk=statement.organization_id)
    statement.refresh_from_db()
    if statement.contact is None:
        raise Refusal(_("This person is not in the list any more."))
    return statement.contact


def _check_day(day: date, today: date) -> None:
    if not today - EARLIEST <= day <= today + LATEST:
        sentence = _("Please look at the year: %(day)s is far from today.")
        raise Refusal(sentence % {"day": date_format(day, "j M Y")}, field="last_day")


def _address(typed: str) -> str:
    return clean_email(typed, field="successor_email")
