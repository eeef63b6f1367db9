"""A link opens one door for one person, for a while; what is stored opens none."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prm.partners.actions import end_role, note_leaving, revoke, revoke_all
from prm.partners.links import (
    LIFETIME,
    MARK,
    Holder,
    Standing,
    Wish,
    always,
    find,
    issue,
    live_links,
    standing,
    token_of,
)
from prm.partners.models import Entry, Link, Organization, Purpose
from tests.cast import NOW, TODAY, anna_reyes, day, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor() -> Organization:
    harbor = make_organization()
    anna_reyes(harbor)
    return harbor


def give(harbor: Organization, purpose: Purpose = Purpose.PAGE, **facts: str) -> Link:
    holder = Holder(harbor.pk, harbor.contacts.get().pk)
    return issue([(holder, Wish(purpose, **facts))], now=NOW)[0]


def worth(link: Link, *, later: timedelta = timedelta(0)) -> Standing:
    found = find(token_of(link))
    assert found is not None
    return standing(found, now=NOW + later, today=TODAY + later)


def test_token_is_long_and_stands_nowhere(harbor: Organization) -> None:
    link = give(harbor)
    token = token_of(link)
    assert len(token) * 6 >= 128
    stored = [str(value) for value in Link.objects.filter(pk=link.pk).values().get().values()]
    assert not any(token in value or value == token for value in stored)
    assert not any(find(value) for value in stored)


def test_same_link_gives_the_same_token_and_another_link_another(harbor: Organization) -> None:
    one, other = give(harbor), give(harbor)
    assert token_of(one) == token_of(Link.objects.get(pk=one.pk))
    assert token_of(one) != token_of(other)


def test_another_secret_key_makes_no_token_but_knows_the_old_ones(harbor: Organization, settings) -> None:
    link = give(harbor)
    token = token_of(link)
    settings.SECRET_KEY = "another key, as long as keys have to be in this product"
    with pytest.raises(ValueError, match="SECRET_KEY"):
        token_of(link)
    assert find(token) == link


def test_it_lives_thirty_days(harbor: Organization) -> None:
    link = give(harbor)
    assert worth(link, later=LIFETIME - timedelta(minutes=1)) is Standing.LIVE
    assert worth(link, later=LIFETIME) is Standing.EXPIRED


@pytest.mark.parametrize("purpose", [Purpose.FEED, Purpose.UNSUBSCRIBE])
def test_feed_and_less_mail_live_until_revoked_and_are_made_once(
    harbor: Organization, purpose: Purpose
) -> None:
    link = give(harbor, purpose, about="renewal")
    assert worth(link, later=timedelta(3650)) is Standing.LIVE
    assert give(harbor, purpose, about="renewal") == link
    assert give(harbor, purpose, about="training") != link
    revoke(link, now=NOW)
    assert worth(link) is Standing.ENDED
    assert give(harbor, purpose, about="renewal") != link


def test_it_ends_with_the_day_after_the_last_one(harbor: Organization) -> None:
    link = give(harbor)
    note_leaving(harbor.contacts.get(), last_day=day("2027-06-10"), now=NOW)
    assert worth(link, later=timedelta(3)) is Standing.LIVE
    assert worth(link, later=timedelta(4)) is Standing.ENDED


def test_it_ends_with_the_role_as_which_the_person_was_asked(harbor: Organization) -> None:
    asked, general = give(harbor, role="notice"), give(harbor)
    end_role(harbor.roles.get(kind="notice"), last_day=TODAY, now=NOW)
    assert worth(asked) is Standing.LIVE
    assert worth(asked, later=timedelta(1)) is Standing.ENDED
    assert worth(general, later=timedelta(1)) is Standing.LIVE


def test_live_ones_of_a_partner_are_listed(harbor: Organization) -> None:
    live, ended = give(harbor), give(harbor)
    revoke(ended, now=NOW)
    old = issue([(Holder(harbor.pk, None), Wish(Purpose.PAUSE))], now=NOW - LIFETIME)[0]
    assert live_links(harbor, now=NOW, today=TODAY) == [live]
    assert old.expires_at == NOW


def test_whoever_lost_the_role_or_left_is_not_listed_either(harbor: Organization) -> None:
    asked, general = give(harbor, role="notice"), give(harbor)
    end_role(harbor.roles.get(kind="notice"), last_day=TODAY, now=NOW)
    assert live_links(harbor, now=NOW, today=TODAY) == [general, asked]
    assert live_links(harbor, now=NOW, today=TODAY + timedelta(1)) == [general]
    note_leaving(harbor.contacts.get(), last_day=TODAY, now=NOW)
    assert live_links(harbor, now=NOW, today=TODAY + timedelta(1)) == []


def test_links_of_several_mails_end_with_one_line(harbor: Organization) -> None:
    some = [give(harbor), give(harbor), give(harbor)]
    assert [revoke_all(some, now=NOW), revoke_all(some, now=NOW)] == [3, 0]
    assert {worth(link) for link in some} == {Standing.ENDED}
    assert Entry.objects.filter(event="link_revoked").count() == 1


def test_shared_mailbox_has_nobody_who_could_leave(harbor: Organization) -> None:
    of_a_person = {wish.purpose for wish in always(1, ["renewal"])}
    of_a_mailbox = {wish.purpose for wish in always(None, ["renewal"])}
    assert of_a_person - of_a_mailbox == {Purpose.LEAVING, Purpose.UNSUBSCRIBE}


def test_making_many_asks_the_database_twice(harbor: Organization, django_assert_num_queries) -> None:
    holder = Holder(harbor.pk, harbor.contacts.get().pk)
    with django_assert_num_queries(2):
        issue([(holder, wish) for _ in range(10) for wish in always(holder.contact, ["renewal"])], now=NOW)


@given(st.sampled_from(Purpose), st.from_regex(r"[a-z0-9:,-]{0,40}", fullmatch=True))
def test_mark_is_found_whole_in_any_words(purpose: Purpose, about: str) -> None:
    wish = Wish(purpose, about)
    found = MARK.finditer(f"See {wish.address} and ~ nothing ~ else")
    assert [match[0] for match in found] == [wish.mark]
