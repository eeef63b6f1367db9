"""The octets of a mail, quickly: a form that Django made once for mails of this shape, filled with this one's words.

They equal `mail.message().as_bytes(linesep="\\r\\n")` octet by octet, but for the boundaries, which a form keeps: a
property test holds it. Header lines are encoded by Django and folded by Python as they are there. Whatever fits no
form (a line too long, a lone surrogate, a part we do not know) goes the ordinary way.
"""

import re
from base64 import encodebytes
from collections.abc import Iterator
from email.policy import compat32
from functools import lru_cache
from itertools import count
from typing import Any, NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import forbid_multi_line_headers

LONGEST_LINE = 998  # octets (RFC 5322, 2.1.1): Django writes longer ones as quoted-printable
SHORT = 74  # characters of a header's name and value together: no folding below that (RFC 5322, 2.1.1)
PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
NEWLINE = re.compile(rb"\r\n|\r|\n")
SLOT = re.compile(rb"(?m)^[\w-]+: ~slot(\d+)~\r\n|~slot(\d+)~(?:\xc3\xb1)?")  # a header line, or a body
BOUNDARY = re.compile(rb'boundary="([^"]+)"')
NEEDED = {"Date", "Message-ID"}  # Django makes them up where they are missing
OURS = {"From", "To", "Cc", "Reply-To"}  # it takes them from the extra headers where these have them
POLICY = compat32.clone(linesep="\r\n")


class Shape(NamedTuple):
    """What mails that can be printed with one form have in common."""

    headers: tuple[str, ...]  # the names of the extra ones, in their order
    has_reply_to: bool
    plain: tuple[bool, ...]  # for the text and each alternative: it is ASCII
    alternatives: tuple[str, ...]  # MIME types
    files: tuple[tuple[str, str], ...]  # name and MIME type


class File(NamedTuple):
    """What is attached."""

    name: str
    mimetype: str
    content: bytes


class Form(NamedTuple):
    """Octets with gaps: `pieces` has one more than `slots`, which say what goes between them."""

    pieces: tuple[bytes, ...]
    slots: tuple[int, ...]
    boundaries: tuple[bytes, ...]


class Printed(NamedTuple):
    """A mail as it goes over the line, and from whom to whom."""

    sender: str
    recipient: str
    octets: bytes


def printed(mail: EmailMultiAlternatives, *, sender: str, recipient: str) -> Printed | None:
    """Return the filled form, or None where the mail fits none, or an address needs Django's hand.

    Raises what Django raises for a header that cannot be.
    """
    extra = mail.extra_headers.keys()
    if not mail.body or mail.cc or mail.bcc or extra & OURS or not extra >= NEEDED:
        return None
    if not (sender.isascii() and recipient.isascii()):
        return None
    try:
        texts: list[Any] = [mail.body, *(content for content, _type in mail.alternatives)]
        bodies = [text.encode() for text in texts]
        files = [_file(attached) for attached in mail.attachments]
    except (AttributeError, UnicodeEncodeError):
        return None
    if any(map(_has_long_lines, bodies)) or not all(isinstance(file.content, bytes) for file in files):
        return None
    form = _form(_shape(mail, bodies, files))
    if any(boundary in body for boundary in form.boundaries for body in bodies):
        return None
    contents = [
        *_header_lines(mail),
        *map(_with_crlf, bodies),
        *(_in_base64(file.content) for file in files),
    ]
    return Printed(sender, recipient, b"".join(_between(form, contents)))


def _file(attached: Any) -> File:
    return File(attached.filename, attached.mimetype, attached.content)


def _shape(mail: EmailMultiAlternatives, bodies: list[bytes], files: list[File]) -> Shape:
    return Shape(
        tuple(mail.extra_headers),
        bool(mail.reply_to),
        tuple(body.isascii() for body in bodies),
        tuple(mimetype for _content, mimetype in mail.alternatives),
        tuple((file.name, file.mimetype) for file in files),
    )


def _with_crlf(body: bytes) -> bytes:
    return NEWLINE.sub(b"\r\n", body) if b"\r" in body else body.replace(b"\n", b"\r\n")


def _between(form: Form, contents: list[bytes]) -> list[bytes]:
    filled = [form.pieces[0]]
    for slot, piece in zip(form.slots, form.pieces[1:], strict=True):
        filled += (contents[slot], piece)
    return filled


def _has_long_lines(body: bytes) -> bool:
    return len(body) > LONGEST_LINE and max(map(len, body.splitlines())) > LONGEST_LINE


def _header_lines(mail: EmailMultiAlternatives) -> list[bytes]:
    lines = [
        ("Subject", mail.subject),
        ("From", mail.from_email),
        ("To", ", ".join(mail.to)),
        *([("Reply-To", ", ".join(mail.reply_to))] if mail.reply_to else []),
        *mail.extra_headers.items(),
    ]
    return [_line(name, str(value)) for name, value in lines]


@lru_cache(maxsize=512)
def _line(name: str, value: str) -> bytes:
    """A header line, encoded as Django does and folded as Python does. Most of a mail's are those of the one before.

    Words that are ASCII, with one space between them, and fit in a line are left by both as they are.
    """
    if len(name) + len(value) < SHORT and PLAIN.fullmatch(value):
        return f"{name}: {value}\r\n".encode("ascii")
    return POLICY.fold_binary(*forbid_multi_line_headers(name, value, settings.DEFAULT_CHARSET))


@lru_cache(maxsize=64)
def _form(shape: Shape) -> Form:
    """A mail of this shape with marks instead of words, cut at the marks."""
    made = _sample(shape)
    found = list(SLOT.finditer(made))
    ends = [0, *(match.end() for match in found)]
    starts = [*(match.start() for match in found), len(made)]
    return Form(
        tuple(made[end:start] for end, start in zip(ends, starts, strict=True)),
        tuple(int(match[1] or match[2]) for match in found),
        tuple(BOUNDARY.findall(made)),
    )


def _sample(shape: Shape) -> bytes:
    """Have Django make it. The marks count up in the order in which `printed` has the words."""
    numbers = count()
    mail = EmailMultiAlternatives(_mark(numbers), "", _mark(numbers), [_mark(numbers)])
    if shape.has_reply_to:
        mail.reply_to = [_mark(numbers)]
    mail.extra_headers = {name: _mark(numbers) for name in shape.headers}
    mail.body, *others = [_mark(numbers) + ("" if plain else "ñ") for plain in shape.plain]
    for text, mimetype in zip(others, shape.alternatives, strict=True):
        mail.attach_alternative(text, mimetype)
    in_files = [_mark(numbers).encode() for _ in shape.files]
    for (name, mimetype), content in zip(shape.files, in_files, strict=True):
        mail.attach(name, content, mimetype)
    made: bytes = mail.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg] # Django's own
    for content in in_files:
        made = made.replace(_in_base64(content), content)
    return made


def _mark(numbers: Iterator[int]) -> str:
    return f"~slot{next(numbers)}~"


def _in_base64(content: bytes) -> bytes:
    return encodebytes(content).replace(b"\n", b"\r\n")
