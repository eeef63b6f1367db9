"""The page of one person at a partner: their facts, their roles from and to, and where else they serve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from prm.partners.actions import change_contact, mark_deliverable, note_same_person
from prm.partners.models import Contact, Organization, Role
from prm.partners.queries import elsewhere, same_address
from prm.rules.refusal import Refusal
from prm.web.frame import Frame, frame_of
from prm.web.gate import staff, writers
from prm.web.staff.change import done, organization_or_404
from prm.web.staff.facts import Facts, lines
from prm.web.staff.facts_edit import Desk, edit
from prm.web.staff.people import span_of
from prm.web.staff.person_facts import FACTS


@dataclass(frozen=True, slots=True)
class Held:
    """One role of theirs: `look` as in a role card; `open` while it can be ended or handed over."""

    role: Role
    word: str
    span: str
    look: str
    spoken: str
    open: bool


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same person at another organization; `differs` where the mail address there is another one."""

    contact: Contact
    differs: bool


def contact_or_404(request: HttpRequest, slug: str, pk: int) -> tuple[Organization, Contact]:
    """A person of a partner that this reader may see."""
    organization = organization_or_404(request, slug)
    return organization, get_object_or_404(organization.contacts.select_related("organization"), pk=pk)


@staff
def person(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`/partners/<slug>/people/<id>/`"""
    organization, contact = contact_or_404(request, slug, pk)
    frame, reader = frame_of(request), _reader(request)
    known = elsewhere(contact, reader=reader)
    maybe = same_address(contact.email, organization, reader=reader, but=[one.pk for one in known])
    context = {
        "organization": organization,
        "contact": contact,
        "gone": contact.left_on is not None and contact.left_on < frame.today,
        "facts": facts_of(contact, frame),
        "roles": [_held(role, frame.today) for role in _roles(contact)],
        "elsewhere": [Elsewhere(one, bool(contact.email) and one.email != contact.email) for one in known],
        "maybe": maybe if frame.may_change else [],
    }
    return render(request, "staff/person.html", context)


def facts_of(contact: Contact, frame: Frame) -> Facts:
    """The facts of a person as lines of their page."""

    def address(key: str) -> str:
        return reverse("person-fact", args=[contact.organization.slug, contact.pk, key])

    return lines(contact, FACTS, address=address if frame.may_change else None, reasons=frame.sees_reasons)


def _roles(contact: Contact) -> list[Role]:
    roles = contact.roles.order_by("-since", "-pk")
    found = list(roles)
    for role in found:
        role.contact = contact
    return found


def _held(role: Role, today: date) -> Held:
    holder = span_of(role, today)
    still = holder.look in ("now", "later") and (role.until is None or role.until >= today)
    return Held(role, str(role.get_kind_display()), holder.span, holder.look, holder.spoken, still)


@writers
def person_fact(request: HttpRequest, slug: str, pk: int, fact: str) -> HttpResponse:
    """`/partners/<slug>/people/<id>/facts/<fact>`: one fact of a person."""
    organization, contact = contact_or_404(request, slug, pk)
    if fact not in FACTS:
        raise Http404
    return edit(request, Desk(organization, contact, FACTS[fact], change_contact, _page(contact)))


@writers
@require_POST
def works(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`/partners/<slug>/people/<id>/works`: mail came back, but somebody knows that the address works."""
    organization, contact = contact_or_404(request, slug, pk)
    mark_deliverable(contact, now=frame_of(request).now, by=_reader(request))
    words = _("We write to %(name)s at %(address)s again.") % {"name": contact.name, "address": contact.email}
    return done(request, organization, words, to=_page(contact), unchanged=None)


@writers
@require_POST
def same(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`/partners/<slug>/people/<id>/same`: the same person as another one, or their new address there too."""
    organization, contact = contact_or_404(request, slug, pk)
    number = request.POST.get("other", "")
    reader, frame = _reader(request), frame_of(request)
    known = elsewhere(contact, reader=reader)
    offered = [*known, *same_address(contact.email, organization, reader=reader)]
    other = next((one for one in offered if str(one.pk) == number), None)
    if other is None:
        messages.error(request, _("That person is not known elsewhere any more. Nothing was changed."))
        return redirect(_page(contact))
    words = {"name": contact.name, "partner": other.organization.name, "address": contact.email}
    try:
        if other in known:
            change_contact(other, email=contact.email, now=frame.now, by=reader)
            sentence = _("%(name)s has the address %(address)s at %(partner)s too.") % words
        else:
            note_same_person(contact, other, now=frame.now, by=reader)
            sentence = _("%(name)s is the same person as at %(partner)s.") % words
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(_page(contact))
    return done(request, organization, sentence, also=[other.organization], to=_page(contact), unchanged=None)


def _page(contact: Contact) -> str:
    return reverse("person", args=[contact.organization.slug, contact.pk])


def _reader(request: HttpRequest) -> Any:
    return request.user
