"""The series of reminders in words: what each is about, its steps, and whom the rules mean by their words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prm.rules.changing import Series
from prm.rules.steps import Step
from prm.web.words import listed

#: Whom a rule means, by the words it uses.
WHOM = {
    "notice": gettext_lazy("contact for notices"),
    "signatory": gettext_lazy("signatory"),
    "primary": gettext_lazy("main contact"),
    "training": gettext_lazy("training contact"),
    "declarer": gettext_lazy("whoever declared the pause"),
    "invited": gettext_lazy("whoever is invited"),
    "consenter": gettext_lazy("whoever agreed to be listed"),
    "owner": gettext_lazy("owner"),
    "deputy": gettext_lazy("deputy"),
    "director": gettext_lazy("directors"),
    "promiser": gettext_lazy("whoever owes it"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """What a series is called, from which day it counts, and what else holds."""

    title: str
    about: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One step in words; an empty side hears nothing."""

    when: str
    partner: str
    ours: str


def words_of(rule: str) -> Words:
    """Return what is said of a series, in the reader's language."""
    return _WORDS[rule]()


_WORDS: dict[str, Callable[[], Words]] = {
    "expiry": lambda: Words(
        _("An agreement ends"),
        _("Counted from its last valid day."),
        _("Where a partner needs longer to approve, the first one goes as many days before as that takes."),
    ),
    "review": lambda: Words(_("An agreement without end"), _("Counted from the day of its review.")),
    "stuck": lambda: Words(
        _("A signature is missing"),
        _("Counted from the last signature, or from the day it was sent round."),
    ),
    "training": lambda: Words(
        _("Training is due"),
        _("Counted from the day on which the next training is due."),
        _("A session that is planned near that day stands for it."),
    ),
    "start": lambda: Words(
        _("Before a session"),
        _("Counted from the day of the session."),
        _("The invitation itself goes at once; it is not among these."),
    ),
    "after": lambda: Words(
        _("After a session"),
        _("Counted from the day of the session."),
        _("It waits until somebody wrote down who was there."),
    ),
    "talk": lambda: Words(
        _("A pause"),
        _("Counted from the day to talk again."),
        _("Once somebody talked with them or they answered, the later ones stay away."),
    ),
    "change": lambda: Words(
        _("A pause in stretches"),
        _("Counted from the day on which the next stretch begins."),
        _("The partner is asked at the end of the last one."),
    ),
    "touch": lambda: Words(
        _("Staying in contact"), _("Counted from the last talk in which both sides spoke.")
    ),
    "consent": lambda: Words(
        _("Consent to be listed"), _("Counted from the day on which it ends."), _("No pause holds these.")
    ),
    "promise": lambda: Words(_("A promise"), _("Counted from the day by which it is due.")),
}


def lines(series: Series, steps: Iterable[Step]) -> list[Line]:
    """Return steps in words."""
    when = every if series.repeats else when_of
    return [Line(when(step.offset), whom(step.partner), whom(step.ours)) for step in steps]


def every(days: int) -> str:
    """ "Every 14 days"."""
    return ngettext("Every %d day", "Every %d days", days) % days


def when_of(offset: int) -> str:
    """ "60 days before", "On the day", "7 days after"."""
    if offset == 0:
        return _("On the day")
    days = abs(offset)
    if offset < 0:
        return ngettext("%d day before", "%d days before", days) % days
    return ngettext("%d day after", "%d days after", days) % days


def whom(asked: Iterable[str]) -> str:
    """ "owner and deputy"."""
    return listed([str(WHOM[one]) for one in asked])
