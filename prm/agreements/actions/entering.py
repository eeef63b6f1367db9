"""Writing an agreement down."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.checks import check_lengths
from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.agreements.force import begin, check_dates, entries_for, has_signed, replace_renewed
from prm.agreements.models import Agreement, AgreementStatus, AgreementTerm, Party, Signature
from prm.partners.models import Entry, Organization
from prm.partners.timeline import record_all
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


@dataclass(frozen=True, slots=True)
class NewAgreement:
    """An agreement to be entered; `expires_on` is the last valid day, a fixed one may give `months` instead."""

    kind: Term
    title: str
    term: str
    parties: Sequence[Signer]
    starts_on: datetime.date | None = None
    expires_on: datetime.date | None = None
    months: int | None = None
    review_every_months: int = 12
    termination_days: int | None = None
    sent_on: datetime.date | None = None
    notes: str = ""


def enter_agreement(
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
    **facts: Any,
) -> Agreement:
    """Enter one agreement: `facts` are those of `NewAgreement`, `enter_agreements` says what becomes of it."""
    return enter_agreements([NewAgreement(**facts)], now=now, today=today, by=by)[0]


@transaction.atomic
def enter_agreements(
    new: Sequence[NewAgreement],
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> list[Agreement]:
    """Enter agreements, all of them or, where one is refused, none. Each is in force where its whole circle has signed,
    awaiting where it was sent or partly signed, else a draft.

    From the last signature the term counts `months` from the latest signature; where signatures have no day, from
    `starts_on`, else from the day of entry.
    """
    day = today or local_today(now)
    papers = [_drafted(one) for one in new]
    write_down([(paper, one.parties) for paper, one in zip(papers, new, strict=True)], now=now, today=day)
    entries: list[Entry] = []
    for paper, one in zip(papers, new, strict=True):
        data = {"status": paper.status, "expires_on": paper.expires_on}
        sides = [signer.organization for signer in one.parties if signer.organization is not None]
        entries += entries_for(paper, sides, "agreement_entered", now=now, by=by, on=day, data=data)
    record_all(entries, now=now)
    return papers


def _drafted(new: NewAgreement) -> Agreement:
    expires_on = new.expires_on
    if new.term == AgreementTerm.FIXED and expires_on is None and new.starts_on and new.months:
        expires_on = term_end(new.starts_on, new.months)
    _check_circle(new.parties)
    return Agreement(
        kind=new.kind,
        title=new.title.strip() or new.kind.label,
        term=new.term,
        months=new.months,
        starts_on=new.starts_on,
        expires_on=expires_on,
        sent_on=new.sent_on,
        review_every_months=new.review_every_months,
        termination_days=new.termination_days,
        notes=new.notes.strip(),
    )


def write_down(
    new: Sequence[tuple[Agreement, Sequence[Signer]]], *, now: datetime.datetime, today: datetime.date
) -> None:
    """Check and save new agreements with their circles, in the status that signatures and dates make."""
    circles: list[Party] = []
    for agreement, signers in new:
        agreement.entered_on = agreement.term_set_on = today
        agreement.entered_at = now
        _check_terms(agreement)
        check_dates(agreement.starts_on, agreement.expires_on)
        check_lengths(agreement)
        circle = _circle(agreement, signers, today=today)
        _settle(agreement, circle, today=today)
        circles += circle
    Agreement.objects.bulk_create(agreement for agreement, _ in new)
    Party.objects.bulk_create(circles)
    for agreement, _signers in new:
        replace_renewed(agreement)


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


def _circle(agreement: Agreement, signers: Sequence[Signer], *, today: datetime.date) -> list[Party]:
    for signer in signers:
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
        for signer in signers
    ]
    for party in circle:
        check_lengths(party)
    return circle


def _settle(agreement: Agreement, circle: Sequence[Party], *, today: datetime.date) -> None:
    if has_signed(circle):
        begin(agreement, circle, today=today)
        return
    some = any(party.signature == Signature.SIGNED for party in circle)
    if agreement.sent_on is None and some:
        agreement.sent_on = today
    if agreement.sent_on is not None:
        agreement.status = AgreementStatus.AWAITING


def _check_circle(parties: Sequence[Signer]) -> None:
    ids = [signer.organization.pk if signer.organization else None for signer in parties]
    if not any(ids):
        raise Refusal(_("With whom is this agreement? Choose at least one organization."), field="parties")
    if len(ids) != len(set(ids)):
        raise Refusal(_("One of the parties is named twice."), field="parties")
