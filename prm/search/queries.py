"""Finding: what answers a few words, best first, of what the reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from prm.accounts.access import Reader, visible_organizations
from prm.search import engines
from prm.search.folding import terms
from prm.search.models import Findable, Kind

PER_KIND = 20
#: How many rows of a kind are weighed; of words that stand everywhere, the latest.
WEIGHED = 200
#: With fewer names than these, names that are nearly so are looked for.
ENOUGH = 3


def find(
    asked: str, *, reader: Reader, kinds: Sequence[Kind] = tuple(Kind), limit: int = PER_KIND
) -> dict[Kind, list[Findable]]:
    """Return at most `limit` rows for each kind that has any, with their organizations.

    First the very title, then titles that begin so, then titles with all the words, then text; names with typos where
    hardly any is spelled right. What is alike stands latest first, partners and people by name. One query for each
    kind and two or three more, however much is found.
    """
    wanted = terms(asked)
    if not wanted:
        return {}
    rows = Findable.objects.filter(visible_organizations(reader, "organization__"))
    found = _weighed(rows, wanted, kinds)
    best = {kind: _best(found[kind], wanted, limit) for kind in kinds}
    if sum(len(best.get(kind, ())) for kind in engines.NAMED) < ENOUGH:
        _add_nearly(best, rows, wanted, limit)
    return _filled(best)


def _weighed(
    rows: QuerySet[Findable], wanted: list[str], kinds: Iterable[Kind]
) -> dict[Kind, dict[int, Findable]]:
    light = rows.only("pk", "kind", "key", "folded_title", "happened_on")
    found: dict[Kind, dict[int, Findable]] = {}
    for kind in kinds:
        some = engines.with_words(light, kind, wanted)[:WEIGHED]
        found[kind] = {row.pk: row for row in some}
    begun = light.filter(engines.begins(" ".join(wanted))).order_by("folded_title", "pk")
    for row in begun[:WEIGHED]:  # asked for its kind too, SQLite would walk along the wrong index
        if row.kind in found:
            found[Kind(row.kind)].setdefault(row.pk, row)
    return found


def _best(rows: dict[int, Findable], wanted: list[str], limit: int) -> list[int]:
    """The best rows in order; of one agreement with several partners, one row."""
    asked = " ".join(wanted)
    once: dict[str, int] = {}
    for row in sorted(rows.values(), key=lambda row: _weight(row, asked, wanted)):
        once.setdefault(row.key.partition("@")[0], row.pk)
    return list(once.values())[:limit]


def _weight(row: Findable, asked: str, wanted: list[str]) -> tuple[int, str, int, int]:
    title = row.folded_title
    words = title.split()
    if title == asked:
        near = 0
    elif title.startswith(asked):
        near = 1
    elif all(any(word.startswith(term) for word in words) for term in wanted):
        near = 2
    else:
        near = 4
    by_name = title if row.kind in engines.NAMED else ""
    return near, by_name, -row.happened_on.toordinal(), -row.pk


def _add_nearly(best: dict[Kind, list[int]], rows: QuerySet[Findable], wanted: list[str], limit: int) -> None:
    named = rows.filter(kind__in=[kind for kind in engines.NAMED if kind in best])
    for row in engines.nearly(named, " ".join(wanted), limit=limit):
        known = best[Kind(row.kind)]
        if row.pk not in known and len(known) < limit:
            known.append(row.pk)


def _filled(best: dict[Kind, list[int]]) -> dict[Kind, list[Findable]]:
    every = [pk for some in best.values() for pk in some]
    rows = {row.pk: row for row in Findable.objects.filter(pk__in=every).select_related("organization")}
    return {kind: [rows[pk] for pk in some if pk in rows] for kind, some in best.items() if some}
