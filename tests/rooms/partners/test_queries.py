"""The list of partners."""

import pytest

from prm.partners.actions import add_contact, set_standing
from prm.partners.queries import SORTS, counties, organizations_for_list
from prm.vocabulary.queries import term
from tests.cast import NOW, TODAY, day, make_organization


@pytest.fixture
def three(harbor, ben):
    task = make_organization("Task Force", county="Leon", owner=ben, sector=term("sector", "coalition"))
    set_standing(task, status="former", since=TODAY, now=NOW)
    make_organization("Safe House", confidential=True, county="Duval", state="FL")


def names(reader, sort="name", **filters) -> list[str]:
    return [o.name for o in organizations_for_list(reader=reader, today=TODAY, filters=filters, sort=sort)]


def test_list_is_by_name_with_owner_and_status(three, rosa):
    rows = organizations_for_list(reader=rosa, today=TODAY)
    assert [(o.name, o.owner_name, o.status_now) for o in rows] == [
        ("Harbor House", "Rosa", "active"),
        ("Safe House", None, "active"),
        ("Task Force", "Ben", "former"),
    ]


def test_status_and_owner_are_those_of_the_day(three, rosa):
    yesterday = organizations_for_list(reader=rosa, today=day("2027-06-06"))
    assert {(o.owner_name, o.status_now) for o in yesterday} == {(None, None)}


def test_viewer_does_not_see_the_confidential_one(three, carla):
    assert names(carla) == ["Harbor House", "Task Force"]


def test_filters_narrow_and_empty_ones_do_not(three, rosa, ben):
    assert names(rosa, status="former") == ["Task Force"]
    assert names(rosa, owner=ben.pk) == ["Task Force"]
    assert names(rosa, owner="nobody") == ["Safe House"]
    assert names(rosa, sector="coalition") == ["Task Force"]
    assert names(rosa, county="leon") == ["Task Force"]
    assert names(rosa, state="FL", q="safe") == ["Safe House"]
    assert len(names(rosa, status="", county=None)) == 3


def test_search_finds_people_by_name_and_address(three, rosa):
    assert names(rosa, q="reyes") == ["Harbor House"]
    assert names(rosa, q="ANNA@harbor") == ["Harbor House"]
    assert names(rosa, q="nobody at all") == []


def test_filter_nobody_knows_is_a_mistake_of_the_program(rosa):
    with pytest.raises(KeyError):
        names(rosa, colour="red")


@pytest.mark.parametrize("sort", SORTS)
def test_every_sort_turns_round(three, rosa, sort):
    assert sorted(names(rosa, sort)) == sorted(names(rosa, f"-{sort}"))
    assert names(rosa, "-owner")[-1] == names(rosa, "owner")[-1] == "Safe House"


def test_unknown_sort_is_by_name(three, rosa):
    assert names(rosa, "colour") == names(rosa)


@pytest.mark.parametrize("others", [0, 2])
def test_list_takes_one_query(harbor, rosa, django_assert_num_queries, others):
    for number in range(others):
        add_contact(make_organization(f"Partner {number}", owner=rosa), name="Li", now=NOW)
    with django_assert_num_queries(1):
        assert (
            len([(o.sector, o.owner_name) for o in organizations_for_list(reader=rosa, today=TODAY)])
            == others + 1
        )


def test_counties_are_those_in_use(three):
    assert counties() == ["Duval", "Leon"]
