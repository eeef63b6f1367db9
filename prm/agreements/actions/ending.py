"""Correcting, ending and withdrawing an agreement, and looking it through."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.agreements.force import check_dates, lock, record_for_parties
from prm.agreements.models import Agreement, AgreementStatus, AgreementTerm, Review
from prm.partners.edits import standing_of
from prm.rules.refusal import Refusal


@transaction.atomic
def correct_end(
    agreement: Agreement,
    *,
    expires_on: datetime.date,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Agreement:
    """Correct the last valid day without a renewal. The same day again changes nothing."""
    day = today or local_today(now)
    lock(agreement)
    if agreement.term == AgreementTerm.EVERGREEN:
        raise Refusal(_("An agreement that runs until someone ends it has no last day."), field="expires_on")
    if agreement.status not in (AgreementStatus.DRAFT, AgreementStatus.AWAITING, AgreementStatus.IN_FORCE):
        raise Refusal(_("This agreement is over; its last day stays as it was."))
    if agreement.notice_given_on is not None:
        raise Refusal(_("Notice was given. Take it back first, then correct the last day."))
    check_dates(agreement.starts_on, expires_on)
    if agreement.expires_on == expires_on:
        return agreement
    was = standing_of(agreement, ["expires_on", "term_set_on"])
    data = {"was_until_on": agreement.expires_on, "expires_on": expires_on, "was": was}
    agreement.expires_on, agreement.term_set_on = expires_on, day
    agreement.save(update_fields=["expires_on", "term_set_on"])
    record_for_parties(agreement, "agreement_end_corrected", now=now, by=by, on=day, data=data)
    return agreement


@transaction.atomic
def end(
    agreement: Agreement,
    *,
    now: datetime.datetime,
    ended_on: datetime.date | None = None,
    note: str = "",
    today: datetime.date | None = None,
    by: User | None = None,
) -> Agreement:
    """End an agreement in force with a day (default: today), because both sides let it go.

    Where one side gave notice, `give_notice` keeps it in force until its last day.
    """
    day = today or local_today(now)
    last_day = ended_on or day
    lock(agreement)
    if agreement.status != AgreementStatus.IN_FORCE:
        raise Refusal(_("Only an agreement in force can be ended."))
    if agreement.starts_on is not None and last_day < agreement.starts_on:
        raise Refusal(_("It cannot end before it starts."), field="ended_on")
    was = standing_of(agreement, ["status", "ended_on", "end_note"])
    agreement.status, agreement.ended_on, agreement.end_note = (AgreementStatus.ENDED, last_day, note.strip())
    agreement.save(update_fields=["status", "ended_on", "end_note"])
    data = {"ended_on": last_day, "was": was}
    record_for_parties(agreement, "agreement_ended", now=now, by=by, on=day, note=note, data=data)
    return agreement


@transaction.atomic
def withdraw(
    agreement: Agreement,
    *,
    now: datetime.datetime,
    note: str = "",
    today: datetime.date | None = None,
    by: User | None = None,
) -> Agreement:
    """Give up an agreement that never came in force. Withdrawn as a renewal, it makes room for another one."""
    day = today or local_today(now)
    lock(agreement)
    if agreement.status not in (AgreementStatus.DRAFT, AgreementStatus.AWAITING):
        raise Refusal(_("Only an agreement that is not in force yet can be withdrawn."))
    before = agreement.renews_id
    was = standing_of(agreement, ["status", "end_note", "renews"])
    agreement.status, agreement.end_note, agreement.renews = (AgreementStatus.WITHDRAWN, note.strip(), None)
    agreement.save(update_fields=["status", "end_note", "renews"])
    data = {"before": before, "was": was}
    record_for_parties(agreement, "agreement_withdrawn", now=now, by=by, on=day, note=note, data=data)
    return agreement


@transaction.atomic
def record_review(
    agreement: Agreement,
    *,
    now: datetime.datetime,
    reviewed_on: datetime.date | None = None,
    note: str = "",
    today: datetime.date | None = None,
    by: User | None = None,
) -> Review:
    """Write down that an agreement in force was looked through on a day (default: today)."""
    day = today or local_today(now)
    lock(agreement)
    if agreement.status != AgreementStatus.IN_FORCE:
        raise Refusal(_("Only an agreement in force can be looked through."))
    looked_on = reviewed_on or day
    if looked_on > day:
        raise Refusal(_("A review that is still to come cannot be written down yet."), field="reviewed_on")
    review = Review.objects.create(
        agreement=agreement, reviewed_on=looked_on, entered_on=day, by=by, note=note.strip()
    )
    data = {"reviewed_on": looked_on, "review": review.pk}
    record_for_parties(agreement, "agreement_reviewed", now=now, by=by, on=day, note=note, data=data)
    return review
