"""Where the telling stands: the day that is told just now, and the rows written so far under the names of the story."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

from prm.accounts.models import User
from prm.agreements.models import Agreement
from prm.capacity.models import Pause
from prm.partners.models import Contact, Organization, Promise
from prm.rules.dates import WorkingWeek
from prm.training.models import Session

#: How long before today everything was typed in.
ENTERED = timedelta(45)
MORNING = time(10, 30)


class When(TypedDict):
    """The clock of an action."""

    now: datetime
    today: date


@dataclass(slots=True)
class World:
    """The rows of the demo by the keys of `coalition.py`; people by name."""

    today: date
    zone: ZoneInfo
    week: WorkingWeek
    told: date = date.min
    users: dict[str, User] = field(default_factory=dict)
    organizations: dict[str, Organization] = field(default_factory=dict)
    people: dict[str, Contact] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)
    pauses: dict[str, Pause] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)

    def day(self, offset: int) -> date:
        """Return the day that lies `offset` days from today."""
        return self.today + timedelta(offset)

    def working(self, offset: int) -> date:
        """Return the working day on or before that day, when people were at their desks; never before entry."""
        day = self.week.on_or_before(self.day(offset))
        return max(day, self.first_day)

    def working_in_the_past(self, offset: int) -> date:
        """Return the working day on or before that day, also long before entry."""
        return self.working_in_the_past_on(self.day(offset))

    def working_in_the_past_on(self, day: date) -> date:
        """Return the working day on or before a day; none to come."""
        return min(self.week.on_or_before(day), self.told)

    @property
    def first_day(self) -> date:
        """The working day on which everything was typed in."""
        return self.week.on_or_before(self.today - ENTERED)

    def at(self, moment: time, day: date | None = None) -> datetime:
        """Return a local time of the day that is told (or another) as a moment."""
        return datetime.combine(day or self.told, moment, self.zone)

    def when(self) -> When:
        """Return the clock of the day that is told."""
        return {"now": self.at(MORNING), "today": self.told}

    def owner(self, key: str) -> User:
        """Return who keeps an organization."""
        return self.organizations[key].assignments.get(kind="owner", until=None).user
