"""The index follows the facts: what is written is noted by the database itself, and what is removed is gone."""

import importlib

import pytest
from django.apps import apps
from django.db import connection

from prm.outbox.models import Message
from prm.partners.actions import record_talk
from prm.partners.models import Entry
from prm.reminders import actions as reminders
from prm.search import actions
from prm.search.models import Findable, Kind, Stale
from prm.search.queries import find
from tests.cast import NOW, TODAY, harbor_house, make_agreement, make_organization, rosa

pytestmark = pytest.mark.django_db

laid = importlib.import_module("prm.migrations.0008_search")


class Editor:
    """As much of a schema editor as statements without DDL need."""

    connection = connection

    def execute(self, statement):
        with connection.cursor() as cursor:
            cursor.execute(statement)


def keys():
    return set(Findable.objects.values_list("key", flat=True))


def noted():
    return set(Stale.objects.values_list("organization_id", flat=True))


def a_mail_to(harbor, **facts):
    start = {
        "key": "k1",
        "kind": "partner",
        "recipient": "anna@harbor.example",
        "recipient_name": "Anna Reyes",
    }
    moments = {"written_at": NOW, "due_at": NOW}
    return Message.objects.create(
        organization=harbor, subject="Your agreement ends", text="…", **{**start, **moments, **facts}
    )


def test_every_writing_is_noted_and_reminders_do_not_take_the_note():
    harbor = harbor_house()
    reminders.refresh(now=NOW)
    assert noted() == {harbor.pk}
    assert actions.refresh(now=NOW) == 1
    assert noted() == set()
    assert actions.refresh(now=NOW) == 0
    record_talk(harbor, happened_on=TODAY, now=NOW, by=rosa())
    assert noted() == {harbor.pk}


def test_a_second_time_writes_nothing():
    harbor = harbor_house()
    make_agreement(harbor)
    a_mail_to(harbor)
    actions.refresh(now=NOW)
    before = list(Findable.objects.order_by("pk").values_list())
    Stale.objects.create(organization_id=harbor.pk)
    actions.refresh(now=NOW)
    assert list(Findable.objects.order_by("pk").values_list()) == before


def test_what_is_private_is_not_indexed_at_all():
    harbor = harbor_house()
    record_talk(harbor, happened_on=TODAY, note="Only between us: sailors", private=True, now=NOW, by=rosa())
    actions.refresh(now=NOW)
    assert find("sailors", reader=rosa()) == {}
    assert not Findable.objects.filter(kind=Kind.CONVERSATION).exists()


def test_neither_telephone_nor_address_is_indexed():
    harbor = harbor_house(phone="555 0100", role_mailbox="desk@harbor.example")
    actions.refresh(now=NOW)
    assert find("555", reader=rosa()) == {}
    assert find("desk", reader=rosa()) == {}
    assert find("example", reader=rosa()) == {}
    assert find(harbor.name, reader=rosa())


def test_words_taken_out_of_an_entry_are_gone_with_the_next_refresh():
    harbor = harbor_house()
    record_talk(harbor, happened_on=TODAY, note="A name that must go", now=NOW, by=rosa())
    actions.refresh(now=NOW)
    assert find("must go", reader=rosa())
    Entry.objects.exclude(note="").update(note="")
    actions.refresh(now=NOW)
    assert find("must go", reader=rosa()) == {}
    Entry.objects.filter(kind="talk").delete()
    actions.refresh(now=NOW)
    assert not Findable.objects.filter(kind=Kind.CONVERSATION).exists()


def test_a_mail_is_found_until_it_is_stopped():
    harbor = harbor_house()
    actions.refresh(now=NOW)
    mail = a_mail_to(harbor)
    actions.refresh(now=NOW)
    assert f"message:{mail.pk}" in keys()
    Message.objects.update(state="cancelled")
    actions.refresh(now=NOW)
    assert f"message:{mail.pk}" not in keys()


def test_a_removed_partner_takes_everything_along():
    harbor, lighthouse = harbor_house(), make_organization("Lighthouse")
    actions.refresh(now=NOW)
    harbor.delete()
    assert keys() == {f"organization:{lighthouse.pk}"}
    assert find("harbor", reader=rosa()) == {}
    actions.refresh(now=NOW)
    assert noted() == set()


def test_one_call_does_only_so_much(monkeypatch):
    monkeypatch.setattr(actions, "NOTES", 2)
    for number in range(5):
        make_organization(f"Harbor {number}")
    assert actions.refresh(now=NOW, most=2) < 5
    assert noted()
    actions.refresh(now=NOW)
    assert not noted()
    assert Findable.objects.filter(kind=Kind.ORGANIZATION).count() == 5


def test_one_bad_partner_holds_up_only_its_own(monkeypatch, caplog):
    harbor, lighthouse = harbor_house(), make_organization("Lighthouse")
    real = actions.gather

    def gather(ids, *, today):
        if harbor.pk in ids:
            raise ValueError("a row that nobody can read")
        return real(ids, today=today)

    monkeypatch.setattr(actions, "gather", gather)
    assert actions.refresh(now=NOW) == 1
    assert keys() == {f"organization:{lighthouse.pk}"}
    assert noted() == {harbor.pk}
    assert "indexing failed" in caplog.text


def test_who_was_here_before_the_index_is_found_after_the_heartbeat():
    harbor_house()
    Stale.objects.all().delete()
    laid.everybody(apps, Editor())
    actions.refresh(now=NOW)
    assert find("harbor", reader=rosa())


def test_the_triggers_are_there():
    """A migration that rebuilds one of these tables on SQLite must lay them again."""
    listed = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        listed = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(listed)
        there = {name for (name,) in cursor.fetchall()}
    assert {name for _table, name, _verb, _row in laid.triggers()} <= there
