"""A mail filled into a form is the mail that Django makes: octet by octet, but for the boundaries."""

import re
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from hypothesis import example, given
from hypothesis import strategies as st

from prm.outbox.printing import printed

BOUNDARY = re.compile(rb'boundary="([^"]+)"')
SENDER, ANNA = "partners@example.org", "anna@harbor.example"
words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=120)
bodies = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=300)
plain = st.text(st.sampled_from("ab .\n\r-=_~slot1"), min_size=1, max_size=300)
about_a_line = st.text(st.sampled_from("ab ,;:=?_<>"), min_size=50, max_size=90)  # folded, or just not
names = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='"\\<>'), min_size=1, max_size=60
)


@st.composite
def mails(draw: st.DrawFn) -> EmailMultiAlternatives:
    keys = ", ".join(
        draw(st.lists(st.sampled_from(["agreement:17:expiry-60d:2027-09-30:org-4:partner", "a:1"])))
    )
    headers = {
        "Auto-Submitted": "auto-generated",
        "Message-ID": "<1@example.org>",
        "Date": "Mon, 07 Jun 2027 13:00:00 +0000",
    }
    mail = EmailMultiAlternatives(
        draw(words | about_a_line),
        draw(bodies | plain),
        from_email=f'"{draw(names)}" <{SENDER}>',
        to=[f'"{draw(names)}" <{ANNA}>'],
        reply_to=draw(st.sampled_from([None, ["rosa@example.org"]])),
        headers=headers | ({"X-PRM-Key": keys} if keys else {}),
    )
    if draw(st.booleans()):
        mail.attach_alternative(draw(bodies | plain), "text/html")
    if draw(st.booleans()):
        body = draw(bodies | plain)
        mail.attach_alternative(body, "text/calendar; method=REQUEST")
        mail.attach("invite.ics", body.encode(), "application/ics")
    return mail


def without_boundaries(octets: bytes) -> bytes:
    for place, boundary in enumerate(BOUNDARY.findall(octets)):
        octets = octets.replace(boundary, b"boundary-%d" % place)
    return octets


def ordinary(mail: EmailMultiAlternatives) -> Any:
    return mail.message().as_bytes(linesep="\r\n")


def mail_of(**fields: Any) -> EmailMultiAlternatives:
    headers = {"Message-ID": "<1@example.org>", "Date": "Mon, 07 Jun 2027 13:00:00 +0000"}
    return EmailMultiAlternatives(
        **{"subject": "Hello", "body": "Hello\n", "from_email": SENDER, "to": [ANNA], "headers": headers}
        | fields
    )


@given(mail=mails())
@example(mail=mail_of(subject="Año 2027: qué sigue " * 12, body="ñ\r\n.\rFrom here\n\n"))
@example(mail=mail_of(body="~slot0~\nSubject: ~slot1~\n"))
def test_it_is_the_mail_that_django_makes(mail: EmailMultiAlternatives) -> None:
    found = printed(mail, sender=SENDER, recipient=ANNA)
    assert found is not None
    assert (found.sender, found.recipient) == (SENDER, ANNA)
    assert without_boundaries(found.octets) == without_boundaries(ordinary(mail))


@pytest.mark.parametrize(
    "fields",
    [
        {"body": "x" * 999},
        {"body": "ñ" * 500},
        {"body": "a lone \udce9"},
        {"body": ""},
        {"cc": ["ben@example.org"]},
        {"headers": {"Message-ID": "<1@example.org>"}},
        {"headers": {"Message-ID": "<1@example.org>", "Date": "today", "From": "ben@example.org"}},
        {"attachments": [("notes.txt", "words", "text/plain")]},
    ],
)
def test_what_fits_no_form_is_left_to_django(fields: dict[str, Any]) -> None:
    assert printed(mail_of(**fields), sender=SENDER, recipient=ANNA) is None


def test_an_address_beyond_ascii_is_left_to_django() -> None:
    assert printed(mail_of(), sender=SENDER, recipient="anna@häfen.example") is None


def test_a_header_with_a_line_break_is_refused_as_django_does() -> None:
    with pytest.raises(ValueError, match="newlines"):
        printed(mail_of(subject="Hello\nBcc: all@evil.example"), sender=SENDER, recipient=ANNA)


def test_a_body_that_holds_the_boundary_of_the_form_is_left_to_django() -> None:
    mail = mail_of(alternatives=[("<p>Hello</p>", "text/html")])
    first = printed(mail, sender=SENDER, recipient=ANNA)
    assert first is not None
    [boundary] = BOUNDARY.findall(first.octets)
    mail.body = f"--{boundary.decode()}"
    assert printed(mail, sender=SENDER, recipient=ANNA) is None
