"""Whose hand changes records during a request: who is signed in, or a partner who came by a link."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from prm.accounts.history import LINK, changing

Answer = Callable[[HttpRequest], HttpResponse]

#: Pages that a link opens, whoever is signed in beside them.
BY_LINK = ("/p/", "/feeds/")


def whose_hand(go_on: Answer) -> Answer:
    """The middleware. Nobody is looked up unless something changes."""

    def answer(request: HttpRequest) -> HttpResponse:
        by_link = request.path.startswith(BY_LINK)
        with changing(lambda: None if by_link else request.user, LINK if by_link else ""):
            return go_on(request)

    return answer
