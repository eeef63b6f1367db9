"""The list of partners: what it shows, what narrows it, and that it costs the same for one row and for many."""

import pytest

from prm.capacity.actions import pause
from prm.partners.actions import set_standing
from prm.reminders.actions import replan
from prm.vocabulary.queries import term
from tests.cast import NOW, TODAY, ben, day, harbor_house, make_agreement, make_organization, rosa

QUERIES = 11


def names(page):
    return [row.organization.name for row in page.context["rows"]]


def test_list_asks_for_a_sign_in(client, monday):
    answer = client.get("/partners/")
    assert answer.status_code == 302
    assert answer.url == "/accounts/login/?next=/partners/"


@pytest.mark.parametrize("number", [1, 3, 50])
def test_list_costs_the_same_for_one_row_three_and_fifty(desk, django_assert_num_queries, number):
    for count in range(number):
        organization = make_organization(
            f"House {count}", owner=rosa(), sector=term("sector", "dv_sa"), county="Marin"
        )
        make_agreement(organization)
        pause(organization, scope="referrals", starts_on=TODAY, months=1, now=NOW)
        replan([organization.pk], now=NOW)
    with django_assert_num_queries(QUERIES):
        page = desk.get("/partners/")
    assert len(page.context["rows"]) == min(number, 25)


def test_row_tells_capacity_end_keeper_and_next(desk):
    harbor = harbor_house(sector=term("sector", "dv_sa"))
    make_agreement(harbor)
    pause(harbor, scope="referrals", starts_on=TODAY, ends_on=day("2027-06-30"), now=NOW)
    replan([harbor.pk], now=NOW)
    text = desk.get("/partners/").content.decode()
    for words in (
        "Domestic violence and sexual assault",
        "Paused to 30\xa0Jun",
        "30\xa0Sep\xa02027",
        "Rosa",
        "in\xa09\xa0days (16\xa0Jun)",
    ):
        assert words in text


def test_row_of_a_former_partner_does_not_say_open(desk):
    set_standing(harbor_house(), status="former", now=NOW)
    [row] = desk.get("/partners/").context["rows"]
    assert row.capacity.words == "Former partner"
    page = desk.get("/partners/harbor-house/")
    assert [badge.words for badge in page.context["badges"]] == ["No agreement"]


def test_row_of_an_agreement_that_ran_out_is_late(desk):
    make_agreement(harbor_house(), expires_on=day("2027-05-31"))
    [row] = desk.get("/partners/").context["rows"]
    assert row.late
    assert row.agreement == "Ended 31\xa0May"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=harbor", ["Harbor House"]),
        ("q=anna", ["Harbor House"]),
        ("sector=dv_sa", ["Harbor House"]),
        ("county=Marin", ["Lighthouse"]),
        ("status=former", ["Lighthouse"]),
        ("agreement=in_force", ["Harbor House"]),
        ("agreement=ending", []),
        ("agreement=expired", []),
        ("agreement=none", ["Lighthouse"]),
        ("kept=me", ["Harbor House"]),
        ("q=harbor&county=Marin", []),
    ],
)
def test_address_narrows_the_list(desk, query, found):
    make_agreement(harbor_house(sector=term("sector", "dv_sa")))
    lighthouse = make_organization("Lighthouse", owner=ben(), county="Marin")
    set_standing(lighthouse, status="former", since=TODAY, now=NOW)
    assert names(desk.get(f"/partners/?{query}")) == found


def test_agreement_filter_finds_what_ends_soon_and_what_ran_out(desk):
    make_agreement(make_organization("Soon"), expires_on=day("2027-07-31"))
    make_agreement(make_organization("Over"), expires_on=day("2027-05-31"))
    assert names(desk.get("/partners/?agreement=ending")) == ["Soon"]
    assert names(desk.get("/partners/?agreement=expired")) == ["Over"]


def test_sorting_by_end_puts_what_has_none_last_both_ways(desk):
    make_organization("Alone")
    make_agreement(make_organization("Late"), expires_on=day("2028-01-31"))
    make_agreement(make_organization("Early"), expires_on=day("2027-08-31"))
    assert names(desk.get("/partners/?sort=ends")) == ["Early", "Late", "Alone"]
    assert names(desk.get("/partners/?sort=-ends")) == ["Late", "Early", "Alone"]


def test_nonsense_in_the_address_is_left_out(desk):
    harbor_house()
    page = desk.get("/partners/?status=blue&agreement=x&kept=you&sort=password&page=zero")
    assert names(page) == ["Harbor House"]


def test_list_has_pages_of_twenty_five(desk):
    for number in range(26):
        make_organization(f"House {number:02}")
    first, second = desk.get("/partners/"), desk.get("/partners/?page=2")
    assert len(names(first)) == 25
    assert names(second) == ["House 25"]
    assert "1 to 25 of 26" in first.content.decode()


def test_viewer_does_not_see_confidential_partners(window):
    make_organization("Open House", county="Marin")
    make_organization("Safe House", county="Hidden County", confidential=True)
    page = window.get("/partners/")
    assert names(page) == ["Open House"]
    assert "Hidden County" not in page.content.decode()


def test_empty_list_says_how_to_begin(desk):
    assert "No partners yet" in desk.get("/partners/").content.decode()
