"""Planning: the heart beats, whoever is gone hands on, what ended by notice is over, and stale plans are made anew."""

from celery import shared_task
from django.utils import timezone

from prm.accounts.actions import note_heartbeat
from prm.agreements.actions import end_what_is_over
from prm.continuity.leaving import follow_through
from prm.reminders.actions import refresh
from prm.search import actions as search


@shared_task
def wake() -> None:
    now = timezone.now()
    note_heartbeat(now=now)
    follow_through(now=now)
    end_what_is_over(now=now)
    refresh(now=now)
    search.refresh(now=now)
