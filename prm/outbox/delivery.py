"""Row -> e-mail -> relay or mail service. The only file that sends.

At least once, told openly: each message is settled by itself right after it was handed over; whoever is killed in
between repeats the one message in hand, with the same Message-ID. Never set Anymail's IGNORE_UNSUPPORTED_FEATURES:
it drops calendar parts without a word.
"""

import smtplib
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.mime.text import MIMEText
from email.utils import format_datetime
from time import sleep
from typing import Any
from uuid import uuid4

from anymail import exceptions as anymail
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _

from prm.accounts.actions import note_mail_route
from prm.outbox import actions, enclosed, queries
from prm.outbox.carriers import (
    ALTERNATIVE,
    AS_MIME,
    KEY_IN_REQUEST,
    SERVICE_HEADERS,
    WITH_METHOD,
    capability,
    path,
)
from prm.outbox.models import IN_A_FILE, Message
from prm.partners.models import Link
from prm.rules import delivery

MARGIN = actions.LEASE / 3  # before the lease ends: what is in hand when sending stops may take that long

Clock = Callable[[], datetime]
Links = Mapping[int, Link]  # by id: those of the mails in hand


@dataclass
class Counts:
    """What one drain did."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    refused: int = 0
    stuck: int = 0  # times that the route would not have us


class RouteError(Exception):
    """The relay or service could not be reached or would not have us: no message is to blame."""


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
        from_email=_mailbox(message.from_name, actions.sender_address()),
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


class Post:
    """One kept connection. It is opened when the first mail goes, and anew after an error."""

    def __init__(self) -> None:
        self.connection: Any = get_connection()
        self.backend: type = type(self.connection)

    def send(self, mail: EmailMultiAlternatives, key: str) -> str:
        """Hand one mail over. Returns the service's own id of it, IN_A_FILE, or "". Raises RouteError before, others
        during."""
        try:
            self.connection.open()
        except Exception as error:
            self.close()
            raise RouteError(_reason(error)) from error
        if header := KEY_IN_REQUEST.get(path(self.backend)):
            self.connection.session.headers[header] = key
        try:
            taken = self.connection.send_messages([mail])
        except BaseException:
            self.close()
            raise
        if not taken:
            raise ValueError(_("The mail route took no recipient of this message."))
        if path(self.backend) == settings.FILE_EMAIL_BACKEND:
            return IN_A_FILE
        return str(getattr(getattr(mail, "anymail_status", None), "message_id", "") or "")

    def close(self) -> None:
        """Say goodbye; a relay that has gone already is no trouble any more."""
        try:
            self.connection.close()
        except (OSError, smtplib.SMTPException):
            self.connection = get_connection()


def drain(*, now: Clock, owner: str, batch: int = 100, until: datetime | None = None) -> Counts:
    """Send until nothing is waiting (or the time is `until`). `owner` names the process; each drain adds its own mark.

    Single messages that fail do not stop it; a route that is down does, until the next call.
    """
    done, owner = Counts(), f"{owner[:60]}#{uuid4().hex[:16]}"
    actions.release_expired(now=now())
    post = Post()
    try:
        while until is None or now() < until:
            claimed = actions.claim(now=now(), owner=owner, limit=batch)
            if not claimed or not _send_all(claimed, post, now=now, owner=owner, until=until, done=done):
                break
    finally:
        post.close()
    _note_route(done, now=now())
    return done


def _note_route(done: Counts, *, now: datetime) -> None:
    """Remember whether the route took something: pages and the doctor say since when it takes nothing."""
    if done.sent:
        note_mail_route(works=True, now=now)
    if done.stuck:
        note_mail_route(works=False, now=now)


def _send_all(
    claimed: list[Message], post: Post, *, now: Clock, owner: str, until: datetime | None, done: Counts
) -> bool:
    """Send one claimed batch, each message settled by itself. False: stop, the route is down or sending is held."""
    left, links = deque(claimed), enclosed.links_of(claimed)
    try:
        while left:
            moment, lease_until = now(), left[0].lease_until
            if (
                lease_until is None
                or moment >= lease_until - MARGIN
                or (until is not None and moment >= until)
            ):
                return True
            sending_is_on, wanted = queries.may_go(left[0], owner=owner)
            if not sending_is_on:
                return False
            if wanted:
                _send_one(left[0], post, links, now=now, owner=owner, done=done)
            left.popleft()
    except RouteError as error:
        actions.settle_retry(left.popleft(), owner=owner, now=now(), error=str(error))
        done.retried += 1
        done.stuck += 1
        return False
    finally:
        actions.release(list(left), owner=owner)
    return True


def _send_one(message: Message, post: Post, links: Links, *, now: Clock, owner: str, done: Counts) -> None:
    if message.demo and settings.EMAIL_BACKEND != settings.FILE_EMAIL_BACKEND:
        actions.refuse(message, owner=owner, reason=_("Demo organizations never reach a real mailbox."))
        done.refused += 1
        return
    try:
        mail = build(message, post.backend, now=now(), links=links)
    except Exception as error:  # noqa: BLE001 - a poisoned row fails alone, whatever is wrong with it
        actions.settle_failed(message, owner=owner, error=_reason(error))
        done.failed += 1
        return
    try:
        provider_id = post.send(mail, message.key)
    except RouteError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a mail route may raise, the queue goes on
        _settle_error(message, error, owner=owner, now=now(), done=done)
    else:
        _insist(
            lambda: actions.settle_sent(message, owner=owner, now=now(), provider_id=provider_id),
            message,
            now,
        )
        done.sent += 1


def _insist(settle: Callable[[], object], message: Message, now: Clock) -> None:
    """Write down that a mail went, even where the database is away for a moment: or else it would go again.

    It asks until the lease ends; from then on another may have the message.
    """
    while True:
        try:
            settle()
        except (OperationalError, InterfaceError):
            if message.lease_until is None or now() >= message.lease_until:
                raise
            connection.close()
            sleep(0.2)
        else:
            return


def _settle_error(message: Message, error: Exception, *, owner: str, now: datetime, done: Counts) -> None:
    if ends_the_matter(error):
        actions.settle_failed(message, owner=owner, error=_reason(error))
        done.failed += 1
    elif actions.settle_retry(message, owner=owner, now=now, error=_reason(error)) == delivery.FAILED:
        done.failed += 1
    else:
        done.retried += 1


def ends_the_matter(error: Exception) -> bool:
    """Whether trying the same mail again is of no use: refused for good, or it cannot be built into octets."""
    if isinstance(error, anymail.AnymailAPIError):
        return delivery.is_final_over_http(error.status_code)
    if isinstance(error, anymail.AnymailError):
        return not isinstance(error, anymail.AnymailConfigurationError)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(delivery.is_final(code) for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return delivery.is_final(error.smtp_code)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return True
    return isinstance(error, ValueError | TypeError | LookupError) and not isinstance(error, OSError)


def _reason(error: Exception) -> str:
    """What a person reads under a message that did not go: the relay's own words where it said some, without NUL,
    which PostgreSQL does not store."""
    return _said_by(error).replace("\x00", "").strip() or type(error).__name__


def _said_by(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = [f"{code} {_words(text)}" for code, text in error.recipients.values()]
        return "; ".join(said)
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_words(error.smtp_error)}"
    return str(error)


def _words(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
