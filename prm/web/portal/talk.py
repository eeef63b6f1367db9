"""A week before a pause ends: back as planned, longer, or call me?"""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy

from prm.accounts.queries import local_today
from prm.capacity.models import Pause
from prm.continuity import saying, undoing
from prm.partners.models import Purpose, Statement
from prm.rules.refusal import Refusal
from prm.web.gate import refuse
from prm.web.portal import until
from prm.web.portal.forms import Cards, Note, card, chosen, known
from prm.web.portal.gate import Visit, by_link
from prm.web.portal.own import what_pauses
from prm.web.portal.pages import nowhere, number_in, page
from prm.web.portal.said import own_statement
from prm.web.words import weekday

CALL = card(gettext_lazy("Please call me"), gettext_lazy("We talk before anything changes"))


class TalkForm(until.UntilForm):
    """What they say, and until when where it takes longer."""

    choice = Cards(label=gettext_lazy("How does it look?"))
    note = Note(label=gettext_lazy("Is there anything that we should know?"), rows=2)

    def __init__(self, *args: Any, pause: Pause, today: date, **kwargs: Any) -> None:
        super().__init__(*args, start=saying.longer_from(pause, today), today=today, **kwargs)
        choice: Any = self.fields["choice"]
        choice.choices = [
            ("back", _back_card(pause, today)),
            ("longer", card(gettext_lazy("We need longer"))),
            ("call", CALL),
        ]

    def asks_until(self) -> bool:
        """Only whoever needs longer says until when."""
        return self.cleaned_data.get("choice") == "longer"


def _back_card(pause: Pause, today: date) -> Any:
    if pause.ends_on is None or pause.ends_on < today:
        return card(gettext_lazy("We are back"), gettext_lazy("The pause is over"))
    last = gettext_lazy("The last day of the pause is %(day)s")
    return card(gettext_lazy("Back as planned"), last % {"day": weekday(pause.ends_on, today)})


def talk_page(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """The question about one pause, its answer, or how it stands where there is nothing to ask any more."""
    pause = visit.organization.pauses.filter(pk=pk).first()
    if pause is None:
        return nowhere(request, visit)
    today = local_today(visit.now, visit.program)
    earlier = undoing.answer_of(pause, today) if pause.withdrawn_on is None else None
    if pause.withdrawn_on is not None or (pause.answered_on is not None and earlier is None):
        return page(request, visit, "talk_settled", pause=pause, what=what_pauses(pause), today=today)
    initial = {
        "choice": known(request, "answer", saying.TALK_CHOICES, "back"),
        "until": known(request, "until", until.VALUES, until.DEFAULT),
    } | chosen(request, ("ends_on",))
    form = TalkForm(request.POST or None, pause=pause, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            statement = _say(visit, pause, form)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return HttpResponseRedirect(visit.way(f"said/{statement.pk}"), status=HTTPStatus.SEE_OTHER)
    return page(
        request,
        visit,
        "talk",
        form=form,
        pause=pause,
        what=what_pauses(pause),
        today=today,
        here=visit.way(f"talk/{pause.pk}"),
        earlier=earlier and own_statement(visit, earlier.pk),
    )


def _say(visit: Visit, pause: Pause, form: TalkForm) -> Statement:
    said = form.cleaned_data
    end = form.end() if said["choice"] == "longer" else {}
    return saying.answer_talk(
        visit.link, pause, choice=said["choice"], note=said["note"], now=visit.now, **end
    )


def front(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The first page of a link about one pause."""
    return talk_page(request, visit, number_in(visit.link.about))


@by_link(Purpose.TALK)
def talk(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """`/p/<token>/talk/<pause>`"""
    return talk_page(request, visit, pk) if visit.about(f"pause:{pk}") else nowhere(request, visit)
