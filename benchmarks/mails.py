"""The mails of all measurements: text, HTML, a calendar entry among the alternatives, and the same as a file.

`draft` is one as PRM writes it into its outbox. `Letter` is the very same for senders that know nothing of PRM.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.core.mail import EmailMultiAlternatives

from prm.calendars import ics
from prm.outbox.actions import CalendarPart, Draft

NOW = datetime(2027, 1, 4, 15, tzinfo=UTC)
SUBJECT = "Our agreement ends on Thu 30 Sep 2027"
SENTENCE = "Our agreement with Harbor House ends on Thu 30 Sep 2027; how would you like to go on? "
TEXT = "Hello Anna,\n\n" + f"{SENTENCE}\n" * 11
HTML = "<p>Hello Anna,</p>\n" + f"<p>{SENTENCE}</p>\n" * 14


def draft(number: int, *, due_at: datetime = NOW) -> Draft:
    recipient = f"anna@harbor{number}.example.org"
    return Draft(
        kind="partner",
        recipient=recipient,
        recipient_name="Anna Reyes",
        subject=SUBJECT,
        text=TEXT,
        html=HTML,
        keys=(_key(number),),
        from_name="Partner program",
        reply_to="rosa@example.org",
        due_at=due_at,
        calendar=_calendar(number, recipient),
    )


def _key(number: int) -> str:
    return f"agreement:{number}:expiry-60d:2027-09-30:org-{number}:partner"


def _calendar(number: int, recipient: str) -> CalendarPart:
    event = ics.Event(
        uid=f"agreement-{number}@example.org",
        sequence=0,
        summary="Our agreement with Harbor House ends",
        starts=date(2027, 9, 30),
        ends=date(2027, 9, 30),
        organizer=("partners@example.org", "Partner program"),
        attendee=(recipient, "Anna Reyes"),
        dtstamp=NOW,
        description=SENTENCE,
        all_day=True,
    )
    return CalendarPart("REQUEST", event.uid, 0, ics.request(event).decode())


@dataclass(frozen=True)
class Letter:
    """One mail as any Django project keeps it in a table of its own."""

    recipient: str
    calendar: str
    headers: dict[str, str] = field(default_factory=dict)
    sender: str = '"Partner program" <partners@example.org>'
    reply_to: str = "rosa@example.org"
    subject: str = SUBJECT
    text: str = TEXT
    html: str = HTML

    def mail(self, *, as_file: bool = False) -> EmailMultiAlternatives:
        """The mail through Django; `as_file`: for a mail service that knows the calendar as an attachment only."""
        mail = EmailMultiAlternatives(
            self.subject,
            self.text,
            from_email=self.sender,
            to=[self.recipient],
            reply_to=[self.reply_to],
            headers=self.headers,
        )
        mail.attach_alternative(self.html, "text/html")
        if as_file:
            mail.attach("invite.ics", self.calendar, "text/calendar; method=REQUEST")
        else:
            mail.attach_alternative(self.calendar, "text/calendar; method=REQUEST")
            mail.attach("invite.ics", self.calendar.encode(), "application/ics")
        return mail


def letter(number: int) -> Letter:
    """The mail of `draft`, but for its Message-ID, which is another of the same length."""
    written = draft(number)
    message_id = f"<{hashlib.sha256(_key(number).encode()).hexdigest()[:40]}@example.org>"
    headers = {"Auto-Submitted": "auto-generated", "Message-ID": message_id, "X-PRM-Key": _key(number)}
    return Letter(
        recipient=f'"{written.recipient_name}" <{written.recipient}>',
        calendar=written.calendar.body if written.calendar else "",
        headers=headers,
    )


def letters(count: int) -> Iterator[Letter]:
    return map(letter, range(count))
