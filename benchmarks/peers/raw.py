"""smtplib alone: octets that were built beforehand, two processes, kept connections, nothing stored.

RACE_CONNECTIONS says how many connections each process has, a thread for each.
"""

import multiprocessing
import os
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parseaddr
from multiprocessing.connection import Connection
from threading import Thread

from django.conf import settings

from benchmarks.mails import letters
from benchmarks.peers.lap import Contestant, Taken

PROCESSES = 2
CONNECTIONS = int(os.environ.get("RACE_CONNECTIONS", "1"))

Octets = list[tuple[str, str, bytes]]  # sender, recipient, mail


def prebuilt(mails: int) -> Octets:
    """Every mail as it goes over the line."""
    return [
        (
            parseaddr(letter.sender)[1],
            parseaddr(letter.recipient)[1],
            letter.mail().message().as_bytes(linesep="\r\n"),
        )
        for letter in letters(mails)
    ]


def send(octets: Octets) -> None:
    """The fastest that Python's own client does: one kept connection."""
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as relay:
        for sender, recipient, mail in octets:
            relay.sendmail(sender, [recipient], mail)


def serve(end: Connection) -> None:
    """One process: take octets, answer, wait for the word, send them over one's connections."""
    while True:
        octets: Octets = end.recv()
        end.send("ready")
        end.recv()
        threads = [Thread(target=send, args=(octets[n::CONNECTIONS],)) for n in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


class Raw(Contestant):
    def __init__(self, ends: list[Connection]) -> None:
        self.ends = ends

    def prepare(self, mails: int) -> None:
        octets = prebuilt(mails)
        for place, end in enumerate(self.ends):
            end.send(octets[place :: len(self.ends)])
        for end in self.ends:
            end.recv()

    def go(self, taken: Taken) -> bool:
        for end in self.ends:
            end.send("go")
        return taken(0)


@contextmanager
def contestant() -> Iterator[Contestant]:
    fork = multiprocessing.get_context("fork")
    ends = []
    for _ in range(PROCESSES):
        ours, theirs = fork.Pipe()
        fork.Process(target=serve, args=(theirs,), daemon=True).start()
        ends.append(ours)
    yield Raw(ends)
