"""Before an agreement ends: how shall we go on? Five answers."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.queries import local_today
from prm.agreements.models import Agreement, AgreementStatus
from prm.agreements.queries import agreements_of, end_for
from prm.continuity import saying
from prm.partners.models import Purpose, Statement, StatementKind
from prm.rules.refusal import Refusal
from prm.web.gate import refuse
from prm.web.portal.forms import Cards, Day, Note, PortalForm, card, known
from prm.web.portal.gate import Visit, by_link
from prm.web.portal.pages import nowhere, number_in, page
from prm.web.portal.said import own_statement

CHOICES = {
    "unchanged": card(gettext_lazy("Renew it unchanged"), gettext_lazy("We prepare the new term")),
    "changes": card(gettext_lazy("It needs changes")),
    "talk": card(gettext_lazy("Let us talk")),
    "not_renewing": card(gettext_lazy("We are not renewing")),
    "not_me": card(gettext_lazy("Not me any more"), gettext_lazy("Somebody else answers for this agreement")),
}
NOTES = {"changes": "changes", "not_renewing": "why"}


class RenewalForm(PortalForm):
    """Which field belongs to which answer is shown by the page; what does not belong to it is not sent on."""

    choice = Cards(label=gettext_lazy("How shall we go on?"))
    changes = Note(label=gettext_lazy("What should change? A few words are enough."))
    first = Day(label=gettext_lazy("A day that suits you"))
    second = Day(label=gettext_lazy("Another day that suits you"))
    why = Note(label=gettext_lazy("Would you tell us why?"))

    def __init__(self, *args: Any, today: date, personal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        choice: Any = self.fields["choice"]
        choice.choices = [(name, words) for name, words in CHOICES.items() if personal or name != "not_me"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in ("first", "second") if said.get("choice") == "talk" else ():
            day = said.get(name)
            if day is not None and day < self.today:
                self.add_error(name, _("This day is over. Choose one from today on."))
        return said

    def answer(self) -> dict[str, Any]:
        """What was said, as arguments of the action."""
        said = self.cleaned_data
        choice = said["choice"]
        days = [said["first"], said["second"]] if choice == "talk" else []
        return {
            "choice": choice,
            "note": said[NOTES[choice]] if choice in NOTES else "",
            "proposed": [day for day in days if day],
        }


def renewal_page(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """The question about one agreement, or how it stands where there is nothing to ask any more."""
    agreement = agreements_of(visit.organization).filter(pk=pk).first()
    if agreement is None:
        return nowhere(request, visit)
    reference = end_for(agreement, visit.organization)
    if reference is None or not _may_be_asked(visit, agreement, reference):
        return _settled(request, visit, agreement)
    initial = {"choice": known(request, "answer", saying.RENEWAL_CHOICES, "unchanged")}
    today = max(visit.today, local_today(visit.now, visit.program))  # of our side and of theirs, the later
    form = RenewalForm(request.POST or None, today=today, personal=visit.contact is not None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            statement = saying.answer_renewal(visit.link, agreement, now=visit.now, **form.answer())
        except Refusal as refusal:
            refuse(form, refusal, {"proposed": "first"})
        else:
            return HttpResponseRedirect(visit.way(f"said/{statement.pk}"), status=HTTPStatus.SEE_OTHER)
    earlier = _answer_before(visit, agreement, reference)
    return page(
        request,
        visit,
        "renewal",
        form=form,
        name=agreement_name(visit, agreement),
        reference=reference,
        here=visit.way(f"renewal/{agreement.pk}"),
        earlier=earlier,
        mine=earlier and own_statement(visit, earlier.pk),
    )


def agreement_name(visit: Visit, agreement: Agreement) -> str:
    """The agreement's title, as this person may see it on a screen that others look at."""
    discreet = visit.contact is not None and visit.contact.discreet
    return _("Our agreement") if discreet else agreement.title


def _may_be_asked(visit: Visit, agreement: Agreement, reference: date) -> bool:
    """Whether the last valid day that the link asks about still is the agreement's, and nothing follows it yet."""
    asked = visit.link.about if visit.link.purpose == Purpose.RENEWAL else ""
    same_day = not asked or asked.rpartition(":")[2] == reference.isoformat()
    followed = getattr(agreement, "renewed_by", None) is not None
    decided = followed or agreement.notice_given_on is not None
    return agreement.status == AgreementStatus.IN_FORCE and same_day and not decided


def _answer_before(visit: Visit, agreement: Agreement, reference: date) -> Statement | None:
    """What they said about this end: the person of the link, or a colleague who speaks for all of them."""
    said = visit.organization.statements.filter(
        kind=StatementKind.RENEWAL,
        record=f"agreement:{agreement.pk}",
        reference_on=reference,
        taken_back_at__isnull=True,
    )
    own = said.filter(contact=visit.contact).first()
    return own or said.exclude(choice="not_me").first()


def _settled(request: HttpRequest, visit: Visit, agreement: Agreement) -> HttpResponse:
    """Renewed, ended, or moved to another day: how it stands."""
    current = getattr(agreement, "renewed_by", None) or agreement
    return page(
        request,
        visit,
        "renewal_settled",
        name=agreement_name(visit, current),
        status_now=current.status,
        ends_on=end_for(current, visit.organization),
        ended_on=current.ended_on,
    )


def front(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The first page of a link about one agreement."""
    return renewal_page(request, visit, number_in(visit.link.about))


@by_link(Purpose.RENEWAL)
def renewal(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """`/p/<token>/renewal/<agreement>`"""
    return renewal_page(request, visit, pk) if visit.about(f"agreement:{pk}") else nowhere(request, visit)
