"""What the database refuses, past every action: on SQLite by triggers, on PostgreSQL by exclusion constraints."""

import pytest
from django.db import IntegrityError, transaction

from prm.partners.models import Assignment, Contact, Organization, Role, Standing
from tests.cast import NOW, TODAY, day, make_organization

JUNE, JULY, AUGUST = day("2027-06-15"), day("2027-07-15"), day("2027-08-15")


def refused(write) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


@pytest.fixture
def bare(db) -> Organization:
    """An organization without owner, people or standing."""
    organization = make_organization("Bare")
    organization.standings.all().delete()
    return organization


def owner(organization, user, since, until=None, kind="owner") -> Assignment:
    return Assignment.objects.create(
        organization=organization, user=user, kind=kind, since=since, until=until
    )


def test_two_open_owners_are_refused(bare, rosa, ben):
    owner(bare, rosa, JUNE)
    refused(lambda: owner(bare, ben, JULY))


def test_owner_inside_a_closed_one_is_refused(bare, rosa, ben):
    owner(bare, rosa, JUNE, AUGUST)
    refused(lambda: owner(bare, ben, JULY, JULY))


def test_owner_on_the_last_day_of_another_is_refused(bare, rosa, ben):
    owner(bare, rosa, JUNE, JULY)
    refused(lambda: owner(bare, ben, JULY))


def test_owner_before_an_open_one_is_refused_only_where_they_meet(bare, rosa, ben):
    owner(bare, rosa, JULY)
    refused(lambda: owner(bare, ben, JUNE))
    assert owner(bare, ben, JUNE, day("2027-07-14")).pk


def test_owner_moved_onto_another_is_refused(bare, rosa, ben):
    owner(bare, rosa, JUNE, day("2027-07-14"))
    second = owner(bare, ben, JULY)
    refused(lambda: Assignment.objects.filter(pk=second.pk).update(since=JUNE))
    refused(lambda: Assignment.objects.filter(since=JUNE).update(until=None))
    assert Assignment.objects.filter(pk=second.pk).update(until=AUGUST) == 1


def test_owners_written_in_bulk_are_refused_too(bare, rosa, ben):
    rows = [Assignment(organization=bare, user=user, kind="owner", since=JUNE) for user in (rosa, ben)]
    refused(lambda: Assignment.objects.bulk_create(rows))


def test_deputies_and_owners_of_others_may_meet(bare, harbor, rosa, ben):
    owner(bare, rosa, JUNE)
    owner(bare, ben, JUNE, kind="deputy")
    owner(bare, rosa, JULY, kind="deputy")
    assert Assignment.objects.count() == 4


def test_overlapping_standings_are_refused(bare):
    Standing.objects.create(organization=bare, status="active", since=JUNE)
    refused(lambda: Standing.objects.create(organization=bare, status="former", since=JULY))
    Standing.objects.update(until=day("2027-07-14"))
    assert Standing.objects.create(organization=bare, status="former", since=JULY).pk


@pytest.mark.parametrize("model", [Standing, Assignment, Role])
def test_end_before_start_is_refused(harbor, anna, model):
    yesterday = day("2027-06-06")
    refused(lambda: model.objects.filter(organization=harbor).update(since=TODAY, until=yesterday))
    assert model.objects.filter(organization=harbor).update(since=TODAY, until=TODAY) > 0


def test_unknown_words_are_refused(harbor):
    refused(lambda: Standing.objects.update(status="friend"))
    refused(lambda: Assignment.objects.update(kind="boss"))
    refused(lambda: Organization.objects.update(visibility="all"))


def test_same_address_of_a_page_twice_is_refused(harbor):
    refused(lambda: Organization.objects.create(name="X", slug="harbor-house", entered_on=TODAY))


def test_same_role_from_the_same_day_twice_is_refused(harbor, anna):
    refused(lambda: Role.objects.create(organization=harbor, contact=anna, kind="notice", since=TODAY))


def test_owner_cannot_be_deleted_from_under_a_partnership(harbor, rosa):
    with pytest.raises(Exception, match="protected"):
        rosa.delete()


def test_contact_needs_a_moment_of_entry(harbor):
    refused(lambda: Contact.objects.create(organization=harbor, name="Li", entered_on=TODAY, entered_at=None))
    assert Contact.objects.filter(entered_at=NOW).count() == 1
