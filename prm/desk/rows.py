"""The rows of the day: what is late, due, near, waiting and failed, each with its next action."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from prm.desk.calling import CALL, called, whom
from prm.partners.models import Promise, PromiseSide, RoleKind
from prm.reminders.facts import Batch
from prm.reminders.models import Reminder
from prm.rules import cadence, pausing, renewal
from prm.rules.dates import ONE_DAY
from prm.rules.facts import People

#: Roles that mail goes to: where nobody holds one, somebody else is asked and the owner has to find a contact.
MAILED_ROLES = (RoleKind.PRIMARY, RoleKind.NOTICE, RoleKind.SIGNATORY, RoleKind.TRAINING, RoleKind.INTAKE)


class Key(NamedTuple):
    """Which row it is, today and tomorrow: with another reference day it is another row."""

    organization: int
    rule: str
    record: str
    reference_on: date


@dataclass(frozen=True, slots=True)
class Off:
    """Until when a row was put off, why, and by whom; `pk` is that of the snooze."""

    pk: int
    until: date
    why: str
    by: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the desk: whom it is about, what, when (in words), and what to do next.

    `organization`, `record` ("agreement:17") and `rule` say to a page where the next action is done. `person` is the
    contact to talk with (0: nobody known), `audience` whom of our side its reminder asks.
    """

    subject: str
    matter: str
    when: str
    next_action: str
    day: date
    organization: int = 0
    record: str = ""
    rule: str = ""
    reference_on: date | None = None
    person: int = 0
    audience: tuple[str, ...] = ()
    off: Off | None = None

    @property
    def key(self) -> Key:
        return Key(self.organization, self.rule, self.record, self.reference_on or self.day)


def of_reminder(batch: Batch, reminder: Reminder, *, ahead: bool = False) -> Row:
    """Return the row that a reminder to our side makes; one that lies ahead says when it comes up."""
    rule = "nobody" if reminder.nobody else reminder.rule
    person = whom(batch, reminder.organization_id, rule, reminder.record)
    matter, action = _words(batch, reminder)
    day = reminder.day if ahead and reminder.day else reminder.reference_on
    return Row(
        subject=batch.organizations[reminder.organization_id].name,
        matter=matter,
        when=relative(day, batch.today),
        next_action=called(action, person),
        day=reminder.day or reminder.reference_on,
        organization=reminder.organization_id,
        record=reminder.record,
        rule=rule,
        reference_on=reminder.reference_on,
        person=person.pk if person else 0,
        audience=tuple(reminder.audience),
    )


#: Rule and whether the reference date is over -> what is the matter, and what to do next.
_WORDS = {
    ("expiry", False): (lazy("Agreement ends"), lazy("Ask about the renewal")),
    ("expiry", True): (lazy("Agreement has ended, still working together"), lazy("Renew or end it")),
    ("review", False): (lazy("Review of the agreement is due"), lazy("Look it through")),
    ("stuck", True): (lazy("Still waiting for a signature"), CALL),
    ("training", False): (lazy("Training is due"), lazy("Plan a session")),
    ("training", True): (lazy("Nobody came to a training yet"), lazy("Offer a date")),
    ("talk", False): (lazy("Time to talk again"), CALL),
    ("talk", True): (lazy("Nobody has talked again yet"), lazy("Please step in")),
    ("change", False): (lazy("The pause goes on in another way"), lazy("See what holds now")),
    ("consent", False): (lazy("Consent to be listed ends"), lazy("Ask whether it goes on")),
    ("touch", True): (lazy("Nobody talked to them for a while"), CALL),
}


def without(found: list[Row], others: Iterable[Row]) -> list[Row]:
    """Return the rows that say nothing which others say already."""
    said = {(row.subject, row.matter) for row in others}
    return [row for row in found if (row.subject, row.matter) not in said]


def _words(batch: Batch, reminder: Reminder) -> tuple[str, str]:
    if reminder.nobody:
        return _("No contact known: our mail to them could not go"), _("Find a contact")
    if reminder.rule == "promise":
        return promise_words(batch.promises[int(reminder.record.partition(":")[2])])
    matter, action = _WORDS[reminder.rule, (reminder.offset or 0) > 0]
    return str(matter), str(action)


def still_promised(batch: Batch, reminder: Reminder) -> bool:
    """Whether a promise is still open and due on that day; of anything else this says yes."""
    if reminder.rule != "promise":
        return True
    promise = batch.promises.get(int(reminder.record.partition(":")[2]))
    return promise is not None and promise.due_on == reminder.reference_on


def promise_words(promise: Promise) -> tuple[str, str]:
    """Return what is the matter with a promise that is due or late, and what to do; a private one keeps its words."""
    ours = promise.side == PromiseSide.OURS
    action = _("Keep it or move it") if ours else _("Ask them about it")
    if promise.private:
        return _("Our promise is due") if ours else _("Their promise is due"), action
    matter = _("Our promise is due: %(what)s") if ours else _("Their promise is due: %(what)s")
    return matter % {"what": promise.what}, action


def overdue(batch: Batch, organizations: Iterable[int]) -> Iterator[Row]:
    """Yield what stays late until somebody decides: promises, agreements, reviews, trainings, pauses to confirm."""
    for pk in organizations:
        yield from _late_promises(batch, pk)
        yield from _late_agreements(batch, pk)
        yield from _late_training(batch, pk)
        yield from _unconfirmed(batch, pk)
        yield from _unreachable(batch, pk)
        yield from vacancies(batch, pk)


def _late(batch: Batch, record: str, rule: str, organization: int, day: date, words: tuple[str, str]) -> Row:
    matter, action = words
    name, when = batch.organizations[organization].name, relative(day, batch.today)
    person = whom(batch, organization, rule, record)
    number = person.pk if person else 0
    return Row(name, matter, when, called(action, person), day, organization, record, rule, person=number)


def _late_promises(batch: Batch, organization: int) -> Iterator[Row]:
    for known in batch.facts[organization].promises:
        if known.due_on < batch.today:
            words = promise_words(batch.promises[known.id])
            yield _late(batch, f"promise:{known.id}", "promise", organization, known.due_on, words)


def _late_agreements(batch: Batch, organization: int) -> Iterator[Row]:
    for agreement in batch.facts[organization].agreements:
        settled = agreement.notice_on is not None  # it ends by itself
        if agreement.waiting_since is not None or settled or not agreement.in_force:
            continue
        record = f"agreement:{agreement.id}"
        if agreement.ends_on is not None:
            if agreement.ends_on < batch.today:
                words = _("Agreement has ended, still working together"), _("Renew or end it")
                yield _late(batch, record, "expiry", organization, agreement.ends_on, words)
        elif (day := renewal.review_date(agreement)[0]) < batch.today:
            words = _("Review of the agreement is due"), _("Look it through")
            yield _late(batch, record, "review", organization, day, words)


def _late_training(batch: Batch, organization: int) -> Iterator[Row]:
    """The earliest date that nobody came to, while the organization is an active partner."""
    known = batch.facts[organization]
    if not known.is_active(batch.today):
        return
    beat = cadence.rhythm(known)
    late = [day for day in cadence.due_dates(known, batch.today) if day < batch.today] if beat else []
    for day in late[:1]:
        if beat and cadence.cover(known, day, beat.months).covered_on is None:
            words = _("Training is due"), _("Plan a session")
            yield _late(batch, f"organization:{organization}", "training", organization, day, words)


def _unconfirmed(batch: Batch, organization: int) -> Iterator[Row]:
    pauses = batch.facts[organization].pauses
    if pausing.openness(pauses, batch.today) is not pausing.Openness.TO_BE_CONFIRMED:
        return
    ended = [
        (p.ends_on, p.id)
        for p in pauses
        if p.ends_on is not None and p.ends_on < batch.today and p.answered_on is None
    ]
    day, pause = max(ended)
    words = _("Pause is over, nobody said whether they are back"), str(CALL)
    yield _late(batch, f"pause:{pause}", "talk", organization, day, words)


def _unreachable(batch: Batch, organization: int) -> Iterator[Row]:
    """People who hold a role but whom mail does not reach: somebody else is asked in their place meanwhile."""
    people, today = batch.facts[organization].people, batch.today
    held = {
        h.contact: h.since
        for h in sorted(people.holdings, key=lambda h: h.since)
        if h.since <= today and (h.until is None or today <= h.until)
    }
    for contact in people.contacts:
        if contact.id in held and (contact.undeliverable or contact.unsubscribed):
            matter = _("Mail does not reach %(name)s; we ask somebody else") % {"name": contact.name}
            name, action = batch.organizations[organization].name, _("Find the right address")
            record, since = f"contact:{contact.id}", held[contact.id]  # its day must not change over night
            yield Row(name, matter, _("Not reached"), action, today, organization, record, "unreached", since)


def vacancies(batch: Batch, organization: int) -> Iterator[Row]:
    """Whoever left an active partner without a successor, and the roles in which nobody follows them."""
    known = batch.facts[organization]
    if not known.is_active(batch.today):
        return
    names = {contact.id: contact.name for contact in known.people.contacts}
    for (contact, last_day), kinds in _left_open(known.people, batch.today).items():
        roles = ", ".join(str(RoleKind(kind).label).lower() for kind in kinds)
        matter = _("Nobody follows %(name)s: %(roles)s") % {"name": names[contact], "roles": roles}
        when = _("since %(day)s") % {"day": _near(last_day + ONE_DAY)}
        name, record = batch.organizations[organization].name, f"contact:{contact}"
        yield Row(name, matter, when, _("Find a contact"), last_day, organization, record, "vacant")


def _left_open(people: People, today: date) -> dict[tuple[int, date], list[str]]:
    """Roles that mail goes to and that nobody holds or takes up later, by who held them last and until when."""
    left = {contact.id: contact.left_on for contact in people.contacts}
    found: dict[tuple[int, date], list[str]] = {}
    for kind in MAILED_ROLES:
        ends = [
            (min(filter(None, (holding.until, left.get(holding.contact))), default=None), holding.contact)
            for holding in people.holdings
            if holding.role == kind
        ]
        over = [(end, contact) for end, contact in ends if end is not None and end < today]
        if over and len(over) == len(ends):
            last_day, contact = max(over)
            found.setdefault((contact, last_day), []).append(kind)
    return found


def _near(day: date) -> str:
    return date_format(day, "j M").replace(" ", "\N{NO-BREAK SPACE}")


def relative(day: date, today: date) -> str:
    """Return a day as people say it: "in 9 days (30 Nov)", "4 days late (12 Nov)", beyond 60 days the date."""
    days = (day - today).days
    near = _near(day)
    if days == 0:
        return _("Today")
    if days == 1:
        return _("Tomorrow")
    if abs(days) > 60:
        return date_format(day, "j M Y").replace(" ", "\N{NO-BREAK SPACE}")
    if days > 0:
        return ngettext("in %(days)d day (%(date)s)", "in %(days)d days (%(date)s)", days) % {
            "days": days,
            "date": near,
        }
    late = ngettext("%(days)d day late (%(date)s)", "%(days)d days late (%(date)s)", -days)
    return late % {"days": -days, "date": near}
