"""The renewal ladder and the rhythm of training once more, written from the policy's text alone.

It shares nothing with the rules but the words: no import from `prm`, other arithmetic, other data. Where the rules
build touches and judge each, this lists sendings; a test compares the two.
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple


class Sending(NamedTuple):
    on: date
    side: str
    offset: int


def plus(day: date, days: int) -> date:
    return day + timedelta(days)


def months_on(anchor: date, months: int) -> date:
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    return date(year, month + 1, min(anchor.day, monthrange(year, month + 1)[1]))


def seek(day: date, step: int, works: Callable[[date], bool]) -> date:
    while not works(day):
        day = plus(day, step)
    return day


def sendings(
    days: dict[int, date],
    sides: dict[int, str],
    ends: date,
    entered: date,
    awake: date,
    works: Callable[[date], bool],
) -> list[Sending]:
    """What goes when, of offsets with these days, if the record came in on `entered` and nothing ran before `awake`.

    `sides` says p, o or po for each offset, `ends` is the reference date.
    """
    passed = {offset for offset, day in days.items() if day < entered}
    when = {offset: day for offset, day in days.items() if offset not in passed}
    if passed and entered <= max(ends, *days.values()):
        when[max(passed)] = seek(plus(entered, 1), 1, works)
    ready = {offset: day if day >= awake else seek(awake, 1, works) for offset, day in when.items()}
    result = []
    for letter, side in (("p", "partner"), ("o", "ours")):
        mine = {offset: day for offset, day in ready.items() if letter in sides[offset]}
        for offset, day in mine.items():
            if all(other <= offset or mine[other] > day for other in mine):
                result.append(Sending(day, side, offset))
    return result


def renewal(
    ends: date,
    lead: int,
    starts: date | None,
    entered: date,
    awake: date,
    works: Callable[[date], bool],
    *,
    leaving: date | None = None,
    instead: dict[int, str] | None = None,
) -> set[Sending]:
    """`leaving`: the day on which a side gave notice; nobody is asked to renew then. `instead`: what staff chose."""
    if leaving is not None:
        return set()
    sides = {
        -90: "po",
        -60: "po",
        -30: "po",
        -14: "po",
        -7: "po",
        0: "po",
        7: "o",
        14: "o",
        21: "o",
        28: "o",
    }
    sides = sides if instead is None else dict(instead)
    earliest = min(sides, default=0)
    if earliest < 0 and lead > -earliest:
        sides[-lead] = sides.pop(earliest)
    if starts is not None:
        sides = {offset: side for offset, side in sides.items() if not plus(ends, offset) < starts}
    days = {offset: seek(plus(ends, offset), -1, works) for offset in sides}
    found = sendings(days, sides, ends, entered, awake, works)
    return {s for s in found if s.side == "ours" or s.on <= ends}


def window(months: int) -> tuple[int, int]:
    """Days before and after a due date within which a session counts for it."""
    return (45, 30) if months >= 3 else (15 * months, 10 * months)


def training_dates(
    months: int,
    anchor: date | None,
    sessions: list[date],
    joined: date | None,
    entered: date,
    works: Callable[[date], bool],
) -> list[date]:
    """The due dates that exist, a few years of them; sessions are those attended, known since entry."""
    if anchor is not None:
        every = [months_on(anchor, n * months) for n in range(200)]
    elif sessions:
        every = [months_on(min(sessions), n * months) for n in range(1, 200)]
    else:
        every = [months_on(plus(joined or entered, 30), n * months) for n in range(200)]
    if sessions:
        every = [due for due in every if (due - max(sessions)).days > window(months)[0]]
    begun = [due for due in every if seek(plus(due, -21), 1, works) <= entered]
    return [due for due in every if due not in begun[:-1]]


def training(
    due: date, months: int, invited_to: list[date], entered: date, awake: date, works: Callable[[date], bool]
) -> set[Sending]:
    before, after = window(months)
    if any(plus(due, -before) <= on <= plus(due, after) for on in invited_to):
        return set()
    sides = {-21: "po", 0: "p", 14: "o"}
    days = {offset: seek(plus(due, offset), 1, works) for offset in sides}
    return set(sendings(days, sides, due, entered, awake, works))
