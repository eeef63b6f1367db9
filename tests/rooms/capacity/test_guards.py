"""What the database refuses of pauses, past every action."""

import pytest
from django.db import IntegrityError, transaction

from prm.capacity.models import Pause
from tests.cast import TODAY, day, make_organization


def write(organization, first: str, last: str | None, **facts) -> Pause:
    start = {"scope": "referrals", "talk_on": day(first), "entered_on": TODAY, "changed_on": TODAY}
    with transaction.atomic():
        return Pause.objects.create(
            organization=organization,
            starts_on=day(first),
            ends_on=day(last) if last else None,
            **start | facts,
        )


def refused(*args, **facts) -> None:
    with pytest.raises(IntegrityError):
        write(*args, **facts)


def test_end_before_start_is_refused(harbor):
    refused(harbor, "2027-07-01", "2027-06-30")
    assert write(harbor, "2027-07-01", "2027-07-01").pk


@pytest.mark.parametrize(
    ("first", "last"),
    [("2027-07-31", None), ("2027-07-10", "2027-07-20"), ("2027-06-01", "2027-07-01"), ("2027-06-01", None)],
)
def test_overlap_is_refused(harbor, first, last):
    write(harbor, "2027-07-01", "2027-07-31")
    refused(harbor, first, last)


def test_neighbours_other_scopes_and_other_houses_are_not(harbor):
    write(harbor, "2027-07-01", "2027-07-31")
    assert write(harbor, "2027-08-01", None).pk
    assert write(harbor, "2027-07-01", None, scope="all").pk
    assert write(make_organization("Task Force"), "2027-07-01", None).pk


def test_overlap_with_one_taken_back_is_not_refused_until_it_comes_again(harbor):
    write(harbor, "2027-07-01", None, withdrawn_on=TODAY)
    assert write(harbor, "2027-07-01", None).pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Pause.objects.update(withdrawn_on=None)


def test_same_service_in_other_spelling_is_refused_another_is_not(harbor):
    write(harbor, "2027-07-01", None, scope="service", service="Beds")
    refused(harbor, "2027-07-01", None, scope="service", service="beds")
    assert write(harbor, "2027-07-01", None, scope="service", service="Legal").pk


def test_service_is_named_where_one_is_paused_and_only_there(harbor):
    refused(harbor, "2027-07-01", None, scope="service")
    refused(harbor, "2027-07-01", None, service="Beds")
    refused(harbor, "2027-07-01", None, scope="everything")


def test_day_to_talk_is_never_empty(harbor):
    refused(harbor, "2027-07-01", None, talk_on=None)
