"""What was changed can be taken back for a day; two who change at once lose nothing."""

from datetime import timedelta

import pytest

from prm.partners.actions import (
    add_contact,
    assign_deputy,
    assign_owner,
    change_contact,
    change_organization,
    end_assignment,
    end_role,
    give_role,
    mark_deliverable,
    mark_undeliverable,
    note_leaving,
    record_note,
    record_talk,
    replace_contact,
    set_standing,
    undo_change,
)
from prm.partners.edits import standing_of, undoable
from prm.partners.models import Assignment, Contact, Organization, Role, Standing
from prm.partners.sentences import sentence
from prm.rules.refusal import Conflict, Refusal
from prm.vocabulary.queries import term
from tests.cast import NOW, TODAY, ben, daniel, day, harbor_house, make_organization, rosa

FIRST = NOW + timedelta(minutes=1)  # what is recorded in one moment is one press
SOON = NOW + timedelta(minutes=5)
LATER = NOW + timedelta(hours=2)
TABLES = (Organization, Standing, Contact, Role, Assignment)
PLAN = {"plan_stale_at", "planned_for"}

pytestmark = pytest.mark.django_db


def everything():
    """Every row of every table that changes, without the marks of the plan."""
    return {
        (table.__name__, row.pk): {k: v for k, v in standing_of(row).items() if k not in PLAN}
        for table in TABLES
        for row in table.objects.all()
    }


def change_facts(harbor, anna):
    facts = {"sector": term("sector", "faith"), "approval_lead_days": 30, "partner_since": day("2020-01-01")}
    change_organization(
        harbor, city="Tampa", notes="Ring twice", now=SOON, today=TODAY + timedelta(1), **facts
    )


def change_person(harbor, anna):
    change_contact(anna, email="new@harbor.example", languages=["es"], now=SOON)


def end_a_role(harbor, anna):
    end_role(anna.roles.get(kind="notice"), last_day=day("2027-07-01"), now=SOON)


def hand_over_a_role(harbor, anna):
    lee = harbor.contacts.get(name="Lee Park")
    end_role(anna.roles.get(kind="notice"), last_day=TODAY, now=SOON)
    give_role(lee, kind="notice", since=TODAY + timedelta(1), now=SOON)


def enter_a_person(harbor, anna):
    add_contact(harbor, name="Mai Tran", roles=["intake", "board_liaison"], now=SOON)


def enter_a_person_who_takes_over(harbor, anna):
    end_role(anna.roles.get(kind="notice"), last_day=TODAY, now=SOON)
    mai = add_contact(harbor, name="Mai Tran", now=SOON)
    give_role(mai, kind="notice", since=TODAY + timedelta(1), now=SOON)


def change_standing(harbor, anna):
    set_standing(harbor, status="former", since=day("2027-07-01"), now=SOON)


def correct_standing(harbor, anna):
    set_standing(harbor, status="prospect", since=TODAY, now=SOON)


def change_owner(harbor, anna):
    assign_owner(harbor, ben(), since=day("2027-07-01"), now=SOON)


def correct_owner(harbor, anna):
    assign_owner(harbor, ben(), since=TODAY, now=SOON)


def add_deputy(harbor, anna):
    assign_deputy(harbor, daniel(), now=SOON)


def end_owner(harbor, anna):
    end_assignment(harbor.assignments.get(), last_day=day("2027-07-01"), now=SOON)


def mend_an_address(harbor, anna):
    mark_deliverable(anna, now=SOON)


def replace_by_somebody_new(harbor, anna):
    replace_contact(anna, last_day=day("2027-07-01"), name="Mai Tran", email="mai@harbor.example", now=SOON)


def replace_by_somebody_known(harbor, anna):
    lee = harbor.contacts.get(name="Lee Park")
    replace_contact(anna, last_day=day("2027-09-15"), successor=lee, note="Retires", now=SOON)


def replace_by_nobody(harbor, anna):
    note_leaving(anna, last_day=TODAY, now=SOON)


CHANGES = [
    change_facts, change_person, end_a_role, hand_over_a_role, change_standing, correct_standing, change_owner,
    correct_owner, add_deputy, end_owner, mend_an_address, enter_a_person, enter_a_person_who_takes_over,
    replace_by_somebody_new, replace_by_somebody_known, replace_by_nobody,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_is_as_before_after_undo_and_as_after_it_once_undone_again(change):
    harbor = harbor_house()
    anna = harbor.contacts.get()
    add_contact(harbor, name="Lee Park", now=NOW)
    give_role(anna, kind="board_liaison", since=day("2027-09-01"), until=day("2027-12-01"), now=NOW)
    mark_undeliverable(anna, on=TODAY, now=NOW)
    before = everything()
    change(harbor, anna)
    after = everything()
    assert before != after
    [undone] = undo_change(harbor.entries.filter(recorded_at=SOON).first(), now=LATER, by=rosa())[-1:]
    assert everything() == before
    assert sentence(undone).startswith("Undone: ")
    [redone] = undo_change(undone, now=LATER + timedelta(1), by=rosa())[-1:]
    assert everything() == after
    assert sentence(redone).startswith("In force again: ")


def test_nothing_is_undone_where_somebody_changed_the_same_since():
    harbor = harbor_house()
    change_organization(harbor, phone="555 0100", city="Tampa", now=FIRST)
    first = harbor.entries.first()
    change_organization(harbor, phone="555 0177", now=SOON)
    with pytest.raises(Refusal, match="changed again since"):
        undo_change(first, now=LATER)
    harbor.refresh_from_db()
    assert (harbor.phone, harbor.city) == ("555 0177", "Tampa")


def test_change_of_another_field_does_not_stand_in_the_way():
    harbor = harbor_house()
    change_organization(harbor, phone="555 0100", now=FIRST)
    first = harbor.entries.first()
    change_organization(harbor, city="Tampa", now=SOON)
    undo_change(first, now=LATER)
    harbor.refresh_from_db()
    assert (harbor.phone, harbor.city) == ("", "Tampa")


def test_after_a_day_it_is_too_late():
    harbor = harbor_house()
    change_organization(harbor, phone="555 0100", now=FIRST)
    entry = harbor.entries.first()
    assert undoable([entry], FIRST + timedelta(days=1)) == {entry.pk}
    assert undoable([entry], FIRST + timedelta(days=1, seconds=1)) == set()
    with pytest.raises(Refusal, match="more than a day ago"):
        undo_change(entry, now=FIRST + timedelta(days=1, seconds=1))


def test_what_was_only_said_cannot_be_undone():
    entry = record_note(make_organization(), note="Ring twice", now=FIRST)
    with pytest.raises(Refusal, match="nothing here that can be undone"):
        undo_change(entry, now=SOON)


def test_only_the_last_change_of_a_field_offers_undo():
    harbor = harbor_house()
    for minute, phone in enumerate(["555 0100", "555 0177"]):
        change_organization(harbor, phone=phone, now=FIRST + timedelta(minutes=minute))
    change_organization(harbor, city="Tampa", now=SOON)
    city, phone, first = harbor.entries.filter(event="organization_changed").order_by("-pk")
    later = harbor.entries.filter(pk__gte=first.pk)
    assert undoable(later, LATER) == {city.pk, phone.pk}


def test_two_who_change_different_fields_both_keep_theirs():
    harbor = harbor_house(phone="555 0100", city="Oakland")
    seen = {"phone": "555 0100", "city": "Oakland"}
    change_organization(harbor, phone="555 0177", city="Oakland", seen=seen, now=NOW, by=daniel())
    change_organization(harbor, phone="555 0100", city="Tampa", seen=seen, now=SOON, by=rosa())
    harbor.refresh_from_db()
    assert (harbor.phone, harbor.city) == ("555 0177", "Tampa")


def test_two_who_change_the_same_field_are_told():
    harbor = harbor_house(phone="555 0100")
    seen = {"phone": "555 0100"}
    change_organization(harbor, phone="555 0177", seen=seen, now=NOW, by=daniel())
    with pytest.raises(Conflict) as told:
        change_organization(harbor, phone="555 0144", seen=seen, now=SOON, by=rosa())
    assert told.value.fields == ("phone",)
    harbor.refresh_from_db()
    assert harbor.phone == "555 0177"
    change_organization(
        harbor, phone="555 0177", seen=seen, now=SOON, by=rosa()
    )  # the same: nobody loses anything
    assert harbor.entries.filter(event="organization_changed").count() == 1


def test_conflict_is_told_of_words_days_languages_and_standings_too():
    harbor = harbor_house()
    anna = harbor.contacts.get()
    change_organization(harbor, sector=term("sector", "faith"), now=NOW)
    with pytest.raises(Conflict):
        change_organization(harbor, sector=term("sector", "dv_sa"), seen={"sector": ""}, now=SOON)
    change_contact(anna, languages=["en", "es"], now=NOW)
    with pytest.raises(Conflict):
        change_contact(anna, languages=["fr"], seen={"languages": "en"}, now=SOON)
    set_standing(harbor, status="former", since=day("2027-06-08"), now=NOW)
    with pytest.raises(Conflict):
        set_standing(harbor, status="prospect", since=day("2027-06-09"), seen="active", now=SOON)


def test_person_about_whom_more_was_written_is_not_removed_by_undo():
    harbor = harbor_house()
    mai = add_contact(harbor, name="Mai Tran", now=FIRST)
    entry = harbor.entries.first()
    record_talk(harbor, contact=mai, now=SOON)
    with pytest.raises(Refusal, match="More was written about Mai Tran"):
        undo_change(entry, now=LATER)
    assert harbor.contacts.filter(name="Mai Tran").exists()


def test_what_was_recorded_with_one_press_is_undone_together_or_not_at_all():
    harbor = make_organization()
    assign_owner(harbor, rosa(), now=FIRST)
    record_note(harbor, note="Ring twice", now=FIRST)  # which has no way back, so the owner alone has none
    assert not undoable(harbor.entries.all(), SOON)
    with pytest.raises(Refusal, match="nothing here that can be undone"):
        undo_change(harbor.entries.get(event="owner_assigned"), now=SOON)
