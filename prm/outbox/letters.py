"""Row -> e-mail: the words of one message as the mail that goes to one kind of mail route.

Never set Anymail's IGNORE_UNSUPPORTED_FEATURES: it drops calendar parts without a word.
"""

from collections.abc import Mapping
from datetime import datetime
from email.mime.text import MIMEText
from email.utils import format_datetime

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from prm.outbox import enclosed
from prm.outbox.actions import sender_address
from prm.outbox.carriers import ALTERNATIVE, AS_MIME, SERVICE_HEADERS, WITH_METHOD, capability, path
from prm.outbox.models import Message
from prm.partners.models import Link

Links = Mapping[int, Link]  # by id: those of the mails in hand


def build(
    message: Message, backend: type, *, now: datetime, links: Links | None = None
) -> EmailMultiAlternatives:
    """The mail of one row for one backend class, its links usable from here on.

    Raises ValueError where an address or header has a line break, or where a link of it cannot be made.
    """
    tokens = enclosed.tokens(message, enclosed.links_of([message]) if links is None else links)
    mail = EmailMultiAlternatives(
        message.subject,
        enclosed.filled(message.text, tokens),
        from_email=_mailbox(message.from_name, sender_address()),
        to=[_mailbox(message.recipient_name, message.recipient)],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers=_headers(message, backend, now=now) | enclosed.unsubscribing(tokens),
    )
    if message.html:
        mail.attach_alternative(enclosed.filled(message.html, tokens), "text/html")
    if message.calendar_body:
        _add_calendar(mail, message, capability(backend))
    return mail


def _mailbox(name: str, address: str) -> str:
    if any(character in address for character in "\r\n\x00<>") or address.count("@") != 1:
        raise ValueError(
            _("“%(address)s” is not an address that mail can go to.") % {"address": repr(address)[1:-1]}
        )
    plain = " ".join(name.split()).replace("\\", "").replace('"', "'")
    return f'"{plain}" <{address}>' if plain else address


def _headers(message: Message, backend: type, *, now: datetime) -> dict[str, str]:
    headers = {"Auto-Submitted": "auto-generated", "Message-ID": message.message_id}
    if message.keys:
        headers["X-PRM-Key"] = ", ".join(message.keys)
    if not backend.__module__.startswith("anymail."):
        headers["Date"] = format_datetime(now)  # services date it themselves and want a repeat to be equal
    extra = SERVICE_HEADERS.get(path(backend), {})
    return headers | {name: value % {"key": message.key} for name, value in extra.items()}


def _add_calendar(mail: EmailMultiAlternatives, message: Message, way: str) -> None:
    """The calendar part last among the alternatives, and the same octets once more as a file, where it can be so."""
    body, method = message.calendar_body, message.calendar_method
    if way == ALTERNATIVE:
        mail.attach_alternative(body, f"text/calendar; method={method}")
        mail.attach("invite.ics", body.encode(), "application/ics")
    elif way == WITH_METHOD:
        mail.attach("invite.ics", body, f"text/calendar; method={method}")
    elif way == AS_MIME:
        part = MIMEText(body, "calendar", "utf-8")
        part.set_param("method", method)
        part.add_header("Content-Disposition", "attachment", filename="invite.ics")
        mail.attach(part)
    else:
        mail.attach("invite.ics", body, "text/calendar")
