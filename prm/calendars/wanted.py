"""What an address should hold in its calendar: an entry in words and times, and whose calendar it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says. `starts` and `ends` are ISO text: dates (the last day inside), or local times of `zone`.

    `what` is expiry, talk or session; `informs` means that no answer is asked and the time stays free.
    """

    what: str
    title: str
    description: str
    starts: str
    ends: str
    zone: str
    place: str = ""
    informs: str = ""
    organizer: str = ""
    organizer_name: str = ""

    @property
    def all_day(self) -> bool:
        return "T" not in self.starts

    def moment(self, text: str) -> date | datetime:
        """Return one of the two ends as a date, or as an aware time in the entry's zone."""
        if self.all_day:
            return date.fromisoformat(text)
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.zone))

    @property
    def matter(self) -> tuple[str, ...]:
        """What makes an update worth a mail: time and place, and what a session is about; not how we are called."""
        return (
            self.starts,
            self.ends,
            self.zone,
            self.place,
            self.title if self.what == "session" else "",
        )

    def is_over(self, now: datetime) -> bool:
        last = date.fromisoformat(self.ends[:10])
        return last < now.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, slots=True)
class Addressee:
    """One address that an entry goes to, and how mail to it is written."""

    address: str
    name: str
    organization: int
    side: str
    organization_name: str = ""
    contact: int | None = None
    user: int | None = None
    language: str = "en"
    discreet: bool = False
    demo: bool = False
    program_name: str = ""
    neutral_name: str = ""
    owner_name: str = ""
    owner_email: str = ""
    mailbox: str = ""

    @property
    def answers_to(self) -> tuple[str, str]:
        """Who signs the mail, and where a reply goes: the owner; for our own side the program."""
        return (self.owner_name, self.owner_email) if self.side == "partner" else ("", self.mailbox)

    @property
    def sender(self) -> str:
        """The program's name as this address may see it."""
        return self.neutral_name if self.discreet else self.program_name


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry that an address should hold. `event` is the touch's key without its date."""

    event: str
    touch_key: str
    to: Addressee
    said: Said
    partstat: str = "NEEDS-ACTION"
