"""The next term of an agreement: a row of its own, chained to the one before."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.checks import check_lengths
from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.agreements.actions.entering import Signer, check_terms, settle, write_circle
from prm.agreements.force import check_dates, lock, record_for_parties
from prm.agreements.models import Agreement, AgreementStatus, AgreementTerm
from prm.agreements.queries import next_term
from prm.rules.dates import term_end
from prm.rules.refusal import Refusal
from prm.vocabulary.models import Term


@transaction.atomic
def renew(
    agreement: Agreement,
    *,
    now: datetime.datetime,
    starts_on: datetime.date | None = None,
    expires_on: datetime.date | None = None,
    months: int | None = None,
    term: str = "",
    signed: bool = True,
    signed_on: datetime.date | None = None,
    kind: Term | None = None,
    title: str = "",
    notes: str = "",
    today: datetime.date | None = None,
    by: User | None = None,
) -> Agreement:
    """Record the renewal of an agreement and return its next term; what is not given follows from the old one.

    The next term starts the day after the old end and is as long, in months where the old one was whole months, else
    in days; one without an end stays without. Every party is taken over, as signed (on `signed_on`), or as waiting
    with `signed=False`: then the old term stays as it is until the last signature is there.
    """
    day = today or local_today(now)
    lock(agreement)
    _check_renewable(agreement)
    chosen = term or agreement.term
    starts_on, expires_on, months = _next_dates(agreement, chosen, starts_on, expires_on, months)
    check_terms(
        chosen, expires_on=expires_on, months=months, review_every_months=agreement.review_every_months
    )
    check_dates(starts_on, expires_on)
    renewed = Agreement(
        kind=kind or agreement.kind,
        title=title.strip() or agreement.title,
        term=chosen,
        starts_on=starts_on,
        expires_on=expires_on,
        months=months,
        review_every_months=agreement.review_every_months,
        sent_on=None if signed else day,
        renews=agreement,
        notes=notes.strip(),
        entered_on=day,
        term_set_on=day,
        entered_at=now,
    )
    check_lengths(renewed)
    renewed.save()
    write_circle(renewed, _same_circle(agreement, signed, signed_on), today=day)
    settle(renewed, today=day)
    agreement.refresh_from_db(fields=["status"])
    event = "agreement_renewed" if renewed.status == AgreementStatus.IN_FORCE else "agreement_renewal_sent"
    data = {"before": agreement.pk, "was_until_on": agreement.expires_on, "expires_on": renewed.expires_on}
    record_for_parties(renewed, event, now=now, by=by, on=day, note=notes, data=data)
    return renewed


def _check_renewable(agreement: Agreement) -> None:
    if Agreement.objects.filter(renews=agreement).exists():
        raise Refusal(_("The next term of this agreement is written down already."))
    if agreement.status != AgreementStatus.IN_FORCE:
        raise Refusal(_("Only an agreement in force, or one that ran out, can be renewed."))


def _next_dates(
    agreement: Agreement,
    term: str,
    starts_on: datetime.date | None,
    expires_on: datetime.date | None,
    months: int | None,
) -> tuple[datetime.date | None, datetime.date | None, int | None]:
    proposed = next_term(agreement)
    start = starts_on or proposed.starts_on
    if term == AgreementTerm.EVERGREEN:
        return start, expires_on, None
    if term == AgreementTerm.FROM_LAST_SIGNATURE:
        return start, expires_on, months or proposed.months
    if expires_on is None and start is not None:
        length = months or proposed.months
        same_days = start + proposed.length if proposed.length is not None else None
        expires_on = term_end(start, length) if length else same_days
    if expires_on is None:
        raise Refusal(_("Until when is the next term valid?"), field="expires_on")
    return start, expires_on, months


def _same_circle(agreement: Agreement, signed: bool, signed_on: datetime.date | None) -> list[Signer]:
    """Everyone who is a party signs the next term, later joiners too."""
    return [
        Signer(party.organization, signed=signed, signed_on=signed_on if signed else None)
        for party in agreement.parties.select_related("organization")
    ]
