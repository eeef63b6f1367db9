"""Writing an agreement down."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.checks import check_lengths
from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.agreements.force import check_dates, circle_has_signed, come_in_force, record_for_parties
from prm.agreements.models import Agreement, AgreementStatus, AgreementTerm, Party, Signature
from prm.partners.models import Organization
from prm.rules.dates import term_end
from prm.rules.refusal import Refusal
from prm.vocabulary.models import Term


@dataclass(frozen=True, slots=True)
class Signer:
    """One party of the original circle; `organization` None is the program itself. Signed without a day is allowed."""

    organization: Organization | None
    signed: bool = False
    signed_on: datetime.date | None = None
    signatory_name: str = ""


@transaction.atomic
def enter_agreement(
    *,
    kind: Term,
    title: str,
    term: str,
    parties: Sequence[Signer],
    now: datetime.datetime,
    starts_on: datetime.date | None = None,
    expires_on: datetime.date | None = None,
    months: int | None = None,
    review_every_months: int = 12,
    sent_on: datetime.date | None = None,
    notes: str = "",
    today: datetime.date | None = None,
    by: User | None = None,
) -> Agreement:
    """Enter an agreement: in force where its whole circle has signed, awaiting where it was sent or partly signed,
    else a draft.

    `expires_on` is the last valid day; a fixed one may give `months` instead. From the last signature the term counts
    `months` from the latest signature; where signatures have no day, from `starts_on`, else from the day of entry.
    """
    day = today or local_today(now)
    if term == AgreementTerm.FIXED and expires_on is None and starts_on and months:
        expires_on = term_end(starts_on, months)
    agreement = Agreement(kind=kind, title=title.strip() or kind.label, term=term, months=months)
    agreement.starts_on, agreement.expires_on, agreement.sent_on = starts_on, expires_on, sent_on
    agreement.review_every_months, agreement.notes = review_every_months, notes.strip()
    _check_circle(parties)
    write_down(agreement, parties, now=now, today=day)
    data = {"status": agreement.status, "expires_on": agreement.expires_on}
    record_for_parties(agreement, "agreement_entered", now=now, by=by, on=day, data=data)
    return agreement


def write_down(
    agreement: Agreement, parties: Sequence[Signer], *, now: datetime.datetime, today: datetime.date
) -> None:
    """Check and save a new agreement with its circle, in the status that signatures and dates make."""
    agreement.entered_on = agreement.term_set_on = today
    agreement.entered_at = now
    _check_terms(agreement)
    check_dates(agreement.starts_on, agreement.expires_on)
    check_lengths(agreement)
    agreement.save()
    _write_circle(agreement, parties, today=today)
    _settle(agreement, today=today)


def _check_terms(agreement: Agreement) -> None:
    months = agreement.months
    if agreement.term not in AgreementTerm.values:
        raise Refusal(_("Choose how long the agreement runs."), field="term")
    if agreement.term == AgreementTerm.EVERGREEN and agreement.expires_on is not None:
        raise Refusal(_("An agreement that runs until someone ends it has no last day."), field="expires_on")
    if agreement.term == AgreementTerm.FROM_LAST_SIGNATURE and not months:
        raise Refusal(_("For how many months does it run from the last signature?"), field="months")
    if months is not None and months < 1:
        raise Refusal(_("An agreement runs for at least one month."), field="months")
    if agreement.review_every_months < 1:
        raise Refusal(_("A review comes at least one month after the last."), field="review_every_months")


def _write_circle(agreement: Agreement, parties: Sequence[Signer], *, today: datetime.date) -> None:
    for signer in parties:
        if signer.signed_on is not None and signer.signed_on > today:
            raise Refusal(_("A signature cannot lie in the future."), field="signed_on")
    circle = [
        Party(
            agreement=agreement,
            organization=signer.organization,
            signature=Signature.SIGNED if signer.signed or signer.signed_on else Signature.WAITING,
            signed_on=signer.signed_on,
            signatory_name=signer.signatory_name.strip(),
            entered_on=today,
        )
        for signer in parties
    ]
    for party in circle:
        check_lengths(party)
    Party.objects.bulk_create(circle)


def _settle(agreement: Agreement, *, today: datetime.date) -> None:
    if circle_has_signed(agreement):
        come_in_force(agreement, today=today)
        return
    some = agreement.parties.filter(signature=Signature.SIGNED).exists()
    if agreement.sent_on is None and some:
        agreement.sent_on = today
    if agreement.sent_on is not None:
        agreement.status = AgreementStatus.AWAITING
    agreement.save(update_fields=["status", "sent_on"])


def _check_circle(parties: Sequence[Signer]) -> None:
    ids = [signer.organization.pk if signer.organization else None for signer in parties]
    if not any(ids):
        raise Refusal(_("With whom is this agreement? Choose at least one organization."), field="parties")
    if len(ids) != len(set(ids)):
        raise Refusal(_("One of the parties is named twice."), field="parties")
