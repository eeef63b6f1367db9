"""Organizations, their standing, and what marks a plan stale."""

import pytest

from prm.partners.actions import add_organization, change_organization, set_standing
from prm.partners.models import Organization
from prm.partners.queries import status_on
from prm.partners.timeline import mark_stale
from prm.rules.refusal import Refusal
from prm.vocabulary.queries import term
from tests.cast import NOW, TODAY, at, day, make_organization

pytestmark = pytest.mark.django_db


def test_new_organization_is_internal_active_and_its_plan_is_stale():
    harbor = add_organization(name=" Harbor House ", sector=term("sector", "shelter_housing"), now=NOW)
    harbor.refresh_from_db()
    assert (harbor.name, harbor.slug, harbor.visibility) == ("Harbor House", "harbor-house", "internal")
    assert (harbor.entered_on, harbor.plan_stale_at) == (TODAY, NOW)
    assert harbor.entries.get().event == "organization_entered"


def test_day_of_entry_is_the_programs_day_not_utc():
    late = make_organization(now=at("2027-06-07T23:30"), today=None)
    assert late.entered_on == TODAY


def test_same_name_gets_the_next_free_address():
    slugs = [make_organization("Harbor House").slug for _ in range(3)]
    assert slugs == ["harbor-house", "harbor-house-2", "harbor-house-3"]
    assert make_organization("東京").slug == "partner"


def test_standing_begins_when_the_partnership_did():
    harbor = make_organization(partner_since=day("2020-05-01"))
    assert status_on(harbor, day("2020-05-01")) == "active"
    assert status_on(harbor, day("2020-04-30")) == ""


def test_partner_since_in_the_future_still_makes_an_active_one_today():
    assert status_on(make_organization(partner_since=day("2030-01-01")), TODAY) == "active"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"role_mailbox": "front desk"}, "role_mailbox"),
        ({"approval_lead_days": -1}, "approval_lead_days"),
        ({"status": "friend"}, "status"),
        ({"direction": "sideways"}, "direction"),
        ({"visibility": "everyone"}, "visibility"),
        ({"city": "x" * 121}, "city"),
    ],
)
def test_wrong_facts_are_refused_with_the_field_and_leave_nothing(facts, field):
    with pytest.raises(Refusal) as refused:
        add_organization(**{"name": "Harbor House", "now": NOW} | facts)
    assert refused.value.field == field
    assert not Organization.objects.exists()


def test_change_records_what_it_was_and_marks_stale(harbor, rosa):
    later = at("2027-07-01T10:00")
    change_organization(harbor, city="Tampa", notes="calls only", now=later, by=rosa)
    entry = harbor.entries.first()
    assert (entry.event, entry.by) == ("organization_changed", rosa)
    assert (entry.data["fields"], entry.data["was"]) == (["city", "notes"], {"city": ""})
    assert Organization.objects.get(pk=harbor.pk).plan_stale_at == later


def test_change_to_the_same_records_nothing(harbor):
    before = harbor.entries.count()
    change_organization(harbor, name="Harbor House", now=at("2027-07-01T10:00"))
    assert harbor.entries.count() == before
    assert Organization.objects.get(pk=harbor.pk).plan_stale_at == NOW


def test_lead_time_changed_after_entry_keeps_its_day(harbor):
    change_organization(harbor, approval_lead_days=45, now=NOW, today=TODAY)
    assert harbor.approval_lead_set_on is None
    change_organization(harbor, approval_lead_days=120, now=at("2027-07-01T10:00"))
    assert harbor.approval_lead_set_on == day("2027-07-01")
    change_organization(harbor, city="Tampa", now=at("2027-07-09T10:00"))
    assert harbor.approval_lead_set_on == day("2027-07-01")


def test_standing_follows_the_one_before_without_a_gap(harbor):
    set_standing(harbor, status="former", since=day("2027-09-01"), now=NOW)
    assert status_on(harbor, day("2027-08-31")) == "active"
    assert status_on(harbor, day("2027-09-01")) == "former"
    assert harbor.standings.count() == 2


def test_standing_of_the_same_day_is_corrected_in_place(harbor):
    set_standing(harbor, status="prospect", now=NOW)
    assert harbor.standings.get().status == "prospect"


def test_standing_before_a_later_one_is_refused(harbor):
    set_standing(harbor, status="former", since=day("2027-09-01"), now=NOW)
    with pytest.raises(Refusal):
        set_standing(harbor, status="active", since=day("2027-08-01"), now=NOW)
    assert status_on(harbor, day("2027-08-15")) == "active"


def test_same_standing_again_changes_nothing(harbor):
    before = harbor.entries.count()
    set_standing(harbor, status="active", since=day("2027-09-01"), now=NOW)
    assert harbor.standings.count() == 1
    assert harbor.entries.count() == before


def test_mark_stale_touches_only_the_named(harbor):
    other = make_organization("Task Force")
    later = at("2027-07-01T10:00")
    assert mark_stale([other.pk], later) == 1
    harbor.refresh_from_db()
    assert harbor.plan_stale_at == NOW
