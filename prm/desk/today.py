"""Today: what needs our side now, what is near, what waits, and what was settled since this morning.

The rows are those of the digest, read in a fixed number of queries: of a reader's own partners all of them; where
there are more than a page can weigh, of each kind the first, and the page says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from prm.accounts import queries as accounts
from prm.accounts.access import visible_organizations
from prm.accounts.models import Program, User
from prm.agreements.models import AgreementStatus, Party, Signature
from prm.capacity.models import Pause
from prm.desk import halted, lasting, said
from prm.desk.off import PutOff, snoozed
from prm.desk.rows import Row
from prm.desk.said import Said
from prm.desk.sections import SECTIONS, seat_of, sections
from prm.desk.still import of_ours, still_open
from prm.outbox.models import Message
from prm.outbox.queries import lost
from prm.partners.models import Assignment, Contact, Organization, Promise
from prm.partners.queries import holding_on
from prm.reminders import glance
from prm.reminders.facts import Batch, Known
from prm.reminders.glance import Partners
from prm.reminders.models import Reminder
from prm.reminders.people import colleagues
from prm.reminders.unwritten import unwritten
from prm.rules.facts import Side, State
from prm.rules.succession import works_for

#: So many partners are weighed whole; of more, the first of each kind.
REACH = 400
#: So many rows a section shows, and so many where it was asked for by itself.
SHOWN, ALL_SHOWN = 50, 500
AHEAD, LATELY = timedelta(7), timedelta(120)
GROUPS = (*SECTIONS, "failed")


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one kind, the first `SHOWN` of them; `more` is how many are left out."""

    key: str
    rows: list[Row]
    more: int = 0

    @property
    def number(self) -> int:
        return len(self.rows) + self.more


@dataclass(frozen=True, slots=True)
class Day:
    """Everything on the page. `whole` is false where only the first of each kind were weighed."""

    today: date
    everyone: bool
    whole: bool
    said: list[Said]
    said_more: int
    groups: dict[str, Group]
    done: list[Said]
    next_day: date | None
    slugs: dict[int, str]
    people: dict[int, Contact]

    @property
    def needs_you(self) -> int:
        """How many things need the reader: what partners said, what is late, what is due today."""
        return len(self.said) + self.said_more + self.groups["late"].number + self.groups["today"].number


def _scope(user: User, kept_by: frozenset[int], day: date, *, everyone: bool, path: str) -> list[Q | Exists]:
    """The conditions for what a reader looks at: visible, and unless it is everyone's, kept by one of these people.

    `path` leads from the filtered table to the organization.
    """
    key = path.removesuffix("__") or "pk"
    kept = Assignment.objects.filter(holding_on(day), organization=OuterRef(key), user__in=kept_by)
    return [visible_organizations(user, path), *([] if everyone else [Exists(kept)])]


def day_of(
    user: User, *, everyone: bool | None, now: datetime, show: str = "", of: Program | None = None
) -> Day:
    """Return a reader's day: of the partners that they keep, or of everyone's that they may see.

    Theirs are also those of colleagues who are away and left it to them. `everyone` None: everyone's for whoever keeps
    none. `show` names a group that is shown at length; `of` is the program where it has been read.
    """
    program = of or accounts.program()
    today = accounts.local_today(now, program)
    morning = datetime.combine(today, time.min, ZoneInfo(program.zone))
    users = _everyone(user, today)
    kept_by = works_for(colleagues(users), user.pk, today)
    if everyone is None:
        everyone = not any(users[pk].keeps for pk in kept_by if pk in users)  # type: ignore[attr-defined]
    scope = partial(_scope, user, kept_by, today, everyone=everyone)
    theirs = scope(path="organization__")
    partners = Partners(
        Organization.objects.filter(*scope(path="")).order_by("name", "pk")[: REACH + 1], today
    )
    whole = len(partners.rows) <= REACH
    if not whole:
        partners = Partners(_first_of_each(theirs, today, morning), today)
    batch = glance.look(partners, Known(program, users))
    groups, next_day = _groups(batch, user, morning, show)
    waiting, done, number = _told(batch, theirs, morning)
    return Day(
        today=today,
        everyone=everyone,
        whole=whole,
        said=waiting,
        said_more=number - len(waiting),
        groups=groups,
        done=done,
        next_day=None if waiting or groups["late"].rows or groups["today"].rows else next_day,
        slugs={pk: organization.slug for pk, organization in batch.organizations.items()},
        people=batch.contacts,
    )


def _everyone(reader: User, today: date) -> dict[int, User]:
    """Everyone on our side who has access, by id, each with whether they keep a partner whom the reader may see."""
    kept = Assignment.objects.filter(
        holding_on(today), visible_organizations(reader, "organization__"), user=OuterRef("pk")
    )
    return {one.pk: one for one in User.objects.filter(is_active=True).annotate(keeps=Exists(kept))}


def _told(
    batch: Batch, theirs: Sequence[Q | Exists], morning: datetime
) -> tuple[list[Said], list[Said], int]:
    """What waits for our side, what it settled since this morning, and how much waits in all; in one query."""
    found = list(said.of_day(theirs, morning, SHOWN))
    waiting = sorted((one for one in found if not one.outcome), key=lambda one: (one.said_at, one.pk))
    done = sorted(
        (one for one in found if one.settled_at and one.outcome),
        key=lambda one: (one.settled_at, one.pk),
        reverse=True,
    )
    about = said.Matters(batch.agreements, batch.circles, batch.pauses, batch.contacts)
    told = partial(said.told_of, about=about, of=batch.program)
    number: int = found[0].waiting if found else 0  # type: ignore[attr-defined]
    return told(waiting[:SHOWN]), told(done[:SHOWN]), number


def _groups(batch: Batch, user: User, morning: datetime, show: str) -> tuple[dict[str, Group], date | None]:
    """The rows of each kind, and the day on which the next reminder to our side comes up."""
    ids, off = list(batch.organizations), snoozed(batch)
    ledger = list(_ledger(batch, off, morning))
    due, soon = _due_and_soon(batch, ledger, morning)
    seat = seat_of(batch, user.pk)
    found = sections(batch, ids, due=due, soon=soon, seat=seat, off=off.told_by(_been_due(batch, ledger)))
    found["failed"] = [*halted.rows_of(batch, ids), *lasting.failed(batch, ids, lines=ALL_SHOWN)]
    groups = {key: _group(key, found[key], ALL_SHOWN if show == key else SHOWN) for key in GROUPS}
    return groups, min((one.day for one in ledger if one.day and _is_ahead(batch, one)), default=None)


def _group(key: str, found: list[Row], most: int) -> Group:
    return Group(key, found[:most], max(0, len(found) - most))


def _ledger(batch: Batch, off: PutOff, morning: datetime) -> QuerySet[Reminder]:
    """Reminders to our side that are near, due, told today, or say what was put off; and the next one of all."""
    ours = of_ours().filter(organization__in=batch.organizations)
    planned, handed = Q(state=State.PLANNED.value), Q(state=State.HANDED_OVER.value)
    ahead = ours.filter(planned, day__gt=batch.today).order_by("day", "pk").values("pk")[:1]
    wanted = (
        (planned & Q(day__lte=batch.today + AHEAD)) | (handed & Q(handed_at__gte=morning)) | Q(pk__in=ahead)
    )
    return ours.filter(wanted | off.asked(batch.today)).order_by("day", "pk")


def _is_ahead(batch: Batch, one: Reminder) -> bool:
    return one.state == State.PLANNED.value and one.day is not None and one.day > batch.today


def _been_due(batch: Batch, ledger: Iterable[Reminder]) -> list[Reminder]:
    return [one for one in ledger if not _is_ahead(batch, one)]


def _told_since(one: Reminder, morning: datetime) -> bool:
    return one.handed_at is not None and one.handed_at >= morning


def _due_and_soon(
    batch: Batch, ledger: list[Reminder], morning: datetime
) -> tuple[list[Reminder], list[Reminder]]:
    """What is due today, handed over with this morning's digest or not yet and still to be done; and what is near."""
    known = _been_due(batch, ledger)
    due = [one for one in known if one.state == State.PLANNED.value or _told_since(one, morning)]
    soon = [one for one in ledger if _is_ahead(batch, one) and one.day and one.day <= batch.today + AHEAD]
    return [one for one in due if still_open(batch, one)], soon


# --- more partners than a page can weigh ------------------------------------------------------------------------


def _first_of_each(theirs: Sequence[Q | Exists], today: date, morning: datetime) -> QuerySet[Organization]:
    """Return partners of whom something may be to show: the first of each kind, as parts of one query.

    Each walks along an index and stops when it has enough; a sorted list of everyone would take minutes.
    """
    first, *others = (
        Organization.objects.filter(pk__in=candidates.filter(*theirs).values("organization")[: SHOWN + 1])
        .order_by()
        .values("pk")
        for candidates in _kinds(today, morning)
    )
    return Organization.objects.filter(pk__in=first.union(*others))


def _kinds(today: date, morning: datetime) -> Iterable[QuerySet[Any]]:
    parties = Party.objects.filter(organization__isnull=False)
    in_force = parties.filter(agreement__status=AgreementStatus.IN_FORCE)
    ours = Reminder.objects.filter(side=Side.OURS.value, offset__isnull=False)
    planned = ours.filter(state=State.PLANNED.value)
    gone = ours.filter(state=State.HANDED_OVER.value, rule__in=("training", "review"), reference_on__lt=today)
    pauses = Pause.objects.filter(withdrawn_on__isnull=True, answered_on__isnull=True, ends_on__lt=today)
    waiting = parties.filter(signature=Signature.WAITING, agreement__status=AgreementStatus.AWAITING)
    yield in_force.filter(agreement__expires_on__lt=today).order_by("agreement__expires_on")
    yield in_force.filter(expires_on__lt=today).order_by()  # joined later, with an end of their own
    yield pauses.order_by("-ends_on")
    yield Promise.objects.filter(kept_on__isnull=True, dropped_on__isnull=True, due_on__lt=today).order_by(
        "due_on"
    )
    yield Contact.objects.filter(undeliverable_on__isnull=False).order_by()
    yield Contact.objects.filter(left_on__lt=today).order_by()
    yield planned.filter(day__lte=today).order_by("day")
    yield ours.filter(state=State.HANDED_OVER.value, day__gte=today - AHEAD, handed_at__gte=morning).order_by(
        "-day"
    )
    yield planned.filter(day__gt=today).order_by("day")
    yield gone.filter(day__gte=today - LATELY).order_by("-day")
    yield waiting.order_by()
    yield said.open_statements()
    yield said.settled_since(morning)
    yield unwritten().order_by()
    yield lost(Message.objects.filter(organization__isnull=False)).order_by()
