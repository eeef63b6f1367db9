"""Who took data out: files of lists, what somebody fetched about themselves, and what few may see and somebody did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.models import Access
from prm.exchange.models import Import
from prm.partners.models import Contact, Organization
from prm.web.gate import directors
from prm.web.typed import read_number

PER_PAGE = 50
LISTS = {
    "partners": gettext_lazy("The list of partners"),
    "outlook": gettext_lazy("The outlook"),
    "outbox": gettext_lazy("The outbox"),
    "ledger": gettext_lazy("The ledger of mail"),
}
HOW = {
    "export": gettext_lazy("Took a file"),
    "download": gettext_lazy("Fetched by link"),
    "reveal": gettext_lazy("Uncovered it on the screen"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the log, in words; `rows` None where it is about one record."""

    at: datetime
    who: str
    how: str
    what: str
    rows: int | None


@directors
def accesses(request: HttpRequest) -> HttpResponse:
    """`/accesses/`"""
    page = Paginator(Access.objects.select_related("user"), PER_PAGE).get_page(request.GET.get("page"))
    rows = list(told(page.object_list))
    return render(request, "staff/accesses.html", {"page": page, "rows": rows})


def told(found: Iterable[Access]) -> Iterator[Row]:
    """The lines in words. What each is about is looked up for all of them together, in three queries."""
    rows = list(found)
    names = _names(rows)
    for row in rows:
        yield Row(
            at=row.at,
            who=_who(row, names),
            how=str(HOW.get(row.kind, row.kind)),
            what=_what(row, names),
            rows=row.rows if row.kind == "export" else None,
        )


def _names(rows: Iterable[Access]) -> Mapping[str, Any]:
    asked: dict[str, set[int]] = {"timeline": set(), "contact": set(), "import": set()}
    for row in rows:
        kind, _colon, number = row.about.partition(":")
        if kind in asked and (known := read_number(number)) is not None:
            asked[kind].add(known)
    tables: dict[str, QuerySet[Any]] = {
        "timeline": Organization.objects.all(),
        "contact": Contact.objects.all(),
        "import": Import.objects.all(),
    }
    return {
        f"{kind}:{pk}": name
        for kind, table in tables.items()
        for pk, name in table.filter(pk__in=asked[kind]).values_list("pk", "name")
    }


def _who(row: Access, names: Mapping[str, str]) -> str:
    if row.user is not None:
        return row.user.name
    if row.kind == "download":
        return names.get(row.about) or _("Somebody who is not here any more")
    return _("Somebody of ours who is not here any more")


def _what(row: Access, names: Mapping[str, str]) -> str:
    if row.about in LISTS:
        return str(LISTS[row.about])
    kind, name = row.about.partition(":")[0], names.get(row.about)
    if kind == "timeline":
        return _("What happened with %s") % name if name else _("What happened with a partner who is gone")
    if kind == "import":
        return _("Rows that stayed out of %s") % name if name else _("Rows that stayed out of a list")
    return _("What we hold about this person")
