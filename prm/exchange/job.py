"""One row on its way into the rooms: what it says, what of it is new, and what was written."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from prm.exchange.colleagues import Colleagues
from prm.exchange.reading import Known, Reading
from prm.exchange.row import Row, Spot
from prm.exchange.values import COLUMNS
from prm.partners.models import Organization
from prm.vocabulary.models import Term


@dataclass(frozen=True, slots=True)
class Day:
    """What every row of one import shares: the moment, the day of entry, the shared words and our people."""

    now: datetime
    known: Known
    terms: dict[tuple[str, str], Term]
    colleagues: Colleagues

    @property
    def today(self) -> date:
        return self.known.today

    @property
    def stamp(self) -> dict[str, Any]:
        return {"now": self.now, "today": self.today}


@dataclass(slots=True)
class Job:
    """One row being written. `changed` are the values that differ from the last import, `done` what was really written
    (in words for the report), `again` the row of the same file that spoke of this organization before. `wrote` is also
    true where only the memory of what the row said is written."""

    row: Row
    reading: Reading
    day: Day
    organization: Organization
    changed: set[str]
    new: bool = False
    wrote: bool = False
    again: Spot | None = None
    done: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)

    def tells(self, *names: str) -> bool:
        return not self.changed.isdisjoint(names)

    def clash(self, name: str, column: str = "") -> None:
        """The row says something else than is known, and what is known stays: its cell is kept as a note and named."""
        meaning = column or COLUMNS.get(name, name)
        self.refused.add(name)
        if meaning not in self.row.headings or not self.row.cells.get(meaning) or meaning in self.kept:
            return
        self.kept.add(meaning)
        if self.again:
            reason = _("differs from %(row)s about the same organization: kept in the notes")
            self.row.note(meaning, reason % {"row": self.again})
        else:
            self.row.note(
                meaning, _("differs from what is known here, which was not changed: kept in the notes")
            )
