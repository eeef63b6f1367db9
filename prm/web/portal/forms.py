"""What the forms of the portal share: cards to choose from, days, notes, and what was chosen before the page was."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from prm.partners.actions.voice import LONGEST_NOTE
from prm.web.typed import CHOOSE_OF_THESE, CHOOSE_ONE, DayField, Typed

NO_NAMES = _("Please no names of people you serve.")
TOO_LONG = _("Please keep it under %(limit_value)d characters.")


class PortalForm(Typed):
    """A form of the portal. Its page shows it with c-portal_errors, c-portal_choices and c-portal_field."""

    use_required_attribute = False  # our own sentences say what is missing, in the language of the page

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class Cards(forms.ChoiceField):
    """One of a few, each a large card; its `choices` are best made with `card`."""

    widget = forms.RadioSelect
    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": CHOOSE_ONE,
        "invalid_choice": CHOOSE_OF_THESE,
    }


class Note(forms.CharField):
    """A few lines of text, never compulsory, with the request to name nobody whom they serve."""

    default_error_messages: ClassVar[dict[str, Any]] = {"max_length": TOO_LONG}

    def __init__(self, *, label: Any, help_text: Any = NO_NAMES, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", LONGEST_NOTE)
        super().__init__(
            label=label, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
        )


class Day(DayField):
    """A day, picked or typed; empty is None unless required."""

    def __init__(self, *, label: Any, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(label=label, **kwargs)


def card(title: Any, explanation: Any = "") -> Any:
    """What stands on a card: its title and, smaller, what it means; in the reader's language when it is shown."""
    template = "<b>{}</b><small>{}</small>" if explanation else "<b>{}</b>"
    return lazy(lambda: format_html(template, title, explanation), str)()


def chosen(request: HttpRequest, fields: Iterable[str]) -> dict[str, str]:
    """Return what the address says about these fields, as the initial values of a form: a step back keeps them.

    A choice that does not exist leaves nothing chosen, so give only fields whose default may be lost that way, or
    check them with `known`.
    """
    return {name: request.GET[name] for name in fields if name in request.GET}


def known(request: HttpRequest, name: str, values: Iterable[str], default: str) -> str:
    """Return what the address says about one field if it is one of `values`, else the default."""
    asked = request.GET.get(name, default)
    return asked if asked in set(values) else default
