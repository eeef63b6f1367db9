"""Planning: notes that the heart beats, then plans anew what is stale, and everyone once a local day."""

from celery import shared_task
from django.utils import timezone

from prm.accounts.actions import note_heartbeat
from prm.reminders.actions import refresh


@shared_task
def wake() -> None:
    now = timezone.now()
    note_heartbeat(now=now)
    refresh(now=now)
