"""A council, board or head office that has to agree before a party may sign."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.checks import check_lengths
from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.agreements.force import lock, record_for_parties
from prm.agreements.models import Agreement, Party, Signature
from prm.partners.edits import standing_of
from prm.rules.refusal import Refusal

COLUMNS = ("approval_body", "before_body_on", "approved_on")


@transaction.atomic
def note_approval(
    party: Party,
    *,
    body: str,
    before_body_on: datetime.date | None,
    now: datetime.datetime,
    approved_on: datetime.date | None = None,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Party:
    """Note since when the paper lies before a party's approval body, and the day on which it agreed, if it has."""
    day = today or local_today(now)
    agreement: Agreement = party.agreement
    lock(agreement)
    party.refresh_from_db()
    _check(party, body, before_body_on, approved_on, day)
    was = standing_of(party, COLUMNS)
    party.approval_body, party.before_body_on, party.approved_on = body.strip(), before_body_on, approved_on
    check_lengths(party)
    if was == standing_of(party, COLUMNS):
        return party
    party.save(update_fields=COLUMNS)
    event = "agreement_approved" if approved_on is not None else "agreement_before_body"
    data = {
        "body": party.approval_body,
        "party": party.organization.name if party.organization else None,
        "before_body_on": before_body_on,
        "approved_on": approved_on,
        "party_number": party.pk,
        "party_was": was,
    }
    record_for_parties(agreement, event, now=now, by=by, on=day, data=data)
    return party


def _check(
    party: Party,
    body: str,
    before_body_on: datetime.date | None,
    approved_on: datetime.date | None,
    today: datetime.date,
) -> None:
    if party.signature == Signature.SIGNED:
        raise Refusal(_("This party has signed already."))
    if not body.strip():
        raise Refusal(_("Who has to agree first? Name the board or council."), field="approval_body")
    if before_body_on is None and approved_on is None:
        raise Refusal(_("Enter the day on which it went there."), field="before_body_on")
    for name, on in (("before_body_on", before_body_on), ("approved_on", approved_on)):
        if on is not None and on > today:
            raise Refusal(_("This day is still to come."), field=name)
    if before_body_on is not None and approved_on is not None and approved_on < before_body_on:
        raise Refusal(_("They cannot have agreed before it went there."), field="approved_on")
