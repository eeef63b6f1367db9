"""The only writers of users, the program row and its extra closed days."""

from __future__ import annotations

import datetime
import logging
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from holidays import list_supported_countries

from prm.accounts import history
from prm.accounts.access import may_write
from prm.accounts.checks import check_lengths, clean_email, known_zone
from prm.accounts.models import Access, DigestRhythm, Holiday, Program, Sending, User, UserRole
from prm.accounts.queries import CAN_SIGN_IN, DIRECTS
from prm.rules.refusal import Refusal

log = logging.getLogger(__name__)

LONGEST_ABSENCE = datetime.timedelta(days=366)

CHANGEABLE_PROGRAM = frozenset(
    {
        "name",
        "neutral_name",
        "mailbox",
        "phone",
        "zone",
        "holiday_country",
        "holiday_subdivision",
        "sending_from",
        "sending_until",
        "digest_at",
        "working_days",
        "entered_on",
        "introduced_on",
        "holidays_checked_on",
    }
)


@transaction.atomic
def add_user(
    *,
    email: str,
    name: str,
    role: str = UserRole.MANAGER,
    zone: str = "",
    password: str | None = None,
    digest: str = DigestRhythm.DAILY,
    is_superuser: bool = False,
    now: datetime.datetime | None = None,
) -> User:
    """Add a person on our side; without a password they own partners and get the digest, but cannot sign in yet."""
    address = clean_email(email)
    if not address:
        raise Refusal(_("A person on our side needs an e-mail address."), field="email")
    if role not in UserRole.values:
        raise Refusal(_("“%(role)s” is not a role of ours.") % {"role": role}, field="role")
    if User.objects.filter(email=address).exists():
        raise Refusal(
            _("Somebody with the address %(address)s is here already.") % {"address": address}, field="email"
        )
    return User.objects.create_user(
        address,
        password,
        name=name.strip() or address,
        role=role,
        zone=known_zone(zone),
        digest=digest,
        is_staff=is_superuser,
        is_superuser=is_superuser,
        entered_at=now,
    )


def set_password(user: User, password: str) -> None:
    """Give a person a password; from then on they can sign in."""
    user.set_password(password)
    user.save(update_fields=["password"])


@transaction.atomic
def set_active(user: User, active: bool, *, by: User | None = None) -> None:
    """Close or reopen a person's access. What they own stays theirs until it is handed over.

    Nobody closes their own access, nor that of the last director who can sign in. Who calls must mark the plans of
    what the person keeps: mail about it goes to others from now on.
    """
    if not active:
        _check_closing(user, by)
    user.is_active = active
    user.save(update_fields=["is_active"])


def _check_closing(user: User, by: User | None) -> None:
    if by is not None and by.pk == user.pk:
        raise Refusal(_("You cannot close your own access. Ask another director or manager."))
    directors = User.objects.select_for_update().filter(DIRECTS & CAN_SIGN_IN)
    able = {
        director.pk for director in directors.order_by("pk")
    }  # locked: two must not close each other at once
    if able == {user.pk}:
        sentence = _(
            "%(name)s is the last director who can sign in. Let another one choose a password first."
        )
        raise Refusal(sentence % {"name": user.name})


def set_digest(user: User, digest: str) -> None:
    """Choose how often a person reads the digest."""
    if digest not in DigestRhythm.values:
        raise Refusal(_("Choose daily, weekly or at once."), field="digest")
    user.digest = digest
    user.save(update_fields=["digest"])


@transaction.atomic
def change_account(user: User, *, name: str, zone: str, digest: str) -> User:
    """Change what people say of themselves: how they are called, where they are, how often they read."""
    if not name.strip():
        raise Refusal(_("Enter your name: partners read it in their mail."), field="name")
    user.name, user.zone = name.strip(), known_zone(zone)
    check_lengths(user)
    user.save(update_fields=["name", "zone"])
    set_digest(user, digest)
    return user


@transaction.atomic
def plan_absence(
    user: User, *, first: datetime.date, last: datetime.date, stand_in: User, today: datetime.date
) -> User:
    """Note that somebody is away, both days inside, and who gets their mail as well; it replaces an absence before.

    Who stands in must be there on all these days, and be one who records facts: what a viewer must not see is in
    these mails too.
    """
    if last < first:
        raise Refusal(_("The last day comes before the first."), field="last")
    if last < today:
        raise Refusal(_("These days are over. Enter days that are still to come."), field="last")
    if last - first > LONGEST_ABSENCE:
        raise Refusal(_("This is longer than a year. Hand your partners over instead."), field="last")
    if stand_in.pk == user.pk or not may_write(stand_in):
        raise Refusal(_("Choose somebody else who works with partners."), field="stand_in")
    if (
        stand_in.away_from
        and stand_in.away_until
        and stand_in.away_from <= last
        and first <= stand_in.away_until
    ):
        sentence = _("%(name)s is away on some of these days too. Choose somebody else.")
        raise Refusal(sentence % {"name": stand_in.name}, field="stand_in")
    user.away_from, user.away_until, user.stand_in = first, last, stand_in
    user.save(update_fields=["away_from", "away_until", "stand_in"])
    return user


def end_absence(user: User) -> User:
    """Somebody is back, or does not go: their mail is theirs alone again."""
    user.away_from = user.away_until = user.stand_in = None
    user.save(update_fields=["away_from", "away_until", "stand_in"])
    return user


def note_digested(user: User, on: datetime.date) -> None:
    """Remember the reader's local day of the last digest, so that a day never brings two."""
    User.objects.filter(pk=user.pk).update(digested_on=on)
    user.digested_on = on


@transaction.atomic
def change_program(program: Program, **changes: Any) -> Program:
    """Change who we are or when we send. Who calls must mark plans out of date where days or hours move."""
    changes = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    unknown = changes.keys() - CHANGEABLE_PROGRAM
    if unknown:
        raise TypeError(f"not a changeable part of the program: {', '.join(sorted(unknown))}")
    if "zone" in changes and not known_zone(changes["zone"]):
        raise Refusal(_("The program needs a time zone."), field="zone")
    if "mailbox" in changes:
        changes["mailbox"] = clean_email(changes["mailbox"], field="mailbox")
    for name, value in changes.items():
        setattr(program, name, value)
    _check_program(program)
    program.save(update_fields=list(changes))
    return program


def _check_program(program: Program) -> None:
    check_lengths(program)
    for field, sentence in (
        ("name", _("The program needs a name.")),
        ("neutral_name", _("A mail that must not say what you do needs a name to stand in it.")),
        ("mailbox", _("Enter the address to which answers go.")),
    ):
        if not getattr(program, field):
            raise Refusal(sentence, field=field)
    if not set(program.working_days) & set(range(7)) or set(program.working_days) - set(range(7)):
        raise Refusal(_("Choose at least one working day."), field="working_days")
    if program.sending_until <= program.sending_from:
        raise Refusal(_("Sending must end later in the day than it begins."), field="sending_until")
    if program.sending_until <= program.digest_at:
        raise Refusal(_("The morning mail must come before sending ends."), field="digest_at")
    _check_place(program)


def _check_place(program: Program) -> None:
    """Refuse a country, or a part of it, whose holidays nobody has written down."""
    parts = list_supported_countries().get(program.holiday_country)
    if program.holiday_country and parts is None:
        raise Refusal(_("No holidays are known for this country or part of it."), field="holiday_country")
    if program.holiday_subdivision and program.holiday_subdivision not in (parts or ()):
        sentence = _("Choose a part of this country, or leave it open.")
        raise Refusal(sentence, field="holiday_subdivision")


def set_sending(program: Program, state: str, *, by: User | None = None, now: datetime.datetime) -> Program:
    """Turn the sending switch. Nothing that is due is lost while sending is held."""
    if state not in Sending.values:
        raise Refusal(_("Sending is either on or held."), field="state")
    log.info("sending %s at %s by %s", state, now.isoformat(), by.email if by else "a command")
    history.update(Program.objects.filter(pk=program.pk), sending=state)
    program.sending = state
    return program


def note_heartbeat(*, now: datetime.datetime) -> None:
    """Remember that the clock ran, for the red line that says when it did not."""
    Program.objects.filter(pk=1).update(heartbeat_at=now)


def note_work(*, now: datetime.datetime) -> None:
    """Remember that a worker did what the clock asks for: the clock alone sends nothing."""
    Program.objects.filter(pk=1).update(worked_at=now)


def note_mail_route(*, works: bool, now: datetime.datetime) -> None:
    """Remember that the mail route took a message, or since when it takes none."""
    if works:
        Program.objects.filter(pk=1).update(mail_left_at=now, mail_stuck_at=None)
    else:
        Program.objects.filter(pk=1, mail_stuck_at=None).update(mail_stuck_at=now)


def add_holiday(*, date: datetime.date, name: str) -> Holiday:
    """Add a closed day of our own; the same day again only changes its name. Plans: as for `change_program`."""
    wanted = Holiday(date=date, name=name.strip())
    if not wanted.name:
        raise Refusal(_("Say what day it is, for example: Staff retreat."), field="name")
    check_lengths(wanted)
    holiday, _created = Holiday.objects.update_or_create(date=date, defaults={"name": wanted.name})
    return holiday


def remove_holiday(*, date: datetime.date) -> None:
    """Make a day of our own an ordinary day again."""
    Holiday.objects.filter(date=date).delete()


#: How something came to be seen outside this product, or by few.
ACCESS_KINDS = ("export", "download", "reveal")


def note_access(
    *, kind: str, about: str, rows: int = 1, by: User | None = None, now: datetime.datetime
) -> Access:
    """Write down that data was taken out or uncovered: what of, how much, by whom (None: a partner, by link).

    `about` is the name of a list or a key such as "contact:17"; never what stood in it.
    """
    if kind not in ACCESS_KINDS:
        raise TypeError(f"not a kind of access: {kind}")
    return Access.objects.create(kind=kind, about=about, rows=rows, user=by, at=now)
