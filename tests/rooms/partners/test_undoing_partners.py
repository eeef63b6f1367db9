"""A partner entered by mistake goes, and a replaced contact is back, while nobody worked on it since."""

from datetime import timedelta

import pytest

from prm.capacity.actions import pause
from prm.partners.actions import (
    NewOrganization,
    add_contact,
    add_organization,
    add_organizations,
    assign_owner,
    change_contact,
    change_organization,
    end_role,
    record_note,
    record_talk,
    replace_contact,
    undo_change,
)
from prm.partners.edits import undoable
from prm.partners.models import Organization
from prm.rules.refusal import Refusal
from tests.cast import NOW, TODAY, day, harbor_house, rosa
from tests.rooms.partners.test_undoing import everything

FIRST = NOW + timedelta(minutes=1)
SOON = NOW + timedelta(minutes=5)
LATER = NOW + timedelta(hours=2)

pytestmark = pytest.mark.django_db


def enter(**facts):
    """Maple House as the form for a new partner enters it: an owner and a main contact, in one moment."""
    maple = add_organization(name="Maple House", status="prospect", now=FIRST, by=rosa(), **facts)
    assign_owner(maple, rosa(), now=FIRST, by=rosa())
    add_contact(maple, name="Mai Tran", roles=["primary"], now=FIRST, by=rosa())
    return maple


def change_a_fact(maple):
    change_organization(maple, city="Tampa", now=SOON)


def change_the_contact(maple):
    change_contact(maple.contacts.get(), phone="555 0100", now=SOON)


def write_a_note(maple):
    record_note(maple, note="They moved", now=SOON)


def record_a_pause(maple):
    pause(maple, scope="referrals", starts_on=day("2027-07-01"), ends_on=day("2027-08-01"), now=SOON)


WRITTEN = [change_a_fact, change_the_contact, write_a_note, record_a_pause]


def test_partner_entered_by_mistake_is_taken_away_and_every_other_row_is_as_before():
    harbor_house()
    before = everything()
    maple = enter(city="Oakland")
    assert undoable(maple.entries.all(), LATER) == {entry.pk for entry in maple.entries.all()}
    assert undo_change(maple.entries.get(event="owner_assigned"), now=LATER, by=rosa()) == []
    assert everything() == before
    assert Organization.objects.get().name == "Harbor House"


@pytest.mark.parametrize("write", WRITTEN)
def test_partner_stays_as_soon_as_anything_else_was_written_about_it(write):
    maple = enter()
    entry = maple.entries.get(event="organization_entered")
    write(maple)
    after = everything()
    assert entry.pk not in undoable(maple.entries.all(), LATER)
    with pytest.raises(Refusal, match="More was written about Maple House since"):
        undo_change(entry, now=LATER)
    assert everything() == after


def test_partner_stays_where_something_hangs_on_it_that_no_entry_tells():
    maple = enter()
    facts = dict.fromkeys(("made_on", "due_on", "changed_on", "entered_on"), TODAY)
    maple.promises.create(side="ours", what="Send the forms", **facts)
    with pytest.raises(Refusal, match="More was written about Maple House"):
        undo_change(maple.entries.first(), now=LATER)
    assert maple.contacts.count() == 1


def test_of_many_partners_entered_at_once_none_offers_undo():
    one, _other = add_organizations([NewOrganization("Maple House"), NewOrganization("Elm House")], now=FIRST)
    assert undoable(one.entries.all(), SOON) == set()


def replaced():
    harbor = harbor_house()
    replace_contact(harbor.contacts.get(), last_day=day("2027-07-01"), name="Mai Tran", now=FIRST, by=rosa())
    return harbor


def test_contact_stays_replaced_where_a_role_of_whoever_follows_changed_since():
    harbor = replaced()
    entry = harbor.entries.get(event="contact_replaced")
    role = harbor.roles.get(kind="notice", contact__name="Mai Tran")
    end_role(role, last_day=day("2027-09-01"), now=SOON)
    after = everything()
    assert undoable(harbor.entries.all(), LATER) == {harbor.entries.get(event="role_ended").pk}
    with pytest.raises(Refusal, match="changed again since"):
        undo_change(entry, now=LATER)
    assert everything() == after


def test_contact_stays_replaced_where_a_talk_with_whoever_follows_was_written_down():
    harbor = replaced()
    mai = harbor.contacts.get(name="Mai Tran")
    record_talk(harbor, contact=mai, now=SOON)
    with pytest.raises(Refusal, match="More was written about Mai Tran since"):
        undo_change(harbor.entries.get(event="contact_replaced"), now=LATER)
    assert mai.roles.exists()
