"""The sessions since the day of entry: planned, answered, moved, cancelled, held, and who came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from prm.exchange.demo.entering import enter_sheet, plan_lesson
from prm.exchange.demo.lessons import HELD, LATER, MOVED, SOON, STORM
from prm.exchange.demo.shapes import Lesson
from prm.exchange.demo.world import World
from prm.partners.actions import record_note
from prm.training import actions as training

Chapter = Callable[[World], None]

#: Where the moved session stood at first.
FIRST_DAY_OF_MOVED = -16


def chapters(world: World) -> Iterator[tuple[date, Chapter]]:
    """Yield what was done about sessions, with the working day on which it was."""
    for lesson, planned in PLANNED:
        yield world.working(planned), _planning(lesson)
    for lesson, days, said in ANSWERS:
        yield world.working(days), _answering(lesson, said)
    yield world.working(-22), cancel_for_the_storm
    yield world.working(-19), move_to_another_day
    for lesson in (HELD, MOVED):
        yield world.week.after(day_of(world, lesson)), _writing_down(lesson)


def day_of(world: World, lesson: Lesson) -> date:
    """Return the working day on which a session is or was held: those to come go on the next one."""
    if lesson.day > 0:
        return world.week.on_or_after(world.day(lesson.day))
    return world.working(lesson.day)


def _planning(lesson: Lesson) -> Chapter:
    def plan(world: World) -> None:
        first = world.working(FIRST_DAY_OF_MOVED) if lesson is MOVED else day_of(world, lesson)
        plan_lesson(world, lesson, first)
        people = [world.people[name] for name in lesson.invited]
        training.invite(world.sessions[lesson.key], people, by=_host(world, lesson), **world.when())

    return plan


def _answering(lesson: Lesson, said: dict[str, str]) -> Chapter:
    def answer(world: World) -> None:
        for name, word in said.items():
            invitation = world.sessions[lesson.key].invitations.get(contact=world.people[name])
            training.answer_invitation(invitation, answer=word, by=world.users["theo"], **world.when())

    return answer


def _writing_down(lesson: Lesson) -> Chapter:
    return lambda world: enter_sheet(world, lesson)


def _host(world: World, lesson: Lesson):
    return world.owner(lesson.host) if lesson.host else world.users["rosa"]


def cancel_for_the_storm(world: World) -> None:
    by, when = world.users["nadia"], world.when()
    note = "A storm has washed out the pass road. The session is cancelled; a new day when the road is open."
    record_note(world.organizations["youthline"], note=note, by=by, **when)
    training.cancel_session(world.sessions[STORM.key], by=by, **when)


def move_to_another_day(world: World) -> None:
    starts_at = world.at(MOVED.starts, day_of(world, MOVED))
    training.move_session(
        world.sessions[MOVED.key], starts_at=starts_at, by=world.users["nadia"], **world.when()
    )


YES, NO, MAYBE = "accepted", "declined", "tentative"
PLANNED: tuple[tuple[Lesson, int], ...] = ((HELD, -41), (STORM, -37), (MOVED, -34), (SOON, -15), (LATER, -6))
ANSWERS: tuple[tuple[Lesson, int, dict[str, str]], ...] = (
    (HELD, -37, {"Tomás Ibarra": YES, "Grace Lindqvist": YES, "Rebecca Stone": NO}),
    (HELD, -34, {"Andre Whitfield": MAYBE, "Luis Prado": YES}),
    (STORM, -32, {"Trevor Lindgren": YES, "Wendy Alcott": YES, "Kimberly Ro": NO}),
    (MOVED, -30, {"Joyce Amadi": YES, "Dana Kimball": YES, "Edwin Marsden": NO}),
    (MOVED, -15, {"Lucía Serrano": YES, "Ruben Castillo": MAYBE, "Simone Laurent": YES}),
    (SOON, -10, {"Keisha Monroe": YES, "Tomás Ibarra": NO, "Luis Prado": MAYBE}),
    (SOON, -6, {"Trevor Lindgren": YES, "Marisol Vega": YES}),
    (LATER, -3, {"Hannah Voss": YES, "Renee Castor": YES}),
)
