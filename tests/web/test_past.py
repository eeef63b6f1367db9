"""What happened with a partner: several kinds at once, how much of each, and 50 lines a page."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from prm.capacity.actions import pause
from prm.partners.actions import record_note, record_talk
from prm.reminders import dispatch
from prm.reminders.actions import refresh
from tests.cast import NOW, TODAY, at, day, harbor_house, make_agreement, rosa

PAGE = "/partners/harbor-house/"
PART = {"X-Part": "past"}
#: The part alone: session, person, program, partner, what there is, entries, mails.
QUERIES = 7


def talks(harbor, number):
    for count in range(number):
        record_talk(harbor, happened_on=TODAY - timedelta(count), note=f"Call {count}.", by=rosa(), now=NOW)


def part_of(client, asked=""):
    return BeautifulSoup(client.get(PAGE + asked, headers=PART).content, "html.parser")


def chips(page):
    return [" ".join(one.stripped_strings) for one in page.select(".past-chips a.chip")]


def subjects(page):
    return [one.get_text(strip=True) for one in page.select("ol.thread .subject")]


@pytest.fixture
def harbor(db):
    """Harbor House with two talks, a note, a pause, and what adding it wrote down."""
    made = harbor_house()
    talks(made, 2)
    record_note(made, note="Ring twice", now=NOW, by=rosa())
    pause(made, scope="training", starts_on=TODAY, months=1, now=NOW, by=rosa())
    return made


@pytest.mark.usefixtures("harbor")
def test_chips_say_how_much_there_is_of_each_kind_and_none_of_what_is_not(desk):
    found = chips(part_of(desk))
    assert found[:4] == ["Everything", "Talks 2", "Notes 1", "Pauses 1"]
    assert not [one for one in found if one.startswith(("Mail", "Training", "Agreements"))]


@pytest.mark.usefixtures("harbor")
def test_several_kinds_are_chosen_at_once_and_one_is_let_go(desk):
    page = part_of(desk, "?show=note&show=pause")
    assert len(subjects(page)) == 2
    assert page.select_one("#past-count").get_text() == "2 lines: Notes, Pauses"
    chosen = [" ".join(one.stripped_strings) for one in page.select("a.chip[aria-current]")]
    assert chosen == ["Notes 1 , chosen", "Pauses 1 , chosen"]
    asked = {one.get_text().split()[0]: one["href"] for one in page.select(".past-chips a.chip")}
    assert asked["Talks"] == "?show=talk&show=note&show=pause#past"
    assert asked["Notes"] == "?show=pause#past"
    assert asked["Everything"] == "?#past"
    files = [one["href"] for one in page.select(".download a")]
    assert all(one.endswith("?show=note&show=pause") for one in files)


@pytest.mark.usefixtures("harbor")
def test_kind_that_nobody_knows_asks_for_everything(desk):
    assert subjects(part_of(desk, "?show=gossip&all=x")) == subjects(part_of(desk))


def test_page_begins_with_twelve_lines_and_turns_over_by_fifty(desk):
    talks(harbor_house(), 120)
    first = part_of(desk, "?show=talk")
    assert (len(subjects(first)), first.select_one("#past-count").get_text()) == (
        12,
        "1 to 12 of 120 lines: Talks",
    )
    ways = {one.get_text(): one["href"] for one in part_of(desk, "?show=talk&all=2").select(".older a")}
    assert ways == {
        "Show newer entries": "?show=talk&all=1#past",
        "Show older entries": "?show=talk&all=3#past",
    }
    last = part_of(desk, "?show=talk&all=3")
    assert last.select_one("#past-count").get_text() == "101 to 120 of 120 lines: Talks"
    pages = [part_of(desk, f"?show=talk&all={number}") for number in (1, 2, 3)]
    notes = [one.get_text(strip=True) for page in pages for one in page.select(".knot .note")]
    assert notes == [f"Call {count}." for count in range(120)]
    assert subjects(part_of(desk, "?all=9")) == []


@pytest.mark.usefixtures("harbor")
def test_part_is_the_same_as_on_the_whole_page(desk):
    whole = BeautifulSoup(desk.get(f"{PAGE}?show=talk").content, "html.parser")
    assert subjects(whole.select_one("#past-part")) == subjects(part_of(desk, "?show=talk"))
    assert "<html" not in desk.get(PAGE, headers=PART).content.decode()


def test_private_lines_are_neither_shown_nor_counted_for_a_viewer(desk, window, harbor):
    record_talk(harbor, note="Between us", private=True, now=NOW + timedelta(hours=1), by=rosa())
    assert "Talks 3" in chips(part_of(desk))
    assert "Talks 2" in chips(part_of(window))


@pytest.mark.parametrize("number", [1, 3, 50])
def test_part_costs_the_same_for_any_number_of_lines(desk, django_assert_num_queries, number):
    harbor = harbor_house()
    talks(harbor, number)
    make_agreement(harbor, expires_on=day("2027-08-31"))
    refresh(now=at("2027-07-02T10:00"))
    dispatch.hand_over(now=at("2027-07-02T10:00"))
    assert "Mail 3" in chips(part_of(desk))
    with django_assert_num_queries(QUERIES):
        desk.get(f"{PAGE}?all=1", headers=PART)
