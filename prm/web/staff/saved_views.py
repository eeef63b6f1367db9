"""The views above the list of partners: which there are, which is open, and what a session did to one just now."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from prm.accounts.access import may_run_program
from prm.desk.views import views_for
from prm.partners.edits import UNDONE_WITHIN, Edit
from prm.web.frame import frame_of

PAGE = "partners"
#: Where a session keeps the view that was just removed, until the next page offers it back.
GONE = "view_gone"
#: Where a session keeps what was last changed about a view, so that it can be undone for a day.
CHANGED = "view_changed"


@dataclass(frozen=True, slots=True)
class Shown:
    """One view as a link; `whose` is the name of somebody else who shares it."""

    pk: int
    name: str
    address: str
    open: bool
    whose: str
    changeable: bool


def query_of(chosen: dict[str, str], sort: str) -> str:
    """Filters and order as a view keeps them: nothing unknown, no page, always written in one way."""
    asked = QueryDict(mutable=True)
    asked.update(dict(sorted(chosen.items())))
    if sort != "name":
        asked["sort"] = sort
    return asked.urlencode()


def address(query: str) -> str:
    """The list as a view shows it."""
    return reverse("partners") + (f"?{query}" if query else "")


def shown(request: HttpRequest, query: str) -> list[Shown]:
    """The views of this reader, their own and shared ones, by name; in one query."""
    user: Any = request.user
    runs = may_run_program(user)
    return [
        Shown(
            view.pk,
            view.name,
            address(view.query),
            view.query == query,
            "" if view.user_id == user.pk else view.user.name,
            view.user_id == user.pk or runs,
        )
        for view in views_for(user, PAGE)
    ]


def gone(request: HttpRequest) -> dict[str, Any] | None:
    """The view that was removed on the page before, with the address that saves it again; told once."""
    found: dict[str, Any] | None = request.session.pop(GONE) if GONE in request.session else None
    return found and found | {"address": f"{reverse('partners-view-new')}?{found['query']}"}


def keep_change(request: HttpRequest, edit: Edit) -> str:
    """Keep what was changed about a view; return where it is undone."""
    request.session[CHANGED] = {"edit": asdict(edit), "at": frame_of(request).now.isoformat()}
    return reverse("partners-view-undo", args=[edit.pk])


def last_change(request: HttpRequest, pk: int) -> Edit | None:
    """What this session changed last, where that was this view and less than a day ago."""
    kept: dict[str, Any] | None = request.session.get(CHANGED)
    if kept is None:
        return None
    edit, at = Edit(**kept["edit"]), datetime.datetime.fromisoformat(kept["at"])
    return edit if edit.pk == pk and frame_of(request).now - at <= UNDONE_WITHIN else None
