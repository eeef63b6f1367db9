"""Ending by notice: the agreement stays in force until its last day, and then ends by itself."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.checks import check_lengths
from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.agreements.force import lock, record_for_parties
from prm.agreements.models import Agreement, AgreementStatus
from prm.partners.edits import standing_of
from prm.rules.refusal import Refusal

COLUMNS = ("notice_given_on", "notice_by", "ended_on", "end_note", "termination_days", "term_set_on")


@transaction.atomic
def give_notice(
    agreement: Agreement,
    *,
    ended_on: datetime.date,
    notice_by: str,
    now: datetime.datetime,
    given_on: datetime.date | None = None,
    termination_days: int | None = None,
    note: str = "",
    today: datetime.date | None = None,
    by: User | None = None,
) -> Agreement:
    """Note that one side gave notice on a day (default: today); the agreement ends with `ended_on`, its last day.

    `notice_by` says in words who gave it, `termination_days` how many days notice takes, where that is known.
    """
    day = today or local_today(now)
    given = given_on or day
    lock(agreement)
    _check(agreement, given, ended_on, day)
    if not notice_by.strip():
        raise Refusal(_("Who gave notice?"), field="notice_by")
    was = standing_of(agreement, COLUMNS)
    agreement.notice_given_on, agreement.notice_by, agreement.ended_on = given, notice_by.strip(), ended_on
    agreement.end_note, agreement.term_set_on = note.strip(), day
    agreement.termination_days = termination_days or agreement.termination_days
    check_lengths(agreement)
    agreement.save(update_fields=COLUMNS)
    data = {"notice_by": agreement.notice_by, "ended_on": ended_on, "was": was}
    record_for_parties(agreement, "agreement_notice", now=now, by=by, on=day, note=note, data=data)
    return agreement


@transaction.atomic
def take_back_notice(
    agreement: Agreement,
    *,
    now: datetime.datetime,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Agreement:
    """Go on as if no notice had been given: possible until the agreement has ended."""
    day = today or local_today(now)
    lock(agreement)
    if agreement.status != AgreementStatus.IN_FORCE or agreement.notice_given_on is None:
        raise Refusal(_("There is no notice to take back."))
    agreement.notice_given_on = agreement.ended_on = None
    agreement.notice_by = agreement.end_note = ""
    agreement.term_set_on = day
    agreement.save(update_fields=COLUMNS)
    record_for_parties(agreement, "agreement_notice_taken_back", now=now, by=by, on=day)
    return agreement


def end_what_is_over(*, now: datetime.datetime) -> int:
    """End the agreements whose last day after a notice has passed; return how many. Twice does nothing more."""
    day = local_today(now)
    over = Agreement.objects.filter(
        status=AgreementStatus.IN_FORCE, notice_given_on__isnull=False, ended_on__lt=day
    )
    return sum(_end(agreement, day, now=now) for agreement in over.order_by("pk")[:200])


@transaction.atomic
def _end(agreement: Agreement, day: datetime.date, *, now: datetime.datetime) -> bool:
    lock(agreement)
    ended_on = agreement.ended_on
    still = agreement.status == AgreementStatus.IN_FORCE and agreement.notice_given_on is not None
    if not still or ended_on is None or ended_on >= day:
        return False  # somebody was faster
    agreement.status = AgreementStatus.ENDED
    agreement.save(update_fields=["status"])
    data = {"notice_by": agreement.notice_by, "ended_on": ended_on}
    record_for_parties(agreement, "agreement_ended_by_notice", now=now, by=None, on=day, data=data)
    return True


def _check(agreement: Agreement, given: datetime.date, ended_on: datetime.date, today: datetime.date) -> None:
    if agreement.status != AgreementStatus.IN_FORCE:
        raise Refusal(_("Only an agreement in force can be ended."))
    if agreement.notice_given_on is not None:
        raise Refusal(_("Notice was given already. Take it back first."))
    if given > today:
        raise Refusal(_("A notice that is still to come cannot be written down yet."), field="given_on")
    if ended_on < given:
        raise Refusal(_("The last day cannot lie before the notice."), field="ended_on")
    if agreement.starts_on is not None and ended_on < agreement.starts_on:
        raise Refusal(_("It cannot end before it starts."), field="ended_on")
    if agreement.expires_on is not None and ended_on > agreement.expires_on:
        raise Refusal(_("It ends by itself before that day."), field="ended_on")
