"""Owners and deputies, and what is written into the timeline."""

import pytest

from prm.accounts.actions import set_active
from prm.partners.actions import (
    assign_deputy,
    assign_owner,
    end_assignment,
    record_note,
    record_talk,
)
from prm.partners.actions.plans import forget_plans
from prm.partners.models import Organization
from prm.partners.queries import deputy_on, last_two_way_talk, owner_on, timeline
from prm.partners.sentences import sentence
from prm.rules.refusal import Refusal
from prm.vocabulary.queries import term
from tests.cast import NOW, TODAY, day, make_organization


def test_new_owner_follows_the_day_after(harbor, rosa, ben):
    assign_owner(harbor, ben, since=day("2027-07-01"), now=NOW)
    assert owner_on(harbor, day("2027-06-30")) == rosa
    assert owner_on(harbor, day("2027-07-01")) == ben


def test_owner_of_the_same_day_is_corrected(harbor, ben):
    assign_owner(harbor, ben, now=NOW)
    assert harbor.assignments.get().user == ben


def test_same_owner_again_changes_nothing(harbor, rosa):
    before = harbor.entries.count()
    assign_owner(harbor, rosa, since=day("2027-08-01"), now=NOW)
    assert harbor.assignments.count() == 1
    assert harbor.entries.count() == before


def test_planned_handover_stays_when_somebody_steps_in_before(harbor, rosa, ben, carla):
    assign_owner(harbor, ben, since=day("2027-12-01"), now=NOW)
    assign_owner(harbor, carla, since=day("2027-10-01"), now=NOW)
    owners = [
        owner_on(harbor, day(text)) for text in ("2027-09-30", "2027-10-01", "2027-11-30", "2027-12-01")
    ]
    assert owners == [rosa, carla, carla, ben]


def test_deputy_stands_beside_the_owner(harbor, rosa, ben):
    deputy = assign_deputy(harbor, ben, now=NOW)
    assert (owner_on(harbor, TODAY), deputy_on(harbor, TODAY)) == (rosa, ben)
    end_assignment(deputy, last_day=TODAY, now=NOW)
    assert deputy_on(harbor, day("2027-06-08")) is None


def test_assignment_ends_within_its_own_days(harbor, ben):
    first = harbor.assignments.get()
    assign_owner(harbor, ben, since=day("2027-07-01"), now=NOW)
    first.refresh_from_db()
    for last_day in (day("2027-06-06"), day("2027-07-01")):
        with pytest.raises(Refusal):
            end_assignment(first, last_day=last_day, now=NOW)


def test_somebody_without_access_cannot_be_owner(harbor, ben):
    set_active(ben, False)
    with pytest.raises(Refusal):
        assign_owner(harbor, ben, now=NOW)


def test_two_way_talk_is_remembered_and_marks_stale(harbor, anna, rosa):
    record_talk(
        harbor, happened_on=day("2027-05-20"), contact=anna, interaction=term("interaction", "call"), now=NOW
    )
    record_talk(harbor, two_way=False, now=NOW, by=rosa)
    assert last_two_way_talk(harbor) == day("2027-05-20")
    assert sentence(harbor.entries.get(event="talked")) == "Talked with Anna Reyes"
    assert sentence(harbor.entries.get(event="tried_to_talk")) == "Tried to reach them"


def test_talk_to_come_or_with_a_stranger_is_refused(harbor, anna):
    with pytest.raises(Refusal):
        record_talk(harbor, happened_on=day("2027-06-08"), now=NOW)
    with pytest.raises(Refusal):
        record_talk(make_organization("Task Force"), contact=anna, now=NOW)
    with pytest.raises(Refusal):
        record_note(harbor, note=" ", now=NOW)


def test_timeline_is_latest_first_by_kind_and_without_private_for_viewers(harbor, rosa, carla):
    record_note(harbor, note="They move in May", private=True, now=NOW)
    record_talk(harbor, happened_on=day("2027-06-01"), now=NOW)
    assert [e.event for e in timeline(harbor, reader=rosa, kinds=["note", "talk"])] == ["noted", "talked"]
    assert [e.event for e in timeline(harbor, reader=carla, kinds=["note", "talk"])] == ["talked"]
    assert len(timeline(harbor, reader=rosa, limit=2, offset=1)) == 2
    assert timeline(harbor, reader=rosa, limit=1, offset=1)[0] == timeline(harbor, reader=rosa, limit=2)[1]


@pytest.mark.parametrize("length", [1, 3])
def test_timeline_takes_one_query(harbor, rosa, django_assert_num_queries, length):
    for _number in range(length):
        record_talk(harbor, by=rosa, interaction=term("interaction", "visit"), now=NOW)
    with django_assert_num_queries(1):
        [(sentence(entry), entry.by, entry.interaction) for entry in timeline(harbor, reader=rosa)]


def test_plans_are_out_of_date_everyones_or_those_of_one_keeper(harbor, rosa, ben):
    make_organization("Lighthouse", owner=ben)
    Organization.objects.update(planned_for=TODAY)
    assert forget_plans(kept_by=rosa) == 1
    assert [one.name for one in Organization.objects.filter(planned_for=None)] == ["Harbor House"]
    assert forget_plans() == 1
    assert not Organization.objects.exclude(planned_for=None).exists()
