"""Planning: the heart beats, whoever is gone hands on, stale plans are made anew, and all of them once a local day."""

from celery import shared_task
from django.utils import timezone

from prm.accounts.actions import note_heartbeat
from prm.continuity.leaving import follow_through
from prm.reminders.actions import refresh
from prm.search import actions as search


@shared_task
def wake() -> None:
    now = timezone.now()
    note_heartbeat(now=now)
    follow_through(now=now)
    refresh(now=now)
    search.refresh(now=now)
