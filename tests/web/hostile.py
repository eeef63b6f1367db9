"""What a form may be sent by a slip, by a broken browser, or by somebody who means it."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.web.forms_found import Field

LONG = "Harbor " * 1430  # ten thousand letters
MANY = "9" * 40
SCRIPT = "<script>hostile()</script>"
#: Signs that no keyboard has beside those of other scripts; a header that wants into a mail; a tag that wants to run.
STRANGE = f"Ann \U0001f6a2 \u202eabc\u202c \u00f1\ufffe{SCRIPT}\x00\x07\r\nBcc: everyone@evil.example\r\n"


@dataclass(frozen=True)
class Bad:
    """A value, and whether it can be nothing but refused."""

    name: str
    value: str
    never: bool


DAYS = [
    Bad("a word", "soon", never=True),
    Bad("31 February", "2027-02-31", never=True),
    Bad("year 1", "0001-01-01", never=True),
    Bad("year 9999", "9999-12-31", never=True),
    Bad("forty digits", MANY, never=True),
    Bad("strange", STRANGE, never=True),
    Bad("long ago", "1900-01-01", never=False),
    Bad("far away", "2199-12-31", never=False),
    Bad("nothing", "", never=False),
]
NUMBERS = [
    Bad("a word", "twelve", never=True),
    Bad("forty digits", MANY, never=True),
    Bad("too large", "2147483648", never=True),
    Bad("below nought", "-1", never=True),
    Bad("a digit that is none", "²", never=True),
    Bad("strange", STRANGE, never=True),
    Bad("nought", "0", never=False),
    Bad("nothing", "", never=False),
]
LINES = [
    Bad("nothing", "", never=False),
    Bad("strange", STRANGE, never=False),
    Bad("too long", LONG, never=True),
]
NOTES = [*LINES[:2], Bad("long", LONG, never=False)]
EMAILS = [
    Bad("no address", "anna", never=True),
    Bad("a header", "anna@harbor.example\r\nBcc: everyone@evil.example", never=True),
    Bad("too long", f"{'a' * 60}@{'harbor.' * 60}example", never=True),
    Bad("strange", STRANGE, never=True),
    Bad("nothing", "", never=False),
]
TIMES = [
    Bad("no hour", "25:00", never=True),
    Bad("a word", "soon", never=True),
    Bad("nothing", "", never=False),
]
CHOSEN = [
    Bad("forty digits", MANY, never=True),
    Bad("strange", STRANGE, never=True),
]
UNSEEN = [
    Bad("strange", STRANGE, never=False),
    Bad("forty digits", MANY, never=False),
    Bad("half a key", '{"id": "x", "rawId": "x", "response": {"userHandle": "²"}}', never=False),
]
KINDS = {
    "date": DAYS,
    "number": NUMBERS,
    "email": EMAILS,
    "time": TIMES,
    "textarea": NOTES,
    "hidden": UNSEEN,
    "password": LINES[:2],
    "file": [],  # tests/web/test_imports.py
}


def bad_values(field: Field) -> Iterator[Bad]:
    """What one field is sent, each by itself."""
    if field.chosen:
        yield from CHOSEN
    elif field.kind == "checkbox":
        yield from UNSEEN
    else:
        yield from KINDS.get(field.kind, LINES)


#: For pages that read their address, and for the places of words in it.
QUERIES = ("zzz", "-1", "²", MANY, STRANGE, "9999-12-31")
