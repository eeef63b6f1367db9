"""The first page: what partners said, what is late and due, one next action each, and a calm end."""

import pytest
from bs4 import BeautifulSoup

from prm.capacity.actions import pause
from prm.partners import links
from prm.partners.actions import assign_deputy, note_leaving, say
from prm.partners.links import Holder, Wish
from prm.partners.models import Purpose
from prm.reminders.actions import refresh
from tests.cast import NOW, TODAY, at, ben, day, harbor_house, make_agreement, make_organization, rosa


def words(tag):
    return " ".join(tag.get_text(" ").replace("\xa0", " ").split())


def page_of(client, query=""):
    return BeautifulSoup(client.get(f"/today/{query}").content, "html.parser")


def sections(page):
    """Heading and number -> the rows below it, as words."""
    return {
        words(section.h2): [words(row) for row in section.select(".knot")]
        for section in page.select("main section")
    }


def says(organization, kind="leaving", **facts):
    contact = organization.contacts.first()
    holder = Holder(organization.pk, contact.pk if contact else None)
    [link] = links.issue([(holder, Wish(Purpose.PAGE))], now=NOW)
    return say(link, kind=kind, now=NOW, today=TODAY, **facts)


def leaves(organization):
    return says(
        organization, note="Thank you", data={"last_on": day("2027-06-30"), "successor_name": "Mai Tran"}
    )


@pytest.fixture
def harbor(monday):
    return harbor_house()


def test_first_page_is_today(desk):
    assert desk.get("/").url == "/today/"


def test_bar_leads_to_today_first(desk, harbor):
    page = page_of(desk)
    first = page.select(".nav-list a")[0]
    assert (words(first), first["href"], first["aria-current"]) == ("Today", "/today/", "page")
    assert words(page.select(".bottom a")[0]) == "Today"


def test_nothing_to_do_is_calm_and_names_the_next_day(desk, harbor):
    make_agreement(harbor)
    refresh(now=NOW)
    page = page_of(desk)
    assert words(page.h1) == "Nothing needs you today."
    assert words(page.select_one(".lede")) == "Next: in 9 days (16 Jun)."
    assert page.title.get_text().startswith("Today")


def test_every_kind_has_its_section_and_the_title_counts_what_needs_you(desk, harbor):
    leaves(harbor)
    make_agreement(harbor, expires_on=day("2027-05-20"))
    make_agreement(make_organization("Elm Street", owner=rosa()), expires_on=day("2027-05-31"))
    make_agreement(make_organization("Mill Street", owner=rosa()), expires_on=day("2027-09-09"))
    refresh(now=NOW)
    page = page_of(desk)
    found = sections(page)
    assert list(found) == ["What partners said 1", "Late 1", "Today 1", "This week 2"]
    assert page.title.get_text().startswith("(3) Today")
    assert words(page.h1) == "3 things need you"
    [said] = found["What partners said 1"]
    assert "Anna Reyes leaves; the last day is 30 Jun 2027. Mai Tran follows." in said
    assert "Thank you" in said
    assert "by the link “Their own page” of 7 Jun 2027" in said
    late = "Harbor House Agreement has ended, still working together Renew or end it Record renewal"
    assert late in found["Late 1"][0]
    assert "Elm Street" in found["Today 1"][0]
    assert "Mill Street Agreement ends" in found["This week 2"][0]


def test_chips_count_and_lead_to_their_section(desk, harbor):
    leaves(harbor)
    page = page_of(desk)
    assert [(words(one), one["href"]) for one in page.select(".jump-chips a")] == [
        ("Partners said 1", "#said")
    ]
    assert page.find(id="said") is not None


def test_own_partners_come_first_and_everyones_by_a_link(desk, harbor):
    leaves(harbor)
    other = make_organization("Chapel", owner=ben())
    leaves(other)
    assert "Chapel" not in words(page_of(desk).main)
    assert "Chapel" in words(page_of(desk, "?whose=all").main)


def test_deputy_stands_in(desk, harbor):
    chapel = make_organization("Chapel", owner=ben())
    assign_deputy(chapel, rosa(), now=NOW, today=TODAY)
    leaves(chapel)
    assert "Chapel" in words(page_of(desk).main)


def test_viewer_sees_everyones_but_nothing_confidential_and_no_button(window, monday):
    leaves(harbor_house(confidential=True))
    leaves(make_organization("Chapel", owner=ben()))
    page = page_of(window)
    assert "Chapel" in words(page.main)
    assert "Harbor House" not in words(page.main)
    assert "Thank you" not in words(page.main)
    assert page.select("main form, main .knot-action") == []


@pytest.mark.parametrize(
    ("make", "said", "button", "leads_to"),
    [
        (
            lambda one: pause(one, scope="referrals", starts_on=day("2027-04-01"), months=1, now=NOW),
            "Pause is over, nobody said whether they are back",
            "Are they back?",
            "/partners/harbor-house/pauses/",
        ),
        (
            lambda one: note_leaving(one.contacts.get(), last_day=day("2027-06-04"), now=NOW),
            "Nobody follows Anna Reyes: main contact, agreement notices, signs agreements",
            "Find a contact",
            "/partners/harbor-house/replace?contact=",
        ),
    ],
)
def test_row_has_one_next_action(desk, make, said, button, leads_to):
    make(harbor_house(now=at("2027-05-03T10:00"), today=day("2027-05-03")))
    refresh(now=NOW)
    row = next(row for row in page_of(desk).select(".knot") if said in words(row))
    action = row.select_one(".knot-action a")
    action.span.extract()
    assert words(action) == button
    assert action["href"].startswith(leads_to)
    assert desk.get(action["href"]).status_code == 200


def test_much_is_cut_and_can_be_seen_at_length(desk, harbor, monkeypatch):
    monkeypatch.setattr("prm.desk.today.SHOWN", 2)
    for number in range(3):
        make_agreement(make_organization(f"Place {number}", owner=rosa()), expires_on=day("2027-05-31"))
    page = page_of(desk)
    assert len(sections(page)["Late 3"]) == 2
    more = page.select_one(".older a")
    assert words(more) == "and 1 more"
    assert len(sections(page_of(desk, more["href"]))["Late 3"]) == 3


def test_more_partners_than_can_be_weighed_show_the_first_of_each_kind(desk, harbor, monkeypatch):
    leaves(harbor)
    make_agreement(harbor, expires_on=day("2027-05-31"))
    pause(
        make_organization("Chapel", owner=rosa()), scope="all", starts_on=day("2027-04-01"), months=1, now=NOW
    )
    make_organization("Calm", owner=rosa())
    refresh(now=NOW)
    whole = sections(page_of(desk))
    monkeypatch.setattr("prm.desk.today.REACH", 2)
    page = page_of(desk)
    assert sections(page) == whole
    assert "of each kind only the first are shown" in words(page.main)


@pytest.mark.parametrize("number", [1, 3, 50])
def test_page_asks_a_fixed_number_of_queries(desk, harbor, django_assert_num_queries, number):
    for count in range(number):
        one = make_organization(f"Place {count}", owner=rosa())
        make_agreement(one, expires_on=day("2027-05-31"))
        pause(one, scope="all", starts_on=day("2027-04-01"), months=1, now=NOW)
        leaves(one)
    refresh(now=NOW)
    page_of(desk)
    with django_assert_num_queries(14):
        page_of(desk)


def test_director_without_partners_sees_everyones(chair, harbor):
    leaves(harbor)
    page = page_of(chair)
    assert "Harbor House" in words(page.main)
    assert words(page.select_one(".tabs a[aria-current]")) == "Everyone’s"
