"""Releasing sending: the figures that are shown are those of the mails that leave."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from prm.accounts.actions import add_user, set_sending
from prm.accounts.queries import program
from prm.capacity.actions import pause
from prm.management.commands.tick import heartbeat
from prm.outbox.models import Message
from prm.partners.actions import add_contact
from prm.partners.models import Organization
from prm.reminders.actions import refresh
from prm.reminders.dispatch import hand_over
from prm.reporting.departures import departures
from tests.cast import (
    NEW_YORK,
    NOW,
    TODAY,
    anna_reyes,
    at,
    ben,
    carla,
    day,
    harbor_house,
    make_agreement,
    make_organization,
    rosa,
)

GONE = ("sent", "delivered")


def hold(now=NOW):
    set_sending(program(), "held", now=now)


def to_partners():
    """How many mails have left to partners."""
    return Message.objects.filter(user__isnull=True, organization__isnull=False, state__in=GONE).count()


def text(answer):
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def a_small_world():
    """Partners with one thing to say and with two, to one person and to two, one paused, one in another zone."""
    harbor = harbor_house()
    make_agreement(harbor, expires_on=day("2027-08-20"))
    add_contact(
        harbor, name="Tom Ibarra", email="tom@harbor.example", roles=["signatory"], now=NOW, today=TODAY
    )
    maple = make_organization("Maple House", owner=rosa(), zone="America/Los_Angeles")
    anna_reyes(maple, name="Ruth", email="ruth@maple.example")
    make_agreement(maple, expires_on=day("2027-07-05"))
    make_agreement(maple, title="Addendum", expires_on=day("2027-07-05"))
    rest = make_organization("Rest Home", owner=ben())
    anna_reyes(rest, name="Ida", email="ida@rest.example")
    make_agreement(rest, expires_on=day("2027-09-01"))
    pause(rest, scope="training", starts_on=TODAY, months=1, now=NOW)
    nobody = make_organization("Nobody There", owner=ben())
    make_agreement(nobody, expires_on=day("2027-07-05"))
    return harbor


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "number"),
    [
        ("2027-06-22T13:00", 8),  # a working day, in hours in both zones
        ("2027-06-22T09:30", 5),  # in New York only
        ("2027-06-22T20:30", 4),  # in Los Angeles only
        ("2027-06-26T12:00", 1),  # a Saturday: what goes at once
        ("2027-07-05T13:00", 1),  # the day on which Independence Day is observed
    ],
)
def test_number_of_mails_now_is_that_of_the_next_heartbeat(moment, number):
    now = at(moment)
    a_small_world()
    hold()
    heartbeat(now - timedelta(minutes=1))
    assert to_partners() == 0
    expected = departures(now=now)
    set_sending(program(), "on", now=now)
    heartbeat(now + timedelta(seconds=20))
    assert (len(expected.now), to_partners()) == (number, number)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "days", "number"), [("2027-06-22T20:30", 90, 30), ("2027-06-26T12:00", 30, 16)]
)
def test_number_of_coming_days_is_that_of_their_heartbeats(moment, days, number):
    now = at(moment)
    a_small_world()
    hold()
    heartbeat(now - timedelta(minutes=1))
    expected = departures(now=now, days=days)
    set_sending(program(), "on", now=now)
    heartbeat(now)
    for later in range(1, days):
        heartbeat(at(f"{now.date() + timedelta(later)}T15:00"))
    assert (expected.number, to_partners()) == (number, number)
    sent = Message.objects.filter(user__isnull=True, state__in=GONE, written_at__gt=now)
    days_sent = {mail.written_at.astimezone(NEW_YORK).date() for mail in sent}
    assert {mail.day for mail in expected.later} == days_sent


@pytest.mark.django_db
def test_what_stands_in_the_outbox_already_is_counted_too():
    a_small_world()
    now = at("2027-06-22T11:00")
    heartbeat(now - timedelta(days=20))
    refresh(now=now)
    before = to_partners()
    expected = departures(now=now)
    hand_over(now=now)
    hold(now)
    assert {mail.address for mail in departures(now=now).now} == {mail.address for mail in expected.now}
    assert len(departures(now=now).now) == len(expected.now)
    set_sending(program(), "on", now=now)
    heartbeat(now)
    assert to_partners() - before == len(expected.now)


@pytest.mark.django_db
def test_mail_of_the_demo_counts_only_where_it_goes_somewhere(settings):
    a_small_world()
    Organization.objects.filter(name="Maple House").update(is_demo=True)
    now = at("2027-06-22T11:00")
    refresh(now=now)
    assert settings.EMAIL_BACKEND != settings.FILE_EMAIL_BACKEND
    real = departures(now=now)
    assert "ruth@maple.example" not in {mail.address for mail in [*real.now, *real.later]}
    assert real.demo > 0
    settings.EMAIL_BACKEND = settings.FILE_EMAIL_BACKEND
    assert departures(now=now).number == real.number + real.demo


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def later(desk):
    """Rosa's browser on a day on which something is due; sending was held before."""
    now = at("2027-06-22T11:00")
    hold()
    with time_machine.travel(now, tick=False):
        heartbeat(now)
        desk.force_login(rosa())
        yield desk


def plan():
    refresh(now=at("2027-06-22T11:00"))


def test_page_says_how_many_to_whom_and_about_what(later):
    a_small_world()
    plan()
    page = text(later.get("/outbox/release"))
    for words in (
        "mails would leave now",
        "in the next 90 days",
        "Ruth",
        "ruth@maple.example",
        "Release sending",
    ):
        assert words in page
    assert 'href="/partners/maple-house/">Maple House</a>' in page


@pytest.mark.parametrize("number", [1, 3, 50])
def test_page_costs_the_same_for_one_partner_three_and_fifty(later, django_assert_num_queries, number):
    for count in range(number):
        house = make_organization(f"House {count}", owner=rosa())
        anna_reyes(house, email=f"anna{count}@house.example")
        make_agreement(house, expires_on=day("2027-08-21"))
    plan()
    with django_assert_num_queries(11):
        page = later.get("/outbox/release")
    assert [row.number for row in page.context["rows"]] == [2] * number


def test_release_is_said_and_done_once_the_number_was_seen(later):
    a_small_world()
    plan()
    number = len(later.get("/outbox/release").context["found"].now)
    later.post("/outbox/release", {})
    assert program().sending == "held"
    page = later.post("/outbox/release", {"seen": number - 1})
    assert "This changed while you looked" in text(page)
    assert program().sending == "held"
    page = later.post("/outbox/release", {"seen": number}, follow=True)
    assert f"Sending is on. {number} mails leave within a minute." in text(page)
    assert program().sending == "on"
    assert "Release sending" not in text(later.get("/outbox/release"))


def test_plans_in_the_making_are_waited_for(later):
    a_small_world()
    Organization.objects.update(plan_stale_at=at("2027-06-22T10:59"))
    page = text(later.get("/outbox/release"))
    assert "The reminders of 4 of 4 partners are still being worked out." in page
    assert "Release sending" not in page
    later.post("/outbox/release", {"plan": "yes"})
    assert "Release sending" in text(later.get("/outbox/release"))


def test_plan_that_cannot_be_made_holds_nobody_up_for_ever(later):
    a_small_world()
    plan()
    Organization.objects.filter(name="Maple House").update(plan_stale_at=at("2027-06-22T09:00"))
    assert "Release sending" in text(later.get("/outbox/release"))
    page = later.post("/outbox/release", {"seen": 99}, follow=True)
    assert "Sending is on." in text(page)


def test_calm_page_where_nothing_would_leave(later):
    page = text(later.get("/outbox/release"))
    assert "No mail would leave now" in page
    assert "Nothing to send in the next 90 days" in page
    later.post("/outbox/release", {"seen": 0})
    assert program().sending == "on"


def test_who_may_not_switch_may_look_and_a_viewer_may_not(later):
    helper = add_user(email="iris@example.org", name="Iris", role="assistant", now=NOW)
    a_small_world()
    plan()
    client = Client()
    client.force_login(helper)
    page = text(client.get("/outbox/release"))
    assert "A director or manager releases sending." in page
    assert client.post("/outbox/release", {"seen": 99}).status_code == 403
    client.force_login(carla())
    assert client.get("/outbox/release").status_code == 403
    assert program().sending == "held"
