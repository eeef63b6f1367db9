"""What an import did, for people and for programs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prm.exchange.row import ERROR, Problem, Row, harmless


class Entered(NamedTuple):
    """A row that became an organization; there may be a hundred thousand of them in memory."""

    sheet: str
    line: int
    organization: str
    slug: str


@dataclass(slots=True)
class Report:
    """`rows` are the lines that are not blank; each is counted once, as new, changed, unchanged, merged (a second row
    about an organization of the same file) or skipped (not imported, its cells listed)."""

    dry_run: bool = False
    rows: int = 0
    unchanged: int = 0
    new: list[Entered] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    merged: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    users: list[str] = field(default_factory=list)

    def skip(self, row: Row, name: str) -> None:
        """A row that was not written: nothing of it is in the installation, so all its cells stand here."""
        cells = {row.headings.get(meaning, meaning): harmless(text) for meaning, text in row.given.items()}
        cells |= {heading: harmless(text) for heading, text in row.given_others}
        reasons = [problem.reason for problem in row.problems if problem.severity == ERROR]
        self.skipped.append(
            {
                "sheet": row.spot.sheet,
                "line": row.spot.line,
                "organization": harmless(name),
                "reasons": reasons,
                "cells": cells,
            }
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "new": [row._asdict() for row in self.new],
            "changed": self.changed,
            "unchanged": self.unchanged,
            "merged": self.merged,
            "skipped": self.skipped,
            "problems": [problem.as_json() for problem in self.problems],
            "users": self.users,
            "dry_run": self.dry_run,
        }

    def lines(self) -> Iterator[str]:
        """The report as a person reads it."""
        yield self.summary()
        for row in self.changed:
            yield _("%(row)s changed %(name)s: %(what)s") % {
                "row": _where(row["line"], row["sheet"]),
                "name": row["organization"],
                "what": ", ".join(row["changes"]),
            }
        for address in self.users:
            yield _("%(address)s owns partners now and is not invited yet") % {"address": address}
        for problem in self.problems:
            yield _problem(problem)
        for row in self.skipped:
            cells = "; ".join(f"{heading}: {text}" for heading, text in row["cells"].items())
            yield _("%(row)s was not imported. It says: %(cells)s") % {
                "row": _where(row["line"], row["sheet"]),
                "cells": cells,
            }

    def summary(self) -> str:
        counts = {
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
            "merged": len(self.merged),
            "skipped": len(self.skipped),
        }
        text = _(
            "%(new)d new, %(changed)d changed, %(unchanged)d unchanged, %(merged)d merged into an earlier line, "
            "%(skipped)d not imported"
        )
        rows = ngettext("%(rows)d row", "%(rows)d rows", self.rows) % {"rows": self.rows}
        tried = _(" (tried only, nothing was written)") if self.dry_run else ""
        return f"{rows}: {text % counts}{tried}"


def _where(line: int, sheet: str) -> str:
    if not sheet:
        return _("Line %(line)d") % {"line": line}
    told = {"line": line, "sheet": sheet}
    return (_("Sheet “%(sheet)s”, line %(line)d") if line else _("Sheet “%(sheet)s”")) % told


def _problem(problem: Problem) -> str:
    where = _where(problem.line, problem.sheet)
    column = f", {problem.column}" if problem.column else ""
    value = f" “{problem.value}”" if problem.value else ""
    out = " " + _("The row was not imported.") if problem.severity == ERROR else ""
    return f"{where}{column}:{value} {problem.reason}.{out}"
