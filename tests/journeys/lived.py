"""A small world that is lived through for a year, tick by tick, and what its ledger and its mails say afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction

from prm.accounts.queries import local_today
from prm.agreements.actions import enter_agreement
from prm.agreements.actions.entering import Signer
from prm.capacity.actions import pause
from prm.management.commands.tick import heartbeat
from prm.outbox.models import Message
from prm.partners.actions import give_consent
from prm.partners.actions.promises import make_promise
from prm.partners.models import Contact
from prm.reminders.models import Reminder
from prm.training.actions import invite, plan_session, record_attendance
from prm.training.models import Session
from prm.vocabulary.queries import term
from tests.story import ENTERED, NEW_YORK, address, agreement, at, contact, day, partner, person

DAYS = 365
NOON = ENTERED.replace(hour=12, minute=30)  # 09:30 in Los Angeles


@dataclass(frozen=True)
class Lived:
    """A year afterwards: every reminder by its key, what reached whom how often, and the digests."""

    ledger: dict[str, Reminder]
    mails: Counter[tuple[str, str]]
    digests: list[Message]

    def with_state(self, *states: str) -> set[str]:
        return {key for key, row in self.ledger.items() if row.state in states}


def found_world() -> list[Contact]:
    """Three partners with every kind of reminder; return who is invited to trainings."""
    rosa = person("Rosa")
    person("Dina", role="director")
    harbor = partner("Harbor House", owner=rosa, training=3, approval_lead_days=120)
    anna = contact(harbor)
    agreement(harbor, "2027-10-31")
    make_promise(harbor, side="theirs", what="Send the sheet", due_on=day("2027-11-17"), now=ENTERED)
    lake = partner("Lake County", owner=rosa, training=2, zone="America/Los_Angeles")
    lena = contact(lake, "Lena Ruiz", "lena@lake.example")
    agreement(lake, "2027-05-12", starts_on="2026-05-13")
    pause(lake, scope="training", starts_on=day("2027-07-06"), months=2, now=ENTERED)
    give_consent(lake, contact=lena, months=10, now=ENTERED)
    mill = partner("Mill Street", owner=rosa)
    contact(mill, "Mo Kerr", "mo@mill.example")
    agreement(mill, None, starts_on="2026-08-16")
    agreement(mill, "2027-08-20", starts_on="2026-08-21")
    pause(mill, scope="all", starts_on=day("2027-08-02"), months=3, now=ENTERED)
    _without_contact()
    return [anna, lena]


def _without_contact() -> None:
    north = partner("North Star")
    agreement(north, "2027-04-15", starts_on="2026-04-16")
    enter_agreement(
        kind=term("agreement_kind", "mou"),
        title="Waiting",
        term="from_last_signature",
        months=12,
        parties=[Signer(north)],
        sent_on=day("2026-12-21"),
        now=ENTERED,
    )


def _train(invited: list[Contact], on: str, invited_on: str) -> dict[date, Callable[[datetime], object]]:
    """What staff do about one training: ask people to it, and write down that the first of them came."""
    made: list[Session] = []

    def ask(now: datetime) -> None:
        start = at(f"{on}T14:00")
        made.append(plan_session(title="Signs", starts_at=start, ends_at=start + timedelta(hours=2), now=now))
        invite(made[0], invited, now=now)

    def write_down(now: datetime) -> None:
        record_attendance(made[0], contacts=invited[:1], now=now)

    return {day(invited_on): ask, day(on) + timedelta(1): write_down}


def live(invited: list[Contact], mailoutbox: list[Any], without: Collection[date] = ()) -> Lived:
    """Live the year with a heartbeat on every day but those `without`, and take it back: the same world again."""
    mailoutbox.clear()
    staff = _train(invited, "2027-03-25", "2027-03-01") | _train(invited, "2027-09-16", "2027-08-16")
    with transaction.atomic():
        for n in range(DAYS):
            now = NOON + timedelta(n)
            today = local_today(now)
            if today in staff:
                staff[today](now)
            if today not in without:
                heartbeat(now)
        lived = Lived(
            {row.key: row for row in Reminder.objects.all()},
            Counter((address(mail), key) for mail in mailoutbox for key in _keys(mail)),
            list(Message.objects.filter(kind="digest").order_by("pk")),
        )
        transaction.set_rollback(True)
    return lived


def _keys(mail: Any) -> Iterable[str]:
    return (key for key in mail.extra_headers.get("X-PRM-Key", "").split(", ") if key)


def outages(seed: int) -> set[date]:
    """Days without a heartbeat: months, fortnights, long weekends and single days; none in the last weeks."""
    luck, found = Random(seed), set[date]()
    for length in (31, 31, 14, 14, 4, 4, 4, 1, 1, 1, 1, 1, 1):
        while True:
            first = local_today(ENTERED) + timedelta(luck.randrange(1, DAYS - 45))
            if not any(first - timedelta(5) <= known <= first + timedelta(length + 4) for known in found):
                break
        found |= {first + timedelta(n) for n in range(length)}
    return found


def handed_on(row: Reminder) -> date | None:
    """The local day on which it went."""
    return row.handed_at.astimezone(NEW_YORK).date() if row.handed_at else None
