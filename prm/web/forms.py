"""What the forms of all screens share: their look, and choices that explain themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import F, Q
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from prm.accounts.models import User, UserRole
from prm.partners.models import Contact, Organization
from prm.vocabulary.models import Term
from prm.web.typed import DayInput, Typed

LOOKS = (
    (forms.RadioSelect, "form-check-input"),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (DayInput, "form-control short"),
    (forms.TextInput, "form-control"),
    (forms.EmailInput, "form-control"),
    (forms.URLInput, "form-control"),
    (forms.Textarea, "form-control"),
)

EMAIL_ERRORS = {"invalid": gettext_lazy("This is no full e-mail address. Write it like anna@example.org.")}


class Form(Typed):
    """A form in our look. The ids that tie help and errors to a field are Django's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress()

    def dress(self) -> None:
        """Give every field its look; once more where a form made fields of its own."""
        for field in self.fields.values():
            for kind, look in LOOKS:
                if isinstance(field.widget, kind):
                    field.widget.attrs.setdefault("class", look)
                    break


def explained(word: Any, explanation: Any) -> Any:
    """A choice with a line below it that says what it means, put into the reader's language when it is shown."""
    return lazy(lambda: format_html("{}<small>{}</small>", word, explanation), str)()


def note_field(label: Any, *, help_text: Any = "", rows: int = 3) -> forms.CharField:
    """A few lines of text, never compulsory."""
    return forms.CharField(
        label=label, help_text=help_text, required=False, widget=forms.Textarea(attrs={"rows": rows})
    )


def phone_field() -> forms.CharField:
    """A telephone number as people write it, never compulsory."""
    return forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )


class KeeperField(forms.ModelChoiceField):
    """Somebody of ours who can keep a partner: whoever has access and may write."""

    def __init__(self, **kwargs: Any) -> None:
        writers = User.objects.filter(is_active=True).exclude(role=UserRole.VIEWER, is_superuser=False)
        errors = {"required": gettext_lazy("Choose somebody of ours.")}
        super().__init__(
            **{"queryset": writers.order_by("name", "pk"), "empty_label": None, "error_messages": errors}
            | kwargs
        )

    def label_from_instance(self, obj: Any) -> str:
        person: User = obj
        return person.name


class TermField(forms.ModelChoiceField):
    """One of the active words of a list, or none."""

    def __init__(self, *, name: str, **kwargs: Any) -> None:
        self.name = name
        super().__init__(
            **{"queryset": self.words(), "required": False, "empty_label": gettext_lazy("Not said")} | kwargs
        )

    def words(self, keep: int | None = None) -> Any:
        """The words to choose from; `keep` stands already and stays among them."""
        return Term.objects.filter(Q(active=True) | Q(pk=keep), list=self.name)


class ContactField(forms.ModelChoiceField):
    """One of an organization's people, with the title that tells two of a name apart."""

    def label_from_instance(self, obj: Any) -> str:
        contact: Contact = obj
        return f"{contact.name}, {contact.title}" if contact.title else contact.name


def people_of(organization: Organization) -> Any:
    """Who is still there, as far as anyone has said."""
    return organization.contacts.filter(left_on__isnull=True).order_by("name", "id")


def who_may_leave(organization: Organization) -> Any:
    """Everyone who can be replaced: who is there, then who left, for somebody may still follow them."""
    return organization.contacts.order_by(F("left_on").desc(nulls_first=True), "name", "id")
