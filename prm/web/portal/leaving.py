"""I am leaving: the last day, who follows, and a note. Nothing changes before our side confirms."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.continuity import leaving as continuity
from prm.partners.models import Contact, Purpose, Statement, StatementKind
from prm.partners.queries import deputy_on, owner_on
from prm.rules.refusal import Refusal
from prm.web.portal.forms import Cards, Day, Note, PortalForm, card
from prm.web.portal.gate import Visit, by_link

SOMEBODY, UNKNOWN = "somebody", "unknown"


class LeavingForm(PortalForm):
    last_day = Day(
        label=gettext_lazy("Your last day"),
        required=True,
        error_messages={"required": gettext_lazy("Please give your last day.")},
    )
    follows = Cards(
        label=gettext_lazy("Who follows you?"),
        choices=[
            (SOMEBODY, card(gettext_lazy("Somebody follows me"))),
            (UNKNOWN, card(gettext_lazy("I do not know yet"))),
        ],
        initial=SOMEBODY,
    )
    successor_name = forms.CharField(label=gettext_lazy("Their name"), required=False)
    successor_email = forms.CharField(
        label=gettext_lazy("Their e-mail address"),
        help_text=gettext_lazy("Leave it empty if you do not know it."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        required=False,
    )
    note = Note(label=gettext_lazy("Anything else? (optional)"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("follows") == UNKNOWN:
            return said | {"successor_name": "", "successor_email": ""}
        if said.get("follows") == SOMEBODY and not said.get("successor_name"):
            self.add_error("successor_name", _("Please give their name, or choose “I do not know yet”."))
        return said


@by_link(Purpose.LEAVING)
def leaving(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/p/<token>/leaving`"""
    return page(request, visit)


def page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show or take what somebody says about leaving; also the first page of such a link."""
    if visit.contact is None:
        return render(request, "portal/leaving_mailbox.html", {"visit": visit, "program": visit.program})
    if request.method != "POST":
        return _show(request, visit, visit.contact)
    if request.POST.get("do") == "take_back":
        _take_back(visit.contact, visit)
        return HttpResponseRedirect(visit.way("leaving"), status=HTTPStatus.SEE_OTHER)
    form = LeavingForm(request.POST)
    if form.is_valid() and _announced(form, visit):
        return HttpResponseRedirect(visit.way("leaving"), status=HTTPStatus.SEE_OTHER)
    return render(request, "portal/leaving.html", _context(visit, form=form))


def _show(request: HttpRequest, visit: Visit, contact: Contact) -> HttpResponse:
    said = continuity.open_leaving(contact)
    confirmed = continuity.confirmed_leaving(contact)
    if confirmed is not None and said is None:
        return render(request, "portal/leaving_confirmed.html", _context(visit, last_day=contact.left_on))
    if said is not None and "change" not in request.GET:
        return render(request, "portal/leaving_said.html", _context(visit, **_told(said)))
    latest = contact.statements.filter(kind=StatementKind.LEAVING).first()
    taken_back_at = latest.taken_back_at if latest else None
    taken_back = taken_back_at is not None and taken_back_at.astimezone(visit.zone).date() == visit.today
    form = LeavingForm(initial=_as_said(said) if said else None)
    return render(
        request, "portal/leaving.html", _context(visit, form=form, said=said, taken_back=taken_back)
    )


def _take_back(contact: Contact, visit: Visit) -> None:
    """Take back what waits; once it is confirmed the page says so, and how to reach us."""
    said = continuity.open_leaving(contact)
    if said is not None:
        continuity.take_back(said, now=visit.now)


def _announced(form: LeavingForm, visit: Visit) -> bool:
    said = form.cleaned_data
    words = {name: said[name] for name in ("last_day", "successor_name", "successor_email", "note")}
    try:
        continuity.announce(visit.link, now=visit.now, **words)
    except Refusal as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return False
    return True


def _told(said: Statement) -> dict[str, Any]:
    return {
        "said": said,
        "last_day": date.fromisoformat(said.data["last_on"]),
        "name": said.data.get("successor_name", ""),
        "email": said.data.get("successor_email", ""),
    }


def _as_said(said: Statement) -> dict[str, Any]:
    told = _told(said)
    return {
        "last_day": told["last_day"],
        "follows": SOMEBODY if told["name"] else UNKNOWN,
        "successor_name": told["name"],
        "successor_email": told["email"],
        "note": said.note,
    }


def _context(visit: Visit, **more: Any) -> dict[str, Any]:
    today = visit.today
    keeper = owner_on(visit.organization, today) or deputy_on(visit.organization, today)
    return {"visit": visit, "program": visit.program, "keeper": keeper.name if keeper else "", **more}
