"""Rows that were put off: which rest today, which have come back, and which rest without a row of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Q

from prm.accounts.queries import local_today
from prm.desk.models import Snooze
from prm.desk.rows import Key, Off, Row, of_reminder
from prm.desk.still import of_ours, still_open
from prm.reminders.facts import Batch
from prm.reminders.models import Reminder
from prm.rules import putting_off
from prm.rules.facts import State


@dataclass(frozen=True, slots=True)
class PutOff:
    """What was put off about the partners of a batch: `resting` until a day ahead, `back` since lately."""

    resting: dict[Key, Off]
    back: frozenset[Key]
    reminders: dict[Key, Reminder] = field(default_factory=dict)

    @property
    def keys(self) -> frozenset[Key]:
        return self.back | self.resting.keys()

    def asked(self, today: date) -> Q:
        """The condition of the reminders that say what these rows say: those that have been due."""
        return Q(
            Q(state=State.HANDED_OVER.value) | Q(state=State.PLANNED.value, day__lte=today),
            organization__in={key.organization for key in self.keys},
            record__in={key.record for key in self.keys},
            reference_on__in={key.reference_on for key in self.keys},
        )

    def told_by(self, reminders: Iterable[Reminder]) -> PutOff:
        """Return the same with the latest of these reminders of each row."""
        ordered = sorted(reminders, key=lambda one: (one.nominal_on, one.pk))
        return replace(
            self, reminders={of: one for one in ordered if (of := key_of_reminder(one)) in self.keys}
        )

    def returned(self, batch: Batch) -> Iterator[Row]:
        """Yield the rows that came back and whose reminder has been told long ago, as long as they are to be done."""
        return self._rows(batch, self.back)

    def unseen(self, batch: Batch, seen: Iterable[Key]) -> Iterator[Row]:
        """Yield the resting rows that nothing else brings today, as long as they are to be done."""
        return self._rows(batch, self.resting.keys() - set(seen))

    def _rows(self, batch: Batch, keys: Iterable[Key]) -> Iterator[Row]:
        known = sorted((self.reminders[key] for key in keys if key in self.reminders), key=lambda r: r.pk)
        return (of_reminder(batch, one) for one in known if still_open(batch, one))


def put_off(batch: Batch) -> PutOff:
    """Return what was put off about these partners, in one query, two where anything was."""
    found = snoozed(batch)
    return found.told_by(of_ours().filter(found.asked(batch.today))) if found.keys else found


def snoozed(batch: Batch) -> PutOff:
    """Return what was put off about these partners, in one query: the reminders of these rows are still to be read."""
    since = batch.today - putting_off.LINGERS
    found = Snooze.objects.filter(organization__in=batch.organizations, until__gt=since)
    latest = {key_of(one): one for one in found.select_related("by").order_by("pk")}
    resting = {key: _off(one) for key, one in latest.items() if _rests(one, batch)}
    back = frozenset(key for key, one in latest.items() if key not in resting and _is_back(one, batch))
    return PutOff(resting, back)


def key_of(snooze: Snooze) -> Key:
    """Return which row a snooze is about."""
    return Key(snooze.organization_id, snooze.rule, snooze.record, snooze.reference_on)


def _off(snooze: Snooze) -> Off:
    return Off(snooze.pk, snooze.until, snooze.reason, snooze.by.name if snooze.by else "")


def _rests(snooze: Snooze, batch: Batch) -> bool:
    return snooze.ended_at is None and snooze.until > batch.today


def _is_back(snooze: Snooze, batch: Batch) -> bool:
    ended_on = local_today(snooze.ended_at, batch.program) if snooze.ended_at else None
    return putting_off.is_back(snooze.until, ended_on, batch.today)


def key_of_reminder(reminder: Reminder) -> Key:
    """Return which row a reminder makes."""
    rule = "nobody" if reminder.nobody else reminder.rule
    return Key(reminder.organization_id, rule, reminder.record, reminder.reference_on)
