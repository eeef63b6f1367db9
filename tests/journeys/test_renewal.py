"""An agreement nears its end: from the first mail to the next term."""

from typing import Any

import pytest

from prm.agreements.actions import correct_end, renew
from prm.agreements.models import Agreement
from prm.management.commands.tick import heartbeat
from prm.reminders.models import Reminder
from tests.story import address, agreement, at, contact, day, entries_to, partner, person, steps_to

pytestmark = pytest.mark.django_db

ANNA, ROSA = "anna@harbor.example", "rosa@program.example"


@pytest.fixture
def mou() -> Agreement:
    """An agreement through Thu 30 Sep 2027 with a partner whose approval takes 120 days."""
    harbor = partner(owner=person("Rosa"), approval_lead_days=120)
    contact(harbor)
    return agreement(harbor, "2027-09-30")


def test_first_touch_goes_at_nine_on_the_second_of_june(mou: Agreement, mailoutbox: list[Any]) -> None:
    heartbeat(at("2027-06-02T08:59"))
    assert steps_to(mailoutbox, ANNA) == []
    heartbeat(at("2027-06-02T09:00"))
    assert steps_to(mailoutbox, ANNA) == ["expiry-120d"]
    mail = next(m for m in mailoutbox if address(m) == ANNA)
    assert " ".join(mail.subject.split()) == "Our agreement ends on Thu 30 Sep 2027"
    assert mail.reply_to == [ROSA]


def test_our_side_reads_of_it_at_eight(mou: Agreement, mailoutbox: list[Any]) -> None:
    heartbeat(at("2027-06-01T12:00"))
    heartbeat(at("2027-06-02T07:59"))
    assert steps_to(mailoutbox, ROSA, f"agreement:{mou.pk}") == []
    heartbeat(at("2027-06-02T08:00"))
    assert steps_to(mailoutbox, ROSA, f"agreement:{mou.pk}") == ["expiry-120d"]


def test_sixty_days_before_a_sunday_goes_on_friday(mou: Agreement, mailoutbox: list[Any]) -> None:
    heartbeat(at("2027-06-02T09:00"))
    heartbeat(at("2027-07-29T17:00"))
    assert steps_to(mailoutbox, ANNA) == ["expiry-120d"]
    heartbeat(at("2027-07-30T09:00"))
    assert steps_to(mailoutbox, ANNA) == ["expiry-120d", "expiry-60d"]


@pytest.mark.parametrize(
    "moment", ["2027-06-02T09:00", "2027-06-02T09:01", "2027-06-02T17:59", "2027-06-03T03:00"]
)
def test_a_second_tick_adds_nothing(mou: Agreement, mailoutbox: list[Any], moment: str) -> None:
    heartbeat(at("2027-06-02T09:00"))
    number = len(mailoutbox)
    counts = heartbeat(at(moment))
    assert (counts["digests"], counts["handed_over"], counts["sent"]) == (0, 0, 0)
    assert len(mailoutbox) == number


def test_renewal_withdraws_the_rest_and_plans_the_next_term(mou: Agreement, mailoutbox: list[Any]) -> None:
    heartbeat(at("2027-06-02T09:00"))
    following = renew(mou, now=at("2027-06-10T11:00"))
    heartbeat(at("2027-06-10T11:01"))
    states = set(Reminder.objects.filter(record=f"agreement:{mou.pk}").values_list("state", flat=True))
    assert states == {"handed_over", "withdrawn"}
    planned = Reminder.objects.filter(record=f"agreement:{following.pk}", state="planned", side="partner")
    assert planned.get(offset=-120).day == day("2028-06-02")
    assert planned.filter(reference_on=day("2028-09-30")).count() == 7
    heartbeat(at("2027-07-30T09:00"))
    assert steps_to(mailoutbox, ANNA) == ["expiry-120d"]


def test_renewal_cancels_the_entries_of_both_sides(mou: Agreement, mailoutbox: list[Any]) -> None:
    heartbeat(at("2027-06-02T09:00"))
    held = {who: entries_to(mailoutbox, who) for who in (ANNA, ROSA)}
    assert {who: [entry[:2] for entry in found] for who, found in held.items()} == {
        ANNA: [("REQUEST", 0)],
        ROSA: [("REQUEST", 0)],
    }
    mailoutbox.clear()
    renew(mou, now=at("2027-06-10T11:00"))
    heartbeat(at("2027-06-10T11:01"))
    for who, [(_, _, uid)] in held.items():
        assert entries_to(mailoutbox, who) == [("CANCEL", 1, uid)]


def test_corrected_end_repeats_no_step_that_went_out(mou: Agreement, mailoutbox: list[Any]) -> None:
    heartbeat(at("2027-06-02T09:00"))
    correct_end(mou, expires_on=day("2027-10-29"), now=at("2027-06-10T10:00"))
    for moment in (
        "2027-06-10T10:01",
        "2027-07-01T09:00",
        "2027-08-30T09:00",
    ):  # 120 and 60 days before 29 Oct
        heartbeat(at(moment))
    assert steps_to(mailoutbox, ANNA) == ["expiry-120d", "expiry-60d"]


def test_end_corrected_there_and_back_plans_the_first_date_again(
    mou: Agreement, mailoutbox: list[Any]
) -> None:
    heartbeat(at("2027-06-02T09:00"))
    for ends_on, moment in (("2027-10-29", "2027-06-10T10:00"), ("2027-09-30", "2027-06-11T10:00")):
        correct_end(mou, expires_on=day(ends_on), now=at(moment))
        heartbeat(at(moment))
    assert [entry[:2] for entry in entries_to(mailoutbox, ANNA)] == [
        ("REQUEST", 0),
        ("REQUEST", 1),
        ("REQUEST", 2),
    ]
    heartbeat(at("2027-07-30T09:00"))
    assert steps_to(mailoutbox, ANNA) == ["expiry-120d", "expiry-60d"]


def test_next_term_repeats_the_whole_ladder(mou: Agreement, mailoutbox: list[Any]) -> None:
    heartbeat(at("2027-06-02T09:00"))
    renew(mou, now=at("2027-06-10T11:00"))
    heartbeat(at("2027-06-10T11:01"))
    mailoutbox.clear()
    heartbeat(at("2028-06-02T09:00"))
    assert steps_to(mailoutbox, ANNA) == ["expiry-120d"]
    assert [entry[:2] for entry in entries_to(mailoutbox, ANNA)] == [("REQUEST", 0)]
