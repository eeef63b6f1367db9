"""Our side's morning mail: once a day, in the reader's own zone, with everything that concerns the reader."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from prm.accounts.actions import plan_absence
from prm.accounts.models import User
from prm.management.commands.tick import heartbeat
from prm.partners.actions import assign_deputy, assign_owner
from prm.partners.models import Organization
from prm.reminders.models import Reminder
from tests.story import address, agreement, at, contact, keys_to, partner, person, steps_to

pytestmark = pytest.mark.django_db

ROSA, BEN, DINA = "rosa@program.example", "ben@program.example", "dina@program.example"


@pytest.fixture
def rosa() -> User:
    return person("Rosa")


@pytest.fixture
def harbor(rosa: User) -> Organization:
    """Harbor House, with an agreement whose last valid day is Thu 30 Sep 2027."""
    harbor = partner(owner=rosa)
    contact(harbor)
    agreement(harbor, "2027-09-30")
    return harbor


def digests(mails: list[Any], who: str = ROSA) -> list[Any]:
    return [m for m in mails if address(m) == who and m.subject.startswith("Your partners")]


def test_one_a_day_and_reader(harbor: Organization, mailoutbox: list[Any]) -> None:
    for moment in ("2027-07-02T08:00", "2027-07-02T08:01", "2027-07-02T12:00", "2027-07-02T17:59"):
        heartbeat(at(moment))
    assert len(digests(mailoutbox)) == 1


def test_nothing_in_it_no_mail(rosa: User, mailoutbox: list[Any]) -> None:
    partner(owner=rosa)
    heartbeat(at("2027-01-05T08:00"))
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("2027-07-03T09:00", "Saturday"),
        ("2027-07-05T09:00", "Independence Day, observed"),
        ("2027-07-06T19:00", "evening"),
    ],
)
def test_none_outside_working_days_and_hours(
    harbor: Organization, mailoutbox: list[Any], moment: str, why: str
) -> None:
    heartbeat(at(moment))
    assert digests(mailoutbox) == [], why
    heartbeat(at("2027-07-07T08:00"))
    assert len(digests(mailoutbox)) == 1


def test_it_comes_at_eight_where_the_reader_is(
    harbor: Organization, rosa: User, mailoutbox: list[Any]
) -> None:
    rosa.zone = "Pacific/Honolulu"
    rosa.save()
    heartbeat(at("2027-07-02T07:59", ZoneInfo("Pacific/Honolulu")))
    assert digests(mailoutbox) == []
    heartbeat(at("2027-07-02T08:00", ZoneInfo("Pacific/Honolulu")))
    assert steps_to(mailoutbox, ROSA, "agreement") == ["expiry-90d"]


def test_colleague_further_west_gets_what_the_first_digest_took(
    harbor: Organization, mailoutbox: list[Any]
) -> None:
    assign_deputy(harbor, person("Ben", zone="America/Los_Angeles"), now=at("2027-01-05T10:00"))
    for hour in ("08:00", "11:00", "11:01"):
        heartbeat(at(f"2027-09-23T{hour}"))  # -7: owner and deputy
    assert steps_to(mailoutbox, ROSA, "agreement")[-1:] == ["expiry-7d"]
    assert steps_to(mailoutbox, BEN, "agreement") == ["expiry-7d"]


def test_also_when_it_was_late_already(harbor: Organization, mailoutbox: list[Any]) -> None:
    assign_deputy(harbor, person("Ben", zone="America/Los_Angeles"), now=at("2027-01-05T10:00"))
    heartbeat(at("2027-09-22T11:00"))
    for hour in ("08:00", "11:00"):
        heartbeat(at(f"2027-09-24T{hour}"))  # nothing ran on the 23rd
    assert steps_to(mailoutbox, BEN, "agreement") == ["expiry-7d"]


def test_weekly_reader_gets_on_monday_what_a_daily_colleague_had(
    harbor: Organization, mailoutbox: list[Any]
) -> None:
    assign_deputy(harbor, person("Ben", digest="weekly"), now=at("2027-01-05T10:00"))
    heartbeat(at("2027-09-20T08:00"))
    for n in range(3, 8):
        heartbeat(at("2027-09-20T08:00") + timedelta(n))
    assert steps_to(mailoutbox, BEN, "agreement") == ["expiry-7d"]
    assert len(digests(mailoutbox, BEN)) <= 2


def test_new_owner_does_not_get_what_the_one_before_had(harbor: Organization, mailoutbox: list[Any]) -> None:
    ben = person("Ben")
    heartbeat(at("2027-07-01T08:00"))
    heartbeat(at("2027-07-02T08:00"))
    assign_owner(harbor, ben, now=at("2027-07-02T12:00"), since=at("2027-07-06T00:00").date())
    heartbeat(at("2027-07-06T08:00"))
    assert steps_to(mailoutbox, BEN) == []


def test_last_valid_day_is_a_mail_of_its_own_to_owner_deputy_and_directors(
    harbor: Organization, mailoutbox: list[Any]
) -> None:
    person("Dina", role="director")
    assign_deputy(harbor, person("Ben", digest="weekly"), now=at("2027-01-05T10:00"))
    heartbeat(at("2027-09-27T08:00"))
    mailoutbox.clear()
    heartbeat(at("2027-09-30T07:59"))
    assert mailoutbox == []
    heartbeat(at("2027-09-30T08:00"))
    for who in (ROSA, BEN, DINA):
        assert steps_to(mailoutbox, who, "agreement") == ["expiry-0d"]
        assert [
            m.subject
            for m in mailoutbox
            if address(m) == who and "-0d" in m.extra_headers.get("X-PRM-Key", "")
        ] == ["Last day today: our agreement with Harbor House"]


def test_agreement_entered_on_its_last_day_is_told_the_same_day(rosa: User, mailoutbox: list[Any]) -> None:
    harbor = partner(owner=rosa)
    heartbeat(at("2027-09-30T08:00"))
    agreement(harbor, "2027-09-30", now=at("2027-09-30T11:00"))
    heartbeat(at("2027-09-30T11:01"))
    assert steps_to(mailoutbox, ROSA, "agreement") == ["expiry-0d"]


def test_last_day_on_a_weekend_does_not_say_today(rosa: User, mailoutbox: list[Any]) -> None:
    harbor = partner(owner=rosa)
    contact(harbor)
    agreement(harbor, "2027-10-31")
    heartbeat(at("2027-10-29T09:00"))
    told = [m for m in mailoutbox if "expiry-0d" in m.extra_headers.get("X-PRM-Key", "")]
    assert len(told) == 2
    for mail in told:
        assert "today" not in mail.subject.lower()
        assert "31\xa0Oct" in mail.subject or "31 Oct" in mail.subject
        assert "Today is" not in mail.body


def test_deputy_hears_two_weeks_after_a_missed_training(rosa: User, mailoutbox: list[Any]) -> None:
    harbor = partner(owner=rosa, training=3)
    contact(harbor)
    assign_deputy(harbor, person("Ben"), now=at("2027-01-05T10:00"))
    heartbeat(at("2027-02-17T08:00"))  # due 3 Feb
    assert "training+14d" in steps_to(mailoutbox, BEN)
    assert "training-21d" not in steps_to(mailoutbox, BEN)


def test_at_once_reader_gets_a_mail_for_each(rosa: User, mailoutbox: list[Any]) -> None:
    rosa.digest = "at_once"
    rosa.save()
    for name in ("Harbor House", "Mill Street"):
        organization = partner(name, owner=rosa)
        contact(organization)
        agreement(organization, "2027-09-30")
    heartbeat(at("2027-07-02T08:00"))
    heartbeat(at("2027-07-02T08:01"))
    mine = [m for m in mailoutbox if address(m) == ROSA and "expiry-90d" in m.extra_headers["X-PRM-Key"]]
    assert len(mine) == 2


def test_nobody_known_goes_to_the_owner(rosa: User, mailoutbox: list[Any]) -> None:
    mou = agreement(partner(owner=rosa), "2027-09-30")
    heartbeat(at("2027-07-02T09:00"))
    key = f"agreement:{mou.pk}:expiry-90d:2027-09-30:org-{mou.parties.first().organization_id}:partner:nobody"
    assert key in keys_to(mailoutbox, ROSA)
    assert Reminder.objects.get(key=key.removesuffix(":nobody")).state == "skipped"


def test_demo_partners_never_travel_with_real_ones(
    rosa: User, harbor: Organization, mailoutbox: list[Any]
) -> None:
    agreement(partner("Make Believe", owner=rosa, is_demo=True), "2027-09-30")
    heartbeat(at("2027-07-02T08:00"))
    assert [m for m in mailoutbox if "Make Believe" in m.body] == []
    assert len(digests(mailoutbox)) == 1
    assert Reminder.objects.filter(organization__is_demo=True, offset=-90, state="handed_over").exists()


def test_stand_in_reads_what_is_due_while_the_owner_is_away(
    rosa: User, harbor: Organization, mailoutbox: list[Any]
) -> None:
    ben, today = person("Ben"), at("2027-06-28T10:00").date()
    plan_absence(
        rosa, first=at("2027-07-01T00:00").date(), last=today + timedelta(14), stand_in=ben, today=today
    )
    for morning in ("2027-07-01T08:00", "2027-07-02T08:00"):
        heartbeat(at(morning))
    assert steps_to(mailoutbox, BEN, "agreement") == steps_to(mailoutbox, ROSA, "agreement") == ["expiry-90d"]
    heartbeat(at("2027-09-23T08:00"))  # -7: Rosa is back
    assert steps_to(mailoutbox, ROSA, "agreement")[-1] == "expiry-7d"
    assert steps_to(mailoutbox, BEN, "agreement") == ["expiry-90d"]
