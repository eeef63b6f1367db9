"""One partner through a year in which anything may happen: what people do, day by day, and what must hold after it."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

import vobject

from prm.accounts.actions import set_sending
from prm.accounts.queries import program
from prm.agreements.actions import correct_end, renew
from prm.agreements.models import Agreement, Party
from prm.agreements.queries import last_day
from prm.continuity import leaving, saying
from prm.continuity.letters import send_link
from prm.outbox.delivery import drain
from prm.partners import links
from prm.partners.links import Holder, Wish
from prm.partners.models import Contact, Link, Organization, Purpose, Statement, StatementKind
from prm.reminders.actions import refresh
from prm.reminders.dispatch import hand_over
from prm.reminders.models import Reminder
from prm.rules.refusal import Refusal
from prm.training.actions import invite, plan_session
from tests.story import NEW_YORK, address, agreement, at, contact, partner, person

START = at("2027-03-01T10:00")
PEOPLE = ("Ben Ortiz", "Cleo Park", "Dana Wu", "")


class World:
    """Harbor House with an agreement that ends, one that does not, a rhythm, three people and a session to come."""

    def __init__(self, mailoutbox: list[Any]) -> None:
        self.mails, self.read, self.now = mailoutbox, len(mailoutbox), START
        self.rosa = person("Rosa")
        person("Daniel", role="director")
        self.harbor: Organization = partner(owner=self.rosa, training=3)
        contact(self.harbor)
        contact(self.harbor, "Sam Lee", "sam@harbor.example", roles=["signatory"])
        agreement(self.harbor, "2027-07-15")
        agreement(self.harbor, None)
        self.held: dict[str, set[str]] = {}
        self.ask(25)
        self.beat()

    # -- what people do

    def do(self, what: str, number: int) -> None:
        """Let somebody do it; a refusal is an answer too."""
        deeds: dict[str, Callable[[int], object]] = {
            "full": self.full,
            "longer": self.longer,
            "back": self.back,
            "leave": self.leave,
            "stay": self.stay,
            "unsay": self.unsay,
            "answer": self.answer,
            "renew": self.renew,
            "correct": self.correct,
            "ask": self.ask,
            "letter": self.letter,
            "hold": self.hold,
        }
        with suppress(Refusal):
            deeds[what](number)
        self.beat()

    def link(self, number: int, purpose: Purpose) -> Link:
        """A link of somebody who is there, or of the shared mailbox where nobody is."""
        here = [one for one in self.harbor.contacts.order_by("pk") if not self.gone(one)]
        speaker = here[number % len(here)].pk if here else None
        return links.issue([(Holder(self.harbor.pk, speaker), Wish(purpose))], now=self.now)[0]

    def full(self, number: int) -> object:
        scope = ("all", "training", "referrals")[number % 3]
        months = (None, 1, 3, 6)[number % 4]
        return saying.we_are_full(self.link(number, Purpose.PAUSE), scope=scope, months=months, now=self.now)

    def longer(self, number: int) -> object:
        pause = self.harbor.pauses.filter(withdrawn_on__isnull=True).order_by("pk").last()
        if pause is None:
            return None
        link = self.link(number, Purpose.TALK)
        return saying.answer_talk(link, pause, choice="longer", months=1 + number % 3, now=self.now)

    def back(self, number: int) -> object:
        pause = self.harbor.pauses.filter(withdrawn_on__isnull=True).order_by("pk").last()
        link = self.link(number, Purpose.TALK)
        return pause and saying.answer_talk(link, pause, choice="back", now=self.now)

    def leave(self, number: int) -> object:
        name = PEOPLE[number % len(PEOPLE)]
        said = leaving.announce(
            self.link(number, Purpose.LEAVING),
            last_day=self.now.date() + timedelta(days=number - 5),
            successor_name=name,
            successor_email=f"{name.split()[0].lower()}@harbor.example" if name else "",
            now=self.now,
        )
        return leaving.confirm(said, now=self.now, by=self.rosa)

    def stay(self, _number: int) -> object:
        said = self.harbor.statements.filter(kind=StatementKind.LEAVING).exclude(outcome="").first()
        return said and leaving.undo(said, now=self.now, by=self.rosa)

    def unsay(self, number: int) -> object:
        kinds = (StatementKind.PAUSE, StatementKind.TALK, StatementKind.RENEWAL)
        said = list(Statement.objects.filter(kind__in=kinds, taken_back_at__isnull=True))
        return said and saying.take_back(said[number % len(said)], now=self.now)

    def answer(self, number: int) -> object:
        choice = saying.RENEWAL_CHOICES[number % len(saying.RENEWAL_CHOICES)]
        link = self.link(number, Purpose.RENEWAL)
        return saying.answer_renewal(link, self.mou, choice=choice, now=self.now)

    def renew(self, number: int) -> object:
        return renew(self.mou, now=self.now, signed=bool(number % 3), by=self.rosa)

    def correct(self, number: int) -> object:
        return correct_end(self.mou, expires_on=self.now.date() + timedelta(days=7 * number), now=self.now)

    def ask(self, number: int) -> object:
        """Plan a session in so many days and invite whoever comes to trainings."""
        starts = self.now + timedelta(days=number + 1)
        planned = plan_session(
            title="Spotting the signs", starts_at=starts, ends_at=starts + timedelta(hours=2), now=self.now
        )
        coming = Contact.objects.filter(roles__kind="training", roles__organization=self.harbor)
        return invite(planned, coming.distinct(), now=self.now)

    def letter(self, number: int) -> object:
        """Somebody asks for a link to their page."""
        link = self.link(number, Purpose.PAGE)
        return send_link(self.harbor, link.contact, Wish(Purpose.PAGE), now=self.now)

    def hold(self, _number: int) -> object:
        """Nothing is sent for a while; what was written waits."""
        return set_sending(program(), "held", now=self.now)

    @property
    def mou(self) -> Agreement:
        """The agreement with an end that is the latest."""
        return Agreement.objects.exclude(term="evergreen").order_by("pk").last()  # type: ignore[return-value]

    # -- time

    def wait(self, days: int) -> None:
        """Let days pass, each with a beat in its morning."""
        for _day in range(days):
            self.now = (self.now + timedelta(days=1)).replace(hour=10, minute=0)
            self.beat()

    def run(self, until: datetime) -> None:
        """Let all mail to the partner go until then, each on its day, and everybody leave on theirs."""
        set_sending(program(), "on", now=self.now)
        self.beat()
        while (next_at := self.next_at()) is not None and next_at <= until:
            self.now = max(next_at, self.now + timedelta(hours=1)).astimezone(NEW_YORK)
            self.beat()

    def next_at(self) -> datetime | None:
        """Return when something happens next."""
        due = Reminder.objects.filter(state="planned", side="partner", due_at__gt=self.now)
        nights = [
            datetime.combine(one.left_on + timedelta(days=1), time(0, 5), NEW_YORK)
            for one in self.harbor.contacts.exclude(left_on=None)
            if one.left_on is not None
        ]
        found = [at for at in (*due.values_list("due_at", flat=True), *nights) if at > self.now]
        return min(found, default=None)

    def beat(self) -> None:
        """What the clock does every minute, as far as partners are concerned."""
        leaving.follow_through(now=self.now)
        refresh(now=self.now)
        hand_over(now=self.now)
        drain(now=lambda: self.now, owner="test")
        self.read_mail()

    # -- what must hold

    def gone(self, person: Contact) -> bool:
        return person.left_on is not None and person.left_on < self.now.date()

    def read_mail(self) -> None:
        """Nobody who is gone got mail just now, but the CANCEL of an entry that their address holds."""
        people = list(self.harbor.contacts.all())
        here = {one.email for one in people if not self.gone(one)}
        away = {one.email for one in people if self.gone(one)} - here
        for mail in self.mails[self.read :]:
            to, (method, uid) = address(mail), entry(mail)
            if to in away:
                assert (method, uid in self.held.get(to, ())) == ("CANCEL", True), (to, mail.subject)
            if method == "REQUEST":
                self.held.setdefault(to, set()).add(uid)
            elif method == "CANCEL":
                self.held[to].remove(uid)
        self.read = len(self.mails)

    def uncared(self) -> list[str]:
        """Return the agreements and rhythms of which nothing is planned, covered, held, or left out for a reason."""
        today = self.now.date()
        told = [row.record + ":" + row.rule for row in self.harbor.reminders.all() if speaks(row, today)]
        parties = Party.objects.filter(
            organization=self.harbor, agreement__status="in_force", signature="signed"
        )
        wanted = [f"organization:{self.harbor.pk}:training"]
        for party in parties:
            ends_on = last_day(party)
            if ends_on is None or ends_on >= today:
                wanted.append(f"agreement:{party.agreement_id}:")
        return [start for start in wanted if not any(key.startswith(start) for key in told)]


def speaks(row: Reminder, today: date) -> bool:
    """Whether a line of the ledger says what comes, or why nothing does."""
    still = row.state == "held" or (
        row.state in ("planned", "skipped") and (row.day is None or row.day >= today)
    )
    return still and (row.state == "planned" or bool(row.reason))


def entry(mail: Any) -> tuple[str, str]:
    """Return METHOD and UID of a mail's calendar part, or two empty texts."""
    body = next((str(part[0]) for part in mail.alternatives if part[1].startswith("text/calendar")), None)
    if body is None:
        return "", ""
    read = vobject.readOne(body)
    return read.method.value, read.vevent.uid.value
