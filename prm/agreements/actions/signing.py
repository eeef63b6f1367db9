"""Sending an agreement for signature, signing it, and joining it later."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.checks import check_lengths
from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.agreements.force import (
    circle_of,
    come_in_force,
    has_signed,
    joiner_end,
    last_signature,
    lock,
    record_for_parties,
)
from prm.agreements.models import Agreement, AgreementStatus, Party, Signature
from prm.partners.edits import standing_of
from prm.partners.models import Organization
from prm.rules.refusal import Refusal

OPEN = (AgreementStatus.DRAFT, AgreementStatus.AWAITING)
#: What a signature changes, of the agreement and of the party.
OF_AGREEMENT = ("status", "sent_on", "signed_on", "starts_on", "expires_on", "term_set_on")
OF_PARTY = ("signature", "signed_on", "signatory_name", "expires_on")


@transaction.atomic
def send_for_signature(
    agreement: Agreement,
    *,
    now: datetime.datetime,
    sent_on: datetime.date | None = None,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Agreement:
    """Note that an agreement went out to be signed on a day (default: today)."""
    day = today or local_today(now)
    lock(agreement)
    if agreement.status not in OPEN:
        raise Refusal(_("This agreement is not waiting for signatures."))
    if sent_on is not None and sent_on > day:
        raise Refusal(_("This day is still to come."), field="sent_on")
    was = standing_of(agreement, ["status", "sent_on"])
    agreement.status, agreement.sent_on = AgreementStatus.AWAITING, sent_on or day
    agreement.save(update_fields=["status", "sent_on"])
    data = {"sent_on": agreement.sent_on, "was": was}
    record_for_parties(agreement, "agreement_sent", now=now, by=by, on=day, data=data)
    return agreement


@transaction.atomic
def sign(
    party: Party,
    *,
    now: datetime.datetime,
    signed_on: datetime.date | None = None,
    signatory_name: str = "",
    today: datetime.date | None = None,
    by: User | None = None,
) -> Agreement:
    """Note a party's signature (without a day where nobody knows it) and return the agreement.

    With the last signature of the original circle the agreement comes in force. A later joiner changes only its own
    term.
    """
    day = today or local_today(now)
    _check_not_to_come(signed_on, day)
    agreement = party.agreement
    lock(agreement)
    party.refresh_from_db()
    if party.signature == Signature.SIGNED and (party.signed_on or signed_on is None):
        raise Refusal(_("This party has signed already."))
    if party.original and agreement.status not in (*OPEN, AgreementStatus.IN_FORCE):
        raise Refusal(_("This agreement is not waiting for signatures."))
    was = {"was": standing_of(agreement, OF_AGREEMENT), "party_was": standing_of(party, OF_PARTY)}
    party.signature, party.signed_on = Signature.SIGNED, signed_on
    party.signatory_name = signatory_name.strip() or party.signatory_name
    if not party.original:
        party.expires_on = joiner_end(agreement, party)
    check_lengths(party)
    party.save()
    _after_signature(agreement, day)
    data = _told(agreement, party) | was
    record_for_parties(agreement, "agreement_signed", now=now, by=by, on=day, data=data)
    return agreement


def _told(agreement: Agreement, party: Party) -> dict[str, Any]:
    """What the timeline keeps of a signature."""
    return {
        "party": party.organization.name if party.organization else None,
        "signed_on": party.signed_on,
        "status": agreement.status,
        "expires_on": agreement.expires_on,
        "party_number": party.pk,
    }


@transaction.atomic
def join(
    agreement: Agreement,
    organization: Organization,
    *,
    now: datetime.datetime,
    signed_on: datetime.date | None = None,
    signed: bool = False,
    signatory_name: str = "",
    today: datetime.date | None = None,
    by: User | None = None,
) -> Party:
    """Let an organization join an agreement in force; its own signature counts for it and reopens nobody else's."""
    day = today or local_today(now)
    _check_not_to_come(signed_on, day)
    lock(agreement)
    if agreement.status != AgreementStatus.IN_FORCE:
        raise Refusal(_("Only an agreement in force can be joined."))
    if agreement.notice_given_on is not None:
        raise Refusal(_("Notice was given: this agreement ends. Nobody joins it any more."))
    if agreement.parties.filter(organization=organization).exists():
        raise Refusal(_("%(name)s is a party already.") % {"name": organization.name}, field="organization")
    has_signed = signed or signed_on is not None
    party = Party(
        agreement=agreement,
        organization=organization,
        original=False,
        signature=Signature.SIGNED if has_signed else Signature.WAITING,
        signed_on=signed_on,
        signatory_name=signatory_name.strip(),
        entered_on=day,
    )
    party.expires_on = joiner_end(agreement, party)
    check_lengths(party)
    party.save()
    data = {"party": organization.name, "signed_on": signed_on, "party_number": party.pk}
    record_for_parties(agreement, "agreement_joined", now=now, by=by, on=day, data=data)
    return party


def _after_signature(agreement: Agreement, today: datetime.date) -> None:
    circle = circle_of(agreement)
    if agreement.status not in OPEN:
        agreement.signed_on = last_signature(circle)  # a day that nobody knew at first
        agreement.save(update_fields=["signed_on"])
        return
    if has_signed(circle):
        come_in_force(agreement, circle, today=today)
        return
    agreement.status, agreement.sent_on = (AgreementStatus.AWAITING, agreement.sent_on or today)
    agreement.save(update_fields=["status", "sent_on"])


def _check_not_to_come(signed_on: datetime.date | None, today: datetime.date) -> None:
    if signed_on is not None and signed_on > today:
        raise Refusal(_("A signature cannot lie in the future."), field="signed_on")
