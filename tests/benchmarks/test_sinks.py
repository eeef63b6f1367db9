"""What a sink says it took, and when; and that all senders send it the same mails."""

import smtplib
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import SMTP
from time import monotonic

import pytest
from anymail.backends.postmark import EmailBackend as Postmark
from django.core.mail.backends.smtp import EmailBackend

from benchmarks import relays
from benchmarks.counting import Miscount
from benchmarks.mails import NOW, draft, letter, letters
from prm.outbox import actions
from prm.outbox.letters import build
from prm.outbox.models import Message


def test_a_relay_tells_how_many_mails_how_many_different_ones_and_when_the_last() -> None:
    began = monotonic()
    with relays.running() as relay:
        with smtplib.SMTP("127.0.0.1", relay.port) as line:
            for number in (1, 2, 2):
                octets = letter(number).mail().message().as_bytes(linesep="\r\n")
                line.sendmail("a@example.org", ["b@example.org"], octets)
            line.sendmail("a@example.org", ["b@example.org"], b"Subject: dots\r\n\r\n.\r\n..\r\nend\r\n")
        relay.wait(4, 10)
        count = relay.count()
        assert (count.mails, count.different) == (4, 3)
        assert began < count.last < monotonic()
        assert relay.count()[:2] == (0, 0)


def test_a_relay_far_away_takes_its_time_for_each_answer() -> None:
    with relays.running(delay=0.05) as relay:
        began = monotonic()
        with smtplib.SMTP("127.0.0.1", relay.port) as line:
            line.sendmail("a@example.org", ["b@example.org"], letter(1).mail().message().as_bytes())
        assert monotonic() - began > 7 * 0.05  # greeting, EHLO, MAIL, RCPT, DATA, the mail, QUIT
        assert relay.count()[:2] == (1, 1)


def test_whoever_waits_for_more_than_comes_is_told_so() -> None:
    with relays.running() as relay, pytest.raises(Miscount, match=r"0 of 1 mails"):
        relay.wait(1, 0.2)


def test_a_mail_service_counts_alike_and_answers_as_postmark_does() -> None:
    with relays.running("http_sink", delay=0.01) as service:
        post = Postmark(server_token="x", api_url=f"http://127.0.0.1:{service.port}/")
        mails = [one.mail(as_file=True) for one in (*letters(3), letter(0))]
        with post:
            assert post.send_messages(mails) == 4
        assert mails[0].anymail_status.status == {"sent"}  # type: ignore[attr-defined]
        service.wait(4, 10)
        assert service.count()[:2] == (4, 3)


def told(octets: bytes) -> list[tuple[list[tuple[str, str]], str | None]]:
    """All parts of a mail with their headers, but for what each mail has as its own."""
    own = ("message-id", "date")
    parts = message_from_bytes(octets, policy=SMTP).walk()
    return [(_headers(part, own), None if part.is_multipart() else part.get_payload()) for part in parts]  # type: ignore[misc]


def _headers(part: Mail, own: tuple[str, ...]) -> list[tuple[str, str]]:
    return sorted(
        (name.lower(), str(value).partition("boundary=")[0])
        for name, value in part.items()
        if name.lower() not in own
    )


@pytest.mark.django_db
def test_peers_send_the_very_mails_that_the_outbox_sends(settings: object) -> None:
    settings.DEFAULT_FROM_EMAIL = "Partner program <partners@example.org>"  # type: ignore[attr-defined]
    actions.write([draft(7)], now=NOW)
    row = Message.objects.get()
    ours, theirs = build(row, EmailBackend, now=NOW).message(), letter(7).mail().message()
    assert told(ours.as_bytes()) == told(theirs.as_bytes())
    assert len(ours["Message-ID"]) == len(theirs["Message-ID"])
    assert len(told(ours.as_bytes())) == 6
