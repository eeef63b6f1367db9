"""The year ahead on the page of an agreement: what ends and what is looked through, drawn and as a table."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from prm.agreements.actions import give_notice
from tests.cast import NOW, TODAY, day, harbor_house, make_agreement, make_organization


@pytest.fixture
def harbor(monday):
    return harbor_house()


def section(client, agreement):
    answer = client.get(f"/partners/harbor-house/agreements/{agreement.pk}/")
    return BeautifulSoup(answer.content, "html.parser").find("section", {"aria-labelledby": "year"})


def rows(found):
    """The lines of the table: day, partner, what."""
    lines = [[cell.get_text().strip() for cell in row.find_all("td")] for row in found.select("tbody tr")]
    return [[cell.replace("\xa0", " ") for cell in line] for line in lines]


def test_ends_and_reviews_of_all_partners_stand_in_the_order_of_their_days(desk, harbor):
    mou = make_agreement(harbor)
    make_agreement(make_organization("Lighthouse"), expires_on=day("2028-05-31"))
    make_agreement(make_organization("Elm House"), expires_on=day("2028-06-01"))  # just outside
    make_agreement(
        make_organization("Maple House"), term="evergreen", expires_on=None, review_every_months=24
    )
    found = section(desk, mou)
    assert rows(found) == [
        ["20 Sep 2027", "Maple House", "is looked through"],
        ["30 Sep 2027", "Harbor House", "ends"],
        ["31 May 2028", "Lighthouse", "ends"],
    ]
    assert found.select_one("svg.year title").get_text().startswith("3 ends and reviews")
    assert len(found.select("svg.year circle.year-mark")) == 3
    [here] = found.select("svg.year circle.here")
    assert "review" not in here["class"]
    [own] = found.select("tbody a[aria-current]")
    assert own["href"] == f"/partners/harbor-house/agreements/{mou.pk}/"
    assert [text.get_text() for text in found.select("svg .year-name")] == [
        "Maple House",
        "Harbor House",
        "Lighthouse",
    ]


def test_after_a_notice_it_is_the_sooner_day(desk, harbor):
    mou = make_agreement(harbor)
    give_notice(mou, notice_by="Harbor House", given_on=TODAY, ended_on=day("2027-08-15"), now=NOW)
    assert rows(section(desk, mou)) == [["15 Aug 2027", "Harbor House", "ends"]]


def test_what_is_hidden_from_a_reader_is_not_drawn(desk, window, harbor):
    mou = make_agreement(harbor)
    make_agreement(make_organization("Hidden House", confidential=True), expires_on=day("2027-12-31"))
    assert len(rows(section(desk, mou))) == 2
    assert [row[1] for row in rows(section(window, mou))] == ["Harbor House"]


def test_nothing_is_drawn_where_nothing_comes(desk, harbor):
    assert section(desk, make_agreement(harbor, expires_on=TODAY - timedelta(days=1))) is None


def test_names_share_the_lines_without_touching_and_the_rest_stands_in_the_table(desk, harbor):
    mou = make_agreement(harbor)
    for number in range(12):
        make_agreement(
            make_organization(f"House number {number} of the county"), expires_on=day("2027-09-28")
        )
    found = section(desk, mou)
    assert len(rows(found)) == 13
    assert len(found.select("svg .year-name")) == 4
    places = {(text["x"], text["y"]) for text in found.select("svg .year-name")}
    assert len(places) == 4
    assert "Harbor House" in [text.get_text() for text in found.select("svg .year-name")]  # the page's own
    assert len({mark["cy"] for mark in found.select("svg.year circle")}) == 5
