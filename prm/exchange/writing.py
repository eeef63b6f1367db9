"""A row about an organization that is known -> the rooms' actions: it changed, or a row of the same file told of it.

Only what differs from the last import is looked at, and only what differs from the installation is written. An empty
cell says nothing: it never takes away what is known.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from prm.accounts.models import User
from prm.exchange.job import Day, Job
from prm.exchange.reading import Reading
from prm.exchange.recognition import EVENT, Remembered
from prm.exchange.row import Row, Spot
from prm.exchange.values import COLUMNS, digest, digests, values
from prm.exchange.writing_facts import write_paper, write_pause, write_training
from prm.exchange.writing_people import write_people
from prm.partners.actions import (
    assign_deputy,
    assign_owner,
    change_organization,
    set_standing,
)
from prm.partners.models import Assignment, Entry, EntryKind, Organization
from prm.partners.queries import deputy_on, owner_on, status_on
from prm.partners.timeline import draft, record_all
from prm.vocabulary.models import Term


def compare(row: Row, reading: Reading, day: Day, before: Remembered, again: Spot | None) -> Job:
    """What a row says anew about a known organization; nothing is written. `again`: the row that spoke of it before in
    the same file."""
    told = digests(values(reading))
    changed = {name for name, value in told.items() if before.cells.get(name) != value}
    if again:
        changed -= {name for name in changed if (name, told[name]) in before.others}
    name_colleagues(row, reading, day)
    news = bool(changed) or any(digest(line) not in before.noted for line in row.notes)
    return Job(row, reading, day, before.organization, changed, again=again, wrote=news)


def revise(job: Job, before: Remembered) -> Job:
    """Bring a known organization in line with its row."""
    changed, again = job.changed, job.again
    if changed:
        for step in (_fields, _standing, *STEPS):
            step(job)
    noted = [digest(line) for line in job.row.notes]
    fresh = _append_notes(job, before, noted)
    if changed or fresh:
        told = digests(values(job.reading))
        others = {name for name in changed if again and (name in before.cells or name in job.refused)}
        cells = {name: told[name] for name in changed - others}
        beside = {name: told[name] for name in others}
        record_all([remember(job, cells, fresh, beside)], now=job.day.now)
    return job


def words(reading: Reading, day: Day) -> dict[str, Term]:
    found = {name: day.terms.get((name, getattr(reading, name))) for name in ("sector", "partnership_kind")}
    return {name: term for name, term in found.items() if term}


def _fields(job: Job) -> None:
    wanted: dict[str, Any] = {
        name: value
        for name, value in (dict(job.reading.fields) | words(job.reading, job.day)).items()
        if name in job.changed and value != getattr(job.organization, name)
    }
    if job.again:
        for name in [name for name in wanted if getattr(job.organization, name) and wanted[name] is not True]:
            del wanted[name]
            job.clash(name)
    if wanted:
        change_organization(job.organization, **wanted, **job.day.stamp)
        job.done += [job.row.headings.get(COLUMNS.get(name, name), name) for name in wanted]


def _standing(job: Job) -> None:
    if not job.tells("status") or status_on(job.organization, job.day.today) == job.reading.status:
        return
    if job.again:
        job.clash("status")
        return
    set_standing(job.organization, status=job.reading.status, **job.day.stamp)
    job.done.append(job.row.headings["status"])


def name_colleagues(row: Row, reading: Reading, day: Day) -> None:
    """Someone of ours whom nobody knows by that name stays as a note; an unknown address becomes a user later."""
    for meaning, text in (("owner", reading.owner), ("deputy", reading.deputy)):
        if text and not day.colleagues.knows(text):
            row.note(meaning, _("is nobody on our side: kept in the notes"))


def _keepers(job: Job) -> None:
    doors: tuple[
        tuple[str, str, Callable[[Organization, date], User | None], Callable[..., Assignment]], ...
    ] = (
        ("owner", job.reading.owner, owner_on, assign_owner),
        ("deputy", job.reading.deputy, deputy_on, assign_deputy),
    )
    for name, text, current, assign in doors:
        if not job.tells(name) or not job.day.colleagues.knows(text):
            continue
        holder = current(job.organization, job.day.today)
        user = job.day.colleagues.user(text, job.day.now)
        if holder == user:
            continue
        if job.again and holder:
            job.clash(name)
            continue
        assign(job.organization, user, **job.day.stamp)
        job.done.append(job.row.headings[name])


def _append_notes(job: Job, before: Remembered, noted: list[str]) -> list[str]:
    """Add the lines that no earlier import put into the notes; return their digests."""
    fresh = {mark: line for mark, line in zip(noted, job.row.notes, strict=True) if mark not in before.noted}
    known = job.organization.notes
    lines = [line for line in fresh.values() if line.removeprefix("'") not in known]
    if lines:
        text = "\n".join([known, *lines] if known else lines)
        change_organization(job.organization, notes=text, **job.day.stamp)
        job.done.append(_("notes"))
    return list(fresh)


def remember(
    job: Job, cells: dict[str, str], noted: list[str], others: dict[str, str] | None = None
) -> Entry:
    """What this row said, drafted for the timeline, so that the same row again is known to say nothing new."""
    return draft(
        job.organization,
        kind=EntryKind.ORGANIZATION,
        event=EVENT,
        now=job.day.now,
        happened_on=job.day.today,
        data={"cells": _flat(cells), "others": _flat(others or {}), "noted": noted},
    )


def _flat(cells: dict[str, str]) -> list[str]:
    return [f"{name}:{value}" for name, value in sorted(cells.items())]


# People before facts: whoever declares a pause must be known.
STEPS: tuple[Callable[[Job], None], ...] = (_keepers, write_people, write_paper, write_pause, write_training)
