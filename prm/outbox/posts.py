"""Kept connections to the mail route. The only file that sends.

Where the route answers at once, one connection is enough, and mails go over it one after another without any thread.
Where one waits for its answers (a relay far away, a service over HTTP, but a relay in the house as well, when it is
busy), more are opened, up to PRM_CONNECTIONS, each in a thread of its own. The threads only send: all rows are read
and written by the one who asks.
"""

import smtplib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from queue import SimpleQueue
from threading import Thread
from time import perf_counter
from typing import Any, NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends import smtp
from django.utils.translation import gettext as _

from prm.outbox.actions import sender_address
from prm.outbox.carriers import KEY_IN_REQUEST, path
from prm.outbox.models import IN_A_FILE, Message
from prm.outbox.printing import Printed, printed
from prm.outbox.refusals import reason_of

SLOW = 0.001  # seconds: where a mail takes longer than that, others may be built and settled in the meantime
# How long a thread may go on while others wait for their turn. They let go by themselves at each word to the route or
# the database; Python's own 5 ms only make all that wait wake up again and again.
TURN = 0.1  # seconds


class TooLateError(Exception):
    """It took so long until the mail could go that another may have it by now: it was not sent."""


class RouteError(Exception):
    """The relay or service could not be reached or would not have us: no message is to blame."""


@dataclass(frozen=True)
class Handed:
    """What became of one mail: the service's own id of it, or why it did not go."""

    message: Message
    provider_id: str = ""
    error: Exception | None = None


class Job(NamedTuple):
    """One mail for one connection."""

    post: "Post"
    message: Message
    mail: EmailMultiAlternatives | Printed
    before: float


class Post:
    """One kept connection. It is opened when the first mail goes, and anew after an error."""

    def __init__(self) -> None:
        self.connection: Any = get_connection()
        self.backend: type = type(self.connection)
        self.is_open = False
        self.took = 0.0  # seconds that the last mail took

    def send(self, mail: EmailMultiAlternatives | Printed, key: str, *, before: float = inf) -> str:
        """Hand one mail over. Returns the service's own id of it, IN_A_FILE, or "".

        Raises RouteError and TooLateError before, others during. `before`: the latest moment at which it may begin,
        as perf_counter() tells it; looked at when the connection is open, for that is what takes its time.
        """
        try:
            self.connection.open()
        except Exception as error:
            self.close()
            raise RouteError(reason_of(error)) from error
        if not self.is_open:
            _look_about_once(self.connection)
        self.is_open = True
        if header := KEY_IN_REQUEST.get(path(self.backend)):
            self.connection.session.headers[header] = key
        start = perf_counter()
        if start > before:
            raise TooLateError
        try:
            taken = self._put_in(mail)
        except BaseException:
            self.close()
            raise
        self.took = perf_counter() - start
        if not taken:
            raise ValueError(_("The mail route took no recipient of this message."))
        if path(self.backend) == settings.FILE_EMAIL_BACKEND:
            return IN_A_FILE
        return str(getattr(getattr(mail, "anymail_status", None), "message_id", "") or "")

    def _put_in(self, mail: EmailMultiAlternatives | Printed) -> bool:
        if isinstance(mail, Printed):
            self.connection.connection.sendmail(mail.sender, [mail.recipient], mail.octets)
            return True
        return bool(self.connection.send_messages([mail]))

    def close(self) -> None:
        """Say goodbye; a relay that has gone already is no trouble any more."""
        self.is_open = False
        try:
            self.connection.close()
        except (OSError, smtplib.SMTPException):
            self.connection = get_connection()


def _look_about_once(service: Any) -> None:
    """Let a service's connection read proxies and certificates from the environment now, and not for each mail."""
    session = getattr(service, "session", None)
    if session is None:
        return
    found = session.merge_environment_settings(service.api_url, {}, None, None, None)
    session.proxies, session.verify, session.cert = found["proxies"], found["verify"], found["cert"]
    session.trust_env = False


class Posts:
    """The connections of one drain: `width` mails are on their way at most; at first one, never more than `most`."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.width = 1
        self.in_hand = 0  # mails that were taken and not told of yet
        self._posts = [Post()]
        self._idle = self._posts.copy()
        self._told: SimpleQueue[tuple[Post, Handed]] = SimpleQueue()
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._threads: list[Thread] = []

    @property
    def backend(self) -> type:
        """The class of the mail route."""
        return self._posts[0].backend

    @property
    def has_room(self) -> bool:
        """Whether another mail may be taken."""
        return self.in_hand < self.width

    def take(self, message: Message, mail: EmailMultiAlternatives, *, before: float = inf) -> None:
        """Begin to send a mail while there is room; `told` says what became of it. `before`: see `Post.send`.

        Raises what Django raises where the mail cannot be made into octets.
        """
        ready = self._printed(message, mail) or mail
        job = Job(self._idle.pop() if self._idle else self._another(), message, ready, before)
        if self.width == 1:
            self._send(job)
        else:
            if len(self._threads) <= self.in_hand:
                self._hire()
            self._jobs.put(job)
        self.in_hand += 1

    def told(self) -> Handed:
        """Wait for one of the mails in hand, and return what became of it."""
        post, handed = self._told.get()
        self.in_hand -= 1
        self._idle.append(post)
        if post.took > SLOW:
            self.width = min(self.width + 1, self.most)
        return handed

    def shrink(self) -> bool:
        """A connection could not be opened: go on with those that are open. False where there is none."""
        if not any(post.is_open for post in self._posts):
            return False
        self._posts = [post for post in self._posts if post.is_open or post not in self._idle]
        self._idle = [post for post in self._idle if post.is_open]
        self.most = self.width = len(self._posts)
        return True

    def close(self) -> None:
        """Say goodbye on all connections. Nothing may be in hand any more."""
        for _thread in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        for post in self._posts:
            post.close()

    def _printed(self, message: Message, mail: EmailMultiAlternatives) -> Printed | None:
        """The octets for a relay; a backend of one's own, or a service, is given the mail itself."""
        if self.backend is not smtp.EmailBackend:
            return None
        return printed(mail, sender=sender_address(), recipient=message.recipient)

    def _send(self, job: Job) -> None:
        try:
            handed = Handed(job.message, job.post.send(job.mail, job.message.key, before=job.before))
        except Exception as error:  # noqa: BLE001 - whatever a mail route may raise, the queue goes on
            handed = Handed(job.message, error=error)
        self._told.put((job.post, handed))

    def _another(self) -> Post:
        self._posts.append(Post())
        return self._posts[-1]

    def _hire(self) -> None:
        """A thread more. It ends with the process: what it has in hand then is as if the process had been killed."""
        thread = Thread(target=self._work, name=f"post-{len(self._threads)}", daemon=True)
        thread.start()
        self._threads.append(thread)

    def _work(self) -> None:
        while job := self._jobs.get():
            self._send(job)


@contextmanager
def long_turns() -> Iterator[None]:
    """While one sends, let the threads of this process go on for longer than Python does by itself."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
