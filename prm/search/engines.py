"""What the two databases say differently: words that begin so, titles that begin so, and titles nearly so."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import BooleanField, F, FloatField, Q, QuerySet
from django.db.models.expressions import RawSQL

from prm.search.models import Findable, Kind

#: How alike a title must be to stand for a word with typos in it, from 0 to 1.
ALIKE = 0.4
NAMED = (Kind.ORGANIZATION, Kind.PERSON)


def with_words(rows: QuerySet[Findable], kind: Kind, terms: list[str]) -> QuerySet[Findable]:
    """Return the rows of a kind in which each term begins a word, latest first. Terms are letters and figures only.

    SQLite asks its own table for the kind too, and takes what was indexed last for the latest: so it reads few rows
    even of words that stand everywhere.
    """
    if connection.vendor == "postgresql":
        question = " & ".join(f"{term}:*" for term in terms)
        found = RawSQL("search_findable.vector @@ to_tsquery('simple', %s)", [question], BooleanField())
        return rows.filter(found, kind=kind).order_by("-happened_on", "-pk")
    question = " AND ".join([f"kind:{kind.value}", *(f'words:"{term}"*' for term in terms)])
    sql = "search_findable.id IN (SELECT rowid FROM search_words WHERE search_words MATCH %s)"
    return rows.filter(RawSQL(sql, [question], BooleanField())).order_by("-pk")  # noqa: S611 - the question is a parameter


def begins(folded: str) -> Q:
    """The condition that a title begins so; both databases walk along the index of the titles."""
    if connection.vendor == "postgresql":
        return Q(folded_title__startswith=folded)
    return Q(folded_title__gte=folded, folded_title__lt=f"{folded}\U0010ffff")


def nearly(rows: QuerySet[Findable], folded: str, *, limit: int) -> list[Findable]:
    """Return the rows, of partners and people, whose titles are most alike; none where the database cannot tell."""
    if connection.vendor != "postgresql":
        return []
    alike = RawSQL("word_similarity(%s, folded_title)", [folded], output_field=FloatField())
    close = RawSQL("%s <%% folded_title", [folded], output_field=BooleanField())
    named = rows.filter(close).annotate(alike=alike).order_by(F("alike").desc(), "folded_title", "pk")
    with transaction.atomic():
        return list(named[:limit]) if _knows_alike() else []


def _knows_alike() -> bool:
    """Whether the trigrams are there; and set how alike is alike enough, for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)"
            " WHERE to_regclass('search_titles') IS NOT NULL",
            [str(ALIKE)],
        )
        return cursor.fetchone() is not None
