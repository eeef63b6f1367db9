"""Views: a list as somebody likes to see it, under a name. The filters live in the address, so a view is a query."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from prm.accounts.access import may_run_program
from prm.accounts.models import User
from prm.desk.models import View
from prm.partners.edits import Edit, edited, standing_of
from prm.rules.refusal import Refusal

LONGEST = 60
MOST = 20  # of one person for one list: more are no help


def views_for(user: User, page: str) -> QuerySet[View]:
    """Return the views of a list that this person sees, by name: their own and those that are shared."""
    rows = View.objects.filter(Q(user=user) | Q(shared=True), page=page)
    return rows.select_related("user").order_by("name", "id")


def changeable(user: User) -> QuerySet[View]:
    """Return the views that this person may rename and remove: their own; who runs the program, shared ones too."""
    shared = Q(shared=True) if may_run_program(user) else Q()
    return View.objects.filter(Q(user=user) | shared if shared else Q(user=user))


@transaction.atomic
def save_view(user: User, *, page: str, name: str, query: str, shared: bool, now: datetime.datetime) -> View:
    """Keep a list as it is shown. Refused without a name, under one they use already, and beyond twenty."""
    own = View.objects.select_for_update().filter(user=user, page=page)
    worded = _worded(name, [view.name for view in own])
    if len(own) >= MOST:
        raise Refusal(_("You have twenty views of this list. Remove one that you do not need any more."))
    return View.objects.create(user=user, page=page, name=worded, query=query, shared=shared, made_at=now)


@transaction.atomic
def change_view(view: View, *, name: str, shared: bool) -> Edit:
    """Give a view another name, or show it to all or to its maker alone. Return what changed, for `undo_view`."""
    was = standing_of(view, ["name", "shared"])
    others = View.objects.filter(user=view.user_id, page=view.page).exclude(pk=view.pk)
    view.name, view.shared = _worded(name, others.values_list("name", flat=True)), shared
    view.save(update_fields=["name", "shared"])
    return edited(view, was)


@transaction.atomic
def undo_view(view: View, edit: Edit) -> Edit:
    """Let a view be called and shown as before an edit. Refused where it was changed since, or the name is taken."""
    view.refresh_from_db(from_queryset=View.objects.select_for_update())
    if edit.was is None or edit.now is None or standing_of(view, edit.now) != edit.now:
        raise Refusal(_("This was changed again since. Nothing was undone."))
    return change_view(view, name=edit.was["name"], shared=edit.was["shared"])


def remove_view(view: View) -> None:
    """Forget a view. Saving it again brings it back: it is a name and a query."""
    view.delete()


def _worded(name: str, taken: QuerySet[View, str] | list[str]) -> str:
    worded = " ".join(name.split())
    if not worded:
        raise Refusal(_("Give the view a name, for example: Agreements that end soon."), field="name")
    if len(worded) > LONGEST:
        raise Refusal(_("This name is too long. Use at most 60 letters."), field="name")
    if worded.casefold() in {one.casefold() for one in taken}:
        raise Refusal(_("You have a view of this name already. Choose another name."), field="name")
    return worded
