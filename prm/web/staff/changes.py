"""What was changed in the records of one partner: when, by whom, which field, what it said and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db.models import Field, ForeignKey, Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from prm.accounts.history import IMPORT, LINK
from prm.accounts.models import User
from prm.agreements.models import Agreement, Clause
from prm.partners.models import Contact, Promise, Role, RoleKind
from prm.reporting.changed import Change, changes
from prm.vocabulary.models import Term
from prm.web.frame import frame_of
from prm.web.gate import staff
from prm.web.portal.mail import LANGUAGES, NAMES
from prm.web.staff.change import organization_or_404
from prm.web.staff.field_words import FIELDS, RECORDS
from prm.web.words import plain_day

PER_PAGE = 50
#: Tables whose records are told by their names.
NAMED: dict[type[Model], str] = {Term: "label", User: "name", Contact: "name"}
#: What stands in lists: languages, and kinds of mail that somebody does without.
LISTED = LANGUAGES | NAMES

Names = Mapping[tuple[type[Model], int], str]


@dataclass(frozen=True, slots=True)
class Row:
    """One change in words; `before` and `now` are empty where there was, or is, nothing."""

    at: datetime
    who: str
    field: str
    record: str
    before: str
    now: str


@staff
def changed(request: HttpRequest, slug: str) -> HttpResponse:
    """`/partners/<slug>/changes`"""
    organization, frame = organization_or_404(request, slug), frame_of(request)
    found = changes(organization, reasons=frame.sees_reasons)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(told(page.object_list, ZoneInfo(frame.zone)))
    return render(request, "staff/changes.html", {"organization": organization, "page": page, "rows": rows})


def told(found: Iterable[Change], zone: ZoneInfo) -> Iterator[Row]:
    """The changes in words. Names are looked up for all of them together."""
    some = list(found)
    names = _names(some)
    for change in some:
        yield Row(
            at=change.at,
            who=_who(change, names),
            field=str(FIELDS[change.table, change.field]),
            record=_record(change, names),
            before=_value(change, change.before, names, zone),
            now=_value(change, change.after, names, zone),
        )


def _names(found: Iterable[Change]) -> Names:
    """The names of what the changes point to, in one query for each table."""
    asked: dict[type[Model], set[int]] = {table: set() for table in NAMED}
    for change in found:
        asked[User].add(change.user or 0)
        asked[Term].add(change.record.get("kind_id") or 0)
        target = _target(change)
        if target is not None:
            asked[target] |= {change.before or 0, change.after or 0}
    return {
        (table, pk): name
        for table, column in NAMED.items()
        for pk, name in table._default_manager.filter(pk__in=asked[table]).values_list("pk", column)  # noqa: SLF001
    }


def _target(change: Change) -> type[Model] | None:
    """The table that a field points to."""
    field = _column(change)
    related: Any = field.related_model if isinstance(field, ForeignKey) else None
    return related if related in NAMED else None


def _column(change: Change) -> Field[Any, Any]:
    columns = {field.attname: field for field in change.table._meta.concrete_fields}  # noqa: SLF001 - documented
    return columns[change.field]


def _who(change: Change, names: Names) -> str:
    if change.user is None:
        return _("A partner, by link") if change.way == LINK else _("PRM by itself")
    name = names.get((User, change.user)) or _("Somebody of ours who is not here any more")
    return _("%s, by an import") % name if change.way == IMPORT else name


def _record(change: Change, names: Names) -> str:
    """ "Contact: Anna Reyes", or what the record is where it has no name."""
    words, name = str(RECORDS[change.table]), _name(change, names)
    return f"{words}: {name}" if name else words


def _name(change: Change, names: Names) -> str:
    record = change.record
    if change.table in (Contact, Agreement, Promise):
        return str(record.get("name") or record.get("title") or record.get("what"))
    if change.table is Role:
        return str(dict(RoleKind.choices).get(record["kind"], record["kind"]))
    if change.table is Clause:
        return names.get((Term, record["kind_id"] or 0), "")
    return ""


def _value(change: Change, value: Any, names: Names, zone: ZoneInfo) -> str:
    """One value as people read it; empty where there is none."""
    column, target = _column(change), _target(change)
    if value in (None, "", []):
        return ""
    if target is not None:
        return names.get((target, value)) or _("Somebody or something that is not here any more")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return plain_day(value.astimezone(zone).date())
    if isinstance(value, date):
        return plain_day(value)
    if isinstance(value, list):
        return ", ".join(str(LISTED.get(one, one)) for one in value)
    return str(dict(column.flatchoices).get(value, value))
