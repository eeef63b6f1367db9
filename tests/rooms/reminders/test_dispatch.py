"""What is due goes to whoever holds the role today, where they are awake, in one mail a day."""

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from prm.accounts.actions import add_holiday, change_program
from prm.accounts.queries import program
from prm.management.commands.tick import heartbeat
from prm.outbox.models import Message
from prm.partners.actions import mark_undeliverable, note_leaving, unsubscribe
from prm.partners.links import find
from prm.partners.models import Contact, Organization
from prm.reminders import dispatch
from prm.reminders.actions import refresh
from prm.reminders.models import Handover
from prm.training.actions import invite, plan_session
from tests.story import address, agreement, at, contact, day, entries_to, keys_to, partner, person, steps_to

pytestmark = pytest.mark.django_db

ANNA, SAM, ROSA = "anna@harbor.example", "sam@harbor.example", "rosa@program.example"
BAD_WORDS = ("traffick", "exploit", "survivor", "victim", "slave")


@pytest.fixture
def harbor() -> Organization:
    return partner(owner=person("Rosa"))


@pytest.fixture
def anna(harbor: Organization) -> Contact:
    return contact(harbor)


@pytest.mark.parametrize(
    "zone", ["America/Los_Angeles", "Pacific/Honolulu", "America/New_York", "Pacific/Guam"]
)
def test_it_goes_at_nine_where_the_partner_is(
    harbor: Organization, anna: Contact, mailoutbox: list[Any], zone: str
) -> None:
    Organization.objects.update(zone=zone)
    agreement(harbor, "2027-09-30")
    heartbeat(at("2027-07-02T08:59", ZoneInfo(zone)))
    assert steps_to(mailoutbox, ANNA) == []
    heartbeat(at("2027-07-02T09:00", ZoneInfo(zone)))
    assert steps_to(mailoutbox, ANNA) == ["expiry-90d"]


@pytest.mark.parametrize(
    "late", ["2027-07-02T18:00", "2027-07-03T12:00", "2027-07-05T12:00", "2027-07-06T08:59"]
)
def test_a_late_mail_waits_for_hours_in_which_people_work(
    harbor: Organization, anna: Contact, mailoutbox: list[Any], late: str
) -> None:
    agreement(harbor, "2027-09-30")
    heartbeat(at(late))
    assert steps_to(mailoutbox, ANNA) == []
    heartbeat(at("2027-07-06T09:00"))  # after Independence Day, observed
    assert steps_to(mailoutbox, ANNA) == ["expiry-90d"]


def test_own_holidays_and_hours_are_kept(harbor: Organization, anna: Contact, mailoutbox: list[Any]) -> None:
    add_holiday(date=day("2027-07-02"), name="Summer day")
    change_program(program(), sending_from=at("2027-07-02T10:30").time())
    agreement(harbor, "2027-09-30")
    heartbeat(at("2027-07-01T10:29"))
    assert steps_to(mailoutbox, ANNA) == []
    heartbeat(at("2027-07-01T10:30"))
    assert steps_to(mailoutbox, ANNA) == ["expiry-90d"]


def test_one_address_gets_one_mail_a_day(harbor: Organization, anna: Contact, mailoutbox: list[Any]) -> None:
    for ends_on in ("2027-09-30", "2027-09-29"):
        agreement(harbor, ends_on)
    heartbeat(at("2027-07-02T09:00"))
    mine = [m for m in mailoutbox if address(m) == ANNA and not m.attachments]
    assert len(mine) == 1  # that of the 29th is a day late, that of the 30th on its day
    assert len(steps_to(mailoutbox, ANNA)) == 2


def test_what_becomes_due_later_travels_in_a_second_mail(
    harbor: Organization, anna: Contact, mailoutbox: list[Any]
) -> None:
    agreement(harbor, "2027-09-30")
    heartbeat(at("2027-07-02T09:00"))
    agreement(harbor, "2027-10-01", now=at("2027-07-02T11:00"))
    heartbeat(at("2027-07-02T11:01"))
    heartbeat(at("2027-07-06T09:00"))
    mine = [m for m in mailoutbox if address(m) == ANNA and not m.attachments]
    assert [m.extra_headers["X-PRM-Key"].count("expiry-") for m in mine] == [1, 1]


def test_two_partners_with_one_address_get_two_mails(
    harbor: Organization, anna: Contact, mailoutbox: list[Any]
) -> None:
    other = partner("Mill Street")
    contact(other)
    agreement(harbor)
    agreement(other)
    heartbeat(at("2027-07-02T09:00"))
    assert len([m for m in mailoutbox if address(m) == ANNA and not m.attachments]) == 2


def test_mail_says_who_and_why_and_carries_the_links_that_are_its_own(
    harbor: Organization, anna: Contact, mailoutbox: list[Any]
) -> None:
    mou = agreement(harbor)
    heartbeat(at("2027-07-02T09:00"))
    mail = next(m for m in mailoutbox if address(m) == ANNA and not m.attachments)
    assert (
        mail.extra_headers["X-PRM-Key"] == f"agreement:{mou.pk}:expiry-90d:2027-09-30:org-{harbor.pk}:partner"
    )
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"
    assert mail.reply_to == [ROSA]
    assert "Why you get this" in mail.body
    tokens = set(re.findall(r"/p/([\w-]+)/", mail.body))
    assert {find(token).purpose for token in tokens} == {"renewal", "pause", "leaving", "page"}
    frozen = Message.objects.get(message_id=mail.extra_headers["Message-ID"])
    assert not any(token in frozen.text + frozen.html for token in tokens)
    unsubscribe = re.fullmatch(r"<\S+/p/([\w-]+)/>", mail.extra_headers["List-Unsubscribe"])
    assert find(unsubscribe[1]).about == "renewal"


def test_without_owner_replies_go_to_the_mailbox(anna: Contact, mailoutbox: list[Any]) -> None:
    anna.organization.assignments.all().delete()
    agreement(anna.organization)
    heartbeat(at("2027-07-02T09:00"))
    mail = next(m for m in mailoutbox if address(m) == ANNA and not m.attachments)
    assert mail.reply_to == [program().mailbox]


@pytest.mark.parametrize(
    "leave",
    [
        lambda anna: mark_undeliverable(anna, on=day("2027-06-01"), now=at("2027-06-01T10:00")),
        lambda anna: unsubscribe(anna, category="renewal", now=at("2027-06-01T10:00")),
        lambda anna: note_leaving(anna, last_day=day("2027-07-01"), now=at("2027-06-01T10:00")),
    ],
    ids=["undeliverable", "unsubscribed", "left"],
)
def test_who_cannot_be_reached_is_passed_over(anna: Contact, mailoutbox: list[Any], leave: Any) -> None:
    contact(anna.organization, "Sam Ode", SAM, roles=("signatory",))
    agreement(anna.organization)
    leave(anna)
    heartbeat(at("2027-07-02T09:00"))
    assert keys_to(mailoutbox, ANNA) == []
    assert steps_to(mailoutbox, SAM) == ["expiry-90d"]


def test_the_role_mailbox_is_asked_last(harbor: Organization, anna: Contact, mailoutbox: list[Any]) -> None:
    Organization.objects.update(role_mailbox="desk@harbor.example")
    agreement(harbor)
    mark_undeliverable(anna, on=day("2027-06-01"), now=at("2027-06-01T10:00"))
    heartbeat(at("2027-07-02T09:00"))
    assert steps_to(mailoutbox, "desk@harbor.example") == ["expiry-90d"]


def test_nobody_left_tells_the_owner(harbor: Organization, mailoutbox: list[Any]) -> None:
    mou = agreement(harbor)
    heartbeat(at("2027-07-02T09:00"))
    assert f"agreement:{mou.pk}:expiry-90d:2027-09-30:org-{harbor.pk}:partner:nobody" in keys_to(
        mailoutbox, ROSA
    )


@pytest.mark.parametrize("word", ["Human Trafficking Task Force", "Survivor and Victim Services"])
def test_discreet_contact_reads_no_word_of_it(harbor: Organization, mailoutbox: list[Any], word: str) -> None:
    change_program(program(), name=word)
    Organization.objects.update(name=f"{word} House")
    anna = contact(Organization.objects.get(), discreet=True)
    agreement(Organization.objects.get())
    start = at("2027-07-09T10:00")
    session = plan_session(
        title=f"{word}: basics",
        starts_at=start,
        ends_at=start + timedelta(hours=1),
        now=at("2027-06-01T10:00"),
    )
    invite(session, [anna], now=at("2027-06-01T10:00"))
    for moment in ("2027-06-01T10:01", "2027-07-02T09:00", "2027-07-08T09:00"):
        heartbeat(at(moment))
    mine = [m for m in mailoutbox if address(m) == ANNA]
    assert len(mine) >= 4
    for mail in mine:
        title = "".join(
            line
            for line in str(mail.alternatives[-1][0]).splitlines()
            if line.startswith(("SUMMARY", "ORGANIZER"))
        )
        seen = f"{mail.subject} {mail.from_email} {title}".lower()
        assert not [bad for bad in BAD_WORDS if bad in seen]


def test_demo_mail_is_marked_and_refused_on_a_real_route(mailoutbox: list[Any]) -> None:
    make_believe = partner("Make Believe", is_demo=True)
    contact(make_believe)
    agreement(make_believe)
    heartbeat(at("2027-07-02T09:00"))
    assert mailoutbox == []
    assert set(Message.objects.values_list("demo", "state")) == {(True, "cancelled")}


def test_every_handover_is_written_down_once(harbor: Organization, anna: Contact) -> None:
    contact(harbor, "Sam Ode", SAM, roles=("signatory",))
    agreement(harbor)
    heartbeat(at("2027-08-31T09:00"))  # -30: notice and signatory
    found = Handover.objects.filter(reminder__offset=-30, reminder__side="partner").values_list(
        "recipient", flat=True
    )
    assert sorted(found) == [ANNA, SAM]


def test_invitation_goes_at_once_even_on_a_sunday(
    harbor: Organization, anna: Contact, mailoutbox: list[Any]
) -> None:
    start = at("2027-07-09T10:00")
    session = plan_session(
        title="Signs", starts_at=start, ends_at=start + timedelta(hours=1), now=at("2027-06-06T20:00")
    )
    invite(session, [anna], now=at("2027-06-06T20:00"))
    heartbeat(at("2027-06-06T20:01"))
    assert [entry[:2] for entry in entries_to(mailoutbox, ANNA)] == [("REQUEST", 0)]


def test_what_is_too_much_for_one_turn_goes_with_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "BATCH", 1)
    for number in range(3):
        house = partner(f"House {number}", owner=person("Rosa") if number == 0 else None)
        contact(house, "Anna", f"anna{number}@harbor.example")
        agreement(house, "2027-09-30")
    morning = at("2027-07-02T09:00")
    refresh(now=morning)
    mails = Message.objects.filter(kind="partner")
    assert dispatch.hand_over(now=morning, enough=lambda: mails.count() >= 2)
    assert mails.count() == 2
    dispatch.hand_over(now=morning)
    assert mails.count() == 3
