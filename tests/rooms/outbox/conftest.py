"""A relay that can be unkind, a clock that stands still, and letters to put in."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from prm.outbox.actions import CalendarPart, Draft

MONDAY = datetime(2027, 6, 7, 13, 0, tzinfo=UTC)
KEY = "agreement:17:expiry-60d:2027-09-30:org-4:partner"


@dataclass
class Clock:
    """The time as a drain sees it; `step` passes with every look."""

    now: datetime = MONDAY
    step: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        self.now += self.step
        return self.now


@dataclass
class Relay:
    """Takes mail; `answers` are given to the next DATA commands, `cut` breaks off after taking one in."""

    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    cut: int = 0
    delay: float = 0.0  # seconds that each mail takes
    connections: int = 0
    at_once: int = 0  # mails that are being taken just now
    most_at_once: int = 0
    port: int = 0
    meanwhile: Callable[[], None] | None = None  # done while a mail is being taken

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's names
        self, _server: Any, session: Any, _envelope: Any, name: str, answers: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = name
        return answers

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers and not (answer := self.answers.pop(0)).startswith("250"):
            return answer
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        if self.meanwhile:
            self.meanwhile()
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.delay)
        self.at_once -= 1
        if self.cut:
            self.cut -= 1
            server.transport.close()
            await asyncio.sleep(0)
        return "250 OK"


@pytest.fixture
def relay(settings: Any) -> Iterator[Relay]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    handler = Relay(port=port)
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", handler.port
    yield handler
    controller.stop()


@pytest.fixture
def draft() -> Callable[..., Draft]:
    def make(**fields: Any) -> Draft:
        start: dict[str, Any] = {
            "kind": "partner",
            "recipient": "anna@harbor.example",
            "recipient_name": "Anna Reyes",
            "keys": (KEY,),
            "subject": "Our agreement ends on Thu 30 Sep 2027",
            "text": "Hello Anna,\n\nhow would you like to go on?\n",
            "html": "<p>Hello Anna</p>",
            "from_name": "Partner program",
            "reply_to": "rosa@example.org",
            "due_at": MONDAY,
        }
        return Draft(**start | fields)

    return make


@pytest.fixture
def entry() -> CalendarPart:
    inside = "BEGIN:VEVENT\r\nUID:u1@example.org\r\nSUMMARY:Basics, ñ\r\nEND:VEVENT\r\n"
    body = f"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n{inside}END:VCALENDAR\r\n"
    return CalendarPart("REQUEST", "u1@example.org", 0, body)
