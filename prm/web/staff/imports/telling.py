"""What an import did or would do, in the order in which a person works: what stays out, what was noticed, the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prm.exchange.headings import NAME
from prm.exchange.row import ERROR
from prm.web.words import figure, listed

#: So many lines of each part are on the page itself, fewer of the rows that stay out; the others on pages of their own.
SHOWN, FIRST_OUT = 100, 25
#: Groups of remarks with more lines than this are folded.
FEW = 5
PARTS = {
    "out": gettext_lazy("Rows that stay out"),
    "remarks": gettext_lazy("What was noticed"),
    "new": gettext_lazy("New partners"),
    "changed": gettext_lazy("Changed partners"),
    "merged": gettext_lazy("Merged rows"),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing about one cell; `column` is empty where the whole row is meant."""

    where: str
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Out:
    """A row that is not imported: why, and what it says."""

    where: str
    organization: str
    faults: list[Remark]
    cells: Mapping[str, str]


@dataclass(slots=True)
class Group:
    """Remarks with one reason; `rest` of them are not shown here."""

    reason: str
    number: int = 0
    remarks: list[Remark] = field(default_factory=list)

    @property
    def rest(self) -> int:
        return self.number - len(self.remarks)

    @property
    def folded(self) -> bool:
        return self.number > FEW


@dataclass(frozen=True, slots=True)
class Line:
    """One organization: where it stands, its page once it is in, and what would change or into which row it goes."""

    where: str
    organization: str
    slug: str
    what: str


class Told:
    """One report (`Report.as_json`). Sheets are named where the file has several."""

    def __init__(self, report: Mapping[str, Any], columns: Mapping[str, Any]) -> None:
        self.report = report
        self.several = len(columns) > 1
        self.names = {sheet: _name_column(chosen) for sheet, chosen in columns.items()}

    @property
    def rows(self) -> int:
        return int(self.report.get("rows", 0))

    @property
    def unchanged(self) -> int:
        return int(self.report.get("unchanged", 0))

    @property
    def users(self) -> list[str]:
        return list(self.report.get("users", ()))

    def number(self, part: str) -> int:
        """How many lines a part has."""
        return len(self.remarks) if part == "remarks" else len(self._raw(part))

    def _raw(self, part: str) -> list[dict[str, Any]]:
        return list(self.report.get("skipped" if part == "out" else part, ()))

    def where(self, line: Mapping[str, Any], prefix: str = "") -> str:
        """ "Line 11", or "Sheet “Partners”, line 11"."""
        number, sheet = line[f"{prefix}line"], line[f"{prefix}sheet"]
        if not sheet or (number and not self.several):
            return _("Line %d") % number if number else _("The file")
        told = {"sheet": sheet, "line": number}
        return (_("Sheet “%(sheet)s”, line %(line)d") if number else _("Sheet “%(sheet)s”")) % told

    # --- what stays out ----------------------------------------------------------------------------------------------

    def out(self, rows: Sequence[Mapping[str, Any]] | None = None) -> list[Out]:
        """The rows that are not imported, or some of them."""
        return [
            Out(
                self.where(row),
                row["organization"],
                self._errors.get((row["sheet"], row["line"]), []),
                row["cells"],
            )
            for row in (self._raw("out") if rows is None else rows)
        ]

    @cached_property
    def _errors(self) -> dict[tuple[str, int], list[Remark]]:
        found: dict[tuple[str, int], list[Remark]] = {}
        for problem in self.report.get("problems", ()):
            if problem["severity"] == ERROR:
                found.setdefault((problem["sheet"], problem["line"]), []).append(self._remark(problem))
        return found

    # --- what was noticed --------------------------------------------------------------------------------------------

    @cached_property
    def remarks(self) -> list[Remark]:
        """What a person should look at in rows that come in; a merged row is told with the merged ones."""
        merged = {(row["sheet"], row["line"]) for row in self._raw("merged")}
        return [
            self._remark(problem)
            for problem in self.report.get("problems", ())
            if problem["severity"] != ERROR and not self._says_merged(problem, merged)
        ]

    def _says_merged(self, problem: Mapping[str, Any], merged: set[tuple[str, int]]) -> bool:
        at_name = problem["column"] == self.names.get(problem["sheet"])
        return at_name and (problem["sheet"], problem["line"]) in merged

    def _remark(self, problem: Mapping[str, Any]) -> Remark:
        return Remark(self.where(problem), problem["column"], problem["value"], problem["reason"])

    def groups(self) -> list[Group]:
        """The remarks by their reason, the most frequent first."""
        found: dict[str, Group] = {}
        for remark in self.remarks:
            group = found.setdefault(remark.reason, Group(remark.reason))
            group.number += 1
            if len(group.remarks) < SHOWN:
                group.remarks.append(remark)
        return sorted(found.values(), key=lambda group: -group.number)

    # --- what comes in -----------------------------------------------------------------------------------------------

    def lines(self, part: str, rows: Iterable[Mapping[str, Any]] | None = None) -> list[Line]:
        """The organizations of a part ("new", "changed", "merged"), or some of its rows."""
        return [
            Line(self.where(row), row["organization"], row.get("slug", ""), self._what(part, row))
            for row in (self._raw(part) if rows is None else rows)
        ]

    def _what(self, part: str, row: Mapping[str, Any]) -> str:
        changes = listed(row.get("changes", []))
        if part != "merged":
            return changes
        into = self.where(row, "into_")
        into = into[:1].lower() + into[1:]
        if not changes:
            return _("the same partner as in %s, says nothing new") % into
        return _("the same partner as in %(row)s, adds: %(what)s") % {"row": into, "what": changes}

    def raw(self, part: str) -> list[Any]:
        """All of a part, to be cut into pages."""
        return list(self.remarks) if part == "remarks" else self._raw(part)

    def told(self, part: str, rows: Iterable[Any]) -> list[Any]:
        """Some of `raw`, in words."""
        if part == "remarks":
            return list(rows)
        return list(self.out(list(rows))) if part == "out" else list(self.lines(part, rows))

    # --- as sentences ------------------------------------------------------------------------------------------------

    def counts(self, *, done: bool) -> list[str]:
        """What becomes of the rows, in words, without what is zero; `done`: it happened."""
        new, changed = self.number("new"), self.number("changed")
        merged, out = self.number("merged"), self.number("out")
        kept = ngettext("%s row is known already", "%s rows are known already", self.unchanged)
        one = ngettext("%s row is merged into another", "%s rows are merged into others", merged)
        stays = ngettext("%s row is not imported", "%s rows are not imported", out)
        if not done:
            stays = ngettext("%s row stays out", "%s rows stay out", out)
        pairs = [
            (new, ngettext("%s new partner", "%s new partners", new)),
            (changed, ngettext("%s partner changed", "%s partners changed", changed)),
            (merged, one),
            (self.unchanged, kept),
            (out, stays),
        ]
        return [words % figure(number) for number, words in pairs if number]

    def button(self) -> str:
        """ "Import 51 partners", or empty where the file brings nothing new."""
        new, changed = self.number("new"), self.number("changed")
        if new and changed:
            told = {"new": figure(new), "changed": figure(changed)}
            return _("Import %(new)s partners and change %(changed)s") % told
        if new:
            return ngettext("Import %s partner", "Import %s partners", new) % figure(new)
        if changed:
            return ngettext("Change %s partner", "Change %s partners", changed) % figure(changed)
        return _("Import what is new") if any(row["changes"] for row in self._raw("merged")) else ""


def _name_column(chosen: Mapping[str, Sequence[str]]) -> str:
    pairs = zip(chosen["headings"], chosen["meanings"], strict=True)
    return next((heading for heading, meaning in pairs if meaning == NAME), "")
