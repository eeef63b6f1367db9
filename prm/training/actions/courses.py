"""What we teach: courses, and the paths that lead through them."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from prm.accounts.checks import check_lengths
from prm.accounts.queries import local_today
from prm.partners.edits import own_changes
from prm.rules.refusal import Refusal
from prm.training.models import Course, LearningPath, Origin, PathStep
from prm.vocabulary.models import Term

#: What of a course may be said, beside its languages.
FACTS = frozenset(
    {
        "title", "topic", "level", "objectives", "minutes", "format", "origin", "review_on",
        "materials_link", "on_demand_link", "funder", "accreditation",
    }
)  # fmt: skip
LINKS = ("materials_link", "on_demand_link")
LONGEST = 24 * 60


@transaction.atomic
def enter_course(
    *,
    title: str,
    now: datetime.datetime,
    languages: Iterable[Term] = (),
    today: datetime.date | None = None,
    **facts: Any,
) -> Course:
    """Enter a course; `facts` are columns of FACTS."""
    course = Course(entered_on=today or local_today(now))
    _write(course, {"title": title, **facts})
    course.save()
    course.languages.set(_of_list(languages, "language"))
    return course


@transaction.atomic
def change_course(
    course: Course,
    *,
    languages: Iterable[Term] | None = None,
    seen: Mapping[str, str] | None = None,
    **facts: Any,
) -> Course:
    """Change facts of a course; its sessions keep what they copied. `seen`: what the writer saw, else Conflict."""
    course.refresh_from_db(from_queryset=Course.objects.select_for_update())
    mine = own_changes(course, facts, seen)
    _write(course, mine)
    if mine:
        course.save()
    if languages is not None:
        course.languages.set(_of_list(languages, "language"))
    return course


@transaction.atomic
def retire_course(course: Course, *, now: datetime.datetime, today: datetime.date | None = None) -> Course:
    """Offer a course no longer; what is planned of it stays. Twice is once."""
    course.refresh_from_db(from_queryset=Course.objects.select_for_update())
    if course.retired_on is None:
        course.retired_on = today or local_today(now)
        course.save(update_fields=["retired_on"])
    return course


@transaction.atomic
def offer_course_again(course: Course) -> Course:
    """Offer a retired course again."""
    course.refresh_from_db(from_queryset=Course.objects.select_for_update())
    if course.retired_on is not None:
        course.retired_on = None
        course.save(update_fields=["retired_on"])
    return course


def check_offered(course: Course | None) -> None:
    """Refuse a course that is retired."""
    if course is not None and course.retired_on is not None:
        sentence = _("“%(title)s” is retired. Bring it back first.")
        raise Refusal(sentence % {"title": course.title}, field="course")


def known_term(term: Term | None, name: str, *, field: str) -> Term | None:
    """Return a word of a list, or none; refuse one of another list."""
    if term is not None and term.list != name:
        raise Refusal(_("Choose another word of this list."), field=field)
    return term


def link(text: str, *, field: str) -> str:
    """Return the address of a page, or nothing; refuse what no browser opens."""
    text = text.strip()
    if text and not text.lower().startswith(("https://", "http://")):
        raise Refusal(_("Write the whole address, from https:// on."), field=field)
    return text


def _write(course: Course, facts: Mapping[str, Any]) -> None:
    """Put facts into a course that is not saved yet. Refused at the field that has to change."""
    if unknown := set(facts) - FACTS:
        raise TypeError(f"no facts of a course: {sorted(unknown)}")
    for name, value in facts.items():
        setattr(course, name, value.strip() if isinstance(value, str) else value)
    if not course.title:
        raise Refusal(_("A course needs a title."), field="title")
    if not 0 < course.minutes <= LONGEST:
        raise Refusal(_("A course takes 1 to %d minutes.") % LONGEST, field="minutes")
    if course.origin not in ("", *Origin.values):
        raise Refusal(_("Choose who made the material."), field="origin")
    for name in ("topic", "level", "format"):
        known_term(getattr(course, name), f"training_{name}", field=name)
    for name in LINKS:
        setattr(course, name, link(getattr(course, name), field=name))
    check_lengths(course)


def _of_list(terms: Iterable[Term], name: str) -> list[Term]:
    found = list(terms)
    for term in found:
        known_term(term, name, field="languages")
    return found


# --- learning paths -------------------------------------------------------------------------------------------------


@transaction.atomic
def enter_path(
    *, title: str, courses: Collection[Course], now: datetime.datetime, today: datetime.date | None = None
) -> LearningPath:
    """Enter a learning path through courses, in their order."""
    path = LearningPath(title=title.strip(), entered_on=today or local_today(now))
    _check_path(path, courses)
    path.save()
    _lay(path, courses)
    return path


@transaction.atomic
def change_path(
    path: LearningPath, *, title: str | None = None, courses: Collection[Course] | None = None
) -> LearningPath:
    """Change what a learning path is called, or which courses it leads through."""
    path.refresh_from_db(from_queryset=LearningPath.objects.select_for_update())
    path.title = path.title if title is None else title.strip()
    wanted = [step.course for step in path.steps.select_related("course")] if courses is None else courses
    _check_path(path, wanted)
    path.save()
    if courses is not None:
        path.steps.all().delete()
        _lay(path, courses)
    return path


def _check_path(path: LearningPath, courses: Collection[Course]) -> None:
    if not path.title:
        raise Refusal(_("A learning path needs a title."), field="title")
    if len(courses) < 2:
        raise Refusal(_("A learning path leads through two courses or more."), field="courses")
    if len({course.pk for course in courses}) < len(courses):
        raise Refusal(_("Each course stands once in a learning path."), field="courses")
    check_lengths(path)


def _lay(path: LearningPath, courses: Iterable[Course]) -> None:
    steps = [
        PathStep(path=path, course=course, position=number) for number, course in enumerate(courses, start=1)
    ]
    PathStep.objects.bulk_create(steps)
