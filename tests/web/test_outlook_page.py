"""The outlook's page: bars that add up, days with their rows, and what narrows them."""

import pytest

from prm.capacity.actions import pause
from prm.reminders.actions import refresh
from tests.cast import NOW, TODAY, day, harbor_house, make_agreement, make_organization

QUERIES = 9


def rows(page):
    return [row for _day, some in page.context["days"] for row in some]


@pytest.mark.parametrize("number", [1, 3, 50])
def test_page_costs_the_same_for_one_partner_three_and_fifty(desk, django_assert_num_queries, number):
    for count in range(number):
        make_agreement(make_organization(f"House {count}"), expires_on=day("2027-08-31"))
    refresh(now=NOW)
    with django_assert_num_queries(QUERIES):
        desk.get("/outlook/")


def test_row_says_what_to_whom_why_and_how_it_stands(desk):
    make_agreement(harbor_house(), expires_on=day("2027-08-31"))
    [row] = [row for row in rows(desk.get("/outlook/")) if row.matter.words == "Agreement ends in 60 days"]
    assert row.whom == "Anna Reyes and you"
    assert row.line.reason == "60 days before 31\xa0Aug\xa02027, the end of the agreement"
    assert row.badge.words == "Planned"


def test_bars_and_table_hold_the_same_numbers_as_the_rows(desk):
    make_agreement(harbor_house(), expires_on=day("2027-08-31"))
    page = desk.get("/outlook/")
    going = [row for row in rows(page) if row.line.state in ("planned", "held") and row.line.day]
    bars = page.context["bars"]
    assert len(bars) == 13
    assert sum(bar.together for bar in bars) == len(going) == page.context["total"]
    assert bars[0].first == TODAY


def test_held_rows_stay_and_can_be_shown_alone(desk):
    pause(harbor_house(), scope="all", starts_on=TODAY, months=2, now=NOW)
    alone = rows(desk.get("/outlook/?state=held"))
    assert alone
    assert {row.badge.words for row in alone} == {"Held"}
    assert "waits until the pause ends on 7\xa0Aug\xa02027" in desk.get("/outlook/").content.decode()


def test_one_partner_one_side_or_my_own_can_be_shown_alone(desk):
    make_agreement(harbor_house(), expires_on=day("2027-08-31"))
    make_agreement(make_organization("Lighthouse"), expires_on=day("2027-08-31"))
    assert {row.line.organization.name for row in rows(desk.get("/outlook/?kept=me"))} == {"Harbor House"}
    assert {row.line.organization.name for row in rows(desk.get("/outlook/?partner=lighthouse"))} == {
        "Lighthouse"
    }
    assert {row.line.side for row in rows(desk.get("/outlook/?side=partner"))} == {"partner"}


def test_viewer_sees_nothing_of_hidden_partners(window):
    make_agreement(make_organization("Safe House", confidential=True), expires_on=day("2027-08-31"))
    assert rows(window.get("/outlook/")) == []
    assert "Safe House" not in window.get("/outlook/?partner=safe-house").content.decode()


def test_empty_outlook_says_so(desk):
    assert "Nothing in sight" in desk.get("/outlook/").content.decode()
