"""The frozen values that the rules speak in. Every date is a local calendar day of the organization or program."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from prm.rules.dates import WorkingWeek
from prm.rules.steps import Rule


class Side(StrEnum):
    """To whom something is said: the other organization, or staff of the program."""

    PARTNER = "partner"
    OURS = "ours"


class State(StrEnum):
    """What becomes of a touch. The first three can be desired, the others are history."""

    PLANNED = "planned"
    HELD = "held"
    SKIPPED = "skipped"
    WITHDRAWN = "withdrawn"
    HANDED_OVER = "handed_over"


class Term(StrEnum):
    """How long an agreement runs."""

    FIXED = "fixed"
    FROM_LAST_SIGNATURE = "from_last_signature"
    EVERGREEN = "evergreen"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a touch is as it is: a stable code and the values its sentence needs (dates as ISO text)."""

    code: str
    data: tuple[tuple[str, str | int], ...] = ()

    @classmethod
    def of(cls, code: str, **data: str | int | date) -> "Reason":
        values = {name: v.isoformat() if isinstance(v, date) else v for name, v in data.items()}
        return cls(code, tuple(sorted(values.items())))


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody at the partner. `entered` orders contacts by when they came in; `left_on` is the last day."""

    id: int
    name: str
    address: str
    entered: int = 0
    left_on: date | None = None
    undeliverable: bool = False
    unsubscribed: frozenset[str] = frozenset()
    discreet: bool = False
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Holding:
    """A contact holds a role from a day through a day (both inside; None: open)."""

    contact: int
    role: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Colleague:
    """An active user of our side, away from a day through a day (both inside); who stands in then, by number."""

    id: int
    name: str
    address: str
    role: str = "manager"
    superuser: bool = False
    away_from: date | None = None
    away_until: date | None = None
    stand_in: int | None = None

    def is_away(self, day: date) -> bool:
        """Return whether the colleague is away on `day`."""
        return (
            self.away_from is not None
            and self.away_until is not None
            and self.away_from <= day <= self.away_until
        )


@dataclass(frozen=True, slots=True)
class Keeping:
    """A colleague keeps the partnership, as owner or deputy, from a day through a day."""

    user: int
    kind: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What the partner said about one reference date of one record ("agreement:17"), and on which day.

    `choice` "not_me" is about the contact alone: somebody else is to be asked.
    """

    record: str
    reference: date
    on: date
    choice: str
    contact: int | None = None


@dataclass(frozen=True, slots=True)
class People:
    """Everyone who may be asked about one organization, and what they answered so far."""

    contacts: tuple[Contact, ...] = ()
    holdings: tuple[Holding, ...] = ()
    mailbox: str = ""
    colleagues: tuple[Colleague, ...] = ()
    keepings: tuple[Keeping, ...] = ()
    answers: tuple[Answered, ...] = ()

    def asked_about(self, record: str, reference: date) -> "People":
        """Return the people without those who said that they are not the ones to ask about this."""
        gone = {
            a.contact
            for a in self.answers
            if a.choice == "not_me" and (a.record, a.reference) == (record, reference)
        }
        if not gone:
            return self
        return replace(self, contacts=tuple(c for c in self.contacts if c.id not in gone))


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement as one partner organization has it; `ends_on` is its last valid day there (None for evergreen).

    `known_on`: the day on which this end was recorded; `waiting_since`: since when a signature is awaited (None unless
    it is); `reviews`: the days of reviews, ascending; `notice_on`: when a side gave notice, so that it does end then.
    """

    id: int
    entered_on: date
    in_force: bool = True
    starts_on: date | None = None
    ends_on: date | None = None
    known_on: date | None = None
    signed_on: date | None = None
    review_every: int = 12
    reviews: tuple[date, ...] = ()
    waiting_since: date | None = None
    notice_on: date | None = None
    kind: int | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """A breath that the partner takes; first and last day are inside, `ends_on` None means unknown.

    `continues`: the pause after which this one is the next stretch, so that the partner is asked at its end only.
    """

    id: int
    scope: str
    starts_on: date
    ends_on: date | None
    talk_on: date
    entered_on: date
    changed_on: date
    declared_by: int | None = None
    imported: bool = False
    answered_on: date | None = None
    effect: str = "closed"
    continues: int | None = None


@dataclass(frozen=True, slots=True)
class Cadence:
    """The rhythm of training. `months` None: none is wanted. `changed_on`: the day it was last set."""

    months: int | None = 3
    anchor: date | None = None
    changed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Attended:
    """Somebody of the organization was trained on a day; `entered_on` is when we learned of it."""

    on: date
    entered_on: date


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's invitation to one session.

    `on` is the session's local start date, `moved_on`/`moved_from` its last move, `recorded_on` the day attendance
    was written down, `attended` whether this person came, `present` whether anyone of the organization did.
    """

    id: int
    session: int
    contact: int
    on: date
    invited_on: date
    answer: str = "none"
    answered_on: date | None = None
    withdrawn_on: date | None = None
    cancelled_on: date | None = None
    moved_on: date | None = None
    moved_from: date | None = None
    recorded_on: date | None = None
    attended: bool = False
    present: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """A two-way talk on a day; `recorded_on` is when it was written down."""

    on: date
    recorded_on: date


@dataclass(frozen=True, slots=True)
class Consent:
    """Consent to be listed, through `ends_on`; `contact` gave it."""

    id: int
    given_on: date
    ends_on: date
    contact: int | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """An open promise, due on a day (inside). `user`: who of us owes it or keeps an eye on it.

    `entered_on` is when it was written down, `changed_on` when it was last moved or opened again.
    """

    id: int
    due_on: date
    entered_on: date
    changed_on: date
    user: int | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What the ledger knows of a touch."""

    state: State
    day: date | None
    reason: Reason = Reason("")
    audience: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Organization:
    """A partner and everything that the rules need to know about it.

    `active` holds the from-to days (None: open) in which it was an active partner; `rules` what staff changed for it.
    """

    id: int
    entered_on: date
    approval_lead_days: int = 0
    approval_lead_set_on: date | None = None
    partner_since: date | None = None
    active: tuple[tuple[date, date | None], ...] = ()
    people: People = field(default_factory=People)
    agreements: tuple[Agreement, ...] = ()
    cadence: Cadence = field(default_factory=Cadence)
    attended: tuple[Attended, ...] = ()
    seats: tuple[Seat, ...] = ()
    pauses: tuple[Pause, ...] = ()
    talks: tuple[Talk, ...] = ()
    consents: tuple[Consent, ...] = ()
    promises: tuple[Promise, ...] = ()
    rules: tuple[Rule, ...] = ()
    past: Mapping[str, Past] = field(default_factory=dict)
    week: WorkingWeek = field(default_factory=WorkingWeek)

    def is_active(self, day: date) -> bool:
        return any(since <= day and (until is None or day <= until) for since, until in self.active)
