"""When an agreement comes in force, and what its parties' timelines say about it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.agreements.models import Agreement, AgreementStatus, AgreementTerm, Party, Signature
from prm.partners.models import EntryKind, Organization
from prm.partners.timeline import record
from prm.rules.dates import ONE_DAY, term_end
from prm.rules.refusal import Refusal


def lock(agreement: Agreement) -> None:
    """Read an agreement anew and keep others from writing it until the transaction ends."""
    agreement.refresh_from_db(from_queryset=Agreement.objects.select_for_update())


def record_for_parties(
    agreement: Agreement,
    event: str,
    *,
    now: datetime.datetime,
    by: User | None,
    on: datetime.date,
    note: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write one entry into the timeline of every party organization, which marks their plans stale."""
    parties = Organization.objects.filter(agreement_parties__agreement=agreement).distinct()
    for organization in parties.order_by(
        "pk"
    ):  # always in one order, so that two writers never wait for each other
        record(
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


def check_dates(starts_on: datetime.date | None, expires_on: datetime.date | None) -> None:
    if starts_on is not None and expires_on is not None and expires_on < starts_on:
        raise Refusal(_("The last valid day lies before the first one."), field="expires_on")


def circle_has_signed(agreement: Agreement) -> bool:
    """Whether every party of the original circle has signed."""
    circle = agreement.parties.filter(original=True)
    return circle.exists() and not circle.exclude(signature=Signature.SIGNED).exists()


def last_signature(agreement: Agreement) -> datetime.date | None:
    """Return the latest known day on which a party of the original circle signed."""
    signed = agreement.parties.filter(original=True, signed_on__isnull=False).order_by("-signed_on")
    return signed.values_list("signed_on", flat=True).first()


def come_in_force(agreement: Agreement, *, today: datetime.date) -> None:
    """Put an agreement in force whose circle has signed, and let the term that it renews be replaced.

    From the last signature: the term starts on that day (as a renewal not before the old term is over) and runs its
    months. A fixed one keeps its dates.
    """
    agreement.signed_on = last_signature(agreement)
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
    agreement.save()
    if agreement.renews is not None:
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
