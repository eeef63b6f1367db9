"""One mail of the outbox as its recipient sees it, with where it is on its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from math import ceil
from zoneinfo import ZoneInfo

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from prm.calendars.ics import in_plain_words
from prm.outbox.actions import sender_address
from prm.outbox.answers import in_plain_words as meaning
from prm.outbox.enclosed import greyed
from prm.outbox.models import Message
from prm.outbox.queries import UNBEGUN
from prm.outbox.steering import may_repeat
from prm.web.staff.badges import Badge
from prm.web.staff.matter import Matter, matter

State = Message.State

#: What is left of a mail's HTML inside our page: its structure. Its own colours are for mail readers; our page has its
#: own, and its security policy allows no inline style. The classes are those of templates/mail.
TAGS = set(
    "a b blockquote br dd div dl dt em h1 h2 h3 hr i li ol p span strong table tbody td th thead tr ul".split()
)
CLASSES = {"ask", "closing", "foot", "muted", "sender", "when"}
AN_HOUR = timedelta(hours=1)
DROPPED = {"style", "script", "title", "head"}


@dataclass(frozen=True, slots=True)
class Step:
    """One station: `look` is done, here, broken or nothing; `onward` when the next one is reached too."""

    word: str
    moment: datetime | None = None
    look: str = ""
    onward: bool = False


class Letter:
    """A message for the eye; `zone` is the reader's."""

    def __init__(self, message: Message, zone: str, *, held: bool, now: datetime) -> None:
        self.message, self.zone, self.held, self.now = message, zone, held, now

    @property
    def moment(self) -> datetime:
        """When it left, or is to leave."""
        return self.message.sent_at or self.message.due_at

    @property
    def local_moment(self) -> datetime:
        return self.moment.astimezone(ZoneInfo(self.zone))

    @property
    def day(self) -> date:
        return self.local_moment.date()

    @property
    def to_whom(self) -> str:
        return self.message.recipient_name or self.message.recipient

    @property
    def sender(self) -> str:
        return sender_address()

    @property
    def body(self) -> SafeString:
        """The HTML version, cleaned of everything but structure; its links are plain words here."""
        kept = nh3.clean(
            greyed(self.message, self.message.html),
            tags=TAGS,
            attributes={},
            link_rel=None,
            allowed_classes=dict.fromkeys(("div", "p", "span", "td"), CLASSES),
            clean_content_tags=DROPPED,
        )
        words = kept.replace("<a>", '<span class="no-link">').replace("</a>", "</span>")
        return mark_safe(words)  # noqa: S308 - `nh3.clean` cleaned it

    @property
    def text(self) -> str:
        """The plain version; its links lead nowhere."""
        return greyed(self.message, self.message.text)

    @property
    def has_links(self) -> bool:
        return bool(self.message.links) or "<a " in self.message.html

    @cached_property
    def calendar(self) -> dict[str, str]:
        """The calendar part in plain words; empty where there is none."""
        return in_plain_words(self.message.calendar_body) if self.message.calendar_body else {}

    @property
    def matters(self) -> list[Matter]:
        return [matter(key) for key in self.message.keys]

    @property
    def badge(self) -> Badge:
        """Where it is, as icon and word."""
        if self.message.state == State.WAITING and self.held:
            return Badge("paused", "pause-fill", _("Held"))
        return {
            State.WAITING: Badge("due", "clock", _("Waiting")),
            State.HELD: Badge("paused", "pause-fill", _("Held back")),
            State.SENDING: Badge("waiting", "send", _("Leaving now")),
            State.SENT: Badge("steady", "check-lg", self.taken),
            State.DELIVERED: Badge("steady", "check-lg", _("Delivered")),
            State.BOUNCED: Badge("failed", "x-lg", _("Came back")),
            State.FAILED: Badge("failed", "x-lg", _("Did not go")),
            State.CANCELLED: Badge("planned", "slash-circle", _("Stopped")),
        }[State(self.message.state)]

    @property
    def taken(self) -> str:
        """Who has it once it is sent: without a mail route nobody but a file."""
        return _("Written to a file") if self.message.in_a_file else _("Taken by mail server")

    @property
    def lost(self) -> bool:
        """Whether it did not reach its reader."""
        return self.message.state in (State.FAILED, State.BOUNCED)

    @property
    def may_repeat(self) -> bool:
        return may_repeat(self.message)

    @property
    def waits(self) -> bool:
        """Whether people can still hold it, stop it and change its words."""
        return self.message.state in UNBEGUN

    @property
    def kept_back(self) -> bool:
        return self.message.state == State.HELD

    @property
    def seconds(self) -> int:
        """How long it still waits for whoever started it to think better of it; 0 when that is over."""
        mail = self.message
        if mail.state != State.WAITING or mail.started_by_id is None or mail.attempts:
            return 0
        return max(0, ceil((mail.due_at - self.now).total_seconds()))

    @property
    def later(self) -> bool:
        """Whether it waits for a moment that is still to come, so that somebody may want it to go now."""
        return self.message.state == State.WAITING and self.message.due_at > self.now

    @property
    def just_left(self) -> bool:
        """Whether somebody who started it may wonder if it can still be stopped."""
        sent = self.message.sent_at
        return self.message.started_by_id is not None and sent is not None and self.now - sent < AN_HOUR

    @property
    def reason(self) -> str:
        """Why it did not go, or not yet, in words that say what to do."""
        return meaning(self.message.last_error)

    @property
    def answer(self) -> str:
        """What the mail server said itself, where that is something else."""
        return self.message.last_error if self.reason != self.message.last_error else ""

    @cached_property
    def next_try(self) -> Message | None:
        """The mail by which somebody sent it again."""
        return self.message.tried_again.exclude(state=State.CANCELLED).order_by("-pk").first()

    @property
    def steps(self) -> list[Step]:
        """Written, leaves, taken by the mail server; or where it ended instead."""
        mail = self.message
        written = Step(_("Written"), mail.written_at, "done", onward=True)
        if mail.state == State.CANCELLED:
            return [written, Step(_("Stopped"), None, "here")]
        if mail.state == State.HELD:
            return [written, Step(_("Held back"), mail.handled_at, "here"), Step(_("Taken by mail server"))]
        if mail.state == State.FAILED:
            tried = Step(_("Tried"), mail.due_at, "done", onward=True)
            return [written, *([tried] if mail.attempts else []), Step(_("Did not go"), None, "broken")]
        if mail.sent_at is None:
            leaves = _("Waits") if self.held or mail.due_at <= self.now else _("Leaves")
            return [written, Step(leaves, mail.due_at, "here"), Step(_("Taken by mail server"))]
        taken = Step(self.taken, mail.sent_at, "done", onward=mail.state != State.SENT)
        ends = {
            State.DELIVERED: Step(_("Delivered"), None, "done"),
            State.BOUNCED: Step(_("Came back"), None, "broken"),
        }
        end = ends.get(State(mail.state))
        return [written, Step(_("Left"), mail.due_at, "done", onward=True), taken, *([end] if end else [])]
