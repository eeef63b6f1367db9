"""How the installation is doing, as far as the database knows: findings in plain words, without names or addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q

from prm.accounts.models import Program, Sending, User, UserRole
from prm.accounts.queries import CAN_SIGN_IN, closed_days, local_today
from prm.outbox import queries as outbox
from prm.partners.models import Organization
from prm.reminders.unwritten import unwritten
from prm.reporting.alarm import LATE, SILENCE
from prm.rules.access import RUNNERS

STALE = timedelta(minutes=10)


class Mark(StrEnum):
    """`look` is worth knowing, `wrong` needs a person."""

    OK = "ok"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: what was looked at, how it is, and what to do."""

    mark: Mark
    about: str
    words: str


def findings(program: Program, *, now: datetime) -> Iterator[Finding]:
    """Yield what the database says about clock, plans, letterbox, switch, hours, holidays and people."""
    yield heartbeat(program, now)
    yield worker(program, now)
    yield route(program, now)
    yield plans(program, now)
    yield queue(program, now)
    yield failures(now)
    yield unwritten_mail()
    yield switch(program)
    yield hours(program)
    yield holidays(program, local_today(now, program))
    yield people()
    yield second_factor()
    yield agency_signin()


def heartbeat(program: Program, now: datetime) -> Finding:
    """Say when the clock last ran."""
    last = program.heartbeat_at
    start = "Start “make run”, the worker and the beat, or let a timer call “manage.py tick”."
    if last is None:
        return Finding(Mark.WRONG, "heartbeat", f"it has never run, so no reminder leaves. {start}")
    if now - last > SILENCE:
        return Finding(
            Mark.WRONG, "heartbeat", f"last ran {age(now - last)} ago, so reminders stand still. {start}"
        )
    if last - now > SILENCE:
        return Finding(Mark.WRONG, "heartbeat", "last ran in the future: the clock of this machine is wrong.")
    return Finding(Mark.OK, "heartbeat", f"last ran {age(max(now - last, timedelta()))} ago.")


def worker(program: Program, now: datetime) -> Finding:
    """Say when a worker last did what the clock asks for."""
    last = program.worked_at
    if last is None or now - last > SILENCE:
        since = f"last worked {age(now - last)} ago" if last else "has never worked"
        return Finding(
            Mark.WRONG, "worker", f"{since}, so nothing is planned or sent. Restart it and read its log."
        )
    return Finding(Mark.OK, "worker", f"last worked {age(max(now - last, timedelta()))} ago.")


def route(program: Program, now: datetime) -> Finding:
    """Say when the mail route last took a message, and since when it takes none."""
    left, stuck = program.mail_left_at, program.mail_stuck_at
    if stuck is not None:
        words = (
            f"has taken nothing for {age(max(now - stuck, timedelta()))}. The outbox says what it answered."
        )
        return Finding(Mark.WRONG, "mail", words)
    if left is None:
        return Finding(Mark.LOOK, "mail", "nothing has left yet. Send yourself a test from the first steps.")
    return Finding(Mark.OK, "mail", f"last left {age(max(now - left, timedelta()))} ago.")


def plans(program: Program, now: datetime) -> Finding:
    """Say whether every partner's plan is of today and newer than the facts."""
    today = local_today(now, program)
    old = Q(planned_for__isnull=True) | Q(planned_for__lt=today) | Q(plan_stale_at__lt=now - STALE)
    number = Organization.objects.filter(old).count()
    if number:
        one = "1 partner’s reminders are" if number == 1 else f"the reminders of {number} partners are"
        words = f"{one} not worked out for today yet. The next heartbeat does it; if not, the log says why."
        return Finding(Mark.LOOK, "plans", words)
    return Finding(Mark.OK, "plans", f"worked out for today ({Organization.objects.count()} partners).")


def queue(program: Program, now: datetime) -> Finding:
    """Say whether messages that may go are late."""
    state = outbox.counts(now=now)
    if state.oldest_due is None:
        return Finding(Mark.OK, "queue", "nothing is waiting to leave.")
    words = f"the oldest message that is due has waited for {age(state.oldest_due)}."
    if program.sending == Sending.ON and state.oldest_due > LATE:
        return Finding(Mark.WRONG, "queue", f"{words} See “manage.py queue” and the log of the worker.")
    return Finding(Mark.OK, "queue", words)


def failures(now: datetime) -> Finding:
    """Say whether messages wait for somebody to look why they did not go."""
    state = outbox.counts(now=now).by_state
    failed, back = state["failed"], state["bounced"]
    if failed or back:
        words = f"{failed} could not be sent and {back} came back. The outbox says why, message by message."
        return Finding(Mark.LOOK, "failed mail", words)
    return Finding(Mark.OK, "failed mail", "none.")


def unwritten_mail() -> Finding:
    """Say whether reminders are due whose mail cannot be written."""
    number = unwritten().count()
    if number:
        one = "1 reminder" if number == 1 else f"{number} reminders"
        words = f"{one} could not be written. It is tried again by itself; the log of the worker says what is wrong."
        return Finding(Mark.WRONG, "unwritten mail", words)
    return Finding(Mark.OK, "unwritten mail", "none.")


def switch(program: Program) -> Finding:
    """Say whether mail may leave at all."""
    if program.sending == Sending.ON:
        return Finding(Mark.OK, "sending", "is on.")
    return Finding(Mark.LOOK, "sending", "is held: nothing leaves. Let mail go with “manage.py send on”.")


def hours(program: Program) -> Finding:
    """Say when mail goes."""
    days = " ".join("Mon Tue Wed Thu Fri Sat Sun".split()[day] for day in sorted(program.working_days))
    words = f"{program.sending_from:%H:%M} to {program.sending_until:%H:%M} on {days}, {program.zone}."
    return Finding(Mark.OK, "sending hours", words)


def holidays(program: Program, today: date) -> Finding:
    """Say whether the closed days of this year and the next are known."""
    counted = {year: len(closed_days(program, year, year)) for year in (today.year, today.year + 1)}
    words = ", ".join(f"{number} in {year}" for year, number in counted.items())
    if not all(counted.values()):
        return Finding(
            Mark.LOOK, "closed days", f"{words}. Mail would go on holidays: set a country or add days."
        )
    return Finding(Mark.OK, "closed days", f"{words}.")


def people() -> Finding:
    """Say whether somebody can sign in, and whether a director can."""
    able = [user for user in User.objects.filter(is_active=True) if user.can_sign_in]
    if not able:
        return Finding(
            Mark.WRONG, "people", "nobody can sign in. Make a first sign-in with “manage.py first_user”."
        )
    words = f"{len(able)} of {User.objects.filter(is_active=True).count()} can sign in."
    if not any(user.role == UserRole.DIRECTOR or user.is_superuser for user in able):
        return Finding(Mark.LOOK, "people", f"{words} No director is among them.")
    return Finding(Mark.OK, "people", words)


def second_factor() -> Finding:
    """Say how many of those who run the program have only a password."""
    runners = User.objects.filter(CAN_SIGN_IN).filter(Q(role__in=RUNNERS) | Q(is_superuser=True))
    without = runners.exclude(pk__in=Authenticator.objects.values("user_id")).count()
    if not without:
        return Finding(Mark.OK, "second factor", "every director and manager who can sign in has one.")
    words = f"{without} of {runners.count()} directors and managers have none."
    if not Organization.objects.filter(is_demo=False).exists():
        return Finding(
            Mark.OK, "second factor", f"{words} It is not asked for before there are real partners."
        )
    if settings.PRM_SECOND_FACTOR == "required":
        return Finding(Mark.LOOK, "second factor", f"{words} They are asked to set it up before they go on.")
    return Finding(Mark.LOOK, "second factor", f"{words} PRM_SECOND_FACTOR=required would ask them for it.")


def agency_signin() -> Finding:
    """Say whether people may come in with the account of their agency."""
    if not settings.PRM_OIDC:
        return Finding(Mark.OK, "agency sign-in", "off. PRM_OIDC_URL and its three neighbors turn it on.")
    return Finding(Mark.OK, "agency sign-in", f"on, at {settings.PRM_OIDC_ORIGIN}; for whoever was invited.")


def demo(backend: str) -> Finding | None:
    """Say that invented partners are here, where mail of real ones goes out too."""
    number = Organization.objects.filter(is_demo=True).count()
    if not number or backend == settings.FILE_EMAIL_BACKEND:
        return None
    here = "1 invented partner is" if number == 1 else f"{number} invented partners are"
    words = f"{here} here. Mail about them is kept back. Remove them: manage.py demo --remove."
    return Finding(Mark.LOOK, "demo", words)


def age(span: timedelta) -> str:
    """Return a span of time in the one unit that says enough."""
    seconds = int(span.total_seconds())
    for size, one, many in ((86400, "day", "days"), (3600, "hour", "hours"), (60, "minute", "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {many}"
        if seconds >= size:
            return f"1 {one}"
    return "1 second" if seconds == 1 else f"{seconds} seconds"
