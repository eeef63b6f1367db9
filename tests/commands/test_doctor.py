"""The doctor: one plain line for everything that keeps a reminder from arriving."""

import socket
import sqlite3
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from prm.accounts.actions import (
    add_user,
    change_program,
    note_heartbeat,
    note_mail_route,
    note_work,
    set_sending,
)
from prm.accounts.queries import program
from prm.management.commands import doctor
from prm.management.commands.doctor import broker, configuration, data_folder, database, mail_route
from prm.outbox.actions import Draft, write
from prm.outbox.models import Message
from prm.partners.actions import add_organization
from prm.partners.models import Organization
from prm.reporting import health
from prm.reporting.health import Mark

pytestmark = pytest.mark.django_db

FILES = "config.mailfile.EmailBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def well(settings) -> None:
    """An installation in which nothing needs a person."""
    settings.EMAIL_BACKEND = FILES
    add_user(email="rosa@example.org", name="Rosa", role="director", password="a long enough password")
    note_heartbeat(now=timezone.now())
    note_work(now=timezone.now())
    note_mail_route(works=True, now=timezone.now())


def said(capsys) -> dict[str, str]:
    """Return mark by matter of what the doctor printed."""
    lines = capsys.readouterr().out.splitlines()
    return {line[7:].partition(":")[0]: line.split()[0] for line in lines}


def test_doctor_is_content_with_a_running_installation(well, capsys):
    call_command("doctor")
    marks = said(capsys)
    assert {"data folder", "database", "broker", "heartbeat", "plans", "queue", "people"} <= set(marks)
    assert set(marks.values()) == {"ok", "look"}
    assert [about for about, mark in marks.items() if mark == "look"] == ["mail route"]


def test_doctor_exits_with_1_when_something_needs_a_person(well, capsys):
    note_heartbeat(now=timezone.now() - timedelta(hours=3))
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", quiet=True)
    assert ended.value.code == 1
    assert "wrong  heartbeat: last ran 3 hours ago" in capsys.readouterr().out


def test_doctor_asks_no_table_of_a_database_without_them(well, capsys, monkeypatch):
    monkeypatch.setattr(doctor.MigrationExecutor, "migration_plan", lambda *_: [1, 2])
    with pytest.raises(SystemExit):
        call_command("doctor")
    out = capsys.readouterr().out
    assert "wrong  database: 2 changes are missing. Run: manage.py migrate" in out
    assert "heartbeat" not in out


def test_doctor_says_nothing_of_people_or_passwords(well, capsys, settings):
    settings.CELERY_BROKER_URL = "redis://:very-secret@127.0.0.1:1/0"
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", 1
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "relay-user", "very-secret"
    with pytest.raises(SystemExit):
        call_command("doctor")
    out = capsys.readouterr().out
    assert "wrong  broker: redis does not answer" in out
    assert "wrong  mail route: 127.0.0.1:1 does not take us" in out
    for private in ("very-secret", "relay-user", "rosa", settings.SECRET_KEY):
        assert private not in out


@pytest.fixture
def relay() -> Iterator[Controller]:
    controller = Controller(object(), hostname="127.0.0.1", port=0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
    controller.start()
    yield controller
    controller.stop()


def test_mail_route_greets_a_relay_without_sending(relay):
    with override_settings(EMAIL_BACKEND=SMTP, EMAIL_HOST="127.0.0.1", EMAIL_PORT=relay.port):
        route, invitations, _sender = mail_route()
    assert (route.mark, route.words) == (Mark.OK, f"127.0.0.1:{relay.port} answers.")
    assert invitations.mark is Mark.OK


def hang_up(server: socket.socket) -> None:
    caller, _address = server.accept()
    caller.close()


def test_mail_route_names_a_relay_that_hangs_up():
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=hang_up, args=(server,), daemon=True).start()
        with override_settings(
            EMAIL_BACKEND=SMTP, EMAIL_HOST="127.0.0.1", EMAIL_PORT=server.getsockname()[1]
        ):
            route = next(mail_route())
    assert route.mark is Mark.WRONG
    assert "SMTPServerDisconnected" in route.words


def test_mail_route_says_how_invitations_arrive_by_a_service():
    brevo = "anymail.backends.brevo.EmailBackend"
    with override_settings(EMAIL_BACKEND=brevo, ANYMAIL={"BREVO_API_KEY": "very-secret"}):
        _route, invitations, _sender = mail_route()
    assert invitations.mark is Mark.LOOK
    assert invitations.words == "arrive as a file only with Brevo: people must open it."


def test_mail_route_of_a_service_without_its_key_is_wrong():
    with override_settings(EMAIL_BACKEND="anymail.backends.brevo.EmailBackend", ANYMAIL={}):
        (route,) = mail_route()
    assert route.mark is Mark.WRONG
    assert "AnymailConfigurationError" in route.words


@pytest.mark.parametrize(
    ("sender", "site", "mark"),
    [
        ("Us <partners@example.org>", "https://prm.ours.net", Mark.WRONG),
        ("Us <partners@ours.net>", "https://prm.ours.net", Mark.OK),
        ("partners@mail.ours.net", "https://ours.net", Mark.OK),
        ("partners@theirs.net", "https://prm.ours.net", Mark.LOOK),
        ("partners@notours.net", "https://ours.net", Mark.LOOK),
    ],
)
def test_sender_is_compared_with_the_site(sender, site, mark):
    with override_settings(DEFAULT_FROM_EMAIL=sender, SITE_URL=site):
        assert doctor._sender().mark is mark


@pytest.mark.parametrize(
    ("debug", "site", "mark"),
    [
        (False, "http://localhost:8000", Mark.OK),
        (True, "http://localhost:8000", Mark.OK),
        (False, "https://prm.ours.net", Mark.OK),
        (False, "http://prm.ours.net", Mark.LOOK),
        (True, "https://prm.ours.net", Mark.WRONG),
    ],
)
def test_configuration_is_judged_by_who_can_reach_it(debug, site, mark):
    with override_settings(DEBUG=debug, SITE_URL=site):
        assert configuration().mark is mark


def test_data_folder_that_is_gone_is_wrong(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert data_folder().mark is Mark.OK
    settings.DATA_DIR = tmp_path / "gone"
    assert data_folder().mark is Mark.WRONG


def test_broker_is_a_folder_a_port_or_only_this_process(settings, tmp_path):
    settings.CELERY_BROKER_URL, settings.BROKER_DIR = "filesystem://", tmp_path / "broker"
    assert broker().mark is Mark.OK
    settings.BROKER_DIR = tmp_path / "gone" / "broker"
    assert broker().mark is Mark.WRONG
    settings.CELERY_BROKER_URL = "memory://"
    assert broker().mark is Mark.LOOK
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        assert broker().words == "redis answers."


@pytest.mark.only_on("sqlite")
def test_database_journal_other_than_wal_is_wrong(tmp_path, monkeypatch):
    other = sqlite3.connect(tmp_path / "other.sqlite3")
    assert database().mark is Mark.OK
    monkeypatch.setattr(doctor, "journal_mode", lambda: other.execute("PRAGMA journal_mode").fetchone()[0])
    assert "“delete”" in database().words


def test_heartbeat_is_judged_by_its_age():
    now, us = timezone.now(), program()
    ages = {None: Mark.WRONG}
    us.heartbeat_at = None
    assert health.heartbeat(us, now).mark is ages[None]
    for minutes, mark in ((1, Mark.OK), (14, Mark.OK), (16, Mark.WRONG), (-16, Mark.WRONG)):
        us.heartbeat_at = now - timedelta(minutes=minutes)
        assert health.heartbeat(us, now).mark is mark


def test_plans_of_yesterday_are_named():
    now = timezone.now()
    add_organization(name="Harbor House", now=now)
    assert "1 partner’s reminders are not worked out" in health.plans(program(), now).words
    Organization.objects.update(planned_for=now.astimezone().date() + timedelta(1), plan_stale_at=None)
    assert health.plans(program(), now).mark is Mark.OK


def a_message(due_at) -> None:
    draft = Draft(
        kind="partner",
        recipient="anna@harbor.example.org",
        subject="Hello",
        text="Hello",
        due_at=due_at,
        about="1",
    )
    write([draft], now=due_at)


def test_queue_is_wrong_when_a_message_that_may_go_is_late():
    now = timezone.now()
    assert health.queue(program(), now).mark is Mark.OK
    a_message(now - timedelta(minutes=30))
    assert health.queue(program(), now).mark is Mark.OK
    assert health.queue(program(), now + timedelta(hours=1)).mark is Mark.WRONG
    held = set_sending(program(), "held", now=now)
    assert health.queue(held, now + timedelta(hours=1)).mark is Mark.OK
    assert health.switch(held).mark is Mark.LOOK


def test_failed_mail_asks_for_a_look():
    now = timezone.now()
    a_message(now)
    assert health.failures(now).mark is Mark.OK
    Message.objects.update(state="failed")
    assert health.failures(now).words.startswith("1 could not be sent and 0 came back.")


def test_people_names_nobody_but_counts_them():
    assert health.people().mark is Mark.WRONG
    add_user(email="ben@example.org", name="Ben", password="a long enough password")
    assert health.people().words == "1 of 1 can sign in. No director is among them."
    add_user(email="rosa@example.org", name="Rosa", role="director")
    assert health.people().mark is Mark.LOOK


def test_closed_days_of_this_and_the_next_year_are_counted():
    today = timezone.now().date()
    assert health.holidays(program(), today).mark is Mark.OK
    us = change_program(program(), holiday_country="")
    assert health.holidays(us, today).mark is Mark.LOOK


def test_demo_is_named_beside_a_real_mail_route():
    add_organization(name="Harbor House", now=timezone.now(), is_demo=True)
    assert health.demo(FILES) is None
    assert health.demo(SMTP).words.startswith("1 invented partner is here.")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (7199, "1 hour"),
        (7200, "2 hours"),
        (90000, "1 day"),
    ],
)
def test_age_is_told_in_one_unit(seconds, words):
    assert health.age(timedelta(seconds=seconds)) == words


def test_worker_and_mail_route_that_are_silent_are_wrong(well):
    now, us = timezone.now(), program()
    assert (health.worker(us, now).mark, health.route(us, now).mark) == (Mark.OK, Mark.OK)
    note_mail_route(works=False, now=now - timedelta(hours=2))
    us = program()
    us.worked_at = now - timedelta(minutes=16)
    assert health.worker(us, now).words.startswith("last worked 16 minutes ago")
    assert health.route(us, now).words.startswith("has taken nothing for 2 hours")
    us.worked_at, us.mail_stuck_at, us.mail_left_at = None, None, None
    assert (health.worker(us, now).mark, health.route(us, now).mark) == (Mark.WRONG, Mark.LOOK)
