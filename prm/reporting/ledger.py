"""The ledger: everything that was sent, held, skipped, withdrawn or failed between two days, latest first.

A mail stands in it by itself, a reminder where no mail tells what became of it. Each of the three sources is read in
the order of an index and only as far as a page reaches; they are put together here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import merge
from itertools import islice
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from prm.outbox.models import Message
from prm.partners.models import Organization
from prm.reminders.models import Handover, Reminder
from prm.rules import delivery
from prm.rules.facts import State

ONE_DAY = timedelta(1)
LEFT = (delivery.SENT, delivery.DELIVERED, delivery.BOUNCED)
STAYED = (delivery.WAITING, delivery.SENDING, delivery.HELD, delivery.FAILED, delivery.CANCELLED)
SETTLED = (State.SKIPPED.value, State.WITHDRAWN.value, State.HELD.value)
#: What a reader asks for: the states of mails and of reminders that it means.
STATES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "sent": ((delivery.SENT, delivery.DELIVERED), ()),
    "waiting": ((delivery.WAITING, delivery.SENDING), ()),
    "held": ((delivery.HELD,), (State.HELD.value,)),
    "back": ((delivery.FAILED, delivery.BOUNCED), ()),
    "skipped": ((), (State.SKIPPED.value,)),
    "stopped": ((delivery.CANCELLED,), (State.WITHDRAWN.value,)),
}
EVERY = ((*LEFT, *STAYED), SETTLED)
#: Mails that carry no reminder, by their own kind.
OWN_KINDS = ("letter", "digest", "link")
PORTION = 500

#: The mail by which somebody sent this one again.
_NEXT = Message.objects.filter(again_of=OuterRef("pk")).exclude(state=delivery.CANCELLED).order_by("-pk")

#: (moment, source, number): what a line is, before it is read as a whole.
Place = tuple[datetime, str, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose mails and partners a reader may see, between which days of their zone, and what they narrowed it to."""

    messages: QuerySet[Message]
    organizations: QuerySet[Organization]
    first: date
    last: date
    zone: ZoneInfo
    state: str = ""
    kind: str = ""
    contact: int | None = None


class Ledger:
    """The lines that were asked for, as a page wants them: how many there are, and some of them."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        mails, reminders = STATES.get(asked.state, EVERY)
        start = datetime.combine(asked.first, time.min, asked.zone)
        end = datetime.combine(asked.last + ONE_DAY, time.min, asked.zone)
        gone = asked.messages.filter(state__in=set(mails) & set(LEFT), sent_at__gte=start, sent_at__lt=end)
        here = asked.messages.filter(state__in=set(mails) & set(STAYED), due_at__gte=start, due_at__lt=end)
        self.gone, self.here = _narrowed(gone, asked), _narrowed(here, asked)
        self.reminders = _settled(asked, reminders)

    def count(self) -> int:
        return self.gone.count() + self.here.count() + self.reminders.count()

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[Message | Reminder]:
        """Return the lines of one page, in three queries for their places and two for themselves."""
        return self._read(islice(self._places(part.stop), part.start, part.stop))

    def __iter__(self) -> Iterator[Message | Reminder]:
        """Go through all lines, in portions."""
        places = self._places(None)
        while some := self._read(islice(places, PORTION)):
            yield from some

    def _read(self, places: Iterable[Place]) -> list[Message | Reminder]:
        """Return the rows of these places; a mail that was sent again knows by which one (`next_id`)."""
        asked: dict[str, list[int]] = {"message": [], "reminder": []}
        order = [(source, pk) for _moment, source, pk in places]
        for source, pk in order:
            asked[source].append(pk)
        known = self.asked.messages.annotate(next_id=Subquery(_NEXT.values("pk")[:1]))
        mails = known.defer("text", "html", "calendar_body").in_bulk(asked["message"])
        rows = Reminder.objects.select_related("organization", "person").in_bulk(asked["reminder"])
        return [mails[pk] if source == "message" else rows[pk] for source, pk in order]

    def _places(self, most: int | None) -> Iterator[Place]:
        gone = self.gone.order_by("-sent_at", "-pk").values_list("sent_at", "pk")[:most]
        here = self.here.order_by("-due_at", "-pk").values_list("due_at", "pk")[:most]
        sources = (_of_mails(gone), _of_mails(here), self._reminders(most))
        return merge(*sources, reverse=True)

    def _reminders(self, most: int | None) -> Iterator[Place]:
        zone = self.asked.zone
        on = Coalesce("day", "nominal_on")
        found = self.reminders.order_by(on.desc(), "-pk").values_list(on, "pk")[:most]
        return ((datetime.combine(on, time.min, zone), "reminder", pk) for on, pk in found)


def _of_mails(found: Iterable[tuple[datetime | None, int]]) -> Iterator[Place]:
    return ((moment, "message", pk) for moment, pk in found if moment is not None)


def _narrowed(rows: QuerySet[Message], asked: Asked) -> QuerySet[Message]:
    """Narrow mails to a kind of reminder (or of mail) and to a person."""
    rows = rows.order_by()
    if asked.contact is not None:
        rows = rows.filter(contact=asked.contact)
    if asked.kind in OWN_KINDS:
        return rows.filter(kind=asked.kind)
    if asked.kind:
        carried = Handover.objects.filter(message=OuterRef("pk"), reminder__rule=asked.kind)
        later = Message.objects.filter(Exists(carried)).order_by()
        # the last try has the reminders; two tries before it are found too
        second, third = (later.filter(**{way: OuterRef("pk")}) for way in ("again_of", "again_of__again_of"))
        return rows.filter(Exists(carried) | Exists(second) | Exists(third))
    return rows


def _settled(asked: Asked, states: tuple[str, ...]) -> QuerySet[Reminder]:
    """Return the reminders of which nothing was sent, under their own day; held ones under the day they had."""
    days = (asked.first, asked.last)
    on = Q(day__range=days) | Q(day__isnull=True, nominal_on__range=days)
    rows = Reminder.objects.filter(on, state__in=states, organization__in=asked.organizations.order_by())
    if asked.kind:
        rows = rows.filter(rule=asked.kind)
    if asked.contact is not None:
        rows = rows.filter(person=asked.contact)
    return rows.order_by()
