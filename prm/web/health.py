"""Whether the process lives, and whether reminders can leave: for load balancers and the head of each page."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from prm.accounts.models import Program, Sending
from prm.accounts.queries import program
from prm.outbox.models import Message

SILENCE = timedelta(minutes=15)
LATE = timedelta(hours=1)

#: A process that has just come up gives the heartbeat its time.
STARTED_AT = timezone.now()


def troubles(program: Program, late: int, now: datetime) -> list[str]:
    """What keeps reminders from leaving, in plain sentences; empty when all is well. `late`: so many messages are."""
    found = []
    last = max(program.heartbeat_at or STARTED_AT, STARTED_AT)
    if now - last > SILENCE:
        minutes = int((now - last).total_seconds() // 60)
        sentence = _(
            "Reminders are not running: nothing has been checked for %d minutes. Restart the worker and the clock."
        )
        found.append(sentence % minutes)
    if program.sending == Sending.ON and late:
        sentence = ngettext(
            "%d message is more than an hour late.", "%d messages are more than an hour late.", late
        )
        found.append(sentence % late)
    return found


def late_messages(now: datetime) -> QuerySet[Message]:
    """The messages that are more than an hour late, if they may go."""
    open_states = (Message.State.WAITING, Message.State.SENDING)
    return Message.objects.filter(state__in=open_states, due_at__lt=now - LATE)


@never_cache
def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is looked at."""
    return HttpResponse("alive\n", content_type="text/plain")


@never_cache
def ready(_request: HttpRequest) -> HttpResponse:
    """200 when reminders can leave, else 503 with the reasons, one a line."""
    now = timezone.now()
    found = troubles(program(), late_messages(now).count(), now)
    return HttpResponse(
        "\n".join(found or ["ready"]) + "\n", status=503 if found else 200, content_type="text/plain"
    )
