"""What would break a mail breaks that mail alone: all others go, nothing goes in circles, and a person hears of it."""

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from prm.accounts.models import User
from prm.desk.today import day_of
from prm.exchange.csv_file import encoding_of
from prm.exchange.sheet import Unreadable
from prm.management.commands.tick import heartbeat
from prm.outbox import actions
from prm.outbox.models import Message
from prm.partners.models import Contact, Organization
from prm.reminders.models import Reminder
from prm.reporting.health import unwritten_mail
from tests.story import agreement, at, contact, day, partner, person

from .conftest import Relay

pytestmark = pytest.mark.django_db

ENTERED = at("2027-06-28T10:00")
FRIDAY = at("2027-07-02T10:00")  # 90 days before one thing, 21 before another
LATER = FRIDAY + timedelta(hours=1)
MOST = 20 * 2**20


@pytest.fixture
def rosa() -> User:
    return person("Rosa", now=ENTERED)


@pytest.fixture
def houses(rosa: User) -> list[Organization]:
    """Harbor House, whose agreement ends and whose training is due; Lake County, whose training is due."""
    known = {"owner": rosa, "training": 3, "partner_since": day("2026-06-23"), "now": ENTERED}
    harbor, lake = partner("Harbor House", **known), partner("Lake County", **known)
    contact(harbor, now=ENTERED)
    contact(lake, "Lena Ruiz", "lena@lake.example", now=ENTERED)
    agreement(harbor, "2027-09-30", now=ENTERED)
    return [harbor, lake]


@pytest.fixture
def broken(settings: Any, tmp_path: Path) -> Any:
    """Break one of the texts that mails are made of; what it returns mends it again."""
    whole = deepcopy(settings.TEMPLATES)

    def spoil(name: str) -> Any:
        file = tmp_path / "mail" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{% include 'mail/that is gone.txt' %}")
        settings.TEMPLATES = [{**whole[0], "DIRS": [tmp_path, *whole[0]["DIRS"]]}]

        def mend() -> None:
            settings.TEMPLATES = whole

        return mend

    return spoil


def keys(relay: Relay, to: str = "") -> set[str]:
    """What arrived, as rule and step."""
    mails = [mail for mail in relay.mails if to in mail["To"]]
    return {key.split(":")[2] for mail in mails for key in (mail["X-PRM-Key"] or "").split(", ") if key}


def told(rosa: User, now: Any = LATER) -> list[str]:
    """What Today says could not be sent."""
    return [
        f"{row.subject}: {row.matter}" for row in day_of(rosa, everyone=False, now=now).groups["failed"].rows
    ]


HALTED = "Harbor House: A reminder could not be written. We keep trying."


def test_a_wording_that_raises_stops_its_own_mail_and_is_told_until_it_is_mended(
    relay: Relay, rosa: User, houses: list[Organization], broken: Any
) -> None:
    mend = broken("items/expiry.txt")
    heartbeat(FRIDAY)
    assert keys(relay, "anna@") == {"training-21d", "expiry-entry"}  # in one mail they would all have failed
    assert keys(relay, "lena@") == {"training-21d"}
    [line] = told(rosa)
    assert line.startswith(HALTED)
    stuck = Reminder.objects.get(rule="expiry", side="partner", offset=-90)
    assert (stuck.state, stuck.reason) == ("planned", "unwritten")
    assert "1 reminder could not be written" in unwritten_mail().words
    number = len(relay.mails)
    heartbeat(FRIDAY + timedelta(minutes=1))
    assert len(relay.mails) == number
    mend()
    heartbeat(FRIDAY + timedelta(minutes=2))
    assert keys(relay, "anna@") == {"training-21d", "expiry-entry", "expiry-90d"}
    assert len(relay.mails) == number + 1
    assert told(rosa) == []
    stuck.refresh_from_db()
    assert (stuck.state, stuck.reason) == ("handed_over", "planned")


def test_a_calendar_entry_that_cannot_be_worded_holds_up_no_mail(
    relay: Relay, rosa: User, houses: list[Organization], broken: Any
) -> None:
    mend = broken("entry.txt")
    heartbeat(FRIDAY)
    assert keys(relay, "anna@") == {"training-21d", "expiry-90d"}
    assert keys(relay, "lena@") == {"training-21d"}
    assert [line.partition(":")[0] for line in told(rosa)] == ["Harbor House"]
    mend()
    heartbeat(FRIDAY + timedelta(minutes=1))
    assert "expiry-entry" in keys(relay, "anna@")
    assert told(rosa) == []


def test_a_digest_that_cannot_be_worded_holds_up_no_mail_and_is_caught_up(
    relay: Relay, rosa: User, houses: list[Organization], broken: Any
) -> None:
    mend = broken("digest.txt")
    heartbeat(FRIDAY)
    assert keys(relay, "anna@") == {"training-21d", "expiry-90d", "expiry-entry"}
    assert Message.objects.filter(kind="digest").count() == 0
    assert [line.partition(":")[0] for line in told(rosa)] == ["Harbor House", "Lake County"]
    mend()
    for minute in (1, 2):
        heartbeat(FRIDAY + timedelta(minutes=minute))
    assert Message.objects.filter(kind="digest", state="sent").count() == 1
    assert told(rosa) == []


def test_an_address_with_a_line_break_fails_alone_and_says_so(
    relay: Relay, rosa: User, houses: list[Organization], client: Client
) -> None:
    contact(houses[0], "Sam Ode", "sam@harbor.example", roles=("training",), now=ENTERED)
    Contact.objects.filter(name="Anna Reyes").update(email="anna@harbor.example\r\nBcc: all@evil.example")
    heartbeat(FRIDAY)
    heartbeat(FRIDAY + timedelta(minutes=1))
    assert keys(relay, "sam@") == keys(relay, "lena@") == {"training-21d"}
    assert "evil" not in str([mail.items() for mail in relay.mails])
    failed = Message.objects.filter(state="failed")
    assert {message.attempts for message in failed} == {1}
    assert [line.partition("(")[2] for line in told(rosa)] == [
        "",
        "Anna Reyes)",
    ]  # the calendar entry, and the mail
    client.force_login(rosa)
    page = client.get(f"/outbox/{failed[0].pk}/").content.decode()
    assert "is not an address that mail can go to." in page


def test_a_nul_in_a_name_is_left_out_or_refused(
    relay: Relay, houses: list[Organization], draft: Any, tmp_path: Path
) -> None:
    heartbeat(FRIDAY)
    actions.write([draft(recipient_name="An\x00na", subject="To\x00day", text="\x00 Hello")], now=LATER)
    heartbeat(LATER)
    [mail] = [mail for mail in relay.mails if mail["Subject"] == "Today"]
    assert mail["To"] == "Anna <anna@harbor.example>"
    file = tmp_path / "list.csv"
    file.write_bytes(b"Organization,Contact\nHarbor House,An\x00na Reyes\n")
    with pytest.raises(Unreadable, match="is not a text file"):
        encoding_of(file)


def test_a_mail_of_more_than_20_mb_is_refused_by_the_relay_and_stops_nobody(
    relay: Relay, rosa: User, houses: list[Organization], draft: Any
) -> None:
    line = "x" * 63 + "\n"
    text = line * (MOST // len(line))
    large = draft(kind="letter", keys=(), text=text, html=text, organization_id=houses[0].pk)
    actions.write([replace(large, due_at=FRIDAY - timedelta(hours=1))], now=FRIDAY)
    heartbeat(FRIDAY)
    heartbeat(FRIDAY + timedelta(minutes=1))
    assert keys(relay, "lena@") == {"training-21d"}
    assert "expiry-90d" in keys(relay, "anna@")
    [failed] = Message.objects.filter(state="failed").values("attempts", "last_error")
    assert failed["attempts"] == 1
    assert failed["last_error"].startswith("552")
    assert len(told(rosa)) == 1


def test_a_relay_that_answers_with_a_nul_fails_one_mail(
    relay: Relay, houses: list[Organization], rosa: User
) -> None:
    relay.answers = ["550 no\x00thing of the kind"]
    heartbeat(FRIDAY)
    [failed] = Message.objects.filter(state="failed")
    assert failed.last_error == "550 nothing of the kind"
    assert not Message.objects.filter(state__in=("waiting", "sending")).exists()
