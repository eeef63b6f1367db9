"""Writes down, batch by batch, what an import finds and what it leaves, so that it can be undone."""

from __future__ import annotations

from collections.abc import Collection

from prm.exchange.models import Import, Trace
from prm.exchange.snapshot import Rows, fingerprint, snapshots


class ImportJournal:
    """Keeps a trace of each organization that the import enters or changes, in the transaction that does it."""

    def __init__(self, source: Import) -> None:
        self.source = source
        self.before: dict[int, Rows] = {}

    def meet(self, organizations: Collection[int]) -> None:
        """These may be changed by the coming batch: keep how they are now."""
        self.before = snapshots(organizations)

    def keep(self, new: Collection[int], changed: Collection[int], _users: Collection[str]) -> None:
        """These were entered, these changed: keep what they are like now. What an earlier batch met stays as it was."""
        after = {pk: fingerprint(rows) for pk, rows in snapshots([*new, *changed]).items()}
        known = {trace.organization_id: trace for trace in self.source.traces.filter(organization__in=after)}
        fresh: list[Trace] = []
        for pk, mark in after.items():
            if trace := known.get(pk):
                trace.after = mark
            else:
                fresh.append(self._trace(pk, mark, new=pk in new))
        Trace.objects.bulk_create(fresh)
        Trace.objects.bulk_update(known.values(), ["after"])

    def _trace(self, organization: int, mark: str, *, new: bool) -> Trace:
        before = {} if new else self.before[organization]
        return Trace(source=self.source, organization_id=organization, new=new, before=before, after=mark)
