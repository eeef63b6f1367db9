"""Days as people type them into a form, and what to answer when no such day exists."""

import re
from calendar import month_abbr, month_name, monthrange
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.web.words import plain_day

ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
DAY_FIRST = re.compile(r"(?P<day>\d{1,2})\.?\s+(?P<month>[^\W\d]+)\.?,?\s+(?P<year>\d{4})")
MONTH_FIRST = re.compile(r"(?P<month>[^\W\d]+)\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})")


def _month(word: str) -> int | None:
    if word.isdigit():
        return int(word)
    for number in range(1, 13):
        if word.lower() in {month_name[number].lower(), month_abbr[number].lower()}:
            return number
    return None


def read_day(text: str) -> date:
    """A typed day: "2028-02-29", "29 Feb 2028" or "Feb 29, 2028".

    Raises ValidationError that says how to mend it: "February 2028 has 29 days. Try 29 Feb 2028."
    """
    text = text.strip()
    found = ISO.fullmatch(text) or DAY_FIRST.fullmatch(text) or MONTH_FIRST.fullmatch(text)
    month = _month(found["month"]) if found else None
    if not found or not month or not 1 <= month <= 12 or not 1900 <= int(found["year"]) <= 2200:
        raise ValidationError(_("Write the day like 29 Feb 2028."))
    year, day = int(found["year"]), int(found["day"])
    length = monthrange(year, month)[1]
    if not 1 <= day <= length:
        words = {"month": month_name[month], "year": year, "days": length, "last": plain_day(date(year, month, length))}
        raise ValidationError(_("%(month)s %(year)s has %(days)s days. Try %(last)s.") % words)
    return date(year, month, day)


class DayInput(forms.DateInput):
    """The browser's date field, or a plain one when what was typed is no date and must be kept to be mended."""

    input_type = "date"

    def get_context(self, name, value, attrs):  # type: ignore[no-untyped-def]
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown and not ISO.fullmatch(shown):
            context["widget"]["type"] = "text"
        elif shown:
            try:
                date.fromisoformat(shown)
            except ValueError:
                context["widget"]["type"] = "text"
        return context

    def format_value(self, value):  # type: ignore[no-untyped-def]
        return value.isoformat() if isinstance(value, date) else value


class DayField(forms.Field):
    """A day, typed or picked; empty is None."""

    widget = DayInput
    default_error_messages = {"required": gettext_lazy("Enter a day.")}

    def to_python(self, value: object) -> date | None:
        if value in self.empty_values:
            return None
        return value if isinstance(value, date) else read_day(str(value))
