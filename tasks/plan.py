"""Planning: whoever is gone hands on, what ended by notice is over, and stale plans are made anew."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from prm.accounts.actions import note_work
from prm.accounts.queries import program
from prm.agreements.actions import end_what_is_over
from prm.continuity.leaving import follow_through
from prm.reminders.actions import refresh
from prm.reporting.alarm import late_messages, ping, troubles
from prm.search import actions as search

#: A worker that has just come up gives the clock its time.
STARTED_AT = timezone.now()


@shared_task
def wake() -> None:
    now = timezone.now()
    note_work(now=now)
    follow_through(now=now)
    end_what_is_over(now=now)
    refresh(now=now)
    search.refresh(now=now)
    tell_the_monitor()


def tell_the_monitor() -> None:
    """Say outside that all is well, where somebody wants to hear it."""
    if not settings.PRM_PING_URL:
        return
    now = timezone.now()
    if not troubles(program(), late=late_messages(now).count(), now=now, since=STARTED_AT):
        ping(settings.PRM_PING_URL)
