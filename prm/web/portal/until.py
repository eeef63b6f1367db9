"""The question until when, for a pause that begins and for one that goes on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.rules.pausing import pause_end, talk_again_on
from prm.web.portal.forms import Cards, Day, PortalForm, card
from prm.web.words import weekday

MONTHS = (1, 3, 6)
DATE, UNKNOWN = "date", "unknown"
VALUES = (*map(str, MONTHS), DATE, UNKNOWN)
DEFAULT = "3"


def until_cards(start: date, today: date) -> list[tuple[str, Any]]:
    """1, 3 and 6 months with the day they lead to, another day, or not known yet."""
    words = {1: _("1 month"), 3: _("3 months"), 6: _("6 months")}
    spans = [
        (str(months), card(words[months], _("until %s") % weekday(pause_end(start, months), today)))
        for months in MONTHS
    ]
    talk = _("We talk again on %s") % weekday(talk_again_on(today, None), today)
    return [*spans, (DATE, card(_("Another date"))), (UNKNOWN, card(_("We do not know yet"), talk))]


class UntilForm(PortalForm):
    """`start` is the day from which months count, `today` the day on which we are asked. Both are the program's."""

    until = Cards(label=gettext_lazy("Until when?"), initial=DEFAULT)
    ends_on = Day(label=gettext_lazy("Last day of the pause"))

    def __init__(self, *args: Any, start: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        until: Any = self.fields["until"]
        until.choices = until_cards(start, today)

    def asks_until(self) -> bool:
        """Whether the question is put at all."""
        return True

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        missing = "ends_on" not in self.errors and not said.get("ends_on")
        if self.asks_until() and said.get("until") == DATE and missing:
            self.add_error("ends_on", _("Enter the last day of the pause."))
        return said

    def end(self) -> dict[str, Any]:
        """What was chosen, as arguments of the action: `months`, `ends_on`, or neither where nobody knows."""
        until = self.cleaned_data["until"]
        if until == DATE:
            return {"ends_on": self.cleaned_data["ends_on"]}
        return {"months": int(until)} if until.isdigit() else {}
