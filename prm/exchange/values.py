"""What one row says, flat: a value per meaning, so that two files can be compared value by value.

An import remembers a digest of each. A value that is the same as last time is left alone, whatever people changed
in the installation since: that is how the same file again changes nothing, and why a renewal recorded here is never
undone by an old spreadsheet. A date written in another spelling, or a name in other case, is the same value.
"""

import hmac
from collections.abc import Iterator, Mapping
from functools import cache

from django.utils.crypto import salted_hmac

from prm.exchange.reading import Reading
from prm.exchange.words import phone_key

# value -> the heading by which a problem names it, where it has another name than its column's meaning
COLUMNS = {
    "role_mailbox": "mailbox",
    "paper.kind": "agreement_kind",
    "paper.title": "agreement_title",
    "paper.signed_on": "agreement_signed",
    "paper.starts_on": "agreement_start",
    "paper.ends_on": "agreement_end",
    "paper.months": "agreement_months",
    "paper.draft": "agreement_kind",
    "pause.starts_on": "pause_from",
    "pause.ends_on": "pause_until",
    "pause.scope": "pause_scope",
    "pause.service": "pause_scope",
    "pause.reason": "pause_reason",
    "training.months": "training_every",
    "training.last_on": "last_training",
}


def values(reading: Reading) -> dict[str, str]:
    """The value of every meaning that the row tells, as text."""
    return dict(_pairs(reading))


def _pairs(reading: Reading) -> Iterator[tuple[str, str]]:
    yield from _plain_pairs(reading)
    for person in reading.people:
        yield from _told(person, person.place, "name email title languages roles discreet")
        if person.phone:
            yield f"{person.place}.phone", phone_key(person.phone)
    if paper := reading.paper:
        yield from _told(paper, "paper", "kind title signed_on starts_on months draft")
        yield "paper.ends_on", str(paper.ends_on or paper.months or "evergreen")
    if pause := reading.pause:
        yield from _told(pause, "pause", "starts_on scope service reason")
        yield "pause.ends_on", str(pause.ends_on or "unknown")
    if reading.training.told:
        yield "training.months", str(reading.training.months or "none")
    if reading.training.last_on:
        yield "training.last_on", str(reading.training.last_on)


def _told(of: object, place: str, names: str) -> Iterator[tuple[str, str]]:
    for name in names.split():
        if value := getattr(of, name):
            yield f"{place}.{name}", str(value)


def _plain_pairs(reading: Reading) -> Iterator[tuple[str, str]]:
    for name, value in reading.fields.items():
        yield name, phone_key(str(value)) if name == "phone" else str(value)
    for name in ("sector", "partnership_kind", "status", "owner", "deputy"):
        if text := getattr(reading, name):
            yield name, text.casefold()


def digests(told: Mapping[str, str]) -> dict[str, str]:
    """A short digest of each value under its name."""
    return {name: digest(f"{name}={value}") for name, value in told.items()}


def digest(text: str) -> str:
    """Twelve characters, keyed with the installation's secret: whoever sees them cannot try out addresses on them."""
    return hmac.digest(_key(), text.encode(), "sha256").hex()[:12]


@cache
def _key() -> bytes:
    return salted_hmac("prm.exchange", "import", algorithm="sha256").digest()
