"""Views of the list of partners: saved under a name, renamed and undone, shared, removed and put back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from prm.desk.models import View
from prm.desk.views import LONGEST, change_view, changeable, remove_view, save_view, undo_view
from prm.rules.refusal import Refusal
from prm.web.forms import Form
from prm.web.frame import frame_of
from prm.web.gate import refuse, staff
from prm.web.staff.partners import found_partners
from prm.web.staff.saved_views import GONE, PAGE, address, keep_change, last_change, query_of


class ViewForm(Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the view"),
        max_length=LONGEST,
        error_messages={
            "required": gettext_lazy("Give the view a name, for example: Agreements that end soon."),
            "max_length": gettext_lazy("This name is too long. Use at most 60 letters."),
        },
    )
    shared = forms.BooleanField(label=gettext_lazy("Show it to everyone on our side"), required=False)

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["shared"]


@staff
def keep(request: HttpRequest) -> HttpResponse:
    """`/views/new?…`: give the list, as these filters show it, a name."""
    found, frame = found_partners(request), frame_of(request)
    query = query_of(found.chosen, found.sort)
    form = ViewForm(request.POST or None, may_share=frame.may_change)
    if request.method == "POST" and form.is_valid():
        user: Any = request.user
        name, shared = form.cleaned_data["name"], form.cleaned_data.get("shared", False)
        try:
            view = save_view(user, page=PAGE, name=name, query=query, shared=shared, now=frame.now)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The view “%s” is kept.") % view.name)
            return redirect(address(query))
    return render(request, "staff/view.html", {"form": form, "back": address(query)})


@staff
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """`/views/<pk>`: another name, for all or for oneself; or remove it."""
    view, frame = _view_or_404(request, pk), frame_of(request)
    known = {"name": view.name, "shared": view.shared}
    form = ViewForm(request.POST or None, initial=known, may_share=frame.may_change)
    if request.method == "POST" and form.is_valid():
        try:
            edit = change_view(
                view, name=form.cleaned_data["name"], shared=form.cleaned_data.get("shared", view.shared)
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            words = _("The view is called “%s”.") % view.name
            messages.success(request, words, extra_tags=keep_change(request, edit))
            return redirect(address(view.query))
    return render(request, "staff/view.html", {"form": form, "view": view, "back": address(view.query)})


@staff
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """`/views/<pk>/undo`: what this session changed last about a view is as before, for a day."""
    view = _view_or_404(request, pk)
    edit = last_change(request, pk)
    if edit is None:
        messages.error(request, _("There is nothing here that can be undone."))
        return redirect(address(view.query))
    try:
        edit = undo_view(view, edit)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        words = _("Undone: the view is called “%s” again.") % view.name
        messages.success(request, words, extra_tags=keep_change(request, edit))
    return redirect(address(view.query))


@staff
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view; the list that follows offers it back."""
    view = _view_or_404(request, pk)
    if view.user_id == request.user.pk:
        request.session[GONE] = {"name": view.name, "query": view.query, "shared": view.shared}
    remove_view(view)
    messages.success(request, _("The view “%s” is gone.") % view.name)
    return redirect(address(view.query))


def _view_or_404(request: HttpRequest, pk: int) -> View:
    user: Any = request.user
    return get_object_or_404(changeable(user).filter(page=PAGE), pk=pk)
