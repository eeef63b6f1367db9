"""One Celery task per mail, a connection each: what most Django projects do, with Celery's and Django's defaults."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from benchmarks.mails import letters
from benchmarks.peers.each_task import app, send
from benchmarks.peers.lap import Contestant, Taken, empty, eventually, take_statistics, worker
from benchmarks.peers.models import Mail

QUEUE = "mails"


def write(mails: int) -> list[int]:
    """Put so many into the table; their ids."""
    empty("peers_mail")
    rows = Mail.objects.bulk_create((Mail(**asdict(one)) for one in letters(mails)), batch_size=500)
    take_statistics()
    return [row.pk for row in rows]


def sent() -> int:
    return Mail.objects.filter(state="sent").count()


class Each(Contestant):
    def prepare(self, mails: int) -> None:
        """Rows and tasks are there before the clock begins; the worker does not look at their queue yet."""
        for mail_id in write(mails):
            send.apply_async((mail_id,), queue=QUEUE)

    def go(self, taken: Taken) -> bool:
        app.control.add_consumer(QUEUE)
        while not taken(1.0):
            pass
        app.control.cancel_consumer(QUEUE)
        return True

    def check(self, mails: int) -> None:
        eventually(sent, mails, "rows that read sent")


@contextmanager
def contestant() -> Iterator[Contestant]:
    with worker("benchmarks.peers.each_task"):
        yield Each()
