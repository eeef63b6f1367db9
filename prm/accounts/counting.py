"""Figures as parts of other queries: a page that needs several asks once."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet, Subquery


def number_of(rows: QuerySet[Any]) -> Subquery:
    """How many rows there are, as a part of another query."""
    counted = Func(F("pk"), function="COUNT", output_field=IntegerField())
    return Subquery(rows.order_by().annotate(number=counted).values("number"))
