"""What a change was: rows before and after, kept with its entry so that it can be taken back for a day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from prm.partners.models import Entry, Organization
from prm.rules.refusal import Conflict

#: How long a change can be taken back with one press.
UNDONE_WITHIN = datetime.timedelta(days=1)
#: When an organization's plan was made is no fact about it.
PLANNING = ("plan_stale_at", "planned_for")
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edit:
    """One row that changed: `record` such as "role:5", and its columns before and after.

    `was` is None where the row was made, `now` where it was removed. Values are as JSON keeps them: days as text, a
    related row as its number.
    """

    record: str
    was: Values | None
    now: Values | None

    @property
    def table(self) -> type[models.Model]:
        """The table that the word before the colon names; it may be one of a room above."""
        return apps.get_model("prm", self.record.partition(":")[0])

    @property
    def pk(self) -> int:
        return int(self.record.partition(":")[2])

    @property
    def columns(self) -> set[str]:
        """What it is about: "contact:5.phone"; of a row made or removed every column."""
        return {f"{self.record}.{name}" for name in {**(self.was or {}), **(self.now or {})}}


def standing_of(row: models.Model, names: Iterable[str] | None = None) -> Values:
    """Return some columns of a row (all facts but its number, unless named) as JSON keeps them."""
    columns = [column for column in row._meta.concrete_fields if not column.primary_key]  # noqa: SLF001 - documented
    wanted = set(names) if names is not None else {column.name for column in columns} - set(PLANNING)
    return {
        column.attname: plain(getattr(row, column.attname)) for column in columns if column.name in wanted
    }


def plain(value: Any) -> Any:
    """Return a value as JSON keeps it."""
    if isinstance(value, datetime.date):  # a moment is one too
        return value.isoformat()
    return value.pk if isinstance(value, models.Model) else value


def edited(row: models.Model, was: Values) -> Edit:
    """Return the edit of a row that was written: the columns of `was` as they are now."""
    now = {name: plain(getattr(row, name)) for name in was}
    return Edit(record_of(row), was, now)


def made(row: models.Model) -> Edit:
    """Return the edit of a row that was written for the first time."""
    return Edit(record_of(row), None, standing_of(row))


def removed(row: models.Model) -> Edit:
    """Return the edit of a row that is about to be removed."""
    return Edit(record_of(row), standing_of(row), None)


def record_of(row: models.Model) -> str:
    """Return the readable key of a row: "contact:5"."""
    return f"{row._meta.model_name}:{row.pk}"  # noqa: SLF001 - Django documents it


def data_of(*edits: Edit) -> dict[str, Any]:
    """What goes into the data of an entry."""
    return {"edits": [asdict(edit) for edit in edits]}


def edits_of(entry: Entry) -> list[Edit]:
    """Return what an entry changed, as far as that can be taken back."""
    return [Edit(**one) for one in entry.data.get("edits", ())]


def undoable(entries: Iterable[Entry], now: datetime.datetime) -> set[int]:
    """Which of one organization's entries can be taken back: for a day, while nothing came after them.

    What was recorded with one press goes together: where a part of it has no way back, nothing has. An organization
    can be taken away only while nothing else was written about it.
    """
    known = sorted(entries, key=lambda one: one.pk, reverse=True)
    stuck = {press_of(one) for one in known if not edits_of(one)}
    later: set[str] = set()
    for entry in known:
        keys = {key for edit in edits_of(entry) for key in edit.columns}
        alone = press_of(entry) == press_of(known[0])
        if keys & later or now - entry.recorded_at > UNDONE_WITHIN or (enters(entry) and not alone):
            stuck.add(press_of(entry))
        later |= keys
    return {one.pk for one in known if press_of(one) not in stuck}


def enters(entry: Entry) -> bool:
    """Whether an entry brought its organization into the list."""
    return any(edit.table is Organization and edit.was is None for edit in edits_of(entry))


def press_of(entry: Entry) -> tuple[int, datetime.datetime, int | None]:
    """What the entries of one press have in common."""
    return entry.organization_id, entry.recorded_at, entry.by_id


# --- two people at once ---------------------------------------------------------------------------------------------


def as_text(value: Any) -> str:
    """Return a value as a form carries it, to be compared with what a reader saw."""
    known = plain(value)
    if isinstance(known, list):
        return ",".join(map(str, known))
    return "" if known is None or known is False else _unix(str(known))


def _unix(text: str) -> str:
    """A text with the ends of its lines as we keep them; a browser sends others."""
    return text.replace("\r\n", "\n")


def own_changes(
    row: models.Model, changes: Mapping[str, Any], seen: Mapping[str, str] | None
) -> dict[str, Any]:
    """Return what the writer really changed, against what they saw (`seen`, as `as_text` gives it).

    What they left as they saw it stays out, so that a colleague's change of it stands. Raises Conflict where both
    changed the same. Without `seen` everything counts.
    """
    if seen is None:
        return dict(changes)
    seen = {name: _unix(text) for name, text in seen.items()}
    mine = {name: value for name, value in changes.items() if as_text(value) != seen.get(name)}
    fields = [
        name
        for name, value in mine.items()
        if name in seen and as_text(_stored(row, name)) not in (seen[name], as_text(value))
    ]
    if fields:
        raise Conflict(_("Somebody else has changed this since you opened it."), fields=fields)
    return mine


def _stored(row: models.Model, name: str) -> Any:
    return getattr(row, row._meta.get_field(name).attname)  # type: ignore[union-attr]  # noqa: SLF001
