"""The next term of an agreement: a row of its own, chained to the one before."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.agreements.actions.checking import carry_over, same_clauses
from prm.agreements.actions.entering import Signer, write_down
from prm.agreements.force import lock, record_for_parties
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
    with `signed=False`: then the old term stays as it is until the last signature is there. So is what was found about
    the clauses, and how many days notice takes.
    """
    day = today or local_today(now)
    lock(agreement)
    _check_renewable(agreement)
    renewed = Agreement(renews=agreement, term=term or agreement.term, kind=kind or agreement.kind)
    renewed.title, renewed.notes = title.strip() or agreement.title, notes.strip()
    renewed.review_every_months = agreement.review_every_months
    renewed.termination_days = agreement.termination_days
    renewed.sent_on = None if signed else day
    renewed.starts_on, renewed.expires_on, renewed.months = starts_on, expires_on, months
    _follow(agreement, renewed)
    write_down([(renewed, _same_circle(agreement, signed, signed_on))], now=now, today=day)
    carry_over(agreement, renewed)
    event = "agreement_renewed" if renewed.status == AgreementStatus.IN_FORCE else "agreement_renewal_sent"
    data = {"before": agreement.pk, "was_until_on": agreement.expires_on, "expires_on": renewed.expires_on}
    record_for_parties(renewed, event, now=now, by=by, on=day, note=notes, data=data)
    return renewed


@transaction.atomic
def take_back_renewal(
    renewed: Agreement,
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Agreement:
    """Undo a renewal that was recorded by mistake: the new row goes, the term before is in force as it was.

    Refused where something happened with the new term since: a signature, a review, a renewal of its own, an end.
    Returns the term before.
    """
    day = today or local_today(now)
    lock(renewed)
    before = renewed.renews
    if before is None:
        raise Refusal(_("This agreement is not the next term of another one."))
    lock(before)
    _check_untouched(renewed, before)
    data = {"title": before.title, "expires_on": before.expires_on, "was_until_on": renewed.expires_on}
    record_for_parties(before, "agreement_renewal_taken_back", now=now, by=by, on=day, data=data)
    renewed.delete()
    before.status = AgreementStatus.IN_FORCE
    before.save(update_fields=["status"])
    return before


def _check_untouched(renewed: Agreement, before: Agreement) -> None:
    """Whether the new term is as `renew` left it."""
    moved_on = (
        before.status not in (AgreementStatus.REPLACED, AgreementStatus.IN_FORCE)
        or renewed.status not in (AgreementStatus.IN_FORCE, AgreementStatus.AWAITING)
        or renewed.reviews.exists()
        or renewed.notice_given_on is not None
        or not same_clauses(before, renewed)
        or Agreement.objects.filter(renews=renewed).exists()
        or renewed.parties.filter(original=False).exists()
        or (
            renewed.status == AgreementStatus.AWAITING and renewed.parties.filter(signature="signed").exists()
        )
    )
    if moved_on:
        raise Refusal(_("Something happened with the next term since. Change it on the partner’s page."))


def _check_renewable(agreement: Agreement) -> None:
    if Agreement.objects.filter(renews=agreement).exists():
        raise Refusal(_("The next term of this agreement is written down already."))
    if agreement.status != AgreementStatus.IN_FORCE:
        raise Refusal(_("Only an agreement in force, or one that ran out, can be renewed."))
    if agreement.notice_given_on is not None:
        raise Refusal(_("Notice was given. Take it back before you renew."))


def _follow(agreement: Agreement, renewed: Agreement) -> None:
    """Give the next term the dates that follow by themselves, wherever nobody chose any."""
    proposed = next_term(agreement)
    renewed.starts_on = start = renewed.starts_on or proposed.starts_on
    if renewed.term == AgreementTerm.FROM_LAST_SIGNATURE:
        renewed.months = renewed.months or proposed.months
    if renewed.term != AgreementTerm.FIXED or renewed.expires_on is not None:
        return
    months = renewed.months or proposed.months
    if start is not None and months:
        renewed.expires_on = term_end(start, months)
    elif start is not None and proposed.length is not None:
        renewed.expires_on = start + proposed.length
    else:
        raise Refusal(_("Until when is the next term valid?"), field="expires_on")


def _same_circle(agreement: Agreement, signed: bool, signed_on: datetime.date | None) -> list[Signer]:
    """Everyone who is a party signs the next term, later joiners too."""
    return [
        Signer(party.organization, signed=signed, signed_on=signed_on if signed else None)
        for party in agreement.parties.select_related("organization")
    ]
