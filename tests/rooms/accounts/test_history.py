"""What a record said before: written down with its first change, by whose hand, and gone when the record goes."""

import pytest
from django.apps import apps

from prm.accounts import history
from prm.accounts.actions import add_user, change_account, note_digested, set_password, set_sending
from prm.accounts.history import BEFORE, IMPORT, changing, history_of, is_history, keeps_history
from prm.accounts.models import Program, User
from prm.accounts.queries import program
from prm.partners.actions import change_contact, change_organization
from prm.partners.models import Contact, Organization
from prm.reminders.actions import refresh
from prm.training.actions import NewCadence, set_cadences
from prm.training.models import Cadence
from prm.vocabulary.actions import merge
from prm.vocabulary.queries import term
from tests.cast import NOW, TODAY, anna_reyes, make_organization, rosa

#: Tables whose records have no history, each with its reason.
WITHOUT = {
    "Access": "only ever added to",
    "Attendance": "written anew as a whole; the timeline tells how many came",
    "Entry": "only ever added to: it is the timeline itself",
    "Findable": "made from other records",
    "Handover": "only ever added to",
    "Import": "its report and its traces tell what it did",
    "Invitation": "the timeline tells each answer",
    "Invite": "what a calendar holds: every change of it was a mail, and stands in the outbox",
    "Job": "work, not a fact",
    "Link": "a key: how it was used stands in the timeline",
    "Message": "its states are its history, with their times",
    "PathStep": "written anew as a whole with its path",
    "Reminder": "made from other records by the rules",
    "SessionFunder": "written anew as a whole with its session",
    "Snooze": "a row put off for some days; it is over by itself",
    "Stale": "a note for the next heartbeat",
    "Statement": "stands word for word; what became of it stands beside it",
    "Trace": "what an import changed: itself a history",
    "View": "a way to look at a list, of one person's own",
}


def told(record):
    """Rows of a record's history, oldest first: what kind, by whom, by what way."""
    rows = history_of(type(record)).filter(history_relation=record.pk).order_by("history_id")
    return [(row.history_user_id, row.history_change_reason) for row in rows]


def test_every_table_keeps_its_history_or_has_a_reason_not_to():
    tables = [table for table in apps.get_app_config("prm").get_models() if not is_history(table)]
    without = {table.__name__ for table in tables if not keeps_history(table)}
    assert without == set(WITHOUT)
    assert {history_of(table).model._meta.db_table for table in tables if keeps_history(table)} == {
        f"history_{table.__name__.lower()}" for table in tables if keeps_history(table)
    }


def test_first_change_writes_down_how_it_was_and_how_it_is(db):
    person, anna = rosa(), anna_reyes(make_organization())
    assert told(anna) == []
    with changing(lambda: person):
        change_contact(anna, email="anna@new.example", now=NOW, by=person)
        change_contact(anna, title="Director", now=NOW, by=person)
    assert told(anna) == [(None, BEFORE), (person.pk, ""), (person.pk, "")]
    rows = Contact.history.order_by("history_id").values_list("email", "title")
    assert [email for email, _title in rows] == [
        "anna@harbor.example",
        "anna@new.example",
        "anna@new.example",
    ]
    assert [title for _email, title in rows][-1] == "Director"


def test_what_is_no_fact_leaves_no_history(db):
    person, harbor = rosa(), make_organization(owner=rosa())
    refresh(now=NOW)
    note_digested(person, TODAY)
    set_password(person, "a harbor without wind")
    assert told(harbor) == told(person) == []
    change_account(person, name="Rosa Diaz", zone="", digest="daily")
    assert User.history.filter(name="Rosa Diaz").exists()
    kept = {field.name for field in User.history.model._meta.fields}
    assert not kept & {"password", "last_login", "away_from", "stand_in"}


def test_changes_of_many_at_once_are_kept_one_by_one(db, django_assert_num_queries):
    houses = [make_organization(f"House {number}", sector=term("sector", "faith")) for number in range(3)]
    set_cadences([NewCadence(house, 6, TODAY) for house in houses], now=NOW, today=TODAY)
    set_cadences([NewCadence(house, 3, TODAY) for house in houses], now=NOW, today=TODAY)
    months = [
        list(Cadence.history.filter(organization=house).values_list("every_months")) for house in houses
    ]
    assert months == [[(3,), (6,)]] * 3
    merge(term("sector", "faith"), into=term("sector", "civic"))
    words = Organization.history.values_list("sector__key", flat=True)
    assert sorted(words) == ["civic"] * 3 + ["faith"] * 3
    with django_assert_num_queries(7):  # in portions, not one by one; a savepoint round them
        history.update(Organization.objects.filter(pk__in=[house.pk for house in houses]), city="Oakland")


def test_a_word_counts_where_it_stands_now_and_not_in_histories(db):
    harbor = make_organization(sector=term("sector", "faith"))
    change_organization(harbor, city="Oakland", now=NOW)
    assert merge(term("sector", "faith"), into=term("sector", "civic")) == 1


def test_switch_of_sending_says_whose_hand_it_was(db):
    person = rosa()
    with changing(lambda: person):
        set_sending(program(), "held", by=person, now=NOW)
    latest = Program.history.latest()
    assert (latest.sending, latest.history_user) == ("held", person)


def test_hand_is_let_go_of_afterwards_also_when_something_went_wrong(db):
    person, anna = rosa(), anna_reyes(make_organization())
    with pytest.raises(ZeroDivisionError), changing(lambda: person, IMPORT):
        raise ZeroDivisionError
    change_contact(anna, title="Director", now=NOW)
    assert told(anna)[-1] == (None, "")


def test_history_goes_with_its_record_and_with_its_partner(db, django_assert_num_queries):
    harbor = make_organization()
    anna, ben = anna_reyes(harbor), anna_reyes(harbor, name="Ben", email="ben@harbor.example")
    for one in (anna, ben):
        change_contact(one, phone="555 0100", now=NOW)
    change_organization(harbor, city="Oakland", now=NOW)
    anna.delete()
    assert set(Contact.history.values_list("name", flat=True)) == {"Ben"}
    harbor.delete()
    assert not Contact.history.exists()
    assert not Organization.history.exists()


def test_who_changed_something_stays_told_when_they_are_gone(db):
    person, anna = add_user(email="eva@example.org", name="Eva", now=NOW), anna_reyes(make_organization())
    with changing(lambda: person):
        change_contact(anna, title="Director", now=NOW, by=person)
    number = person.pk
    person.delete()
    assert told(anna)[-1] == (number, "")
    assert Contact.history.latest().history_user is None
