"""Mail that waits in the outbox keeps the partner's hours as well: a second try, a lost lease, a mail that was held."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from prm.accounts.models import User
from prm.agreements.actions import renew
from prm.management.commands.tick import heartbeat
from prm.outbox import actions, steering
from prm.outbox.models import Message
from prm.partners.models import Organization
from prm.reminders import dispatch, hours
from prm.reminders.actions import refresh
from prm.training.actions import cancel_session, invite, plan_session
from tests.story import ClosedRoute, agreement, at, contact, entries_to, partner, person, steps_to

pytestmark = pytest.mark.django_db

ANNA = "anna@harbor.example"
CLOSED = f"{ClosedRoute.__module__}.{ClosedRoute.__qualname__}"
EVENING, NIGHT, MORNING = at("2027-07-01T17:59"), at("2027-07-01T23:00"), at("2027-07-02T09:00")


@pytest.fixture
def rosa() -> User:
    return person("Rosa")


@pytest.fixture
def harbor(rosa: User) -> Organization:
    harbor = partner(owner=rosa)
    contact(harbor)
    return harbor


def tried(settings: Any, moment: Any = EVENING) -> None:
    """Let a heartbeat find a mail route that is down."""
    route, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, CLOSED
    heartbeat(moment)
    settings.EMAIL_BACKEND = route


def dispatch_at(moment: Any) -> None:
    refresh(now=moment)
    dispatch.hand_over(now=moment)


def reminder() -> Message:
    return Message.objects.get(kind="partner")


def due_at_night(mail: Message) -> Message:
    """Say that a mail is due since ten in the evening, as a retry or a lost lease leaves it."""
    Message.objects.filter(pk=mail.pk).update(due_at=NIGHT - timedelta(hours=1))
    mail.refresh_from_db()
    return mail


def test_second_try_after_hours_goes_the_next_working_morning(
    harbor: Organization, mailoutbox: list[Any], settings: Any
) -> None:
    agreement(harbor, "2027-09-29")
    tried(settings)
    assert Message.objects.filter(attempts=1).count() == 1  # then nothing more was tried
    for moment in (NIGHT, at("2027-07-02T08:59")):
        heartbeat(moment)
        assert steps_to(mailoutbox, ANNA) == []
    assert reminder().due_at == MORNING
    heartbeat(MORNING)
    assert steps_to(mailoutbox, ANNA) == ["expiry-90d"]


def test_second_try_within_hours_goes_at_once(
    harbor: Organization, mailoutbox: list[Any], settings: Any
) -> None:
    agreement(harbor, "2027-09-29")
    tried(settings, at("2027-07-01T10:00"))
    due = reminder().due_at
    heartbeat(at("2027-07-01T10:05"))
    assert steps_to(mailoutbox, ANNA) == ["expiry-90d"]
    assert reminder().due_at == due


def test_night_is_where_the_partner_is(harbor: Organization, mailoutbox: list[Any], settings: Any) -> None:
    guam = ZoneInfo("Pacific/Guam")
    Organization.objects.update(zone=guam.key)
    agreement(harbor, "2027-09-29")
    tried(settings, at("2027-07-01T17:59", guam))
    heartbeat(at("2027-07-01T18:30", guam))  # four in the morning in New York
    assert reminder().due_at == at("2027-07-02T09:00", guam)
    heartbeat(at("2027-07-02T09:00", guam))
    assert steps_to(mailoutbox, ANNA) == ["expiry-90d"]


def test_lease_that_ends_at_night_gives_its_mail_to_the_morning(harbor: Organization) -> None:
    agreement(harbor, "2027-09-29")
    dispatch_at(EVENING)
    mine = actions.claim(now=EVENING, owner="killed", limit=9)
    assert reminder() in mine
    heartbeat(NIGHT)
    mail = reminder()
    assert (mail.state, mail.due_at) == ("waiting", MORNING)


def test_mail_released_at_night_waits_and_send_now_lets_it_go(
    harbor: Organization, rosa: User, mailoutbox: list[Any]
) -> None:
    agreement(harbor, "2027-09-29")
    dispatch_at(EVENING)
    steering.hold([reminder()], by=rosa, now=EVENING)
    assert hours.let_go([reminder()], by=rosa, now=NIGHT) == [reminder()]
    assert reminder().due_at == MORNING
    heartbeat(NIGHT)
    assert steps_to(mailoutbox, ANNA) == []
    assert steering.send_now(reminder(), by=rosa, now=NIGHT)
    heartbeat(NIGHT + timedelta(seconds=1))
    assert steps_to(mailoutbox, ANNA) == ["expiry-90d"]


def test_mail_released_within_hours_goes_at_once(harbor: Organization, rosa: User) -> None:
    agreement(harbor, "2027-09-29")
    dispatch_at(EVENING)
    steering.hold([reminder()], by=rosa, now=EVENING)
    moment = at("2027-07-02T10:00")
    hours.let_go([reminder()], by=rosa, now=moment)
    assert reminder().due_at == moment


def test_what_a_person_wrote_goes_at_any_hour(harbor: Organization, rosa: User) -> None:
    agreement(harbor, "2027-09-29")
    dispatch_at(EVENING)
    Message.objects.update(started_by=rosa)
    assert hours.keep(now=NIGHT) == 0
    Message.objects.update(started_by=None)
    assert hours.keep(now=NIGHT) == 2  # the question, and the calendar entry that comes with it


def test_invitation_and_its_end_go_at_any_hour_also_as_second_try(
    harbor: Organization, mailoutbox: list[Any], settings: Any
) -> None:
    start = at("2027-07-20T10:00")
    session = plan_session(title="Signs", starts_at=start, ends_at=start + timedelta(hours=1), now=EVENING)
    invite(session, [harbor.contacts.get()], now=EVENING)
    tried(settings)
    heartbeat(NIGHT)
    assert [entry[:2] for entry in entries_to(mailoutbox, ANNA)] == [("REQUEST", 0)]
    cancel_session(session, now=NIGHT)
    tried(settings, NIGHT)
    heartbeat(NIGHT + timedelta(minutes=5))
    assert [entry[0] for entry in entries_to(mailoutbox, ANNA)] == ["REQUEST", "CANCEL"]


def test_entry_of_a_last_day_keeps_hours_and_its_cancel_does_not(
    harbor: Organization, mailoutbox: list[Any], settings: Any
) -> None:
    mou = agreement(harbor, "2027-09-29")
    tried(settings)
    heartbeat(NIGHT)
    assert entries_to(mailoutbox, ANNA) == []
    heartbeat(MORNING)
    assert [entry[0] for entry in entries_to(mailoutbox, ANNA)] == ["REQUEST"]
    renew(mou, now=MORNING)
    tried(settings, at("2027-07-02T22:00"))
    heartbeat(at("2027-07-02T22:05"))
    assert [entry[0] for entry in entries_to(mailoutbox, ANNA)][-1] == "CANCEL"


def test_mail_of_the_last_valid_day_goes_that_night_for_no_partner_hears_of_it_later(
    harbor: Organization, mailoutbox: list[Any], settings: Any
) -> None:
    agreement(harbor, "2027-07-01")
    tried(settings)
    heartbeat(NIGHT)
    assert steps_to(mailoutbox, ANNA)[-1] == "expiry-0d"


@pytest.mark.parametrize("number", [1, 3, 9])
def test_many_cost_as_few_queries_as_one(
    harbor: Organization, number: int, django_assert_num_queries: Any
) -> None:
    houses = [partner(f"House {count}") for count in range(number)]
    for count, house in enumerate(houses):
        contact(house, "Anna", f"anna{count}@harbor.example")
        agreement(house, "2027-09-29")
    dispatch_at(EVENING)
    Message.objects.filter(kind="partner").update(due_at=EVENING)
    with django_assert_num_queries(4):  # leases that are over, where mail is due, our hours and closed days
        assert hours.keep(now=EVENING) == 0
    with django_assert_num_queries(7):  # and a batch: which, put off, and no more of them
        assert hours.keep(now=NIGHT) == number * 2
    with django_assert_num_queries(2):
        assert hours.keep(now=NIGHT) == 0


def test_zone_that_nobody_knows_stops_no_other_partners_mail(harbor: Organization) -> None:
    lake = partner("Lake County")
    contact(lake, "Lena Ruiz", "lena@lake.example")
    for house in (harbor, lake):
        agreement(house, "2027-09-29")
    dispatch_at(EVENING)
    Message.objects.update(due_at=EVENING)
    Organization.objects.filter(pk=lake.pk).update(zone="Nowhere/At_all")
    assert hours.keep(now=NIGHT) == 2
    assert set(Message.objects.filter(due_at=MORNING).values_list("organization", flat=True)) == {harbor.pk}
