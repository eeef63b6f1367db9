"""The steps of a series as fields: how many days before or after, and boxes for whom. Rows come and go by buttons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.rules.changing import FARTHEST, MOST_STEPS, Series
from prm.rules.steps import Step
from prm.web.forms import Form
from prm.web.staff.rule_words import WHOM
from prm.web.typed import read_number

BEFORE, DAY, AFTER = "before", "day", "after"
WHEN = {
    BEFORE: gettext_lazy("days before"),
    DAY: gettext_lazy("on the day itself"),
    AFTER: gettext_lazy("days after"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One step as it stands in the form, whatever was typed."""

    days: str = ""
    when: str = ""
    partner: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()


def rows_of(steps: Iterable[Step]) -> list[Row]:
    """Return steps as they stand in the form."""
    return [
        Row(
            str(abs(step.offset)),
            BEFORE if step.offset < 0 else AFTER if step.offset else DAY,
            step.partner,
            step.ours,
        )
        for step in steps
    ]


def typed_rows(data: QueryDict) -> list[Row]:
    """Return the rows that a form came with; the one whose Remove was pressed is gone, a new one stands last."""
    number = min(read_number(data.get("rows", "")) or 0, MOST_STEPS + 1)
    found = [
        Row(
            data.get(f"days-{n}", ""),
            data.get(f"when-{n}", ""),
            tuple(data.getlist(f"partner-{n}")),
            tuple(data.getlist(f"ours-{n}")),
        )
        for n in range(number)
        if data.get("remove") != str(n)
    ]
    return [*found, Row()] if "add" in data and len(found) < MOST_STEPS else found


def whens(series: Series) -> list[str]:
    """Return on which side of the day a step of the series may lie."""
    found = {BEFORE: series.first < 0, DAY: series.first <= 0 <= series.last, AFTER: series.last > 0}
    return [when for when, may in found.items() if may]


class RuleForm(Form):
    """One series: whether it is sent, and its steps. `looked`: what came was to be judged, not only laid out anew."""

    on = forms.ChoiceField(
        label=gettext_lazy("Send these reminders?"),
        choices=(("yes", gettext_lazy("Yes, send them")), ("no", gettext_lazy("No, send none of them"))),
        widget=forms.RadioSelect,
    )

    def __init__(self, series: Series, rows: Sequence[Row], *, on: str, looked: bool = False) -> None:
        self.series, self.number = series, len(rows)
        typed: dict[str, Any] = {"on": on}
        for n, row in enumerate(rows):
            typed |= {f"days-{n}": row.days, f"when-{n}": row.when}
            typed |= {f"partner-{n}": list(row.partner), f"ours-{n}": list(row.ours)}
        super().__init__(typed if looked else None, initial=typed)
        for n in range(self.number):
            self._add(n)
        self.dress()

    def _add(self, n: int) -> None:
        whole = {"step": n + 1}
        self.fields[f"days-{n}"] = forms.IntegerField(
            label=_("Reminder %(step)d: number of days") % whole,
            min_value=0,
            max_value=FARTHEST,
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "form-control"}),
        )
        ways = whens(self.series)
        self.fields[f"when-{n}"] = forms.ChoiceField(
            label=_("Reminder %(step)d: before or after") % whole,
            choices=[(way, WHEN[way]) for way in ways],
            required=len(ways) > 1,
            widget=forms.Select if len(ways) > 1 else forms.HiddenInput,
        )
        for side, label in (
            ("partner", _("Reminder %(step)d: the partner")),
            ("ours", _("Reminder %(step)d: our side")),
        ):
            roles = getattr(self.series, side)
            if roles:
                self.fields[f"{side}-{n}"] = forms.MultipleChoiceField(
                    label=label % whole,
                    choices=[(role, str(WHOM[role]).capitalize()) for role in roles],
                    required=False,
                    widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
                )

    def clean(self) -> dict[str, Any]:
        """A number is wanted wherever it is not the day itself."""
        data: dict[str, Any] = super().clean() or {}
        for n in range(self.number):
            missing = data.get(f"days-{n}", 0) is None and data.get(f"when-{n}") != DAY
            if missing:
                self.add_error(f"days-{n}", _("Write the number of days."))
        return data

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that a form without errors says, in the order of its rows."""
        return tuple(self._step(n) for n in range(self.number))

    def _step(self, n: int) -> Step:
        data = self.cleaned_data
        when = data[f"when-{n}"] or whens(self.series)[0]
        days = 0 if when == DAY else data[f"days-{n}"]
        offset = -days if when == BEFORE else days
        return Step(offset, tuple(data.get(f"partner-{n}", ())), tuple(data.get(f"ours-{n}", ())))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields row by row, as the page lays them out."""
        names = ("days", "when", "partner", "ours")
        return [
            {"number": n, "step": n + 1}
            | {name: self[f"{name}-{n}"] for name in names if f"{name}-{n}" in self.fields}
            for n in range(self.number)
        ]

    @property
    def full(self) -> bool:
        """Whether no further step may be added."""
        return self.number >= MOST_STEPS
