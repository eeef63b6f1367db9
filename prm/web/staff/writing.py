"""Write a mail to people at partners: choose them, type it, see who gets it and who does not, then send."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.continuity import writing
from prm.continuity.writing import Circle, Why
from prm.outbox.actions import Draft
from prm.outbox.models import Message
from prm.outbox.steering import LONGEST_SUBJECT
from prm.outbox.wording import names_trafficking
from prm.partners.models import Contact, Organization, RoleKind
from prm.web.forms import Form
from prm.web.frame import frame_of
from prm.web.gate import writers
from prm.web.staff.change import visible
from prm.web.staff.letter import Letter
from prm.web.staff.partners import found_partners
from prm.web.typed import read_number

#: Where a session keeps what was typed, from the form to the look at who gets it.
TYPED = "letter"
#: So many people are offered for a name that was typed.
FOUND = 20
ONCE = re.compile(r"[0-9a-f]{16}")
REASONS = {
    Why.NOBODY: gettext_lazy("Nobody there has this role"),
    Why.LEFT: gettext_lazy("Left"),
    Why.NO_ADDRESS: gettext_lazy("No e-mail address is known"),
    Why.UNDELIVERABLE: gettext_lazy("Mail to this address came back"),
    Why.UNSUBSCRIBED: gettext_lazy("Does without letters from us"),
    Why.DEMO: gettext_lazy("Demo: no mail goes there"),
    Why.TWICE: gettext_lazy("Gets it already at this address"),
}


class LetterForm(Form):
    """What is written; to several partners also to whom there."""

    role = forms.ChoiceField(label=gettext_lazy("To everyone who is"), choices=RoleKind.choices)
    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=LONGEST_SUBJECT,
        error_messages={"required": gettext_lazy("Give it a subject.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Words"),
        help_text=gettext_lazy(
            "Begin with your matter: “Hello” with the name, your name and the links come by themselves. No names and "
            "no stories of people you serve belong in a mail."
        ),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": gettext_lazy("Write a few words.")},
    )
    once = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, several: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not several:
            del self.fields["role"]

    def clean_once(self) -> str:
        """Return what makes two presses one letter; a new one where nothing of ours came back."""
        given: str = self.cleaned_data["once"]
        return given if ONCE.fullmatch(given) else secrets.token_hex(8)

    @property
    def letter(self) -> writing.Letter:
        given = self.cleaned_data
        return writing.Letter(given["subject"], given["text"], given["once"])


@writers
def new(request: HttpRequest) -> HttpResponse:
    """`/outbox/new?contact=<id>` to people, `?to=partners&…` to a role at the partners of a list; else it asks whom."""
    people, partners = _people(request), _partners(request)
    if not people and partners is None:
        return _choose(request)
    frame = frame_of(request)
    first = {"role": request.GET.get("role", RoleKind.PRIMARY), "once": secrets.token_hex(8)}
    typed = request.session.get(TYPED) if "look" in request.GET and request.method == "GET" else None
    form = LetterForm(request.POST or typed, several=partners is not None, initial=first)
    whom = {"form": form, "people": people, "number": partners.count() if partners is not None else 0}
    if not form.is_bound or not form.is_valid() or "back" in request.POST:
        return render(request, "staff/letter_new.html", whom)
    if partners is None:
        circle = writing.of_people(people, now=frame.now)
    else:
        circle = writing.of_role(partners, RoleKind(form.cleaned_data["role"]), now=frame.now)
    if len(circle.readers) > writing.MOST:
        words = _(
            "This would reach %(number)d people. Write to %(most)d at once at most: choose fewer partners."
        )
        form.add_error(None, words % {"number": len(circle.readers), "most": writing.MOST})
        return render(request, "staff/letter_new.html", whom)
    if "send" in request.POST and circle.readers and request.POST.get("seen") == seen(circle):
        return _send(request, circle, form.letter)
    if request.method == "POST" and "send" not in request.POST:
        request.session[TYPED] = form.cleaned_data
        return redirect(_at(request, "look"))
    return render(request, "staff/letter_look.html", whom | _look(request, circle, form.letter))


def _at(request: HttpRequest, *more: str) -> str:
    """This address again; with `look` it shows what was typed last."""
    asked = request.GET.copy()
    asked.pop("look", None)
    asked.update(dict.fromkeys(more, "yes"))
    return f"{request.path}?{asked.urlencode()}"


def _people(request: HttpRequest) -> list[Contact]:
    """The people that the address names, of partners that this reader may see."""
    numbers = [pk for text in request.GET.getlist("contact")[: writing.MOST] if (pk := read_number(text))]
    known = Contact.objects.filter(pk__in=numbers, organization__in=visible(request))
    return list(known.select_related("organization").order_by("name", "pk")) if numbers else []


def _partners(request: HttpRequest) -> QuerySet[Organization] | None:
    """The partners of a list, as its filters stand in the address; None where it is not about them."""
    if request.GET.get("to") != "partners":
        return None
    found = found_partners(request).rows.order_by().values("pk")
    return Organization.objects.filter(pk__in=found).order_by("name", "pk")


def seen(circle: Circle) -> str:
    """Return a mark of who gets it: whoever sends has looked at the same people."""
    numbers = ",".join(str(reader.contact.pk) for reader in circle.readers)
    return hashlib.sha256(numbers.encode()).hexdigest()[:16]


def _look(request: HttpRequest, circle: Circle, letter: writing.Letter) -> dict[str, Any]:
    """What stands on the page before anything is written: who gets it, who does not, and the first mail itself."""
    frame = frame_of(request)
    by: Any = request.user
    first = Circle(circle.readers[:1])
    shown = [
        Letter(_as_message(draft), frame.zone, held=frame.held, now=frame.now)
        for draft in writing.drafts(first, letter, by=by, now=frame.now)
    ]
    quiet = [reader for reader in circle.readers if reader.contact.discreet]
    return {
        "circle": circle,
        "left_out": [(one, REASONS[one.why]) for one in circle.left_out],
        "seen": seen(circle),
        "changed": "send" in request.POST,
        "letter": shown[0] if shown else None,
        "quiet": len(quiet) if names_trafficking(letter.subject) else 0,
        "once": letter.once,
    }


def _as_message(draft: Draft) -> Message:
    """Return a mail that is only looked at."""
    names = ("subject", "text", "html", "recipient", "recipient_name", "from_name", "reply_to", "language")
    return Message(
        **{name: getattr(draft, name) for name in names}, links={wish.mark: 0 for wish in draft.links}
    )


def _send(request: HttpRequest, circle: Circle, letter: writing.Letter) -> HttpResponse:
    by: Any = request.user
    sent = writing.send(circle, letter, by=by, now=frame_of(request).now)
    request.session.pop(TYPED, None)
    if len(sent) == 1:
        return redirect("outbox-message", pk=sent[0].pk)
    return redirect("outbox-letters", pk=sent[0].pk)


def _choose(request: HttpRequest) -> HttpResponse:
    """Ask whom to write to: somebody of one partner, somebody by name, or a role at several partners."""
    slug, name = request.GET.get("partner", ""), " ".join(request.GET.get("find", "").split())[:100]
    partner = visible(request).filter(slug=slug).first() if slug else None
    there = Contact.objects.filter(organization__in=visible(request), left_on__isnull=True)
    if partner is not None:
        offered = there.filter(organization=partner)
    elif name:
        offered = there.filter(Q(name__icontains=name) | Q(organization__name__icontains=name))
    else:
        offered = there.none()
    context = {
        "partner": partner,
        "name": name,
        "offered": list(offered.select_related("organization").order_by("name", "pk")[:FOUND]),
    }
    return render(request, "staff/letter_whom.html", context)
