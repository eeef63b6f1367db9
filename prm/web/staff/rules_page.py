"""The policy of reminders as it stands, told from `prm/rules` itself: what is read here is what is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from prm.rules import cadence, consent, promises, renewal, sessions, talking
from prm.rules.facts import Agreement, Organization, Promise
from prm.rules.ladder import Step
from prm.web.gate import runners
from prm.web.words import listed

#: Any day will do: steps are counted from it.
EXAMPLE = date(2027, 1, 4)

#: Whom a rule means, by the words it uses.
WHOM = {
    "notice": gettext_lazy("contact for notices"),
    "signatory": gettext_lazy("signatory"),
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
class Line:
    """One step in words; an empty side hears nothing."""

    when: str
    partner: str
    ours: str


@dataclass(frozen=True, slots=True)
class Series:
    """Reminders about one day: `rule` as the rules call it, the day in words, the steps, and what else holds."""

    rule: str
    title: str
    about: str
    lines: list[Line]
    note: str = ""


@runners
@require_safe
def rules_page(request: HttpRequest) -> HttpResponse:
    """`/rules/`: to be read; it is changed in the code for now."""
    return render(request, "staff/rules.html", {"series": list(all_series())})


def all_series() -> Iterator[Series]:
    """Yield every series of reminders, each from the steps that the rules work with."""
    somebody = Organization(id=0, entered_on=EXAMPLE)
    yield Series(
        "expiry",
        _("An agreement ends"),
        _("Counted from its last valid day."),
        _lines(renewal.expiry_steps(somebody, None, EXAMPLE)),
        _("Where a partner needs longer to approve, the first one goes as many days before as that takes."),
    )
    yield Series(
        "review",
        _("An agreement without end"),
        _("Counted from the day of its review."),
        _lines(renewal.REVIEW),
    )
    every = ngettext("Every %d day", "Every %d days", renewal.STUCK_EVERY) % renewal.STUCK_EVERY
    yield Series(
        "stuck",
        _("A signature is missing"),
        _("Counted from the last signature, or from the day it was sent round."),
        [
            Line(
                every,
                "",
                _whom(
                    renewal.stuck(somebody, Agreement(id=0, entered_on=EXAMPLE), EXAMPLE, EXAMPLE)
                    .steps[0]
                    .ours
                ),
            )
        ],
    )
    yield from _series_of_training()
    yield from _series_of_talking()


def _series_of_training() -> Iterator[Series]:
    yield Series(
        "training",
        _("Training is due"),
        _("Counted from the day on which the next training is due."),
        _lines(cadence.TRAINING),
        _("A session that is planned near that day stands for it."),
    )
    yield Series(
        "start",
        _("A session"),
        _("Counted from the day of the session."),
        _lines([*sessions.BEFORE_THE_START, *sessions.AFTERWARDS]),
        _("What comes after the session waits until somebody wrote down who was there."),
    )


def _series_of_talking() -> Iterator[Series]:
    yield Series(
        "talk",
        _("A pause"),
        _("Counted from the day to talk again."),
        _lines([talking.QUESTION, talking.TALK_DAY, *talking.UNANSWERED]),
        _("Once somebody talked with them or they answered, the later ones stay away."),
    )
    yield Series(
        "change",
        _("A pause in stretches"),
        _(
            "Counted from the day on which the next stretch begins. The partner is asked at the end of the last one."
        ),
        _lines([talking.SEAM]),
    )
    yield Series(
        "touch",
        _("Staying in contact"),
        _("Counted from the last talk in which both sides spoke."),
        _lines(talking.STAY_IN_TOUCH),
    )
    yield Series(
        "consent",
        _("Consent to be listed"),
        _("Counted from the day on which it ends. No pause holds these."),
        _lines(consent.BEFORE_IT_ENDS),
    )
    promise = Promise(id=0, due_on=EXAMPLE, entered_on=EXAMPLE, changed_on=EXAMPLE, user=0)
    [ladder] = promises.ladders(Organization(id=0, entered_on=EXAMPLE, promises=(promise,)))
    yield Series(
        "promise", _("A promise"), _("Counted from the day by which it is due."), _lines(ladder.steps)
    )


def _lines(steps: Iterable[Step]) -> list[Line]:
    return [Line(_when(step.offset), _whom(step.partner), _whom(step.ours)) for step in steps]


def _when(offset: int) -> str:
    if offset == 0:
        return _("On the day")
    days = abs(offset)
    if offset < 0:
        return ngettext("%d day before", "%d days before", days) % days
    return ngettext("%d day after", "%d days after", days) % days


def _whom(asked: Iterable[str]) -> str:
    return listed([str(WHOM[one.partition(":")[0]]) for one in asked])
