"""The reminders about one agreement as the plan has them, and what happened with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prm.accounts.models import User
from prm.agreements.actions import may_undo
from prm.agreements.models import Agreement
from prm.partners import sentences
from prm.partners.models import Entry, Organization
from prm.reminders import reasons
from prm.reminders.models import Reminder
from prm.rules import delivery, succession
from prm.rules.facts import People, State
from prm.rules.facts import Side as Where
from prm.web.staff.badges import Badge
from prm.web.staff.discretion import keep_names
from prm.web.staff.matter import matter
from prm.web.staff.story import Knot
from prm.web.words import listed

SHOWN = 20
#: So many reminders that went, and so many that are still to come.
WENT, AHEAD = 6, 6
STATES = (State.PLANNED.value, State.HELD.value, State.HANDED_OVER.value)


@dataclass(frozen=True, slots=True)
class Sent:
    """One side of a reminder, with what became of its mails."""

    row: Reminder
    mails: list[str]


# --- reminders ------------------------------------------------------------------------------------------------------


def planned(
    organization: Organization, agreement: Agreement, told: People, reader: User, today: date
) -> tuple[list[Knot], int]:
    """What went out about it last and what comes next, in order of days, and how many more follow.

    Both sides of one reminder are one entry.
    """
    rows = Reminder.objects.filter(
        organization=organization,
        record=f"agreement:{agreement.pk}",
        state__in=STATES,
        offset__isnull=False,
    ).order_by("day", "key", "side")
    found: dict[int, Sent] = {}
    for row in rows.annotate(mail=F("handovers__message__state")):  # a row for each mail
        one = found.setdefault(row.pk, Sent(row, []))
        one.mails.extend([row.mail] if row.mail else [])
    sent = list(found.values())
    ordered = sorted(sent, key=lambda one: (one.row.day or date.max, _step(one), one.row.side != "partner"))
    grouped = groupby(ordered, key=lambda one: (one.row.day, _step(one), one.row.state))
    knots = [_reminder(list(some), told, reader, today) for _key, some in grouped]
    went = [knot for knot in knots if knot.kind == "filled"]
    ahead = [knot for knot in knots if knot.kind == "ring"]
    return [*went[-WENT:], *ahead[:AHEAD]], max(0, len(ahead) - AHEAD)


def _step(one: Sent) -> str:
    return one.row.key.rpartition(":org-")[0]


def _reminder(some: list[Sent], told: People, reader: User, today: date) -> Knot:
    row = some[0].row
    gone = row.state == State.HANDED_OVER.value
    held = row.state == State.HELD.value
    names = _whom(some, told, reader, today)
    return Knot(
        day=row.day,
        icon="check-lg" if gone else "pause-fill" if held else matter(row.key).icon,
        subject=step_words(row),
        matter=_("to %s") % names if names else "",
        note=begun(reasons.sentence(row.reason, row.reason_data)),
        look="paused" if held else "due" if row.day == today and not gone else "",
        kind="filled" if gone else "ring",
        spoken=_("Went out") if gone else _("Held") if held else _("Still to come"),
        badge=_became(some) if gone else None,
    )


def step_words(row: Reminder) -> str:
    """ "60 days before the end": how far from the day that it is about."""
    what = {"expiry": _("the end"), "review": _("the review")}.get(row.rule)
    days = abs(row.offset or 0)
    if what is None:
        return matter(row.key).words
    if not days:
        return _("On the last day")
    values = {"days": ngettext("%d day", "%d days", days) % days, "what": what}
    return (_("%(days)s before %(what)s") if (row.offset or 0) < 0 else _("%(days)s after %(what)s")) % values


def begun(sentence: str) -> str:
    """A sentence with its first letter large."""
    return sentence[:1].upper() + sentence[1:]


def _whom(some: Iterable[Sent], told: People, reader: User, today: date) -> str:
    names: list[str] = []
    for one in some:
        row = one.row
        day = max(row.day or today, today)
        asked = told.asked_about(row.record, row.reference_on)
        for who in succession.recipients(asked, Where(row.side), row.audience, day, row.category):
            name = _("you") if who.user == reader.pk else who.name or who.address
            if name not in names:
                names.append(name)
    return listed(names)


def _became(some: Iterable[Sent]) -> Badge:
    states = [state for one in some for state in one.mails]
    if {delivery.FAILED, delivery.BOUNCED} & set(states):
        return Badge("failed", "x-lg", _("Could not be sent to everyone"))
    if {delivery.WAITING, delivery.SENDING} & set(states):
        return Badge("planned", "send", _("In the outbox"))
    return Badge("steady", "check-lg", _("Sent") if states else _("Told"))


# --- what happened --------------------------------------------------------------------------------------------------


def past(organization: Organization, agreement: Agreement, reader: User, now: datetime) -> list[Knot]:
    """What this partner's timeline says about it, latest first; the last thing can be undone."""
    rows = organization.entries.filter(record=f"agreement:{agreement.pk}").select_related("by")
    entries = list(rows.order_by("-pk")[:SHOWN])
    keep_names(entries, reader)
    last = entries[0] if entries else None
    undo = last.pk if last is not None and may_undo(last, now=now) else 0
    return [_happened(organization, agreement, entry, undo) for entry in entries]


def _happened(organization: Organization, agreement: Agreement, entry: Entry, undo: int) -> Knot:
    way = reverse("agreement-undo", args=[organization.slug, agreement.pk])
    return Knot(
        day=entry.happened_on,
        icon="file-earmark-text",
        subject=sentences.sentence(entry),
        matter=entry.by.name if entry.by else "",
        note=entry.note,
        press=(_("Undo"), f"{way}?last={entry.pk}") if entry.pk == undo else None,
    )
