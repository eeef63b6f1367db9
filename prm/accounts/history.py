"""What each record said before: simple-history's tables, filled our way (docs/decisions/0010).

A table that keeps its history says so in one line: `history = History("contact")`. The first change of a record writes
down first how it was, so a record that was never changed has no rows here. When a record goes, its rows go with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.db.models.signals import post_delete, pre_delete, pre_save
from simple_history.models import HistoricalRecords

AT_ONCE = 500  # records in one statement
#: By what way a change came, where it was not made on a page of ours.
LINK, IMPORT = "link", "import"
#: Marks the row that says how a record was before its first change.
BEFORE = "before"
#: What rows are found by; everything else in them is only read.
INDEXED = frozenset({"organization", "agreement"})


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose hand changes records now: `who` is asked when something changes, and not before."""

    who: Callable[[], Any] = lambda: None
    way: str = ""


_hand: ContextVar[Hand] = ContextVar("hand", default=Hand())  # noqa: B039 - a Hand never changes


@contextmanager
def changing(who: Callable[[], Any], way: str = "") -> Iterator[None]:
    """Within this, changes are put down to the user whom `who` returns (None or nobody signed in: to nobody)."""
    token = _hand.set(Hand(who, way))
    try:
        yield
    finally:
        _hand.reset(token)


class History(HistoricalRecords):
    """The history of one table, `history_<name>`; without the columns that are no facts about the record."""

    def __init__(self, name: str, *, without: Collection[str] = ()) -> None:
        super().__init__(
            table_name=f"history_{name}",
            excluded_fields=list(without),
            history_id_field=models.BigAutoField(),
            history_user_id_field=models.BigIntegerField(null=True, blank=True),
            history_change_reason_field=models.CharField(max_length=20, blank=True, default=""),
        )

    def finalize(self, sender: type[Model], **kwargs: Any) -> None:
        """Rows go with their record by the cascade of `history_relation`: many at once, none looked at."""
        super().finalize(sender, **kwargs)
        if self.cls is sender:
            post_delete.disconnect(self.post_delete, sender=sender)
            pre_delete.disconnect(self.pre_delete, sender=sender)
            pre_save.connect(self.before_save, sender=sender, weak=False)

    def copy_fields(self, model: type[Model]) -> dict[str, Any]:
        self.no_db_index = [field.name for field in model._meta.fields if field.name not in INDEXED]  # noqa: SLF001
        fields: dict[str, Any] = super().copy_fields(model)
        return fields

    def _get_history_related_field(self, model: type[Model]) -> dict[str, Any]:
        related = models.ForeignKey(model, models.CASCADE, related_name="+", db_constraint=False)
        return {"history_relation": related}

    def before_save(self, instance: Any, raw: bool = False, update_fields: Any = None, **_: Any) -> None:
        if not raw and not instance._state.adding and self._concerns(instance, update_fields):  # noqa: SLF001
            begin(type(instance), [instance.pk])

    def post_save(self, instance: Any, created: bool, using: str | None = None, **kwargs: Any) -> None:
        if not created and self._concerns(instance, kwargs.get("update_fields")):
            super().post_save(instance, created, using=using, **kwargs)

    def _concerns(self, instance: Model, update_fields: Collection[str] | None) -> bool:
        return update_fields is None or any(
            {field.name, field.attname} & set(update_fields) for field in self.fields_included(instance)
        )

    def get_history_user(self, instance: Model) -> Any:  # noqa: ARG002 - whoever the record is about
        user = _hand.get().who()
        return user if user is not None and user.pk else None

    def get_change_reason_for_object(self, *_: Any) -> str:
        return _hand.get().way


def keeps_history(table: type[Model]) -> bool:
    """Whether what records of a table said before is kept."""
    return hasattr(table._meta, "simple_history_manager_attribute")  # noqa: SLF001 - the library's mark


def is_history(table: type[Model]) -> bool:
    """Whether a table holds what another one said before."""
    return hasattr(table, "history_relation")


def history_of(table: type[Model]) -> Any:
    """The manager of what records of a table said before."""
    return table.history  # type: ignore[attr-defined]


@transaction.atomic
def bulk_update(records: Iterable[Model], fields: Sequence[str]) -> None:
    """Django's `bulk_update` of records of one table, with their history."""
    rows = list(records)
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        table = type(some[0])
        begin(table, [row.pk for row in some])
        _rows(table).bulk_update(some, fields)
        history_of(table).bulk_history_create(some, update=True, default_change_reason=_hand.get().way)


@transaction.atomic
def update(records: QuerySet[Any], **values: Any) -> int:
    """Django's `update` of records of one table, with their history where it is kept; return how many there are."""
    table = records.model
    if not keeps_history(table):
        return records.update(**values)
    pks = list(records.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), AT_ONCE):
        some = _rows(table).filter(pk__in=pks[start : start + AT_ONCE])
        begin(table, pks[start : start + AT_ONCE])
        some.update(**values)
        history_of(table).bulk_history_create(some, update=True, default_change_reason=_hand.get().way)
    return len(pks)


def begin(table: type[Model], pks: Collection[int]) -> None:
    """Write down how records are before their first change; nothing where that is known.

    Saving does so by itself. Whoever sets records aside on the way, past their history, calls it before.
    """
    history = history_of(table)
    known = history.filter(history_relation=OuterRef("pk"))
    new = list(_rows(table).filter(~Exists(known), pk__in=pks))
    if new:
        with changing(lambda: None):
            history.bulk_history_create(new, default_change_reason=BEFORE)


def _rows(table: type[Model]) -> QuerySet[Any]:
    return QuerySet(table)
