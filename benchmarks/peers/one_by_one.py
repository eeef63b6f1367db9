"""One mail after another through Django's backend, here Anymail's, over one kept connection; each is marked as sent."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.mail import get_connection

from benchmarks.counting import expect
from benchmarks.peers.each import sent, write
from benchmarks.peers.lap import Contestant, Taken
from benchmarks.peers.models import Mail


class OneByOne(Contestant):
    def prepare(self, mails: int) -> None:
        write(mails)

    def go(self, taken: Taken) -> bool:
        with get_connection() as post:
            for row in Mail.objects.order_by("pk"):
                post.send_messages([row.letter().mail(as_file=True)])
                row.state = "sent"
                row.save(update_fields=["state"])
        return taken(0)

    def check(self, mails: int) -> None:
        expect(sent(), mails, "rows that read sent")


@contextmanager
def contestant() -> Iterator[Contestant]:
    yield OneByOne()
