"""The year ahead: when agreements end or are looked through, drawn on one line; the table beside it is the truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import Q
from django.utils.formats import date_format

from prm.accounts.access import visible_organizations
from prm.accounts.models import User
from prm.agreements.models import Agreement, AgreementStatus, AgreementTerm, Party, Signature
from prm.agreements.queries import last_day
from prm.web.staff.badges import next_review

MONTHS = 12
#: The drawing, in its own units: a month is 84 wide, a line of names 30 high.
WIDTH, EDGE, TOP, LANE, LANES = 1040, 16, 40, 30, 4
#: About how wide a letter is, how far a name stands from its mark, and how long a name may be.
LETTER, BESIDE, LONGEST = 8, 14, 28


@dataclass(frozen=True, slots=True)
class Mark:
    """One agreement with one partner: the day on which it ends or is looked through. `here`: the page's own."""

    day: date
    review: bool
    name: str
    slug: str
    agreement: int
    here: bool
    x: int = 0
    y: int = 0
    label: str = ""
    label_x: int = 0
    leftward: bool = False


@dataclass(frozen=True, slots=True)
class Year:
    """Marks with their places, the months (x and word), and where today is."""

    marks: list[Mark]
    months: list[tuple[int, str]]
    today_x: int
    ground: int
    width: int = WIDTH

    @property
    def foot(self) -> int:
        return self.ground + 22

    @property
    def height(self) -> int:
        return self.ground + 32


def year(here: Agreement, reader: User, today: date) -> Year | None:
    """Return the twelve months from the first of this one, in two queries; None where nothing ends or is looked at."""
    first = today.replace(day=1)
    last = first + relativedelta(months=MONTHS)
    marks = [mark for mark in _marks(here, reader, last) if today <= mark.day < last]
    if not marks:
        return None
    span = (last - first).days
    months = [first + relativedelta(months=number) for number in range(MONTHS)]
    ordered = sorted(marks, key=lambda one: (not one.here, one.day, one.name))
    placed = sorted(_placed(ordered, first, span), key=lambda one: (one.day, one.name))
    lanes = max((one.y - TOP) // LANE for one in placed) + 1
    return Year(
        marks=placed,
        months=[(_x(day, first, span), _month(day, first)) for day in months],
        today_x=_x(today, first, span),
        ground=TOP + lanes * LANE,
    )


def _marks(here: Agreement, reader: User, last: date) -> Iterator[Mark]:
    ends = Q(agreement__expires_on__lt=last) | Q(expires_on__lt=last) | Q(agreement__ended_on__lt=last)
    rows = Party.objects.filter(
        visible_organizations(reader, "organization__"),
        ends | Q(agreement__term=AgreementTerm.EVERGREEN),
        organization__isnull=False,
        signature=Signature.SIGNED,
        agreement__status=AgreementStatus.IN_FORCE,
    )
    for party in rows.select_related("agreement", "organization").prefetch_related("agreement__reviews"):
        ends_on, organization = last_day(party), party.organization
        if organization is None:
            continue
        yield Mark(
            day=ends_on or next_review(party.agreement),
            review=ends_on is None,
            name=organization.name,
            slug=organization.slug,
            agreement=party.agreement_id,
            here=party.agreement_id == here.pk,
        )


def _x(day: date, first: date, span: int) -> int:
    return EDGE + round((day - first).days / span * (WIDTH - 2 * EDGE))


def _month(day: date, first: date) -> str:
    return date_format(day, "M Y" if day.month == 1 and day != first else "M")


def _placed(marks: Iterable[Mark], first: date, span: int) -> Iterator[Mark]:
    """Give each mark the first line in which its name has room; the rest stand below the names, with none.

    The page's own comes first, so it always has its name.
    """
    taken: list[list[tuple[int, int]]] = [[] for _line in range(LANES)]
    for mark in marks:
        x = _x(mark.day, first, span)
        label = mark.name if len(mark.name) <= LONGEST else f"{mark.name[: LONGEST - 1]}…"
        wide = BESIDE + len(label) * LETTER
        leftward = x + wide > WIDTH
        start, end = (x - wide, x + 8) if leftward else (x - 8, x + wide)
        lane = next((number for number, line in enumerate(taken) if _free(line, start, end)), None)
        if lane is None:
            yield replace(mark, x=x, y=TOP + LANES * LANE)
            continue
        taken[lane].append((start, end))
        label_x = x - BESIDE if leftward else x + BESIDE
        yield replace(mark, x=x, y=TOP + lane * LANE, label=label, label_x=label_x, leftward=leftward)


def _free(line: Iterable[tuple[int, int]], start: int, end: int) -> bool:
    return all(end <= one or other <= start for one, other in line)
