"""When an agreement comes in force, and what its parties' timelines say about it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.agreements.models import Agreement, AgreementStatus, AgreementTerm, Party, Signature
from prm.partners.models import Entry, EntryKind, Organization
from prm.partners.timeline import draft, record_all
from prm.rules.dates import ONE_DAY, term_end
from prm.rules.refusal import Refusal


def lock(agreement: Agreement) -> None:
    """Read an agreement anew and keep others from writing it until the transaction ends."""
    agreement.refresh_from_db(from_queryset=Agreement.objects.select_for_update())


def record_for_parties(agreement: Agreement, event: str, *, now: datetime.datetime, **what: Any) -> None:
    """Write one entry into the timeline of every party organization, which marks their plans stale."""
    parties = Organization.objects.filter(agreement_parties__agreement=agreement).distinct()
    record_all(entries_for(agreement, parties, event, now=now, **what), now=now)


def entries_for(
    agreement: Agreement,
    organizations: Iterable[Organization],
    event: str,
    *,
    now: datetime.datetime,
    by: User | None,
    on: datetime.date,
    note: str = "",
    data: Mapping[str, Any] | None = None,
) -> list[Entry]:
    """Return one drafted entry for each organization, always in one order."""
    return [
        draft(
            organization,
            kind=EntryKind.AGREEMENT,
            event=event,
            now=now,
            by=by,
            happened_on=on,
            note=note.strip(),
            data={"title": agreement.title, **(data or {})},
            record=f"agreement:{agreement.pk}",
        )
        for organization in sorted(organizations, key=lambda one: one.pk)
    ]


def check_dates(starts_on: datetime.date | None, expires_on: datetime.date | None) -> None:
    if starts_on is not None and expires_on is not None and expires_on < starts_on:
        raise Refusal(_("The last valid day lies before the first one."), field="expires_on")


def circle_of(agreement: Agreement) -> list[Party]:
    """Return the parties of the original circle."""
    return list(agreement.parties.filter(original=True))


def has_signed(circle: Sequence[Party]) -> bool:
    """Whether every party of a circle has signed."""
    return bool(circle) and all(party.signature == Signature.SIGNED for party in circle)


def last_signature(circle: Sequence[Party]) -> datetime.date | None:
    """Return the latest known day on which a party of a circle signed."""
    return max((party.signed_on for party in circle if party.signed_on is not None), default=None)


def come_in_force(agreement: Agreement, circle: Sequence[Party], *, today: datetime.date) -> None:
    """Put an agreement in force whose circle has signed, and let the term that it renews be replaced."""
    begin(agreement, circle, today=today)
    agreement.save()
    replace_renewed(agreement)


def begin(agreement: Agreement, circle: Sequence[Party], *, today: datetime.date) -> None:
    """Give an agreement what it is in force; nothing is written.

    From the last signature: the term starts on that day (as a renewal not before the old term is over) and runs its
    months. A fixed one keeps its dates.
    """
    agreement.signed_on = last_signature(circle)
    if agreement.term == AgreementTerm.FROM_LAST_SIGNATURE:
        _run_from_last_signature(agreement, today)
    elif agreement.starts_on is None and agreement.expires_on is None:
        agreement.starts_on = agreement.signed_on or today
    if agreement.term == AgreementTerm.FIXED and agreement.expires_on is None:
        raise Refusal(
            _("Until when is it valid? A fixed agreement in force needs its last day."), field="expires_on"
        )
    check_dates(agreement.starts_on, agreement.expires_on)
    agreement.status = AgreementStatus.IN_FORCE
    agreement.term_set_on = today


def replace_renewed(agreement: Agreement) -> None:
    """Let the term that an agreement in force renews be replaced."""
    if agreement.renews is not None and agreement.status == AgreementStatus.IN_FORCE:
        agreement.renews.status = AgreementStatus.REPLACED
        agreement.renews.save(update_fields=["status"])


def _run_from_last_signature(agreement: Agreement, today: datetime.date) -> None:
    start = agreement.signed_on or agreement.starts_on or today
    if agreement.renews is not None and agreement.renews.expires_on is not None:
        start = max(start, agreement.renews.expires_on + ONE_DAY)
    agreement.starts_on = start
    agreement.expires_on = agreement.expires_on or term_end(start, agreement.months or 0)


def joiner_end(agreement: Agreement, party: Party) -> datetime.date | None:
    """Return a later joiner's own last day: its own months from its own signature, else the agreement's end."""
    if agreement.term != AgreementTerm.FROM_LAST_SIGNATURE or party.signed_on is None:
        return None
    return term_end(party.signed_on, agreement.months or 0)
