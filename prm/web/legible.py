"""What comes in as text is text: signs that nobody can type or read are left out before any page sees them.

A NUL is refused by PostgreSQL, and other control signs by the spreadsheets that we write. They come from broken
programs and from those who try doors, never from a person at a form, so nobody misses them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict

#: Control signs but for tab and line ends, and what Unicode keeps for no sign at all: what no XML may hold.
ILLEGIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

Answer = Callable[[HttpRequest], HttpResponse]


def legible_text(go_on: Answer) -> Answer:
    """The middleware: the same address and the same form, without what cannot be read."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.GET = _legible(request.GET)  # type: ignore[assignment]
        if request.method == "POST":
            request.POST = _legible(request.POST)  # type: ignore[assignment]
        return go_on(request)

    return answer


def _legible(said: QueryDict) -> QueryDict:
    if not any(ILLEGIBLE.search(text) for name, texts in said.lists() for text in (name, *texts)):
        return said
    found = QueryDict(mutable=True, encoding=said.encoding)
    for name, texts in said.lists():
        found.setlist(ILLEGIBLE.sub("", name), [ILLEGIBLE.sub("", text) for text in texts])
    found._mutable = False  # noqa: SLF001 - as Django makes them
    return found
