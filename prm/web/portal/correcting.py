"""Something is not right: a partner proposes how their people should stand with us. Nothing changes until we confirm.

What is proposed stands in the statement's data: `about` (me, person, new, other), `contact` (whom of theirs; left out
where it is nobody we know), and the new `name`, `email`, `phone`, `title`, `role`, each "" where nothing is proposed.
Where somebody is no longer there, `left` is true and the choice is "left".
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.checks import clean_email
from prm.accounts.models import User
from prm.partners import actions
from prm.partners.models import Contact, Purpose, RoleKind, Statement, StatementKind
from prm.rules.refusal import Refusal
from prm.web.portal.forms import Cards, Note, PortalForm, card
from prm.web.portal.gate import Visit, by_link
from prm.web.portal.own import keepers, present
from prm.web.portal.pages import nowhere, page

FIELDS = ("name", "title", "email", "phone", "role")
LEFT, WRONG = "left", "wrong"
#: What somebody may be said to do; the rest of our words for it is nobody's to choose but ours.
ROLES = (
    RoleKind.PRIMARY,
    RoleKind.NOTICE,
    RoleKind.SIGNATORY,
    RoleKind.TRAINING,
    RoleKind.INTAKE,
    RoleKind.EXECUTIVE,
)


class Words(forms.CharField):
    """One line of text."""

    def __init__(self, *, label: Any, longest: int = 200, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(label=label, max_length=longest, **kwargs)


class Proposal(PortalForm):
    """What all proposals share: what of the fields was said, and a note."""

    nothing = gettext_lazy("Nothing is changed yet. Change a field, or write below what is wrong.")

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visit = visit

    def clean_email(self) -> str:
        """Return the address; one that cannot be right is answered at the field."""
        try:
            return clean_email(self.cleaned_data["email"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not self.says_something():
            raise forms.ValidationError(self.nothing)
        return said

    def says_something(self) -> bool:
        return bool(self.cleaned_data.get("note")) or any(self.proposed().values())

    def proposed(self) -> dict[str, str]:
        """Return the new values by field, "" where nothing is proposed."""
        return {name: str(self.cleaned_data.get(name) or "") for name in FIELDS}

    @property
    def choice(self) -> str:
        """Return what stands as the statement's choice."""
        return ""

    @property
    def contact(self) -> Contact | None:
        """Return whom of theirs it is about."""
        return None


class MeForm(Proposal):
    name = Words(label=gettext_lazy("Your name"))
    title = Words(label=gettext_lazy("What you do there"))
    email = Words(label=gettext_lazy("E-mail"), longest=254, widget=forms.EmailInput)
    phone = Words(label=gettext_lazy("Phone"), longest=60)
    note = Note(label=gettext_lazy("Anything else?"))

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        known = {name: getattr(visit.contact, name) for name in ("name", "title", "email", "phone")}
        super().__init__(*args, visit=visit, **{"initial": known} | kwargs)
        email: Any = self.fields["email"].widget
        email.attrs |= {"autocomplete": "email"}

    def proposed(self) -> dict[str, str]:
        """Only what is other than we know it."""
        known = self.initial
        return {name: "" if value == known.get(name) else value for name, value in super().proposed().items()}

    @property
    def contact(self) -> Contact | None:
        return self.visit.contact


class PersonForm(Proposal):
    who = Cards(label=gettext_lazy("Who is it about?"))
    what = Cards(
        label=gettext_lazy("What is not right?"),
        choices=[
            (LEFT, card(gettext_lazy("No longer here"), gettext_lazy("We write to somebody else instead."))),
            (WRONG, card(gettext_lazy("Name or address is wrong"))),
        ],
        initial=LEFT,
    )
    name = Words(label=gettext_lazy("The right name"))
    email = Words(label=gettext_lazy("The right e-mail"), longest=254, widget=forms.EmailInput)
    phone = Words(label=gettext_lazy("The right phone"), longest=60)
    note = Note(label=gettext_lazy("Anything else?"))

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, visit=visit, **kwargs)
        self.known = {str(one.pk): one for one in _colleagues(visit)}
        who: Any = self.fields["who"]
        who.choices = [(pk, card(one.name)) for pk, one in self.known.items()]
        if len(self.known) == 1:
            who.initial = next(iter(self.known))

    def says_something(self) -> bool:
        return self.choice == LEFT or super().says_something()

    def proposed(self) -> dict[str, str]:
        """Of somebody who is not there any more nothing else is right or wrong."""
        return dict.fromkeys(FIELDS, "") if self.choice == LEFT else super().proposed()

    @property
    def choice(self) -> str:
        return LEFT if self.cleaned_data.get("what") == LEFT else ""

    @property
    def contact(self) -> Contact | None:
        return self.known[self.cleaned_data["who"]]


class NewForm(Proposal):
    name = Words(
        label=gettext_lazy("Name"),
        required=True,
        error_messages={"required": gettext_lazy("Please write their name.")},
    )
    email = Words(label=gettext_lazy("E-mail"), longest=254, widget=forms.EmailInput)
    phone = Words(label=gettext_lazy("Phone"), longest=60)
    role = forms.ChoiceField(label=gettext_lazy("What they do"), required=False)
    note = Note(label=gettext_lazy("Anything else?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.choices = [("", _("Something else")), *((kind.value, kind.label) for kind in ROLES)]


class OtherForm(Proposal):
    nothing = gettext_lazy("Please write what is not right.")
    note = Note(label=gettext_lazy("What is not right?"), rows=5)


FORMS: dict[str, type[Proposal]] = {"me": MeForm, "person": PersonForm, "new": NewForm, "other": OtherForm}


@by_link(Purpose.PAGE)
def correct(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/p/<token>/correct`: about whom; `?about=` one of FORMS: how it should be."""
    about = (request.POST or request.GET).get("about", "")
    if about not in offered(visit):
        return page(request, visit, "correct", offered=offered(visit))
    form = FORMS[about](request.POST or None, visit=visit)
    if request.method == "POST" and form.is_valid():
        try:
            said = _say(visit, about, form)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return HttpResponseRedirect(visit.way(f"correct/{said.pk}"), status=303)
    return page(request, visit, "correct_form", about=about, form=form)


def offered(visit: Visit) -> list[str]:
    """Return about what this reader can say something: a shared mailbox is nobody, and some are alone."""
    left_out = {name for name, there in (("me", visit.contact), ("person", _colleagues(visit))) if not there}
    return [name for name in FORMS if name not in left_out]


def _colleagues(visit: Visit) -> list[Contact]:
    return [one for one in present(visit) if one.pk != visit.link.contact_id]


def _say(visit: Visit, about: str, form: Proposal) -> Statement:
    contact = form.contact
    left = {"left": True} if form.choice == LEFT else {}
    return actions.say(
        visit.link,
        kind=StatementKind.CORRECTION,
        choice=form.choice,
        note=form.cleaned_data["note"],
        data={"about": about, "contact": contact.pk if contact else None, **form.proposed(), **left},
        now=visit.now,
        today=visit.today,
    )


@by_link(Purpose.PAGE)
def corrected(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """`/p/<token>/correct/<id>`: who looks at it; a POST takes it back while nobody has."""
    said = visit.organization.statements.filter(
        pk=pk, kind=StatementKind.CORRECTION, contact=visit.link.contact_id
    ).first()
    if said is None:
        return nowhere(request, visit)
    if request.method == "POST":
        if not said.outcome:
            actions.take_back(said, now=visit.now, today=visit.today)
        return HttpResponseRedirect(visit.way(f"correct/{pk}"), status=303)
    return page(request, visit, "correct_said", said=said, looks=_looks(visit))


def _looks(visit: Visit) -> User | None:
    found = keepers(visit)
    return found.get("owner") or found.get("deputy")
