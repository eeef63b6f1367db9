"""Days as people type them into a form, and what to answer when no such day exists."""

from calendar import monthrange
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.exchange.dates import YEARS, NoDate, spelled
from prm.web.words import plain_day


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
