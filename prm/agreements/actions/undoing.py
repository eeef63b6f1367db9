"""Undoing what was done last to an agreement, as long as nothing else happened since."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts import history
from prm.accounts.models import User
from prm.accounts.queries import local_today
from prm.agreements.actions.renewing import take_back_renewal
from prm.agreements.force import lock, record_for_parties
from prm.agreements.models import Agreement, AgreementStatus, Party
from prm.agreements.queries import last_entry
from prm.partners.edits import UNDONE_WITHIN
from prm.partners.models import Entry
from prm.rules.refusal import Refusal

#: A signature that was noted by mistake can be undone until the next thing happens.
WHENEVER = frozenset({"agreement_signed"})


def may_undo(entry: Entry | None, *, now: datetime.datetime) -> bool:
    """Whether an agreement's last entry can be undone: for a day, a signature as long as it is the last thing."""
    if entry is None or entry.event not in _WAYS or (entry.event not in _BEFORE and not _keeps(entry)):
        return False
    return entry.event in WHENEVER or now - entry.recorded_at <= UNDONE_WITHIN


def _keeps(entry: Entry) -> bool:
    """Whether the entry tells how it was before: those of earlier versions do not."""
    return bool({"was", "party_was", "party_number", "review"} & set(entry.data))


@transaction.atomic
def undo(
    agreement: Agreement,
    *,
    now: datetime.datetime,
    seen: int | None = None,
    today: datetime.date | None = None,
    by: User | None = None,
) -> Agreement:
    """Take back what was done last and return the agreement, or the term before where a renewal is taken back.

    `seen` is the number of the entry that the reader saw as the last one; after another one nothing is undone.
    """
    day = today or local_today(now)
    lock(agreement)
    entry = last_entry(agreement)
    if entry is None or not may_undo(entry, now=now) or not _is_last(entry, seen):
        raise Refusal(_("Something else happened since, or it was too long ago. It cannot be undone here."))
    if entry.event in _BEFORE:
        return take_back_renewal(agreement, now=now, today=day, by=by)
    data = {"undone": entry.event, "party": entry.data.get("party")}
    record_for_parties(agreement, "agreement_undone", now=now, by=by, on=day, data=data)
    _WAYS[entry.event](agreement, entry.data)  # afterwards: who joined by mistake is told, too
    agreement.refresh_from_db()
    return agreement


@transaction.atomic
def unsign(
    party: Party, *, now: datetime.datetime, today: datetime.date | None = None, by: User | None = None
) -> Agreement:
    """Take back a party's signature, as long as nothing else happened to the agreement since."""
    entry = last_entry(party.agreement)
    if entry is None or entry.event != "agreement_signed" or entry.data.get("party_number") != party.pk:
        raise Refusal(_("Something else happened since. This signature cannot be taken back."))
    return undo(party.agreement, now=now, today=today, by=by)


def _is_last(entry: Entry, seen: int | None) -> bool:
    """Whether what a reader saw last is this entry, or the same one in the timeline of another party."""
    same = Entry.objects.filter(record=entry.record, event=entry.event, recorded_at=entry.recorded_at)
    return seen is None or same.filter(pk=seen).exists()


def _restore(agreement: Agreement, data: Mapping[str, Any]) -> None:
    was = data.get("was", {})
    renews = was.get("renews_id")
    if renews is not None and Agreement.objects.filter(renews=renews).exclude(pk=agreement.pk).exists():
        raise Refusal(_("Another next term was written down meanwhile."))
    in_force_no_more = agreement.status == AgreementStatus.IN_FORCE != was.get("status", agreement.status)
    _write(agreement, was)
    if in_force_no_more and agreement.renews_id is not None:
        before = Agreement.objects.filter(pk=agreement.renews_id, status=AgreementStatus.REPLACED)
        history.update(before, status=AgreementStatus.IN_FORCE)


def _restore_party(agreement: Agreement, data: Mapping[str, Any]) -> None:
    _write(agreement.parties.get(pk=data["party_number"]), data["party_was"])
    _restore(agreement, data)


def _remove_party(agreement: Agreement, data: Mapping[str, Any]) -> None:
    agreement.parties.filter(pk=data["party_number"], original=False).delete()


def _remove_review(agreement: Agreement, data: Mapping[str, Any]) -> None:
    agreement.reviews.filter(pk=data["review"]).delete()


def _write(row: Agreement | Party, was: Mapping[str, Any]) -> None:
    for name, value in was.items():
        setattr(row, name, value)
    row.save(update_fields=[name.removesuffix("_id") for name in was])


_Way = Callable[[Agreement, Mapping[str, Any]], None]
#: Taken back by an action of their own.
_BEFORE = frozenset({"agreement_renewed", "agreement_renewal_sent"})
_WAYS: dict[str, _Way] = {
    "agreement_renewed": _restore,
    "agreement_renewal_sent": _restore,
    "agreement_sent": _restore,
    "agreement_signed": _restore_party,
    "agreement_joined": _remove_party,
    "agreement_ended": _restore,
    "agreement_notice": _restore,
    "agreement_withdrawn": _restore,
    "agreement_end_corrected": _restore,
    "agreement_reviewed": _remove_review,
    "agreement_before_body": _restore_party,
    "agreement_approved": _restore_party,
}
