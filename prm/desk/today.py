"""Today: what needs our side now, what is near, what waits, and what was settled since this morning.

The rows are those of the digest, read in a fixed number of queries: of a reader's own partners all of them; where
there are more than a page can weigh, of each kind the first, and the page says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from prm.accounts import queries as accounts
from prm.accounts.access import visible_organizations
from prm.accounts.models import User
from prm.agreements.models import AgreementStatus, Party, Signature
from prm.capacity.models import Pause
from prm.desk import lasting, rows, said
from prm.desk.rows import Row
from prm.desk.said import Said
from prm.outbox.models import Message
from prm.partners.models import Assignment, Contact, Organization, Promise
from prm.partners.queries import holding_on
from prm.reminders import facts
from prm.reminders.facts import Batch
from prm.reminders.models import Reminder
from prm.rules.facts import Side, State

#: So many partners are weighed whole; of more, the first of each kind.
REACH = 400
#: So many rows a section shows, and so many where it was asked for by itself.
SHOWN, ALL_SHOWN = 50, 500
AHEAD, LATELY = timedelta(7), timedelta(120)
GROUPS = ("late", "today", "week", "waiting", "failed")


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

    @property
    def needs_you(self) -> int:
        """How many things need the reader: what partners said, what is late, what is due today."""
        return len(self.said) + self.said_more + self.groups["late"].number + self.groups["today"].number


def _scope(user: User, day: date, *, everyone: bool, path: str) -> list[Q | Exists]:
    """The conditions for what a reader looks at: visible, and unless it is everyone's, owned or stood in for.

    `path` leads from the filtered table to the organization.
    """
    key = path.removesuffix("__") or "pk"
    kept = Assignment.objects.filter(holding_on(day), organization=OuterRef(key), user=user.pk)
    return [visible_organizations(user, path), *([] if everyone else [Exists(kept)])]


def keeps_any(user: User, day: date) -> bool:
    """Whether a user keeps any partnership at all."""
    return Assignment.objects.filter(holding_on(day), user=user.pk).exists()


def day_of(user: User, *, everyone: bool, now: datetime, show: str = "") -> Day:
    """Return a reader's day: of the partners that they keep, or of everyone's that they may see.

    `show` names a group that is shown at length.
    """
    program = accounts.program()
    today = accounts.local_today(now, program)
    morning = datetime.combine(today, time.min, ZoneInfo(program.zone))
    mine = _scope(user, today, everyone=everyone, path="")
    ids = list(Organization.objects.filter(*mine).order_by().values_list("pk", flat=True)[: REACH + 1])
    whole, theirs = len(ids) <= REACH, _scope(user, today, everyone=everyone, path="organization__")
    if not whole:
        ids = sorted(_first_of_each(theirs, today, morning))
    batch = facts.load(Organization.objects.filter(pk__in=ids).order_by("name", "pk"), today=today)
    open_, done = said.open_statements().filter(*theirs), said.settled_since(morning).filter(*theirs)
    told, number = said.told(open_[:SHOWN]), open_.count()
    return Day(
        today=today,
        everyone=everyone,
        whole=whole,
        said=told,
        said_more=number - len(told),
        groups=_groups(batch, morning, show),
        done=said.told(done[:SHOWN]),
        next_day=_next_day([Q(organization__in=ids)] if whole else theirs, today),
        slugs={pk: organization.slug for pk, organization in batch.organizations.items()},
    )


def _groups(batch: Batch, morning: datetime, show: str) -> dict[str, Group]:
    ids = list(batch.organizations)
    ours = Reminder.objects.filter(organization__in=ids, side=Side.OURS.value, offset__isnull=False)
    today = [rows.of_reminder(batch, one) for one in _due(batch, ours, morning)]
    late = sorted(rows.without(list(rows.overdue(batch, ids)), today), key=lambda row: (row.day, row.subject))
    soon = ours.filter(state=State.PLANNED.value, day__gt=batch.today, day__lte=batch.today + AHEAD)
    ahead = [rows.of_reminder(batch, one, ahead=True) for one in soon.order_by("day", "pk")]
    found = {
        "late": late,
        "today": today,
        "week": rows.without(ahead, [*late, *today]),
        "waiting": rows.without(lasting.waiting(batch, ids), [*late, *today]),
        "failed": lasting.failed(batch, ids, lines=ALL_SHOWN),
    }
    return {key: _group(key, found[key], ALL_SHOWN if show == key else SHOWN) for key in GROUPS}


def _group(key: str, found: list[Row], most: int) -> Group:
    return Group(key, found[:most], max(0, len(found) - most))


def _due(batch: Batch, ours: QuerySet[Reminder], morning: datetime) -> Iterator[Reminder]:
    """What is due today, handed over with this morning's digest or not yet, while it still has something to say."""
    planned = Q(state=State.PLANNED.value, day__lte=batch.today)
    handed = Q(state=State.HANDED_OVER.value, handed_at__gte=morning)
    return (one for one in ours.filter(planned | handed).order_by("day", "pk") if _still_open(batch, one))


def _still_open(batch: Batch, reminder: Reminder) -> bool:
    """Whether nobody has done yet what a reminder of this morning asks for."""
    known = batch.facts[reminder.organization_id]
    kind, _colon, number = reminder.record.partition(":")
    day = reminder.day or reminder.reference_on
    if kind == "agreement":
        return any(
            one.id == int(number)
            and (reminder.rule != "expiry" or one.ends_on == reminder.reference_on)
            and not any(reviewed >= reminder.nominal_on for reviewed in one.reviews)
            for one in known.agreements
        )
    if kind == "promise":
        return rows.still_promised(batch, reminder)
    if kind == "pause":
        return any(one.id == int(number) and one.answered_on is None for one in known.pauses)
    if reminder.rule == "training":
        return not any(one.on >= reminder.nominal_on for one in known.attended)
    return reminder.rule != "touch" or not any(talk.on >= day for talk in known.talks)


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
