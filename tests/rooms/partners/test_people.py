"""Contacts, roles, and Anna handing over to Maria."""

from datetime import timedelta

import pytest

from prm.partners import actions
from prm.partners.models import Contact, Role
from prm.partners.queries import holders, present_contacts, roles_by_kind
from prm.rules.refusal import Refusal
from tests.cast import NOW, PARTNER_ROLES, TODAY, at, day, make_organization

LAST_DAY = day("2027-06-30")
NEXT_DAY = day("2027-07-01")


def names(contacts) -> list[str]:
    return [contact.name for contact in contacts]


def test_contact_holds_the_given_roles_from_entry_on(harbor, anna):
    assert set(roles_by_kind(harbor)) == set(PARTNER_ROLES)
    assert names(holders(harbor, "notice", TODAY)) == ["Anna Reyes"]
    assert holders(harbor, "notice", TODAY - timedelta(days=1)) == []
    assert holders(harbor, "executive", TODAY) == []


def test_new_address_is_taken_to_work(anna):
    actions.mark_undeliverable(anna, on=TODAY, now=NOW)
    assert Contact.objects.get().undeliverable_on == TODAY
    actions.change_contact(anna, email="Anna.Reyes@Harbor.example", now=NOW)
    anna.refresh_from_db()
    assert (anna.email, anna.undeliverable_on) == ("anna.reyes@harbor.example", None)


def test_address_that_works_again_is_written_to(harbor, anna):
    actions.mark_undeliverable(anna, on=TODAY, now=NOW)
    actions.mark_deliverable(anna, now=NOW)
    assert Contact.objects.get().undeliverable_on is None
    assert [e.event for e in harbor.entries.all()[:2]] == ["address_works", "address_undeliverable"]


@pytest.mark.parametrize("facts", [{"name": ""}, {"email": "anna"}, {"name": "x" * 201}])
def test_wrong_contact_is_refused(harbor, facts):
    with pytest.raises(Refusal):
        actions.add_contact(harbor, **{"name": "Maria", "now": NOW} | facts)


def test_unsubscribe_stops_one_category_once(anna):
    actions.unsubscribe(anna, category="training", now=NOW)
    actions.unsubscribe(anna, category="training", now=NOW)
    assert Contact.objects.get().unsubscribed == ["training"]


def test_role_given_twice_is_one(harbor, anna):
    again = actions.give_role(anna, kind="notice", now=NOW)
    assert Role.objects.filter(kind="notice").get() == again


def test_role_can_be_shared(harbor, anna):
    maria = actions.add_contact(harbor, name="Maria Diaz", now=NOW, roles=["notice"])
    assert names(holders(harbor, "notice", TODAY)) == ["Anna Reyes", maria.name]


def test_ended_role_holds_through_its_last_day(harbor, anna):
    actions.end_role(anna.roles.get(kind="notice"), last_day=LAST_DAY, now=NOW)
    assert names(holders(harbor, "notice", LAST_DAY)) == ["Anna Reyes"]
    assert holders(harbor, "notice", NEXT_DAY) == []
    with pytest.raises(Refusal):
        actions.end_role(anna.roles.get(kind="intake"), last_day=TODAY - timedelta(days=1), now=NOW)


def test_unknown_role_is_refused(anna):
    with pytest.raises(Refusal):
        actions.give_role(anna, kind="boss", now=NOW)


def test_replaced_contact_keeps_roles_through_the_last_day(harbor, anna, rosa):
    email = "maria@harbor.example"
    maria = actions.replace_contact(anna, name="Maria Diaz", email=email, last_day=LAST_DAY, now=NOW, by=rosa)
    for kind in PARTNER_ROLES:
        assert names(holders(harbor, kind, LAST_DAY)) == ["Anna Reyes"]
        assert names(holders(harbor, kind, NEXT_DAY)) == ["Maria Diaz"]
    anna.refresh_from_db()
    assert (anna.left_on, maria.left_on, maria.email) == (LAST_DAY, None, email)
    assert harbor.assignments.get().until is None


def test_replacement_may_be_somebody_who_is_there_already(harbor, anna):
    maria = actions.add_contact(harbor, name="Maria Diaz", now=NOW, roles=["intake"])
    assert actions.replace_contact(anna, successor=maria, last_day=LAST_DAY, now=NOW) == maria
    assert Contact.objects.count() == 2
    assert maria.roles.filter(kind="intake").count() == 1
    assert names(holders(harbor, "signatory", NEXT_DAY)) == ["Maria Diaz"]


def test_new_successor_of_a_discreet_contact_is_discreet(anna):
    actions.change_contact(anna, discreet=True, now=NOW)
    assert actions.replace_contact(anna, name="Maria", last_day=LAST_DAY, now=NOW).discreet


def test_role_with_an_end_of_its_own_passes_on_until_then(harbor, anna):
    emergency = actions.give_role(anna, kind="emergency", since=TODAY, until=day("2027-12-31"), now=NOW)
    later = actions.give_role(anna, kind="executive", since=day("2027-08-01"), now=NOW)
    maria = actions.replace_contact(anna, name="Maria", last_day=LAST_DAY, now=NOW)
    emergency.refresh_from_db()
    assert emergency.until == LAST_DAY
    assert maria.roles.get(kind="emergency").until == day("2027-12-31")
    assert maria.roles.get(kind="executive").since == later.since
    assert not anna.roles.filter(kind="executive").exists()


def test_leaving_without_a_successor_leaves_roles_vacant_until_somebody_follows(harbor, anna):
    actions.note_leaving(anna, last_day=LAST_DAY, now=NOW)
    assert holders(harbor, "notice", NEXT_DAY) == []
    actions.replace_contact(anna, name="Maria Diaz", last_day=LAST_DAY, now=at("2027-07-20T10:00"))
    assert names(holders(harbor, "notice", NEXT_DAY)) == ["Maria Diaz"]
    assert names(present_contacts(harbor, NEXT_DAY)) == ["Maria Diaz"]


def test_nobody_is_followed_twice(harbor, anna):
    actions.replace_contact(anna, name="Maria", last_day=LAST_DAY, now=NOW)
    with pytest.raises(Refusal):
        actions.replace_contact(anna, name="Joan", last_day=LAST_DAY, now=NOW)
    assert not Contact.objects.filter(name="Joan").exists()


def test_successor_must_be_of_the_same_house_and_still_there(harbor, anna):
    stranger = actions.add_contact(make_organization("Task Force"), name="Li", now=NOW)
    gone = actions.add_contact(harbor, name="Joan", now=NOW)
    actions.note_leaving(gone, last_day=TODAY, now=NOW)
    for successor in (stranger, gone, anna, None):
        with pytest.raises(Refusal):
            actions.replace_contact(anna, successor=successor, last_day=LAST_DAY, now=NOW)
    anna.refresh_from_db()
    assert anna.left_on is None
    with pytest.raises(Refusal):
        actions.give_role(gone, kind="notice", since=NEXT_DAY, now=NOW)
