"""What the demo is told in: people, partners, papers and pauses, with days counted from today (minus is past)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DOMAIN = "example.org"  # kept free by RFC 2606: mail to it reaches nobody


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody on our side."""

    key: str
    name: str
    role: str

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a partner. `at` is the part of the address before the @; empty: no address known."""

    name: str
    title: str
    at: str
    roles: tuple[str, ...]
    phone: str = ""
    languages: tuple[str, ...] = ("en",)
    discreet: bool = False
    may_commit: bool = False


@dataclass(frozen=True, slots=True)
class Partner:
    """One organization. `talk` is the last two-way talk known at entry: days from today, kind, what was said."""

    key: str
    name: str
    sector: str
    kind: str
    city: str
    owner: str
    deputy: str
    people: tuple[Person, ...]
    since: int
    talk: tuple[int, str, str] | None = None
    trained: int | None = None
    status: str = "active"
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        return f"{self.key}.{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Paper:
    """One agreement as it stood at entry.

    `ends` is its last valid day; with `months` its first day follows from it. `signed` is the day on which everyone
    signed (default: the first day); None with `draft` means that nobody has signed.
    """

    key: str
    kind: str
    title: str
    term: str
    parties: tuple[str, ...]
    months: int | None = None
    ends: int | None = None
    signed: int | None = None
    review: int | None = None
    draft: bool = False
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Rest:
    """One pause, declared on the day `told` (None: before entry). Its end is a day, a number of months, or unknown."""

    key: str
    partner: str
    scope: str
    starts: int
    told: int | None = None
    ends: int | None = None
    months: int | None = None
    effect: str = "closed"
    reach: str = "us"
    service: str = ""
    reason: str = ""
