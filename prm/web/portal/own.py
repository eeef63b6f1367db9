"""A partner's own page: whom they have with us, what is agreed, what comes next, and everything they may say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.agreements.models import AgreementStatus, Party, Signature
from prm.agreements.queries import last_day
from prm.capacity.models import Pause, Scope
from prm.partners.models import AssignmentKind, Contact, Role, RoleKind, Statement, StatementKind
from prm.partners.queries import holding_on
from prm.reminders.models import Reminder
from prm.rules.facts import Side, State
from prm.rules.renewal import FIRST_OFFSET
from prm.training.models import Session
from prm.training.queries import local_start, sessions_to_come
from prm.web.portal.gate import Visit
from prm.web.portal.pages import page

SHOWN = 5  # sessions
#: What a colleague need not read about somebody.
NOT_TOLD = (RoleKind.SURVIVOR_CONSULTANT,)


@dataclass(frozen=True, slots=True)
class Paper:
    """One agreement as they have it; `said` is what was answered about this end, if it was, `mine` by the reader."""

    id: int
    title: str
    last_day: date | None
    waiting: bool
    may_renew: bool
    said: Statement | None
    mine: bool


@dataclass(frozen=True, slots=True)
class Coming:
    """One session, in its own local time."""

    title: str
    starts: datetime
    place: str


@dataclass(frozen=True, slots=True)
class Breath:
    """One pause; `over`: its last day has passed and nobody said yet whether they are back."""

    pause: Pause
    what: str
    over: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of theirs; addresses only of the reader."""

    name: str
    roles: tuple[str, ...]
    you: bool


def own(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The first page of a link to their own page."""
    pauses = list(visit.organization.pauses.filter(withdrawn_on__isnull=True).order_by("starts_on", "pk"))
    return page(
        request,
        visit,
        "own",
        keepers=keepers(visit),
        papers=papers(visit),
        breaths=breaths(pauses, visit.today),
        coming=coming(visit, pauses),
        people=people(visit),
    )


def keepers(visit: Visit) -> dict[str, User]:
    """Return who answers for them with us today, by kind: owner and deputy."""
    rows = visit.organization.assignments.filter(holding_on(visit.today), user__is_active=True)
    found = rows.select_related("user").order_by("since", "pk")
    return {AssignmentKind(row.kind).value: row.user for row in found}


# --- agreements -----------------------------------------------------------------------------------------------------


def papers(visit: Visit) -> list[Paper]:
    """Return the agreements that are in force or wait for a signature, the one that ends first on top."""
    live = (AgreementStatus.IN_FORCE, AgreementStatus.AWAITING)
    parties = visit.organization.agreement_parties.filter(agreement__status__in=live)
    parties = parties.select_related("agreement__kind", "agreement__renewed_by").order_by("pk")
    asked = _asked(visit)
    said = {(one.record, one.reference_on): one for one in _answers(visit)}
    found = [_paper(visit, party, asked, said) for party in parties]
    return sorted(found, key=lambda paper: (paper.last_day or date.max, paper.id))


def _asked(visit: Visit) -> set[tuple[str, date]]:
    """Return about which ends they have been asked already."""
    rows = Reminder.objects.filter(
        organization=visit.organization, side=Side.PARTNER, rule="expiry", state=State.HANDED_OVER
    )
    return set(rows.values_list("record", "reference_on"))


def _answers(visit: Visit) -> QuerySet[Statement]:
    """Return what they said about ends that stands, the last word of each last."""
    said = visit.organization.statements.filter(kind=StatementKind.RENEWAL, taken_back_at__isnull=True)
    return said.exclude(choice="not_me").order_by("said_at", "pk")


def _paper(
    visit: Visit,
    party: Party,
    asked: set[tuple[str, date]],
    said: dict[tuple[str, date | None], Statement],
) -> Paper:
    agreement, ends_on = party.agreement, last_day(party)
    discreet = visit.contact is not None and visit.contact.discreet
    in_force = agreement.status == AgreementStatus.IN_FORCE and party.signature == Signature.SIGNED
    answer = said.get((f"agreement:{agreement.pk}", ends_on))
    followed = getattr(agreement, "renewed_by", None) is not None
    return Paper(
        id=agreement.pk,
        title=_("Our agreement") if discreet else agreement.title,
        last_day=ends_on,
        waiting=not in_force,
        may_renew=in_force and not followed and _is_near(visit, agreement.pk, ends_on, asked),
        said=answer,
        mine=answer is not None and answer.contact_id == visit.link.contact_id,
    )


def _is_near(visit: Visit, agreement: int, ends_on: date | None, asked: set[tuple[str, date]]) -> bool:
    """Whether an end is so near that we ask about it, or has been asked about."""
    if ends_on is None:
        return False
    first = max(FIRST_OFFSET, visit.organization.approval_lead_days or 0)
    near = ends_on - timedelta(days=first) <= visit.today
    return near or (f"agreement:{agreement}", ends_on) in asked


# --- pauses and sessions --------------------------------------------------------------------------------------------


def breaths(pauses: Iterable[Pause], today: date) -> list[Breath]:
    """Return the pauses that run or come, and those that are over and wait for their word."""
    found = []
    known = list(pauses)
    goes_on = {pause.continues_id for pause in known}
    for pause in known:
        over = pause.ends_on is not None and pause.ends_on < today
        settled = pause.answered_on is not None or pause.pk in goes_on
        if over and (settled or pause.scope == Scope.TRAINING):
            continue
        found.append(Breath(pause, what_pauses(pause), over))
    return found


def what_pauses(pause: Pause) -> str:
    """Return what is paused, as the beginning of a line."""
    words = {
        Scope.REFERRALS: _("New referrals"),
        Scope.TRAINING: _("Training"),
        Scope.SERVICE: pause.service,
    }
    return words.get(Scope(pause.scope), _("Everything"))


def coming(visit: Visit, pauses: Iterable[Pause]) -> list[Coming]:
    """Return the next sessions to which somebody of theirs is asked; not those inside a pause of training."""
    held = [pause for pause in pauses if pause.scope in (Scope.TRAINING, Scope.ALL)]
    rows = sessions_to_come(visit.organization, visit.now)
    standing = (row for row in rows if not any(_inside(pause, local_start(row)) for pause in held))
    return [_coming(visit, row) for row in islice(standing, SHOWN)]


def _inside(pause: Pause, day: date) -> bool:
    return pause.starts_on <= day and (pause.ends_on is None or day <= pause.ends_on)


def _coming(visit: Visit, session: Session) -> Coming:
    discreet = visit.contact is not None and visit.contact.discreet
    return Coming(
        title=_("Training") if discreet else session.title,
        starts=session.starts_at.astimezone(ZoneInfo(session.zone)),
        place=_("Address given by phone") if session.place_confidential else session.place,
    )


# --- their people ---------------------------------------------------------------------------------------------------


def people(visit: Visit) -> list[Person]:
    """Return who we know of them, the reader first: names and what they do, nobody's address."""
    here = list(present(visit))
    held: dict[int, list[str]] = {}
    for role in Role.objects.filter(holding_on(visit.today), organization=visit.organization):
        if role.kind not in NOT_TOLD or role.contact_id == visit.link.contact_id:
            held.setdefault(role.contact_id, []).append(str(role.get_kind_display()))
    found = [
        Person(one.name, tuple(held.get(one.pk, ())), you=one.pk == visit.link.contact_id) for one in here
    ]
    return sorted(found, key=lambda person: not person.you)


def present(visit: Visit) -> QuerySet[Contact]:
    """Return their people who have not left by today, in the order in which they came in."""
    return visit.organization.contacts.exclude(left_on__lt=visit.today).order_by("entered_at", "pk")
