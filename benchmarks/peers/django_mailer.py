"""django-mailer as its manual says: pickled mails in its table, sent by `send_all`, which is what `runmailer` calls."""

from collections.abc import Iterator
from contextlib import contextmanager

from mailer.backend import DbBackend
from mailer.engine import send_all
from mailer.models import Message, MessageLog

from benchmarks.counting import expect
from benchmarks.mails import letters
from benchmarks.peers.lap import Contestant, Taken, empty, take_statistics


class DjangoMailer(Contestant):
    def prepare(self, mails: int) -> None:
        empty("mailer_message", "mailer_messagelog")
        DbBackend().send_messages([letter.mail() for letter in letters(mails)])
        take_statistics()

    def go(self, taken: Taken) -> bool:
        send_all()
        return taken(0)

    def check(self, mails: int) -> None:
        found = (Message.objects.count(), MessageLog.objects.filter(result="1").count())
        expect(found, (0, mails), "rows that wait, rows that read sent")


@contextmanager
def contestant() -> Iterator[Contestant]:
    yield DjangoMailer()
