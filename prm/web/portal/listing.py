"""Consent to be listed for other partners: what it means, until when, and taken back with one press."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.partners import actions
from prm.partners.actions.voice import CONSENT_MONTHS, note_used
from prm.partners.models import Consent, Purpose
from prm.rules.dates import add_months
from prm.web.portal.forms import Cards, PortalForm, card
from prm.web.portal.gate import Visit, by_link
from prm.web.portal.pages import page
from prm.web.words import plain_day

WHAT = "listing"
MONTHS = (6, 12, 24, 36)


class ListingForm(PortalForm):
    months = Cards(label=gettext_lazy("For how long?"), initial=str(CONSENT_MONTHS))

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months: Any = self.fields["months"]
        months.choices = [(str(number), _lasts(visit, number)) for number in MONTHS]


def _lasts(visit: Visit, months: int) -> Any:
    words = {6: _("6 months"), 12: _("12 months"), 24: _("2 years"), 36: _("3 years")}
    last = add_months(visit.today, months) - timedelta(days=1)
    return card(words[months], _("through %s") % plain_day(last))


@by_link(Purpose.PAGE)
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/p/<token>/listing`"""
    if request.method == "POST" and request.POST.get("do") == "withdraw":
        _withdraw(visit)
        return HttpResponseRedirect(visit.way("listing"), status=303)
    form = ListingForm(request.POST or None, visit=visit)
    if request.method == "POST" and visit.contact is not None and form.is_valid():
        months = int(form.cleaned_data["months"])
        actions.give_consent(
            visit.organization,
            contact=visit.contact,
            months=months,
            what=WHAT,
            now=visit.now,
            today=visit.today,
        )
        note_used(visit.link, now=visit.now)
        return HttpResponseRedirect(visit.way("listing"), status=303)
    last = visit.organization.consents.filter(what=WHAT).order_by("given_on", "pk").last()
    counts = last is not None and _counts(visit, last)
    return page(request, visit, "listing", form=form, last=last, counts=counts)


def _counts(visit: Visit, consent: Consent) -> bool:
    return consent.withdrawn_at is None and consent.ends_on >= visit.today


def _withdraw(visit: Visit) -> None:
    """Take back whatever counts; pressed twice it is once."""
    for consent in visit.organization.consents.filter(what=WHAT, withdrawn_at__isnull=True):
        if _counts(visit, consent):
            actions.withdraw_consent(consent, contact=visit.contact, now=visit.now, today=visit.today)
            note_used(visit.link, now=visit.now)
