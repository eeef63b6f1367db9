"""Release sending: what would leave now and in the next 90 days, and the button that lets it go."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from prm.web.gate import writers


@writers
def release(request: HttpRequest) -> HttpResponse:
    """`/outbox/release`"""
    return redirect("outbox")
