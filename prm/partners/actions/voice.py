"""What partners say for themselves, written down word for word; and what our side makes of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts import history
from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.partners.models import (
    Consent,
    Contact,
    EntryKind,
    Link,
    Organization,
    Outcome,
    Statement,
    StatementKind,
)
from prm.partners.timeline import plain, record
from prm.rules.dates import ONE_DAY, add_months
from prm.rules.refusal import Refusal

LONGEST_NOTE = 2000
CONSENT_MONTHS, LONGEST_CONSENT_MONTHS = 12, 36

#: In which part of the timeline each kind of statement stands.
ENTRY_KINDS = {
    StatementKind.PAUSE: EntryKind.PAUSE,
    StatementKind.TALK: EntryKind.PAUSE,
    StatementKind.RENEWAL: EntryKind.AGREEMENT,
    StatementKind.LEAVING: EntryKind.PEOPLE,
    StatementKind.CORRECTION: EntryKind.ORGANIZATION,
}


@transaction.atomic
def say(
    link: Link,
    *,
    kind: str,
    now: datetime.datetime,
    choice: str = "",
    record_key: str = "",
    reference_on: datetime.date | None = None,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    today: datetime.date | None = None,
) -> Statement:
    """Write down what somebody said by a link. The timeline says who, when and by which link; the plan is stale.

    Said again about the same thing by the same party, the earlier one is taken back: the last word counts. (Not so
    "not me any more", which is about one person.)
    """
    day, words = today or local_today(now), note.strip()
    if len(words) > LONGEST_NOTE:
        raise Refusal(
            _("Please keep it under %(number)d characters.") % {"number": LONGEST_NOTE}, field="note"
        )
    Organization.objects.select_for_update().get(pk=link.organization_id)
    statement = Statement.objects.create(
        organization=link.organization,
        contact=link.contact,
        link=link,
        kind=kind,
        choice=choice,
        record=record_key,
        reference_on=reference_on,
        note=words,
        data=plain(data or {}),
        said_on=day,
        said_at=now,
    )
    _replace_earlier(statement, now)
    note_used(link, now=now)
    _note(statement, f"said_{kind}", now=now, by=None, on=day, note=words)
    return statement


def _replace_earlier(statement: Statement, now: datetime.datetime) -> None:
    if not statement.record or statement.choice == "not_me":
        return
    earlier = Statement.objects.filter(
        organization_id=statement.organization_id,
        kind=statement.kind,
        record=statement.record,
        reference_on=statement.reference_on,
        taken_back_at__isnull=True,
    )
    earlier.exclude(pk=statement.pk).exclude(choice="not_me").filter(outcome="").update(taken_back_at=now)


@transaction.atomic
def take_back(
    statement: Statement,
    *,
    now: datetime.datetime,
    by: User | None = None,
    today: datetime.date | None = None,
) -> Statement:
    """They changed their mind, or it was said by mistake: from now on it counts as not said. Twice is once."""
    Organization.objects.select_for_update().get(pk=statement.organization_id)
    statement.refresh_from_db()
    if statement.taken_back_at is None:
        statement.taken_back_at = now
        statement.save(update_fields=["taken_back_at"])
        _note(statement, "said_taken_back", now=now, by=by, on=today or local_today(now))
    return statement


@transaction.atomic
def settle(
    statement: Statement,
    *,
    outcome: str,
    now: datetime.datetime,
    by: User | None,
    data: Mapping[str, Any] | None = None,
    today: datetime.date | None = None,
) -> Statement:
    """Close a statement: confirmed as said, corrected, or just seen. `data` is kept for the way back."""
    Organization.objects.select_for_update().get(pk=statement.organization_id)
    statement.refresh_from_db()
    if statement.outcome:
        raise Refusal(_("Somebody was faster: this is done already."))
    if outcome not in Outcome.values or not outcome:
        raise TypeError(f"not an outcome: {outcome}")
    statement.outcome, statement.settled_at, statement.settled_by = outcome, now, by
    statement.data = {**statement.data, **plain(data or {})}
    statement.save(update_fields=["outcome", "settled_at", "settled_by", "data"])
    _note(statement, "said_settled", now=now, by=by, on=today or local_today(now))
    return statement


@transaction.atomic
def reopen(
    statement: Statement, *, now: datetime.datetime, by: User | None, today: datetime.date | None = None
) -> Statement:
    """Undo `settle`: the statement is open again, and so is its row on Today."""
    Organization.objects.select_for_update().get(pk=statement.organization_id)
    statement.refresh_from_db()
    if statement.outcome:
        statement.outcome, statement.settled_at, statement.settled_by = Outcome.OPEN, None, None
        statement.save(update_fields=["outcome", "settled_at", "settled_by"])
        _note(statement, "said_reopened", now=now, by=by, on=today or local_today(now))
    return statement


def note_changed(statement: Statement, changed: Mapping[str, Any]) -> Statement:
    """Keep with a statement what it moved, so that its page can say so again."""
    statement.data = {**statement.data, "changed": plain(changed)}
    statement.save(update_fields=["data"])
    return statement


def note_told(statements: list[Statement], *, now: datetime.datetime) -> None:
    """Remember that our side was written to about these at once."""
    Statement.objects.filter(pk__in=[one.pk for one in statements]).update(told_at=now)


def note_used(link: Link, *, now: datetime.datetime) -> None:
    """Remember that somebody acted by this link. Opening it leaves no trace: mail scanners open links."""
    link.used_at = now
    Link.objects.filter(pk=link.pk).update(used_at=now)


@transaction.atomic
def give_consent(
    organization: Organization,
    *,
    contact: Contact | None,
    now: datetime.datetime,
    months: int = CONSENT_MONTHS,
    what: str = "listing",
    how: str = "link",
    today: datetime.date | None = None,
) -> Consent:
    """Record consent to be listed, for a number of months; one given before ends the day before."""
    day = today or local_today(now)
    if not 1 <= months <= LONGEST_CONSENT_MONTHS:
        raise Refusal(
            _("Consent lasts from 1 to %(number)d months.") % {"number": LONGEST_CONSENT_MONTHS},
            field="months",
        )
    Organization.objects.select_for_update().get(pk=organization.pk)
    before = organization.consents.filter(what=what, withdrawn_at__isnull=True, ends_on__gte=day)
    history.update(before, withdrawn_at=now)
    consent = Consent.objects.create(
        organization=organization,
        contact=contact,
        what=what,
        given_by=contact.name if contact else organization.name,
        how=how,
        given_on=day,
        ends_on=add_months(day, months) - ONE_DAY,
    )
    _note_consent(consent, "consent_given", now=now, on=day, data={"ends_on": consent.ends_on})
    return consent


@transaction.atomic
def withdraw_consent(
    consent: Consent,
    *,
    now: datetime.datetime,
    contact: Contact | None = None,
    by: User | None = None,
    today: datetime.date | None = None,
) -> Consent:
    """Take consent back: it counts no longer, from this moment on. Twice is once.

    `contact` is who takes it back; by default who gave it.
    """
    consent.refresh_from_db(from_queryset=Consent.objects.select_for_update())
    if consent.withdrawn_at is None:
        consent.withdrawn_at = now
        consent.save(update_fields=["withdrawn_at"])
        _note_consent(
            consent, "consent_withdrawn", now=now, on=today or local_today(now), by=by, contact=contact
        )
    return consent


def _note_consent(
    consent: Consent,
    event: str,
    *,
    now: datetime.datetime,
    on: datetime.date,
    by: User | None = None,
    contact: Contact | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    record(
        consent.organization,
        kind=EntryKind.ORGANIZATION,
        event=event,
        now=now,
        by=by,
        happened_on=on,
        contact=contact or consent.contact,
        data={"contact": contact.name if contact else consent.given_by, **(data or {})},
        record=f"consent:{consent.pk}",
    )


def _note(
    statement: Statement,
    event: str,
    *,
    now: datetime.datetime,
    by: User | None,
    on: datetime.date,
    note: str = "",
) -> None:
    contact, link = statement.contact, statement.link
    data = {
        "contact": contact.name if contact else None,
        "choice": statement.choice or None,
        "outcome": statement.outcome or None,
        "link": link.purpose if link else None,
        "link_of_on": local_today(link.issued_at) if link else None,
    }
    record(
        statement.organization,
        kind=ENTRY_KINDS[StatementKind(statement.kind)],
        event=event,
        now=now,
        by=by,
        happened_on=on,
        contact=contact,
        note=note,
        data=data,
        record=f"statement:{statement.pk}",
    )
