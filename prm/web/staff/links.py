"""The links that a partner's people hold: who has which, until when, used when; to end one, and to send one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from prm.continuity.letters import send_link
from prm.partners.actions import revoke_all
from prm.partners.links import Wish, live_links
from prm.partners.models import Contact, Link, Organization, Purpose
from prm.partners.queries import present_contacts
from prm.web.forms import Form, explained
from prm.web.frame import Frame, frame_of
from prm.web.gate import writers
from prm.web.staff.change import organization_or_404
from prm.web.typed import read_number

MAILBOX = "mailbox"
PURPOSES = [
    (
        Purpose.PAGE,
        explained(
            gettext_lazy("Their own page"),
            gettext_lazy("What we know about them, and everything they can say."),
        ),
    ),
    (
        Purpose.PAUSE,
        explained(gettext_lazy("We are full"), gettext_lazy("They pause referrals, training or all.")),
    ),
    (
        Purpose.LEAVING,
        explained(gettext_lazy("I am leaving"), gettext_lazy("They name the last day and who follows.")),
    ),
]


@dataclass(frozen=True, slots=True)
class Held:
    """What one person can open for one purpose: several links of several mails are one line."""

    purpose: str
    word: str
    until: date | None
    used: datetime | None


@dataclass(frozen=True, slots=True)
class Holder:
    """A person, or the shared mailbox (no contact), and what they can open."""

    contact: Contact | None
    held: list[Held]


def holders(organization: Organization, frame: Frame) -> list[Holder]:
    """Who holds a link that still opens something, in two queries."""
    found: dict[int | None, dict[str, list[Link]]] = {}
    people: dict[int | None, Contact | None] = {}
    for link in live_links(organization, now=frame.now, today=frame.today):
        people.setdefault(link.contact_id, link.contact)
        found.setdefault(link.contact_id, {}).setdefault(link.purpose, []).append(link)
    return [
        Holder(
            people[pk], [_held(purpose, of[purpose], frame) for purpose in Purpose.values if purpose in of]
        )
        for pk, of in found.items()
    ]


def _held(purpose: str, some: list[Link], frame: Frame) -> Held:
    ends = [link.expires_at for link in some]
    last = None if None in ends else max(end for end in ends if end)
    used = max((link.used_at for link in some if link.used_at), default=None)
    until = last.astimezone(frame.program_zone).date() if last else None
    return Held(purpose, str(Purpose(purpose).label), until, used)


@writers
@require_POST
def end(request: HttpRequest, slug: str) -> HttpResponse:
    """`/partners/<slug>/links/end`: what one person holds for one purpose opens nothing any more."""
    organization, frame = organization_or_404(request, slug), frame_of(request)
    purpose, number = request.POST.get("purpose", ""), request.POST.get("contact", "")
    contact = read_number(number)
    by: Any = request.user
    live = live_links(organization, now=frame.now, today=frame.today)
    some = [link for link in live if link.purpose == purpose and link.contact_id == contact]
    if revoke_all(some, now=frame.now, by=by):
        words = {"link": some[0].get_purpose_display()}
        messages.success(
            request,
            _("The link “%(link)s” opens nothing any more. The next mail brings a new one.") % words,
        )
    return redirect("partner", slug)


class LinkForm(Form):
    whom = forms.ChoiceField(label=gettext_lazy("To whom?"), widget=forms.RadioSelect)
    what = forms.ChoiceField(
        label=gettext_lazy("Which link?"), widget=forms.RadioSelect, choices=PURPOSES, initial=Purpose.PAGE
    )

    def __init__(self, *args: Any, organization: Organization, people: list[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        choices: list[tuple[str, Any]] = [
            (pk, explained(one.name, one.email or _("No address known"))) for pk, one in self.people.items()
        ]
        if organization.role_mailbox:
            choices.append((MAILBOX, explained(_("The shared mailbox"), organization.role_mailbox)))
        whom: Any = self.fields["whom"]
        whom.choices = choices
        whom.initial = choices[0][0] if choices else None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("whom") == MAILBOX and said.get("what") == Purpose.LEAVING:
            self.add_error("what", _("A shared mailbox cannot leave. Choose a person, or another link."))
        return said

    @property
    def contact(self) -> Contact | None:
        return self.people.get(self.cleaned_data["whom"])


@writers
def send(request: HttpRequest, slug: str) -> HttpResponse:
    """`/partners/<slug>/links`: send somebody there a link of their own; `?contact=<id>` names whom."""
    organization, frame = organization_or_404(request, slug), frame_of(request)
    people = present_contacts(organization, frame.today)
    asked = request.GET.get("contact", "")
    initial = {"whom": asked} if asked in {str(one.pk) for one in people} else {}
    form = LinkForm(request.POST or None, organization=organization, people=people, initial=initial)
    if request.method == "POST" and form.is_valid():
        contact, wish = form.contact, Wish(Purpose(form.cleaned_data["what"]))
        by: Any = request.user
        if send_link(organization, contact, wish, now=frame.now, by=by):
            messages.success(request, _sent(organization, contact, frame))
            return redirect("partner", slug)
        form.add_error(
            "whom", _("No address that works is known here. Enter one first, or choose somebody else.")
        )
    context = {
        "form": form,
        "organization": organization,
        "somebody": bool(people or organization.role_mailbox),
    }
    return render(request, "staff/links.html", context)


def _sent(organization: Organization, contact: Contact | None, frame: Frame) -> str:
    whom = f"{contact.name} ({contact.email})" if contact else organization.role_mailbox
    if frame.held:
        return _("The link to %(whom)s is written. It waits: sending is held.") % {"whom": whom}
    return _("The link is on its way to %(whom)s.") % {"whom": whom}
