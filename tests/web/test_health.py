"""Alive, ready, and the red line on every page when reminders do not run."""

from datetime import timedelta

import pytest

from prm.accounts.actions import note_heartbeat, note_mail_route, note_work, set_sending
from prm.accounts.queries import program
from prm.outbox.actions import Draft, write
from prm.web import health
from tests.cast import NOW


@pytest.fixture
def _long_running(monkeypatch):
    monkeypatch.setattr(health, "STARTED_AT", NOW - timedelta(days=1))


def letter(due_at):
    draft = Draft(
        kind="partner", recipient="anna@harbor.example", subject="Hi", text="Hi", due_at=due_at, about="1"
    )
    write([draft], now=due_at)


def test_alive_asks_nothing_of_the_database(client, django_assert_num_queries, monday):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


@pytest.mark.usefixtures("monday", "_long_running")
@pytest.mark.parametrize(("minutes", "status"), [(15, 200), (16, 503)])
def test_ready_until_the_heartbeat_is_silent_for_fifteen_minutes(client, minutes, status):
    note_heartbeat(now=NOW - timedelta(minutes=minutes))
    note_work(now=NOW)
    answer = client.get("/readyz")
    assert answer.status_code == status
    assert ("nothing has been checked for 16 minutes" in answer.content.decode()) == (status == 503)


@pytest.mark.usefixtures("monday", "_long_running")
@pytest.mark.parametrize(("minutes", "status"), [(15, 200), (16, 503)])
def test_clock_without_a_worker_sends_nothing_and_it_is_told(client, minutes, status):
    note_heartbeat(now=NOW)
    note_work(now=NOW - timedelta(minutes=minutes))
    answer = client.get("/readyz")
    assert answer.status_code == status
    assert ("no worker has worked for 16 minutes" in answer.content.decode()) == (status == 503)


@pytest.mark.usefixtures("monday")
def test_process_that_has_just_started_gives_the_heartbeat_its_time(client, monkeypatch):
    note_heartbeat(now=NOW - timedelta(days=3))
    monkeypatch.setattr(health, "STARTED_AT", NOW - timedelta(minutes=2))
    assert client.get("/readyz").status_code == 200


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(("minutes", "status"), [(60, 200), (61, 503)])
def test_message_more_than_an_hour_late_is_told(client, minutes, status):
    letter(NOW - timedelta(minutes=minutes))
    assert client.get("/readyz").status_code == status


@pytest.mark.usefixtures("monday")
def test_late_message_says_since_when_the_mail_route_takes_nothing(client):
    letter(NOW - timedelta(hours=2))
    note_mail_route(works=False, now=NOW - timedelta(minutes=90))
    note_mail_route(works=False, now=NOW)  # still
    assert "The mail route has taken nothing for 90 minutes." in client.get("/readyz").content.decode()
    note_mail_route(works=True, now=NOW)
    assert "mail route" not in client.get("/readyz").content.decode()


@pytest.mark.usefixtures("monday")
def test_late_message_does_not_count_while_sending_is_held(client):
    letter(NOW - timedelta(hours=5))
    set_sending(program(), "held", now=NOW)
    assert client.get("/readyz").status_code == 200


@pytest.mark.usefixtures("_long_running")
def test_every_page_is_headed_by_the_alarm_once(desk):
    note_heartbeat(now=NOW)
    note_work(now=NOW)
    assert "Reminders are running" in desk.get("/partners/").content.decode()
    note_heartbeat(now=NOW - timedelta(minutes=40))
    text = desk.get("/partners/").content.decode()
    assert text.count('role="alert"') == 1
    assert "nothing has been checked for 40 minutes" in text
    assert "Reminders are running" not in text
