"""Who teaches a session, for what fee, and who pays for it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.checks import check_lengths
from prm.accounts.models import User
from prm.partners.models import Contact
from prm.rules.refusal import Refusal
from prm.training.models import Session, SessionFunder, SessionTrainer, TrainerRole

#: More than that is a slip of the hand.
MOST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher:
    """Somebody who teaches: one of ours, a partner's contact, or a name. Fees are in whole units of money."""

    role: str = TrainerRole.LEAD
    user: User | None = None
    contact: Contact | None = None
    name: str = ""
    fee_offered: int | None = None
    fee_agreed: int | None = None
    paid_on: datetime.date | None = None


@transaction.atomic
def add_trainer(session: Session, teacher: Teacher) -> SessionTrainer:
    """Write down who teaches a session. Refused for somebody who does so already."""
    lock_session(session)
    row = SessionTrainer(session=session)
    _write(row, teacher)
    return row


@transaction.atomic
def change_trainer(trainer: SessionTrainer, teacher: Teacher) -> SessionTrainer:
    """Say anew who a trainer is, in what role and for what fee."""
    lock_session(trainer.session)
    trainer.refresh_from_db()
    _write(trainer, teacher)
    return trainer


@transaction.atomic
def remove_trainer(trainer: SessionTrainer) -> None:
    """Take somebody off who does not teach after all. Refused where a fee was paid."""
    lock_session(trainer.session)
    trainer.refresh_from_db()
    if trainer.paid_on is not None:
        raise Refusal(_("A fee was paid, so this stays. Take the day of payment out first."), field="paid_on")
    trainer.delete()


@transaction.atomic
def set_funders(session: Session, names: Iterable[str]) -> list[SessionFunder]:
    """Write down who pays for a session, in place of those who stood there; each name once."""
    lock_session(session)
    session.funders.all().delete()
    once = {name.strip().casefold(): name.strip() for name in names if name.strip()}
    rows = [SessionFunder(session=session, name=name) for name in once.values()]
    for row in rows:
        _check_funder(row)
    return SessionFunder.objects.bulk_create(rows)


def unpaid_consultant(trainer: SessionTrainer) -> bool:
    """Return whether a survivor consultant teaches and no fee was offered."""
    return trainer.role == TrainerRole.CONSULTANT and not trainer.fee_offered


def lock_session(session: Session) -> None:
    """Keep others from writing about a session until the transaction ends."""
    Session.objects.select_for_update().get(pk=session.pk)


def _check_funder(row: SessionFunder) -> None:
    try:
        check_lengths(row)
    except Refusal as refusal:
        raise Refusal(str(refusal), field="funders") from refusal


def _write(row: SessionTrainer, teacher: Teacher) -> None:
    _check(teacher)
    row.user, row.contact, row.name = teacher.user, teacher.contact, teacher.name.strip()
    row.role = teacher.role
    row.fee_offered, row.fee_agreed, row.paid_on = teacher.fee_offered, teacher.fee_agreed, teacher.paid_on
    check_lengths(row)
    others = SessionTrainer.objects.filter(session=row.session_id).exclude(pk=row.pk)
    if any(_same(row, other) for other in others):
        raise Refusal(_("They stand here already."), field="name")
    row.save()


def _same(one: SessionTrainer, other: SessionTrainer) -> bool:
    of = (one.user_id, one.contact_id, one.name.casefold())
    return of == (other.user_id, other.contact_id, other.name.casefold())


def _check(teacher: Teacher) -> None:
    told = [teacher.user, teacher.contact, teacher.name.strip()]
    if sum(bool(one) for one in told) != 1:
        raise Refusal(_("Say who teaches."), field="name")
    if teacher.role not in TrainerRole.values:
        raise Refusal(_("Choose what they do in this session."), field="role")
    for field, fee in (("fee_offered", teacher.fee_offered), ("fee_agreed", teacher.fee_agreed)):
        if fee is not None and not 0 <= fee <= MOST:
            raise Refusal(_("Write the fee as a whole number, such as 300."), field=field)
    if teacher.paid_on is not None and not teacher.fee_agreed:
        raise Refusal(
            _("Enter the fee that was agreed before the day on which it was paid."), field="fee_agreed"
        )
