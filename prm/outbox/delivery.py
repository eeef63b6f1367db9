"""The outbox to the mail route: claim, build, hand over, settle.

At least once, told openly: each message is settled by itself right after it was handed over; whoever is killed in
between repeats the mails in hand, one on each open connection at most, with the same Message-IDs.
"""

from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter, sleep
from typing import TypeVar
from uuid import uuid4

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from prm.accounts.actions import note_mail_route
from prm.outbox import actions, enclosed, queries
from prm.outbox.letters import Links, build
from prm.outbox.models import Message
from prm.outbox.posts import Handed, Posts, RouteError, TooLateError, long_turns
from prm.outbox.refusals import ends_the_matter, reason_of
from prm.rules import delivery

MARGIN = actions.LEASE / 3  # before the lease ends: what is in hand when sending stops may take that long
SHARE = 4  # of what waits, one sender claims at most one part in so many ...
FEW = 10  # ... unless these are few, or fewer than it could have on their way
GLANCE = timedelta(
    seconds=0.2
)  # how long it is taken as given that sending is on and claimed mails are still ours

Clock = Callable[[], datetime]
T = TypeVar("T")


@dataclass
class Counts:
    """What one drain did."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    refused: int = 0
    stuck: int = 0  # times that the route would not have us


def drain(*, now: Clock, owner: str, batch: int = 200, until: datetime | None = None) -> Counts:
    """Send until nothing is waiting (or the time is `until`). `owner` names the process; each drain adds its own mark.

    Single messages that fail do not stop it; a route that is down does, until the next call. Up to PRM_CONNECTIONS
    mails are on their way at once. `batch` messages are claimed at a time.
    """
    actions.release_expired(now=now())
    done = Drain(now=now, owner=f"{owner[:60]}#{uuid4().hex[:16]}", batch=batch, until=until).run()
    _note_route(done, now=now())
    return done


def _note_route(done: Counts, *, now: datetime) -> None:
    """Remember whether the route took something: pages and the doctor say since when it takes nothing."""
    if done.sent:
        note_mail_route(works=True, now=now)
    if done.stuck:
        note_mail_route(works=False, now=now)


class Drain:
    """One sender at work: what it claimed and has not begun, what is on its way, and what it did."""

    def __init__(self, *, now: Clock, owner: str, batch: int, until: datetime | None) -> None:
        self.now, self.owner, self.batch, self.until = now, owner, batch, until
        self.done = Counts()
        self.posts = Posts(settings.PRM_CONNECTIONS)
        self.left: deque[Message] = deque()
        self.links: Links = {}
        self.ours: set[int] = set()  # of those left, when it was last looked
        self.looked_at: datetime | None = None
        self.cursor: CursorWrapper | None = None  # one for all that is noted: Django makes much of a new one
        self.nothing_waits = False
        self.over = False

    def run(self) -> Counts:
        """Send. What is on its way when this ends, however it ends, is waited for and settled."""
        with long_turns():
            try:
                while self._start_some():
                    self._settle_next()
            finally:
                self._come_home()
        return self.done

    def _come_home(self) -> None:
        """Wait for what is on its way, and note it: one that cannot be noted any more keeps no other from it."""
        with ExitStack() as home:
            home.callback(self._give_back)
            home.callback(self.posts.close)
            for _mail in range(self.posts.in_hand):
                home.callback(self._settle_next)

    def _settle_next(self) -> None:
        self._settle(self.posts.told())

    def _give_back(self) -> None:
        actions.release(list(self.left), owner=self.owner)

    def _start_some(self) -> bool:
        """Begin with as many mails as may be on their way at once. False: none is."""
        while self.posts.has_room and self._has_next():
            if self.left[0].pk in self.ours:
                self._start(self.left[0])
            self.left.popleft()
        return self.posts.in_hand > 0

    def _has_next(self) -> bool:
        """Whether the first of those left may be begun now; claims more when none is left."""
        moment = self.now()
        if self.over or (self.until is not None and moment >= self.until):
            return False
        if self.left and self._lease_is_short(moment):
            actions.release(list(self.left), owner=self.owner)
            self.left.clear()
        if not self.left and not self.nothing_waits:
            self._claim(moment)
        if self.left and self.looked_at is not None and moment - self.looked_at >= GLANCE:
            self._look(moment)
        return bool(self.left) and not self.over

    def _lease_is_short(self, moment: datetime) -> bool:
        lease_until = self.left[0].lease_until
        return lease_until is None or moment >= lease_until - MARGIN

    def _claim(self, moment: datetime) -> None:
        """Take a batch, and of the last ones only a part, so that all who send come to the end together."""
        waiting = queries.due_up_to(self.batch * SHARE, now=moment)
        limit = min(self.batch, max(waiting // SHARE, self.posts.most, FEW))
        self.left.extend(actions.claim(now=moment, owner=self.owner, limit=limit))
        self.links = enclosed.links_of(self.left)
        self.ours = {message.pk for message in self.left}
        self.looked_at = moment
        self.nothing_waits = not self.left

    def _look(self, moment: datetime) -> None:
        """Look whether people hold all sending by now, and which mails they withdrew."""
        self.over = not queries.sending_is_on()
        self.ours = queries.still_ours(self.left, owner=self.owner)
        self.looked_at = moment

    def _start(self, message: Message) -> None:
        if message.demo and settings.EMAIL_BACKEND != settings.FILE_EMAIL_BACKEND:
            words = _("Demo organizations never reach a real mailbox.")
            actions.refuse(message, owner=self.owner, reason=words)
            self.done.refused += 1
            return
        looked, moment = perf_counter(), self.now()
        try:
            mail = build(message, self.posts.backend, now=moment, links=self.links)
            self.posts.take(message, mail, before=looked + self._time_left(message, moment))
        except Exception as error:  # noqa: BLE001 - a poisoned row fails alone, whatever is wrong with it
            actions.settle_failed(message, owner=self.owner, error=reason_of(error))
            self.done.failed += 1

    def _time_left(self, message: Message, moment: datetime) -> float:
        """Seconds until it must have begun: a process that is stopped here and woken up later must not send it then."""
        return (message.lease_until - MARGIN - moment).total_seconds() if message.lease_until else 0.0

    def _settle(self, handed: Handed) -> None:
        message, error = handed.message, handed.error
        if error is None:
            self._note(message, lambda: self._note_sent(message, handed.provider_id))
            self.done.sent += 1
        elif isinstance(error, TooLateError):
            self._note(message, lambda: actions.release([message], owner=self.owner))
        elif isinstance(error, RouteError):
            self._go_on_without(message, error)
        elif ends_the_matter(error):
            words = reason_of(error)
            self._note(message, lambda: actions.settle_failed(message, owner=self.owner, error=words))
            self.done.failed += 1
        else:
            self._try_again_later(message, error)

    def _note(self, message: Message, write: Callable[[], T]) -> T:
        """Write down what became of a mail, even where the database is away for a moment.

        Or else it would go again, and those with it that are on their way. It asks until the lease ends; from then on
        another may have the message.
        """
        while True:
            try:
                return write()
            except (OperationalError, InterfaceError):
                if message.lease_until is None or self.now() >= message.lease_until:
                    raise
                connection.close()
                self.cursor = None
                sleep(0.2)

    def _note_sent(self, message: Message, provider_id: str) -> None:
        self.cursor = self.cursor or connection.cursor()
        actions.settle_sent(
            message, owner=self.owner, now=self.now(), provider_id=provider_id, cursor=self.cursor
        )

    def _go_on_without(self, message: Message, error: RouteError) -> None:
        """A connection could not be opened: with fewer while there is one, and else not before the next call."""
        if self.over or self.posts.shrink():
            self.left.appendleft(message)
            self.ours.add(message.pk)
            known = self._note(message, lambda: enclosed.links_of([message]))
            self.links = {**self.links, **known}  # others were claimed since
        else:
            self._try_again_later(message, error)
            self.done.stuck += 1
            self.over = True

    def _try_again_later(self, message: Message, error: Exception) -> None:
        now, words = self.now(), reason_of(error)
        state = self._note(
            message, lambda: actions.settle_retry(message, owner=self.owner, now=now, error=words)
        )
        if state == delivery.FAILED:
            self.done.failed += 1
        else:
            self.done.retried += 1
