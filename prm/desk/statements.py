"""What our side makes of what a partner said: confirm it, take note of it, take it back; and the way back of each.

The first who presses decides; the second is told kindly (`partners.actions.settle`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.agreements.actions import renew, take_back_renewal
from prm.agreements.models import Agreement, AgreementStatus
from prm.continuity import leaving, passing, saying
from prm.desk.said import Said, has_left
from prm.partners.actions import (
    Return,
    add_contact,
    change_contact,
    note_leaving,
    put_back,
    reopen,
    settle,
    situation,
)
from prm.partners.models import Contact, Organization, Outcome, RoleKind, Statement, StatementKind
from prm.reminders.actions import Changes, replan
from prm.reminders.reasons import short
from prm.rules.refusal import Refusal

DETAILS = ("name", "title", "email", "phone")


@dataclass(frozen=True, slots=True)
class Made:
    """What was done, in a sentence, and what it moved in the plan (None: the room replanned by itself)."""

    sentence: str
    changes: Changes | None = None


def ways(said: Said) -> tuple[str, ...]:
    """Return what can be made of an open statement, the next action first.

    confirm, correct, seen, take_back: done by a press here; call, signatures, people, pause: another page.
    """
    statement = said.statement
    if statement.kind == StatementKind.LEAVING:
        return ("confirm", "correct", "seen")
    if statement.kind == StatementKind.PAUSE:
        return ("seen", *_pause_way(said), "take_back")
    if statement.kind == StatementKind.TALK:
        return ("call", "seen") if statement.choice == "call" else ("seen", *_pause_way(said))
    if statement.kind == StatementKind.CORRECTION:
        return ("confirm", "seen") if can_change(statement) else ("seen", "people")
    if statement.choice == "unchanged":
        return (
            ("confirm", "signatures", "seen")
            if can_renew(said.agreement, said.partners)
            else ("signatures", "seen")
        )
    answers = {
        "not_renewing": ("seen", "call"),
        "not_me": ("people", "seen"),
    }
    return answers.get(statement.choice, ("call", "signatures", "seen"))


def _pause_way(said: Said) -> tuple[str, ...]:
    """The page of a pause is there as long as the pause is."""
    return ("pause",) if said.pause is not None and said.pause.withdrawn_on is None else ()


def can_renew(agreement: Agreement | None, partners: int) -> bool:
    """Whether one press renews it: the one who answered is its only partner. Others sign for themselves."""
    if agreement is None or agreement.expires_on is None or agreement.status != AgreementStatus.IN_FORCE:
        return False
    return partners == 1


def can_change(statement: Statement) -> bool:
    """Whether one press changes it: details of one known person, or somebody new with a name."""
    data = statement.data
    if has_left(statement):
        return bool(data.get("contact"))
    if data.get("about") == "new":
        return bool(data.get("name"))
    known = statement.contact_id if data.get("about") == "me" else data.get("contact")
    return bool(known and not data.get("role") and any(data.get(name) for name in DETAILS))


@transaction.atomic
def confirm(statement: Statement, *, now: datetime, by: User) -> Made:
    """Do what they said, as they said it. Raises Refusal where somebody did already, or where it does not go."""
    _check_open(statement)
    if statement.kind == StatementKind.LEAVING:
        leaving.confirm(statement, now=now, by=by)
        return Made(" ".join(left_words(statement)))
    acts: dict[tuple[str, str], Callable[..., Made]] = {
        (StatementKind.RENEWAL, "unchanged"): _renew,
        (StatementKind.CORRECTION, statement.choice): _change,
    }
    act = acts.get((statement.kind, statement.choice))
    if act is None:
        raise Refusal(_("This cannot be done with one press. Choose one of the other ways."))
    return act(statement, now=now, by=by)


def see(
    statement: Statement,
    *,
    now: datetime,
    by: User,
    outcome: str = Outcome.SEEN,
    data: dict[str, Any] | None = None,
) -> Made:
    """Take note of it; nothing else changes. Raises Refusal where somebody did already."""
    settle(statement, outcome=outcome, now=now, by=by, data=data)
    return Made(_("Noted."))


@transaction.atomic
def take_back(statement: Statement, *, now: datetime, by: User) -> Made:
    """Take back what they said, because it was said by mistake: a pause ends as if it had not begun."""
    _check_open(statement)
    saying.take_back(statement, now=now, by=by)
    return Made(_("It is taken back, as if it had not been said."))


@transaction.atomic
def undo(statement: Statement, *, now: datetime, by: User) -> Made:
    """Take back what our side made of a statement, on the day on which it did; it is open again then."""
    Organization.objects.select_for_update().get(pk=statement.organization_id)
    statement.refresh_from_db()
    if not statement.outcome or statement.settled_at is None:
        raise Refusal(_("Somebody was faster: this is open again already."))
    if local_today(statement.settled_at) != local_today(now):
        raise Refusal(_("This was done on an earlier day. Change it on the partner’s page."))
    back = Made(_("It is open again, and everything is as it was before."))
    if statement.kind == StatementKind.LEAVING and statement.outcome != Outcome.SEEN:
        leaving.undo(statement, now=now, by=by)
        _reopen(statement, now=now, by=by)
        return back
    if statement.outcome != Outcome.CONFIRMED:
        _reopen(statement, now=now, by=by)
        return Made(_("It is open again."))
    concerned = {statement.organization_id}
    if statement.kind == StatementKind.CORRECTION:
        _change_back(statement, now=now, by=by)
    else:
        concerned |= _take_renewal_back(statement, now=now, by=by)
    _reopen(statement, now=now, by=by)
    return Made(back.sentence, replan(sorted(concerned), now=now))


def _reopen(statement: Statement, *, now: datetime, by: User) -> None:
    statement.refresh_from_db()
    if statement.outcome:
        reopen(statement, now=now, by=by)


def _check_open(statement: Statement) -> None:
    Organization.objects.select_for_update().get(pk=statement.organization_id)
    statement.refresh_from_db()
    if statement.outcome:
        raise Refusal(_("Somebody was faster: this is done already."))
    if statement.taken_back_at is not None:
        raise Refusal(_("They took it back meanwhile."))


def left_words(statement: Statement) -> list[str]:
    """Return in sentences what a confirmed leaving changed: the last day, who follows as what, what passes on."""
    done, name = statement.data.get("done") or {}, statement.contact.name if statement.contact else ""
    day = short(date.fromisoformat(done.get("last_on") or statement.data["last_on"]))
    found = [_("%(name)s leaves; the last day is %(day)s.") % {"name": name, "day": day}]
    heir = Contact.objects.filter(pk=done.get("heir") or 0).first()
    taken = done.get("roles") or ()
    roles = ", ".join(str(kind.label).lower() for kind in RoleKind if kind in taken)
    if heir is None:
        found.append(_("Nobody follows yet; we ask whoever else is there."))
    elif roles:
        found.append(_("%(name)s follows: %(roles)s.") % {"name": heir.name, "roles": roles})
    else:
        found.append(_("%(name)s follows.") % {"name": heir.name})
    passed = len(done.get("invitations") or ())
    if passed:
        words = ngettext("%d invitation passes on.", "%d invitations pass on.", passed)
        found.append(words % passed)
    return found


# --- an agreement goes on as it is ------------------------------------------------------------------------------


def _renew(statement: Statement, *, now: datetime, by: User) -> Made:
    agreement = Agreement.objects.filter(pk=int(statement.record.partition(":")[2] or 0)).first()
    partners = agreement.parties.filter(organization__isnull=False).count() if agreement else 0
    if agreement is None or not can_renew(agreement, partners):
        raise Refusal(_("Others sign this agreement too. Record the renewal with its signatures."))
    contact = statement.contact
    who = {"name": contact.name if contact else _("The shared mailbox"), "day": short(statement.said_on)}
    note = _("%(name)s answered by link on %(day)s: renew it unchanged.") % who
    renewed = renew(agreement, signed_on=local_today(now), notes=note, now=now, by=by)
    settle(statement, outcome=Outcome.CONFIRMED, now=now, by=by, data={"renewed": renewed.pk})
    changes = replan([statement.organization_id], now=now)
    words = {"title": renewed.title, "day": short(renewed.expires_on) if renewed.expires_on else ""}
    return Made(_("“%(title)s” is renewed through %(day)s.") % words, changes)


def _take_renewal_back(statement: Statement, *, now: datetime, by: User) -> set[int]:
    renewed = Agreement.objects.filter(pk=statement.data["renewed"]).first()
    if renewed is None:
        raise Refusal(_("The next term is gone already. Change it on the partner’s page."))
    before = take_back_renewal(renewed, now=now, by=by)
    parties = before.parties.filter(organization__isnull=False).values_list("organization", flat=True)
    return {pk for pk in parties if pk is not None}


# --- details of people ------------------------------------------------------------------------------------------


def _change(statement: Statement, *, now: datetime, by: User) -> Made:
    if not can_change(statement):
        raise Refusal(_("This cannot be done with one press. Choose one of the other ways."))
    if has_left(statement):
        sentence, kept = _let_leave(statement, now=now, by=by)
    elif statement.data["about"] == "new":
        sentence, kept = _add(statement, now=now, by=by)
    else:
        sentence, kept = _correct(statement, now=now, by=by)
    settle(statement, outcome=Outcome.CONFIRMED, now=now, by=by, data={"made": kept})
    return Made(sentence, replan([statement.organization_id], now=now))


def _let_leave(statement: Statement, *, now: datetime, by: User) -> tuple[str, dict[str, Any]]:
    person = _person(statement)
    before = situation(person)
    note_leaving(person, last_day=statement.said_on, note=statement.note, now=now, by=by)
    words = {"name": person.name, "day": short(statement.said_on)}
    kept = {"person": person.pk, "before": before, "after": situation(person)}
    return _("%(name)s leaves; the last day is %(day)s. Nobody follows yet.") % words, kept


def _add(statement: Statement, *, now: datetime, by: User) -> tuple[str, dict[str, Any]]:
    roles = [statement.data["role"]] if statement.data.get("role") else []
    person = add_contact(statement.organization, roles=roles, now=now, by=by, **_given(statement))
    return _("%(name)s is added.") % {"name": person.name}, {"added": person.pk}


def _correct(statement: Statement, *, now: datetime, by: User) -> tuple[str, dict[str, Any]]:
    person, given = _person(statement), _given(statement)
    known = {name: getattr(person, name) for name in given}
    change_contact(person, now=now, by=by, **given)
    sentence = _("The details of %(name)s are changed.") % {"name": person.name}
    return sentence, {"person": person.pk, "details": known}


def _given(statement: Statement) -> dict[str, Any]:
    return {name: statement.data[name] for name in DETAILS if statement.data.get(name)}


def _person(statement: Statement) -> Contact:
    pk = statement.contact_id if statement.data["about"] == "me" else statement.data["contact"]
    found = Contact.objects.filter(organization=statement.organization_id, pk=pk or 0).first()
    if found is None:
        raise Refusal(_("This person is not in the list any more."))
    return found


def _change_back(statement: Statement, *, now: datetime, by: User) -> None:
    made = statement.data.get("made") or {}
    person = Contact.objects.filter(
        organization=statement.organization_id, pk=made.get("added") or made.get("person") or 0
    ).first()
    if person is None:
        raise Refusal(_("This person is not in the list any more."))
    if "added" in made:
        if not passing.forget(person):
            raise Refusal(_("%(name)s has had mail since and stays in the list.") % {"name": person.name})
    elif "details" in made:
        change_contact(person, now=now, by=by, **made["details"])
    else:
        put_back([Return(person, made["before"], made["after"])], now=now, by=by)
