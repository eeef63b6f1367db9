"""Which mail somebody wants, and in which language; where "less mail" leads, also with one click (RFC 8058)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from prm.partners import actions
from prm.partners.actions.voice import note_used
from prm.partners.models import Contact, Purpose
from prm.web.portal.forms import Cards, PortalForm, card
from prm.web.portal.gate import Visit, by_link
from prm.web.portal.own import keepers
from prm.web.portal.pages import page

#: The kinds of mail that one can do without, as the rules know them.
NAMES = {
    "renewal": _("About our agreement"),
    "training": _("Training and sessions"),
    "pause": _("About a pause"),
    "listing": _("Being listed"),
    "letter": _("Letters from us"),
}
EXPLAINED = {
    "renewal": _("Before it ends, and whether you want to renew it."),
    "training": _("Invitations, reminders and thanks."),
    "pause": _("Whether you are back, or it takes longer."),
    "listing": _("Before your yes to being listed ends."),
    "letter": _("What one of us writes to you or to several partners."),
}
#: Every language in its own words.
LANGUAGES = {"en": "English", "es": "Español"}
#: What a mail reader sends when its own button is pressed.
ONE_CLICK = ("List-Unsubscribe", "One-Click")


class MailForm(PortalForm):
    mail = forms.MultipleChoiceField(
        label=_("Mail that you get"),
        choices=[(name, card(NAMES[name], EXPLAINED[name])) for name in NAMES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    language = Cards(label=_("Write to me in"))

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        known = {"mail": wanted(contact), "language": (contact.languages or ["en"])[0]}
        super().__init__(*args, **{"initial": known} | kwargs)
        language: Any = self.fields["language"]
        language.choices = [(code, card(LANGUAGES[code])) for code, _name in settings.LANGUAGES]


def wanted(contact: Contact) -> list[str]:
    """Return the kinds of mail that go to a contact."""
    return [name for name in NAMES if name not in contact.unsubscribed]


def of_link(visit: Visit) -> list[str]:
    """Return the kinds of mail that a link from a mail is about: those in that mail, or all."""
    named = [name for name in visit.link.about.split(",") if name in NAMES]
    return named or list(NAMES)


def less(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The first page of "less mail": a GET shows, a mail reader's one click stops this mail at once."""
    if request.method == "POST" and request.POST.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        _stop(visit)
        return HttpResponse(_("You get this mail no longer."), content_type="text/plain; charset=utf-8")
    return _page(request, visit)


@by_link(Purpose.UNSUBSCRIBE)
def mail(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/p/<token>/mail`"""
    return _page(request, visit)


def _page(request: HttpRequest, visit: Visit) -> HttpResponse:
    contact = visit.contact
    if contact is None:  # a shared mailbox is nobody who could want less
        return page(request, visit, "mail_of_nobody")
    if request.method == "POST" and "stop" in request.POST:
        _stop(visit)
        return HttpResponseRedirect(visit.way("mail", saved="yes"), status=303)
    form = MailForm(request.POST if "form" in request.POST else None, contact=contact)
    if request.method == "POST" and form.is_valid():
        _keep(visit, contact, form.cleaned_data["mail"], form.cleaned_data["language"])
        return HttpResponseRedirect(f"{visit.address}mail?saved=yes", status=303)  # in the new language
    return page(
        request,
        visit,
        "mail",
        form=form,
        saved=request.GET.get("saved") == "yes",
        stops=_stops(visit, contact),
        owner=keepers(visit).get("owner"),
    )


def _stops(visit: Visit, contact: Contact) -> list[str]:
    """Return the names of the mail that this link is about and that still goes to them."""
    if visit.whole:
        return []
    return [str(NAMES[name]) for name in of_link(visit) if name not in contact.unsubscribed]


@transaction.atomic
def _stop(visit: Visit) -> None:
    """Stop the mail that the link is about. Twice is once."""
    for name in of_link(visit):
        if visit.contact is not None:
            actions.unsubscribe(visit.contact, category=name, now=visit.now)
    note_used(visit.link, now=visit.now)


@transaction.atomic
def _keep(visit: Visit, contact: Contact, mail_wanted: Iterable[str], language: str) -> None:
    chosen = set(mail_wanted)
    for name in NAMES:
        change = actions.subscribe if name in chosen else actions.unsubscribe
        change(contact, category=name, now=visit.now)
    others = [code for code in contact.languages if code != language]
    actions.change_contact(contact, languages=[language, *others], now=visit.now, today=visit.today)
    note_used(visit.link, now=visit.now)
