"""Whether the process lives, and whether reminders can leave: for load balancers and the head of each page."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from prm.accounts.queries import program
from prm.reporting.alarm import late_messages, troubles

#: A process that has just come up gives clock and worker their time.
STARTED_AT = timezone.now()


@never_cache
def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is looked at."""
    return HttpResponse("alive\n", content_type="text/plain")


@never_cache
def ready(_request: HttpRequest) -> HttpResponse:
    """200 when reminders can leave, else 503 with the reasons, one a line."""
    now = timezone.now()
    found = troubles(program(), late=late_messages(now).count(), now=now, since=STARTED_AT)
    return HttpResponse(
        "\n".join(found or ["ready"]) + "\n", status=503 if found else 200, content_type="text/plain"
    )
