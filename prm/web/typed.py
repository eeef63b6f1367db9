"""What people type into a form: our words for what is not right, one line where one is asked, and days."""

import re
from calendar import monthrange
from copy import copy
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.exchange.dates import YEARS, NoDate, spelled
from prm.web.words import plain_day

CHOOSE_ONE = gettext_lazy("Please choose one.")
CHOOSE_OF_THESE = gettext_lazy("Please choose one of these.")
TOO_LONG = gettext_lazy("This is too long. Use %(limit_value)d characters at most.")
#: What stands at a field that has no sentence of its own, by kind of field. Django's say what is wrong, not what to do.
OURS: tuple[tuple[type[forms.Field], dict[str, Any]], ...] = (
    (forms.ChoiceField, {"required": CHOOSE_ONE, "invalid_choice": CHOOSE_OF_THESE}),
    (
        forms.ModelChoiceField,
        {"required": CHOOSE_ONE, "invalid_choice": CHOOSE_OF_THESE, "invalid_pk_value": CHOOSE_OF_THESE},
    ),
    (
        forms.EmailField,
        {"invalid": gettext_lazy("This is no full e-mail address. Write it like anna@example.org.")},
    ),
    (
        forms.IntegerField,
        {
            "invalid": gettext_lazy("Write it as a number, such as 12."),
            "min_value": gettext_lazy("Use %(limit_value)d or more."),
            "max_value": gettext_lazy("Use %(limit_value)d or less."),
        },
    ),
    (forms.Field, {"required": gettext_lazy("Please fill this in."), "max_length": TOO_LONG}),
)
LINE_BREAKS = re.compile(r"[ \t]*[\r\n\x85\u2028\u2029]+[ \t]*")


class Typed(forms.Form):
    """A form that answers in our words, and takes for one line whatever was pasted into a field of one line."""

    def full_clean(self) -> None:
        """Judge what was typed; before, fields that came in late are told what to say."""
        for name, field in self.fields.items():
            say_ours(field)
            if self.is_bound and isinstance(field, forms.CharField) and _one_line(field):
                self._fold(self.add_prefix(name))
        super().full_clean()

    def _fold(self, name: str) -> None:
        typed = self.data.get(name)
        if isinstance(typed, str) and LINE_BREAKS.search(typed):
            data: Any = copy(self.data)  # what a browser sent cannot be written to, its copy can
            data[name] = LINE_BREAKS.sub(" ", typed).strip()
            self.data = data


def say_ours(field: forms.Field) -> None:
    """Put our sentence wherever a field would say Django's own."""
    theirs: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        if kind.__module__.startswith("django."):
            theirs |= kind.__dict__.get("default_error_messages", {})
    for kind, sentences in OURS:
        for code, sentence in sentences.items() if isinstance(field, kind) else ():
            if field.error_messages.get(code) is theirs.get(code):
                field.error_messages[code] = sentence


def _one_line(field: forms.Field) -> bool:
    return not isinstance(field.widget, forms.Textarea | forms.PasswordInput)


def read_number(text: str) -> int | None:
    """A number of ours from an address or a hidden field; None where it is none, or longer than any that we give."""
    return int(text) if text.isdecimal() and len(text) < 16 else None


def read_day(text: str) -> date:
    """A typed day: "2028-02-29", "29 Feb 2028", "February 29, 2028"; 3/4/2028 only where it has one meaning.

    Raises ValidationError that says how to mend it: "February 2028 has 29 days. Try 29 Feb 2028."
    """
    try:
        found = spelled(text)
        if found.undecided:
            raise ValidationError(_("This could be two different days. Write it like 29 Feb 2028."))
        if not found.open and 1 <= found.first <= 12 and found.year in YEARS:
            _check_length(found.year, found.first, found.second)
        return found.on(day_first=False not in found.reads)
    except NoDate:
        raise ValidationError(_("Write the day like 29 Feb 2028.")) from None


def _check_length(year: int, month: int, day: int) -> None:
    length = monthrange(year, month)[1]
    if not 1 <= day <= length:
        last = date(year, month, length)
        words = {"month": date_format(last, "F Y"), "days": length, "last": plain_day(last)}
        raise ValidationError(_("%(month)s has %(days)s days. Try %(last)s.") % words)


class DayInput(forms.DateInput):
    """The browser's date field, or a plain one when what was typed is no date and must be kept to be mended."""

    input_type = "date"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        try:
            date.fromisoformat(context["widget"]["value"] or "2000-01-01")
        except ValueError:
            context["widget"]["type"] = "text"
        return context

    def format_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


class DayField(forms.Field):
    """A day, typed or picked; empty is None."""

    widget = DayInput
    default_error_messages: ClassVar[dict[str, Any]] = {"required": gettext_lazy("Enter a day.")}

    def to_python(self, value: object) -> date | None:
        if value in self.empty_values:
            return None
        return value if isinstance(value, date) else read_day(str(value))
