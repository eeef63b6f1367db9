"""Agreement, pause and training of a row -> their rooms."""

from datetime import date

from django.utils.translation import gettext as _

from prm.agreements.actions import NewAgreement, Signer, correct_end, enter_agreements, renew, withdraw
from prm.agreements.models import Agreement, AgreementStatus, AgreementTerm
from prm.agreements.queries import agreements_of, end_for
from prm.capacity.actions import NewPause, extend, record_pauses
from prm.capacity.queries import pauses_of
from prm.exchange.job import Job
from prm.exchange.papers import Paper
from prm.exchange.rhythms import Break
from prm.exchange.values import COLUMNS
from prm.exchange.writing_people import first_contact
from prm.partners.models import Contact
from prm.training.actions import NewCadence, note_last_training, set_cadences

OPEN = (AgreementStatus.DRAFT, AgreementStatus.AWAITING, AgreementStatus.IN_FORCE)
PAPER = ("kind", "title", "signed_on", "starts_on", "ends_on", "months", "draft")
PAUSE = ("starts_on", "ends_on", "scope", "service", "reason")


def new_agreement(job: Job, paper: Paper) -> NewAgreement:
    """The agreement that a row tells of, between them and us."""
    signed_on = None if paper.draft else paper.signed_on
    return NewAgreement(
        kind=job.day.terms["agreement_kind", paper.kind],
        title=paper.title,
        term=_term(paper),
        parties=[
            Signer(None, signed=not paper.draft, signed_on=signed_on),
            Signer(job.organization, signed=not paper.draft, signed_on=signed_on),
        ],
        starts_on=paper.starts_on,
        expires_on=paper.ends_on,
        months=paper.months,
    )


def new_pause(job: Job, told: Break, declared_by: Contact | None) -> NewPause:
    """The pause that a row tells of."""
    return NewPause(
        job.organization,
        scope=told.scope,
        service=told.service,
        starts_on=told.starts_on or job.day.today,
        ends_on=told.ends_on,
        reason=told.reason,
        declared_by=declared_by,
        imported=True,
    )


def new_cadence(job: Job, anchor_on: date | None = None) -> NewCadence:
    """The rhythm that a row tells of ("none" with the reason "as imported")."""
    months = job.reading.training.months
    return NewCadence(job.organization, months, anchor_on, "" if months else _("as imported"))


def write_paper(job: Job) -> None:
    """Enter the agreement that the row tells of, or bring the open one of its kind in line.

    A later day of signing or start is a renewal, another end alone a correction, no end where there was one (or the
    other way round) a renewal in the new form. An agreement that somebody ended here is not touched.
    """
    paper = job.reading.paper
    if paper is None or not job.tells(*(f"paper.{what}" for what in PAPER)):
        return
    current = _current(job, paper)
    if current is None:
        _enter(job, paper)
    elif not job.again and not paper.draft and current.status != AgreementStatus.IN_FORCE:
        withdraw(current, note=_("Replaced by an import"), **job.day.stamp)
        _enter(job, paper)
    elif not job.again and not paper.draft and _is_next(paper, current):
        _renew(job, paper, current)
    else:
        told, known = paper.ends_on, end_for(current, job.organization)
        # whoever joined later has an end of its own, which is not that of the others
        if not job.again and told not in (None, known) and known == current.expires_on:
            correct_end(current, expires_on=told, **job.day.stamp)
            job.done.append(_heading(job, "agreement_end"))
        _keep_the_rest(job, paper, current)


def _current(job: Job, paper: Paper) -> Agreement | None:
    """The open agreement of that kind: the one in force, and for a draft the one that is not; else any."""
    rows = list(agreements_of(job.organization).filter(kind__key=paper.kind, status__in=OPEN))
    alike = [row for row in rows if (row.status == AgreementStatus.IN_FORCE) != paper.draft]
    return next(iter([*alike, *rows]), None)


def _is_next(paper: Paper, current: Agreement) -> bool:
    """Whether the row tells of a later term or another form; where a day is not known it is taken for the same term."""
    told, known = paper.starts_on or paper.signed_on, current.starts_on or current.signed_on
    other_form = _is_open(paper) != (current.term == AgreementTerm.EVERGREEN)
    return other_form or bool(told and known and told > known)


def _is_open(paper: Paper) -> bool:
    return paper.ends_on is None and paper.months is None


def _term(paper: Paper) -> AgreementTerm:
    if paper.months:
        return AgreementTerm.FROM_LAST_SIGNATURE
    return AgreementTerm.EVERGREEN if paper.ends_on is None else AgreementTerm.FIXED


def _enter(job: Job, paper: Paper) -> None:
    enter_agreements([new_agreement(job, paper)], **job.day.stamp)
    job.done.append(_("agreement"))


def _renew(job: Job, paper: Paper, current: Agreement) -> None:
    for waiting in Agreement.objects.filter(renews=current).exclude(status=AgreementStatus.IN_FORCE):
        withdraw(waiting, note=_("Replaced by an import"), **job.day.stamp)
    renew(
        current,
        term=_term(paper),
        starts_on=paper.starts_on or paper.signed_on or job.day.today,
        expires_on=paper.ends_on,
        months=paper.months,
        signed_on=paper.signed_on,
        title=paper.title,
        **job.day.stamp,
    )
    job.done.append(_("renewal"))


def _keep_the_rest(job: Job, paper: Paper, current: Agreement) -> None:
    """Start, signing and title of an agreement are history, and a second row of one file changes nothing of it: what
    the row says otherwise stays as notes."""
    known = {
        "signed_on": current.signed_on,
        "starts_on": current.starts_on,
        "ends_on": end_for(current, job.organization),
        "months": current.months,
        "title": current.title,
        "draft": current.status != AgreementStatus.IN_FORCE,
    }
    for what, value in known.items():
        told = getattr(paper, what)
        if told == value or (not told and what != "ends_on") or not job.tells(f"paper.{what}"):
            continue
        job.clash(f"paper.{what}", "" if job.row.cells.get(COLUMNS[f"paper.{what}"]) else "agreement_kind")


def write_pause(job: Job) -> None:
    """Record the pause of the row, or give the running one of its scope another end."""
    told = job.reading.pause
    if told is None or not job.tells(*(f"pause.{what}" for what in PAUSE)):
        return
    today = job.day.today
    same = pauses_of(job.organization).filter(scope=told.scope, service=told.service)
    running = next((one for one in same if one.ends_on is None or one.ends_on >= today), None)
    if running is None:
        record_pauses([new_pause(job, told, first_contact(job))], **job.day.stamp)
        job.done.append(_("pause"))
        return
    if not job.again and running.ends_on != told.ends_on:
        running = extend(running, ends_on=told.ends_on, **job.day.stamp)
        job.done.append(_heading(job, "pause_until"))
    for what in ("starts_on", "ends_on", "reason"):
        value = getattr(told, what)
        if value != getattr(running, what) and (value or what == "ends_on") and job.tells(f"pause.{what}"):
            job.clash(f"pause.{what}")


def write_training(job: Job) -> None:
    """The rhythm and the last training known."""
    told = job.reading.training
    if told.told and job.tells("training.months"):
        known = getattr(job.organization, "cadence", None)
        if known is not None and job.again and known.every_months != told.months:
            job.clash("training.months")
        elif known is None or known.every_months != told.months:
            set_cadences([new_cadence(job, known.anchor_on if known else None)], **job.day.stamp)
            job.done.append(_heading(job, "training_every"))
    if told.last_on and job.tells("training.last_on"):
        news = note_last_training(
            job.organization, attended_on=told.last_on, entered_on=job.day.today, now=job.day.now
        )
        if news:
            job.done.append(_heading(job, "last_training"))


def _heading(job: Job, meaning: str) -> str:
    return job.row.headings.get(meaning, meaning)
