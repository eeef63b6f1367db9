"""What a partner does with a mail that came over SMTP: read it, press its links, on a phone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from typing import Any

from vobject import readOne

from tests.tasks.stack import Sink, open_sink

ADDRESS = re.compile(r"https?://\S+")
#: The words before each link in the plain text of a mail.
QUESTIONS = {
    "full": "We are full for now:",
    "leaving": "I am leaving:",
    "page": "which mail you want:",
    "answer": "One press is enough:",
}


@dataclass
class Mail:
    """One mail as it came in."""

    raw: Message

    @property
    def to(self) -> str:
        return str(self.raw["To"]).rpartition("<")[2].strip(">")

    @property
    def subject(self) -> str:
        return str(self.raw["Subject"])

    def part(self, kind: str) -> str:
        """The text of the first part of a MIME type, or ""."""
        for part in self.raw.walk():
            payload = part.get_payload(decode=True)
            if part.get_content_type() == kind and isinstance(payload, bytes):
                return payload.decode()
        return ""

    def link(self, question: str) -> str:
        """The address that stands after one of QUESTIONS."""
        _before, _question, after = self.part("text/plain").partition(QUESTIONS[question])
        found = ADDRESS.search(after)
        assert found, f"no link for {question!r} in: {self.part('text/plain')}"
        return found[0]

    def links(self) -> set[str]:
        """Every address in it: in its words, and in its header for less mail."""
        unsubscribe = str(self.raw["List-Unsubscribe"] or "").strip("<>")
        html = set(re.findall(r'href="(https?://[^"]+)"', self.part("text/html")))
        return {one for one in {*ADDRESS.findall(self.part("text/plain")), *html, unsubscribe} if one}

    @property
    def entry(self) -> tuple[str, str] | None:
        """METHOD and the first day of its calendar entry, as a second parser reads them."""
        body = self.part("text/calendar")
        if not body:
            return None
        read = readOne(body)
        return read.method.value, str(read.vevent.dtstart.value)[:10]


class Post:
    """The mails that the relay took, oldest first."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    def to(self, address: str) -> list[Mail]:
        mails = [Mail(raw) for raw in self.sink.mails]
        return [mail for mail in mails if mail.to == address]

    def last(self, address: str, *, entry: bool = False) -> Mail:
        """The newest mail to an address; of the calendar mails, or of the others."""
        found = [mail for mail in self.to(address) if bool(mail.entry) is entry]
        assert found, f"no mail to {address}: {[(m.to, m.subject) for m in map(Mail, self.sink.mails)]}"
        return found[-1]


@contextmanager
def relay(settings: Any) -> Iterator[Post]:
    """A real SMTP server on loopback, to which our mail goes."""
    sink = Sink()
    controller = open_sink(sink)
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = controller.port
        yield Post(sink)
    finally:
        controller.stop()
