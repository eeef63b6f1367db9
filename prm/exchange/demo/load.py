"""Many invented organizations with their history, through the rooms' bulk doors: what a big program looks like.

Names and facts come from a seeded chance (`names.py`, `inventing.py`). They are written as if a spreadsheet of years
had come in today: in batches, each a transaction, and then everyone is planned for today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import chain, islice
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import transaction

from prm.accounts import actions as accounts
from prm.accounts.models import User, UserRole
from prm.accounts.queries import local_today, program, user_by_email
from prm.agreements.actions import enter_agreements, renew
from prm.agreements.models import Agreement, AgreementStatus
from prm.capacity.actions import record_pauses
from prm.exchange.collecting import batch_by_batch
from prm.exchange.demo import inventing, names
from prm.exchange.demo.coalition import COLLEAGUES
from prm.exchange.demo.inventing import Chance, Scene
from prm.exchange.demo.shapes import DOMAIN
from prm.partners.actions import (
    add_contacts,
    add_organizations,
    assign,
    record_talks,
    replace_contact,
)
from prm.partners.models import Contact, Organization
from prm.reminders.actions import out_of_date, refresh
from prm.training.actions import note_last_trainings, plan_session, record_attendance, set_cadences
from prm.vocabulary.models import Term

BATCH = 500
LISTS = ("sector", "partnership_kind", "agreement_kind", "interaction")
#: Sessions of the year behind us, by how many days ago, and how many of a batch's organizations came to one.
SESSIONS = ((330, "First signs"), (240, "Safe referrals"), (130, "First signs"), (45, "Working together"))
CAME = 60
SUCCESSIONS = RENEWALS = 5  # of a batch: each by the door for one

Counted = Callable[[int, int], None]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many organizations were written, and how many plans were made."""

    organizations: int
    planned: int


def load(
    *,
    now: datetime,
    seed: int,
    organizations: int,
    progress: Counted | None = None,
    planning: Counted | None = None,
) -> Loaded:
    """Write so many demo organizations (at most names.MOST) as of `now`, and plan everyone for today.

    `progress` hears (organizations written, in all) after each batch, `planning` the same of plans. What was written
    stays when the process dies: `removal.remove` takes it away.
    """
    scene, chance = _scene(now), Chance(seed)
    named = names.organizations(chance, organizations)
    done = 0
    with batch_by_batch() as tidy:
        while some := list(islice(named, BATCH)):
            with transaction.atomic():
                _enter(some, chance, scene, now)
            done += len(some)
            tidy()
            if progress:
                progress(done, organizations)
        return Loaded(done, _plan(now, planning, tidy))


def _plan(now: datetime, planning: Counted | None, tidy: Callable[[], object]) -> int:
    total = Organization.objects.filter(out_of_date(local_today(now))).count()

    def tell(done: int) -> None:
        tidy()
        if planning:
            planning(done, total)

    return refresh(now=now, progress=tell)


def _scene(now: datetime) -> Scene:
    terms = {(term.list, term.key): term for term in Term.objects.filter(list__in=LISTS)}
    ours = [_user(colleague.email, colleague.name, colleague.role, now) for colleague in COLLEAGUES]
    keepers = tuple(user for user in ours if user.role == UserRole.MANAGER)
    return Scene(local_today(now), keepers, terms)


def _user(email: str, name: str, role: str, now: datetime) -> User:
    return user_by_email(email) or accounts.add_user(email=email, name=name, role=role, now=now)


def _enter(some: Sequence[names.Named], chance: Chance, scene: Scene, now: datetime) -> None:
    """Write one batch; one of us typed it in."""
    stamp: dict[str, Any] = {"now": now, "today": scene.today, "by": chance.choice(scene.keepers)}
    new = [inventing.new_organization(chance, scene, named) for named in some]
    rows = add_organizations(new, **stamp)
    pairs = list(zip(rows, new, strict=True))
    assign(_all(inventing.new_keepers(chance, scene, row) for row in rows), **stamp)
    contacts = add_contacts(_all(inventing.new_contacts(chance, scene, row) for row in rows), **stamp)
    first = {contact.organization_id: contact for contact in reversed(contacts)}
    people = [first[row.pk] for row in rows]
    papers = _all(inventing.new_agreements(chance, scene, row, one.status) for row, one in pairs)
    agreements = enter_agreements(papers, **stamp)
    record_pauses(_all(inventing.new_pauses(chance, scene, contact) for contact in people), **stamp)
    _enter_learning(people, chance, scene, stamp)
    record_talks(_all(inventing.new_talks(chance, scene, contact) for contact in people), **stamp)
    _follow(people, agreements, chance, scene, stamp)


def _enter_learning(people: Sequence[Contact], chance: Chance, scene: Scene, stamp: dict[str, Any]) -> None:
    """Rhythms, days known from before, and a year of sessions with those who came."""
    rows = [contact.organization for contact in people]
    set_cadences(_all(inventing.new_rhythms(chance, row) for row in rows), **stamp)
    trainings = _all(inventing.known_trainings(chance, scene, row) for row in rows)
    note_last_trainings(trainings, entered_on=scene.today, now=stamp["now"], by=stamp["by"])
    zone = ZoneInfo(program().zone)
    for days, title in SESSIONS:
        start = datetime.combine(scene.ago(days + chance.randint(0, 20)), time(10), zone)
        times: dict[str, Any] = {"starts_at": start, "ends_at": start + timedelta(hours=2)}
        session = plan_session(title=title, place="Online", now=stamp["now"], today=scene.today, **times)
        record_attendance(session, contacts=chance.sample(people, min(CAME, len(people))), **stamp)


def _follow(
    people: Sequence[Contact],
    agreements: Sequence[Agreement],
    chance: Chance,
    scene: Scene,
    stamp: dict[str, Any],
) -> None:
    """Some people left and were followed, some agreements were renewed in time."""
    for contact in chance.sample(people, min(SUCCESSIONS, len(people))):
        name = names.person(chance)
        email = f"{name.lower().replace(' ', '.')}@{contact.organization.slug[:60]}.{DOMAIN}"
        replace_contact(contact, last_day=scene.ago(chance.randint(0, 20)), name=name, email=email, **stamp)
    ending = [one for one in agreements if one.status == AgreementStatus.IN_FORCE and one.expires_on]
    for agreement in chance.sample(ending, min(RENEWALS, len(ending))):
        renew(agreement, signed=chance.one_in(2), **stamp)


def _all(parts: Iterable[Iterator[T]]) -> list[T]:
    return list(chain.from_iterable(parts))
