"""What the demo is told in: people, partners, papers and pauses, with days counted from today (minus is past)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

DOMAIN = "example.org"  # kept free by RFC 2606: mail to it reaches nobody
MAIN = ("primary", "notice", "training")
SIGNS = ("signatory",)
LEADS = ("signatory", "executive")
ALL_ROLES = ("primary", "notice", "signatory", "training", "intake")


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
    """Somebody at a partner. `at` is the part of the address before the @; empty: no address known.

    `since` is the day on which they took up their roles, where that was later than the partnership began, and `left`
    their last day, where that was before entry. Who `follows` somebody has their roles from the day after.
    """

    name: str
    title: str
    at: str
    roles: tuple[str, ...]
    phone: str = ""
    languages: tuple[str, ...] = ("en",)
    discreet: bool = False
    may_commit: bool = False
    since: int | None = None
    left: int | None = None
    follows: str = ""


@dataclass(frozen=True, slots=True)
class Partner:
    """One organization.

    `rhythm` is the months from training to training where they are not the usual three; `no_training` says why none.
    `former` is the first day on which it no longer was one, where that was before entry.
    """

    key: str
    name: str
    sector: str
    kind: str
    city: str
    owner: str
    deputy: str
    since: int
    people: tuple[Person, ...]
    status: str = "active"
    county: str = ""
    rhythm: int | None = None
    no_training: str = ""
    former: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        return f"{self.key}.{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Paper:
    """One agreement as it stood at entry.

    `ends` is its last valid day; with `months` its first day follows from it. `terms` says how many such terms there
    were, this one with them. `signed` is the day on which everyone signed the last one (default: the first day);
    `review` is the next yearly review of an evergreen one. With `draft` nobody has signed; `ended` is the day that a
    notice named.
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
    terms: int = 1
    ended: int | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """One pause, declared on the day `told` (None: before entry). Its end is a day, a number of months, or unknown.

    `back` is the day on which they said that they are back as planned, for a pause that was over before entry.
    """

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
    person: str = ""
    back: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One conversation, with a person by name; not `two_way` where they could not be reached."""

    day: int
    partner: str
    kind: str
    person: str
    note: str
    two_way: bool = True


@dataclass(frozen=True, slots=True)
class Lesson:
    """One training session: where and when, at which partner's house, and who is asked to it.

    `came` holds, by partner, the names on the sheet and how many more were only counted.
    """

    key: str
    title: str
    day: int
    place: str
    host: str = ""
    starts: time = time(13)
    minutes: int = 90
    invited: tuple[str, ...] = ()
    came: Mapping[str, tuple[tuple[str, ...], int]] = field(default_factory=dict)

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)
