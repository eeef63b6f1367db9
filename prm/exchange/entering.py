"""Rows about organizations that are not known yet -> the rooms' bulk doors, a batch at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from prm.agreements.actions import enter_agreements
from prm.capacity.actions import record_pauses
from prm.exchange.job import Day, Job
from prm.exchange.reading import Reading
from prm.exchange.row import Row
from prm.exchange.values import digest, digests, values
from prm.exchange.writing import name_colleagues, remember, words
from prm.exchange.writing_facts import new_agreement, new_cadence, new_pause
from prm.exchange.writing_people import new_contacts
from prm.partners.actions import NewAssignment, NewOrganization, add_contacts, add_organizations, assign
from prm.partners.models import AssignmentKind, Contact, Entry, RoleKind
from prm.partners.timeline import record_all
from prm.training.actions import LastTraining, note_last_trainings, set_cadences


@dataclass(frozen=True, slots=True)
class Draft:
    """A row about a new organization that waits for its neighbours. Nothing of it is written."""

    row: Row
    reading: Reading
    organization: NewOrganization


def draft(row: Row, reading: Reading, day: Day) -> Draft:
    """Draft an organization with everything that its row tells."""
    name_colleagues(row, reading, day)
    facts: dict[str, Any] = dict(reading.fields) | words(reading, day)
    facts["notes"] = "\n".join(row.notes)
    new = NewOrganization(reading.name, status=reading.status or "active", facts=facts)
    return Draft(row, reading, new)


def enter_all(drafts: Sequence[Draft], day: Day) -> list[Job]:
    """Enter drafted organizations with everything that their rows tell; where one is refused the caller takes all back.

    People come before facts: whoever declares a pause must be known.
    """
    organizations = add_organizations([one.organization for one in drafts], **day.stamp)
    jobs = [
        Job(one.row, one.reading, day, organization, set(), new=True)
        for one, organization in zip(drafts, organizations, strict=True)
    ]
    assign(list(chain.from_iterable(map(_keepers, jobs))), **day.stamp)
    contacts = add_contacts(list(chain.from_iterable(map(new_contacts, jobs))), **day.stamp)
    _enter_facts(jobs, _first_contacts(jobs, contacts), day)
    record_all([_remember(job) for job in jobs], now=day.now)
    return jobs


def _keepers(job: Job) -> list[NewAssignment]:
    named = ((AssignmentKind.OWNER, job.reading.owner), (AssignmentKind.DEPUTY, job.reading.deputy))
    return [
        NewAssignment(job.organization, job.day.colleagues.user(text, job.day.now), kind)
        for kind, text in named
        if text and job.day.colleagues.knows(text)
    ]


def _first_contacts(jobs: Sequence[Job], contacts: Sequence[Contact]) -> dict[int, Contact]:
    """Who declares what a row tells: the first person that it names as main contact."""
    people = chain.from_iterable(job.reading.people for job in jobs)
    found: dict[int, Contact] = {}
    for person, contact in zip(people, contacts, strict=True):
        if RoleKind.PRIMARY in person.roles:
            found.setdefault(contact.organization_id, contact)
    return found


def _enter_facts(jobs: Sequence[Job], first: dict[int, Contact], day: Day) -> None:
    papers = [new_agreement(job, job.reading.paper) for job in jobs if job.reading.paper]
    enter_agreements(papers, **day.stamp)
    pauses = [
        new_pause(job, job.reading.pause, first.get(job.organization.pk)) for job in jobs if job.reading.pause
    ]
    record_pauses(pauses, **day.stamp)
    set_cadences([new_cadence(job) for job in jobs if job.reading.training.told], **day.stamp)
    trainings = [
        LastTraining(job.organization, job.reading.training.last_on)
        for job in jobs
        if job.reading.training.last_on
    ]
    note_last_trainings(trainings, entered_on=day.today, now=day.now)


def _remember(job: Job) -> Entry:
    noted = [digest(line) for line in job.row.notes]
    return remember(job, digests(values(job.reading)), noted)
