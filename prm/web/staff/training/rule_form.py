"""The rule of a series as people say it: which weekday of which months, from when to when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.rules.timetable import LAST, Rhythm
from prm.training.actions import SeriesRule, rule_of
from prm.training.models import Series
from prm.web.forms import Form
from prm.web.staff.training.fields import ClockField, zone_field
from prm.web.typed import DayField
from prm.web.words import listed

CHOSEN = "chosen"
WEEKS = [
    ("1", gettext_lazy("First")),
    ("2", gettext_lazy("Second")),
    ("3", gettext_lazy("Third")),
    ("4", gettext_lazy("Fourth")),
    (str(LAST), gettext_lazy("Last")),
]
OFTEN = [
    (CHOSEN, gettext_lazy("In chosen months")),
    ("1", gettext_lazy("Every month")),
    ("2", gettext_lazy("Every 2 months")),
    ("3", gettext_lazy("Every 3 months")),
    ("4", gettext_lazy("Every 4 months")),
    ("6", gettext_lazy("Every 6 months")),
    ("12", gettext_lazy("Once a year")),
]
QUARTERS = ["3", "6", "9", "12"]


class RuleForm(Form):
    """A weekday of some months, the hours, and the stretch of time."""

    week = forms.ChoiceField(label=gettext_lazy("Which one of the month"), choices=WEEKS)
    weekday = forms.ChoiceField(
        label=gettext_lazy("Weekday"), choices=[(str(number), word) for number, word in WEEKDAYS.items()]
    )
    often = forms.ChoiceField(label=gettext_lazy("How often"), choices=OFTEN)
    months = forms.MultipleChoiceField(
        label=gettext_lazy("Months"),
        choices=[(str(number), word) for number, word in MONTHS.items()],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        required=False,
    )
    starts = ClockField(label=gettext_lazy("From"))
    ends = ClockField(
        label=gettext_lazy("To"),
        required=False,
        help_text=gettext_lazy("Leave it empty, and it is as long as the course."),
    )
    starts_on = DayField(label=gettext_lazy("First day not before"))
    ends_on = DayField(label=gettext_lazy("Last day not after"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"] = zone_field(self.initial["zone"])
        self.dress()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("often") == CHOSEN and not said.get("months") and "months" not in self.errors:
            self.add_error("months", _("Choose one month or more."))
        return said

    def rule(self) -> SeriesRule:
        """What was typed, as the action wants it."""
        said = self.cleaned_data
        chosen = said["often"] == CHOSEN
        rhythm = Rhythm(
            int(said["week"]),
            int(said["weekday"]),
            months=frozenset(map(int, said["months"])) if chosen else frozenset(),
            every=0 if chosen else int(said["often"]),
        )
        return SeriesRule(
            rhythm=rhythm, **{name: said[name] for name in ("starts", "ends", "starts_on", "ends_on", "zone")}
        )


def standing(found: Series) -> dict[str, Any]:
    """The rule of a series as the form says it."""
    rule = rule_of(found)
    return {
        "week": str(found.week),
        "weekday": str(found.weekday),
        "often": str(found.every_months or CHOSEN),
        "months": [str(number) for number in found.months],
        **{name: getattr(rule, name) for name in ("starts", "ends", "starts_on", "ends_on", "zone")},
    }


def in_words(found: Series) -> str:
    """ "Third Thursday of March and June, 10:00"."""
    words: dict[str, Any] = {
        "week": dict(WEEKS)[str(found.week)],
        "weekday": WEEKDAYS[found.weekday],
        "time": found.wall_time.strftime("%H:%M"),
    }
    if found.every_months == 1:
        return _("%(week)s %(weekday)s of every month, %(time)s") % words
    if found.every_months:
        return _("%(week)s %(weekday)s every %(months)d months, %(time)s") % (
            words | {"months": found.every_months}
        )
    months = listed([str(MONTHS[number]) for number in found.months])
    return _("%(week)s %(weekday)s of %(months)s, %(time)s") % (words | {"months": months})
