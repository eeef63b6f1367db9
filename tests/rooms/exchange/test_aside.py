"""A trial beside the running program: others write meanwhile, it tells how far it is, and nothing of it stays."""

from threading import Thread

import pytest
from django.db import DatabaseError, connection, connections, transaction

from prm.accounts.models import User
from prm.exchange import imports, work
from prm.exchange.aside import aside
from prm.exchange.layout import choices_of
from prm.exchange.models import Import, ImportState
from prm.jobs.models import Job
from prm.partners.models import Organization
from tests.cast import NOW, make_organization, make_program, rosa

ROWS = "".join(f"House {number},anna{number}@house.example\n" for number in range(450))


@pytest.fixture
def program(transactional_db):
    make_program()


def in_another_thread(function):
    """Run it as another process would: in a connection of its own; return what went wrong."""
    wrong = []

    def run():
        try:
            function()
        except DatabaseError as error:
            wrong.append(error)
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    thread.join(30)
    return wrong


@pytest.mark.usefixtures("program")
def test_others_write_while_something_is_tried_out():
    rosa()
    with aside(), transaction.atomic():
        make_organization("Only tried")
        assert in_another_thread(lambda: User.objects.update(name="Rosa Diaz")) == []
        transaction.set_rollback(True)
    assert not Organization.objects.exists()
    assert User.objects.get().name == "Rosa Diaz"


@pytest.mark.usefixtures("program")
def test_what_is_called_outside_is_written_and_the_rest_is_not():
    present = connections["default"]
    with aside() as outside, transaction.atomic():
        make_organization("Only tried")
        outside(make_organization)("Kept")
        transaction.set_rollback(True)
    assert [one.name for one in Organization.objects.all()] == ["Kept"]
    assert connections["default"] is present


@pytest.mark.django_db
def test_inside_a_transaction_there_is_one_connection():
    present = connection.connection
    with aside() as outside:
        assert connection.connection is present
        outside(lambda: make_organization("Kept"))()
    assert Organization.objects.get().name == "Kept"


@pytest.mark.usefixtures("program")
def test_look_through_a_long_file_tells_how_far_it_is_and_keeps_its_lease(monkeypatch):
    source = imports.upload(name="a.csv", content=f"Agency,Email\n{ROWS}".encode(), now=NOW, by=None)
    source = imports.choose(source, choices_of(source.columns), day_first=None, now=NOW, by=None)
    seen = []
    real = imports.note_tried
    monkeypatch.setattr(
        imports, "note_tried", lambda *said: (seen.append(Job.objects.get().done), real(*said))
    )
    work.run_jobs(now=lambda: NOW, owner="worker")
    source.refresh_from_db()
    assert (source.phase, len(source.tried["new"]), seen) == (ImportState.TRIED, 450, [450])
    assert not Organization.objects.exists()


@pytest.mark.django_db
def test_look_that_comes_late_does_not_stop_an_import():
    source = imports.upload(
        name="a.csv", content=b"Agency,Email\nHouse,anna@house.example\n", now=NOW, by=None
    )
    source = imports.choose(source, choices_of(source.columns), day_first=None, now=NOW, by=None)
    work.run_jobs(now=lambda: NOW, owner="worker")
    source = imports.ask_import(source, now=NOW, by=None)
    imports.note_tried(source, {})
    assert Import.objects.get().state == ImportState.IMPORTING
