"""Until when a row of Today waits, as our page and the link in our mail ask it: one of a few days, or another one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

#: The choice that stands for a day of one's own, in the field `day`.
ANOTHER = "date"


class UntilForm(forms.Form):
    """What both forms mean by their fields `until` and `day`."""

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("until") == ANOTHER and not said.get("day") and "day" not in self.errors:
            self.add_error("day", _("Enter a day."))
        return said

    def last_day(self) -> date:
        """The chosen day, on which the row is back."""
        said = self.cleaned_data
        day: date = said["day"] if said["until"] == ANOTHER else date.fromisoformat(said["until"])
        return day
