"""The contact for agreement notices is stale where somebody had them, and nobody by name gets them now."""

import pytest

from prm.partners.actions import (
    add_contact,
    change_contact,
    end_role,
    give_role,
    mark_undeliverable,
    note_leaving,
    replace_contact,
)
from prm.partners.queries import notice_is_stale, stale_notices
from tests.cast import NOW, TODAY, day, make_organization

LAST = day("2027-06-30")
AFTER = day("2027-07-01")


def test_it_holds_through_the_last_day(harbor, anna):
    note_leaving(anna, last_day=LAST, now=NOW)
    assert (notice_is_stale(harbor, LAST), notice_is_stale(harbor, AFTER)) == (False, True)


def test_a_successor_takes_it_up(harbor, anna):
    replace_contact(anna, last_day=LAST, name="Sam Lee", email="sam@harbor.example", now=NOW)
    assert not notice_is_stale(harbor, AFTER)


def test_a_second_contact_is_enough(harbor, anna):
    add_contact(harbor, name="Sam Lee", email="sam@harbor.example", roles=["notice"], now=NOW, today=TODAY)
    note_leaving(anna, last_day=LAST, now=NOW)
    assert not notice_is_stale(harbor, AFTER)


@pytest.mark.parametrize("how", ["ended", "came back", "no address"])
def test_who_cannot_be_reached_counts_as_nobody(harbor, anna, how):
    if how == "ended":
        end_role(anna.roles.get(kind="notice"), last_day=LAST, now=NOW)
    elif how == "came back":
        mark_undeliverable(anna, on=TODAY, now=NOW)
    else:
        change_contact(anna, email="", now=NOW)
    assert notice_is_stale(harbor, AFTER)


def test_where_nobody_ever_had_them_nothing_is_stale(harbor, anna):
    empty = make_organization("North Clinic")
    later = make_organization("South Clinic")
    sam = add_contact(later, name="Sam Lee", email="sam@south.example", now=NOW, today=TODAY)
    give_role(sam, kind="notice", since=AFTER, now=NOW)
    note_leaving(anna, last_day=TODAY, now=NOW)
    assert stale_notices([harbor.pk, empty.pk, later.pk], LAST) == {harbor.pk}


def test_many_cost_as_few_queries_as_one(harbor, django_assert_num_queries):
    with django_assert_num_queries(1):
        stale_notices(range(harbor.pk, harbor.pk + 200), AFTER)
