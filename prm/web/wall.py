"""Whoever runs the program goes on only with a second step at sign-in: their account opens everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from prm.accounts.access import may_run_program
from prm.accounts.models import User
from prm.partners.models import Organization

#: What stays open before the wall: one's own account and the door, partners' pages, the house's own pulse.
BEFORE = ("/accounts/", "/p/", "/feeds/", "/healthz", "/readyz")

Answer = Callable[[HttpRequest], HttpResponse]


def lacks_second_factor(reader: User | AnonymousUser) -> bool:
    """Whether `reader` must set up a second step first; nobody has to while only invented partners are here."""
    return (
        settings.PRM_SECOND_FACTOR == "required"
        and may_run_program(reader)
        and not Authenticator.objects.filter(user_id=reader.pk).exists()
        and Organization.objects.filter(is_demo=False).exists()
    )


def second_factor_wall(go_on: Answer) -> Answer:
    """The middleware. Pages of ours that somebody forgets to name in BEFORE lie behind the wall, not before it."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(BEFORE) and lacks_second_factor(request.user):
            return HttpResponseRedirect(reverse("mfa_index"))
        return go_on(request)

    return answer


class SecondStepView(IndexView):
    """`/accounts/second-step/`: what is set up, and for whom nothing goes on before something is."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = lacks_second_factor(self.request.user)
        return super().get_context_data(**kwargs) | {"wanted": wanted}


second_step = SecondStepView.as_view()
