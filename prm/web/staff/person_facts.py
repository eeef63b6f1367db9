"""The facts of a person at a partner, each with the field by which it is changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.partners.models import Contact
from prm.web.forms import EMAIL_ERRORS, phone_field
from prm.web.staff.facts import Fact
from prm.web.staff.organization_facts import NAME, text


class LanguageField(forms.ChoiceField):
    """The language of our mail to a person; whatever else they speak stays behind it."""

    def __init__(self, *, spoken: list[str], **kwargs: Any) -> None:
        super().__init__(choices=settings.LANGUAGES, **kwargs)
        self.spoken = spoken

    def prepare_value(self, value: Any) -> Any:
        return value[0] if isinstance(value, list) and value else value

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return [chosen, *(code for code in self.spoken if code != chosen)]


def tick(label: Any, help_text: Any) -> Any:
    """Something that is so or not."""
    return lambda _record: forms.BooleanField(label=label, help_text=help_text, required=False)


def languages(row: Contact) -> str:
    """ "Spanish"; of several, the first is the one we write in."""
    names = {code: str(name) for code, name in settings.LANGUAGES}
    return ", ".join(names.get(code, code) for code in row.languages)


def _yes(value: bool, words: str) -> str:
    return words if value else _("No")


_ALL = (
    Fact("name", gettext_lazy("Name"), {"name": NAME}, lambda row: row.name),
    Fact(
        "title",
        gettext_lazy("Title at work"),
        {"title": text(gettext_lazy("Title at work"), 200)},
        lambda row: row.title,
    ),
    Fact(
        "email",
        gettext_lazy("E-mail"),
        {
            "email": lambda _record: forms.EmailField(
                label=_("E-mail"), required=False, error_messages=EMAIL_ERRORS
            )
        },
        lambda row: row.email,
        href=lambda row: f"mailto:{row.email}",
    ),
    Fact(
        "phone",
        gettext_lazy("Phone"),
        {"phone": lambda _record: phone_field()},
        lambda row: row.phone,
        href=lambda row: f"tel:{row.phone}",
    ),
    Fact(
        "languages",
        gettext_lazy("Language"),
        {"languages": lambda row: LanguageField(label=_("We write in"), spoken=row.languages)},
        languages,
    ),
    Fact(
        "discreet",
        gettext_lazy("Discreet mail"),
        {
            "discreet": tick(
                gettext_lazy("Write to them discreetly"),
                gettext_lazy("Mail then carries our neutral name and says nothing of what we do."),
            )
        },
        lambda row: _yes(row.discreet, _("Yes, under our neutral name")),
        ours=True,
    ),
    Fact(
        "commit",
        gettext_lazy("May commit the agency"),
        {
            "may_commit": tick(
                gettext_lazy("May commit the agency"),
                gettext_lazy("What they promise or sign counts for all."),
            )
        },
        lambda row: _yes(row.may_commit, _("Yes")),
    ),
)
FACTS = {fact.key: fact for fact in _ALL}
