"""Today: what needs our side now, what is near, what waits, and what was settled since this morning.

The rows are those of the digest, read in a fixed number of queries: of a reader's own partners all of them; where
there are more than a page can weigh, of each kind the first, and the page says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from prm.accounts import queries as accounts
from prm.accounts.access import visible_organizations
from prm.accounts.models import Program, User
from prm.agreements.models import AgreementStatus, Party, Signature
from prm.capacity.models import Pause
from prm.desk import lasting, said
from prm.desk.rows import Row
from prm.desk.said import Said
from prm.desk.sections import SECTIONS, seat_of, sections
from prm.desk.still import still_open
from prm.outbox.models import Message
from prm.partners.models import Assignment, Contact, Organization, Promise
from prm.partners.queries import holding_on
from prm.reminders import facts
from prm.reminders.facts import Batch
from prm.reminders.models import Reminder
from prm.reminders.people import colleagues
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
    today, known = accounts.local_today(now, program), facts.Known(program, facts.everyone())
    morning = datetime.combine(today, time.min, ZoneInfo(program.zone))
    kept_by = works_for(colleagues(known.users), user.pk, today)
    scope = partial(_scope, user, kept_by, today)
    found = _first(scope(everyone=bool(everyone), path=""))
    if everyone is None and not found:
        everyone, found = True, _first(scope(everyone=True, path=""))
    everyone = bool(everyone)
    whole, theirs = len(found) <= REACH, scope(everyone=everyone, path="organization__")
    if not whole:
        ids = sorted(_first_of_each(theirs, today, morning))
        found = list(Organization.objects.filter(pk__in=ids).order_by("name", "pk"))
    batch = facts.load(found, today=today, known=known, planning=False)
    groups = _groups(batch, user, morning, show)
    open_, done = said.open_statements().filter(*theirs), said.settled_since(morning).filter(*theirs)
    waiting, settled = said.told_all(open_[: SHOWN + 1], done[:SHOWN], of=program)
    number = open_.count() if len(waiting) > SHOWN else len(waiting)
    calm = not (waiting or groups["late"].rows or groups["today"].rows)
    ahead = [Q(organization__in=batch.organizations)] if whole else theirs
    return Day(
        today=today,
        everyone=everyone,
        whole=whole,
        said=waiting[:SHOWN],
        said_more=number - len(waiting[:SHOWN]),
        groups=groups,
        done=settled,
        next_day=_next_day(ahead, today) if calm else None,
        slugs={pk: organization.slug for pk, organization in batch.organizations.items()},
        people=batch.contacts,
    )


def _first(mine: Sequence[Q | Exists]) -> list[Organization]:
    """As many partners as a page can weigh, and one more."""
    return list(Organization.objects.filter(*mine).order_by("name", "pk")[: REACH + 1])


def _groups(batch: Batch, user: User, morning: datetime, show: str) -> dict[str, Group]:
    ids = list(batch.organizations)
    due, soon = _due_and_soon(batch, morning)
    found = sections(batch, ids, due=due, soon=soon, seat=seat_of(batch, user.pk))
    found["failed"] = lasting.failed(batch, ids, lines=ALL_SHOWN)
    return {key: _group(key, found[key], ALL_SHOWN if show == key else SHOWN) for key in GROUPS}


def _group(key: str, found: list[Row], most: int) -> Group:
    return Group(key, found[:most], max(0, len(found) - most))


def _due_and_soon(batch: Batch, morning: datetime) -> tuple[list[Reminder], list[Reminder]]:
    """What is due today, handed over with this morning's digest or not yet and still to be done; and what is near."""
    ours = Reminder.objects.filter(side=Side.OURS.value, offset__isnull=False)
    planned = Q(state=State.PLANNED.value, day__lte=batch.today + AHEAD)
    handed = Q(state=State.HANDED_OVER.value, handed_at__gte=morning)
    found = ours.filter(planned | handed, organization__in=batch.organizations).order_by("day", "pk")
    due, soon = [], []
    for one in found:
        ahead = one.state == State.PLANNED.value and one.day is not None and one.day > batch.today
        if ahead:
            soon.append(one)
        elif still_open(batch, one):
            due.append(one)
    return due, soon


def _next_day(theirs: Sequence[Q | Exists], today: date) -> date | None:
    """The day on which the next reminder to our side comes up."""
    ours = Reminder.objects.filter(side=Side.OURS.value, state=State.PLANNED.value, offset__isnull=False)
    ahead = ours.filter(*theirs, day__gt=today)
    return ahead.order_by("day").values_list("day", flat=True).first()


# --- more partners than a page can weigh ------------------------------------------------------------------------


def _first_of_each(theirs: Sequence[Q | Exists], today: date, morning: datetime) -> set[int]:
    """Return partners of whom something may be to show: the first of each kind, in one query a kind.

    Each walks along an index and stops when it has enough; a sorted list of everyone would take minutes.
    """
    found: set[int] = set()
    for candidates in _kinds(today, morning):
        found.update(candidates.filter(*theirs).values_list("organization", flat=True)[:SHOWN])
    return found


def _kinds(
    today: date, morning: datetime
) -> Iterable[QuerySet[Party | Pause | Contact | Message | Promise | Reminder]]:
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
    yield planned.filter(day__gt=today, day__lte=today + AHEAD).order_by("day")
    yield gone.filter(day__gte=today - LATELY).order_by("-day")
    yield waiting.order_by()
    yield Message.objects.filter(organization__isnull=False, state__in=("failed", "bounced")).order_by()
