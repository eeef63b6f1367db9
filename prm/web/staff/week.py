"""The days of the week in words: as choices, and in short."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from prm.web.words import listed

MONDAY = date(2001, 1, 1)


def day_name(number: int, form: str = "l") -> str:
    """ "Monday" for 0; with form "D" "Mon"."""
    return date_format(MONDAY + timedelta(number), form)


def days_in_short(numbers: Iterable[int]) -> str:
    """ "Mon to Fri", "Mon, Wed and Fri"."""
    days = sorted(numbers)
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return _("%(first)s to %(last)s") % {"first": day_name(days[0], "D"), "last": day_name(days[-1], "D")}
    return listed([day_name(day, "D") for day in days])
