"""This product: its own Celery application with its own settings, woken as the beat wakes it, from the outbox."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from benchmarks.mails import draft
from benchmarks.peers.lap import Contestant, Taken, empty, eventually, take_statistics, worker
from config.celery import app
from prm.outbox import actions
from prm.outbox.models import Message

PROCESSES = 2


class Ours(Contestant):
    def prepare(self, mails: int) -> None:
        empty("outbox_message")
        now = timezone.now()
        actions.write((draft(number, due_at=now) for number in range(mails)), now=now)
        take_statistics()

    def go(self, taken: Taken) -> bool:
        """Wake both processes, and again each second: a drain ends after its stretch."""
        while True:
            for _ in range(PROCESSES):
                app.send_task("tasks.deliver.wake", expires=5)
            if taken(1.0):
                return True

    def check(self, mails: int) -> None:
        sent = Message.objects.filter(state="sent", attempts=1)
        eventually(sent.count, mails, "rows that read sent, at the first try")


@contextmanager
def contestant() -> Iterator[Contestant]:
    with worker("config"):
        yield Ours()
