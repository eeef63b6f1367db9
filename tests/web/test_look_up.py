"""Looking up: what Rosa types half is found, marked and safe; Carla finds nothing that is hidden from her."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils.html import escape

from prm.partners.actions import record_talk
from prm.partners.models import Contact
from prm.search.actions import refresh
from prm.search.models import Stale
from tests.cast import NOW, TODAY, harbor_house, make_agreement, make_organization, rosa


def looked_up(reader, asked, **more):
    answer = reader.get("/search", {"q": asked, **more})
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def groups(page):
    """Heading -> the titles under it."""
    return {
        section.h2.get_text(): [hit.get_text() for hit in section.select(".hit-title")]
        for section in page.select("section.hits")
    }


@pytest.fixture
def _full(monday):
    harbor = harbor_house(city="Sausalito")
    make_agreement(harbor)
    record_talk(harbor, happened_on=TODAY, note="They asked for a second evening.", now=NOW, by=rosa())
    refresh(now=NOW)


@pytest.mark.usefixtures("_full")
def test_everything_of_a_partner_is_grouped_by_kind_partners_first(desk):
    page = looked_up(desk, "harb")
    assert list(groups(page)) == ["Partners", "What you can do", "People", "Agreements", "Conversations"]
    assert groups(page)["What you can do"] == ["Record a talk with Harbor House", "Pause Harbor House"]
    assert page.h1.get_text() == "Look up"
    assert page.title.get_text().startswith("harb · Look up")
    hit = page.select_one("section.hits a.hit")
    assert hit["href"] == "/partners/harbor-house/"
    assert hit.mark.get_text() == "Harbor"
    assert "Sausalito" in hit.get_text()
    assert "Partner" in hit.select_one(".hit-kind").get_text()


@pytest.mark.usefixtures("_full")
def test_a_conversation_shows_its_day_and_its_words(desk):
    (hit,) = looked_up(desk, "evening").select("a.hit")
    assert hit["href"] == "/partners/harbor-house/#past"
    assert "7 Jun 2027" in hit.select_one(".hit-kind").get_text().replace("\xa0", " ")
    assert [mark.get_text() for mark in hit.select("mark")] == ["evening"]


@pytest.mark.usefixtures("_full")
def test_a_person_found_leads_to_their_own_page(desk):
    anna = Contact.objects.get()
    for part in ("", "1"):
        (hit,) = looked_up(desk, "reyes", part=part).select("a.hit")
        assert hit["href"] == f"/partners/harbor-house/people/{anna.pk}/"


@pytest.mark.usefixtures("_full")
def test_each_thing_found_opens(desk):
    links = {
        hit["href"]
        for asked in ("harbor", "mou", "evening", "settings", "t")
        for hit in looked_up(desk, asked).select("a.hit")
    }
    assert len(links) > 8
    for link in links:
        assert desk.get(link).status_code == 200, link


@pytest.mark.usefixtures("_full")
@pytest.mark.parametrize(
    ("asked", "title"),
    [("pause harb", "Pause Harbor House"), ("talk with harbor", "Record a talk with Harbor House")],
)
def test_what_to_do_and_with_whom_in_one_go(desk, asked, title):
    assert groups(looked_up(desk, asked)) == {"What you can do": [title]}


@pytest.mark.usefixtures("_full")
def test_pages_are_found_by_what_people_call_them(desk, window):
    assert groups(looked_up(desk, "setting"))["Pages"] == [
        "Program",
        "Closed days",
        "People on our side",
        "More",
    ]
    assert groups(looked_up(window, "setting"))["Pages"] == ["Closed days", "People on our side", "More"]
    assert "Pages" not in groups(looked_up(window, "spreadsheet"))


@pytest.mark.usefixtures("_full")
def test_a_viewer_is_offered_nothing_to_do(window):
    assert "What you can do" not in groups(looked_up(window, "harbor"))
    assert groups(looked_up(window, "pause harbor")) == {}


def test_carla_finds_nothing_of_a_confidential_partner(window, desk):
    harbor = harbor_house(confidential=True)
    make_agreement(harbor)
    record_talk(harbor, happened_on=TODAY, note="They asked for a second evening.", now=NOW, by=rosa())
    refresh(now=NOW)
    for asked in ("harbor", "anna", "reyes", "mou", "evening", "Harbor House"):
        for part in ("", "1"):
            page = looked_up(window, asked, part=part)
            assert not page.select("a.hit")
        assert looked_up(desk, asked).select("a.hit")


def test_names_are_never_read_as_markup(desk):
    make_organization('<b>Harbor</b> "&" <script>alert(1)</script>')
    refresh(now=NOW)
    for part in ("", "1"):
        page = looked_up(desk, "harbor script", part=part)
        title = page.select_one(".hit-title")
        assert title.get_text() == '<b>Harbor</b> "&" <script>alert(1)</script>'
        assert {tag.name for tag in title.find_all()} == {"mark"}


@pytest.mark.parametrize("part", ["", "1"])
def test_what_was_asked_is_kept_and_safe_when_nothing_is_found(desk, part):
    asked = '"><script>alert(1)</script> qqq'
    answer = desk.get("/search", {"q": asked, "part": part})
    assert escape(asked) in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()
    assert "Nothing found for" in answer.content.decode()


def test_without_words_the_page_says_what_can_be_found(desk):
    for asked in ("", "   ", "?!"):
        assert not looked_up(desk, asked).select("a.hit")
    assert looked_up(desk, "").select_one(".empty h2").get_text() == "Look up anything"


@pytest.mark.usefixtures("_full")
def test_the_part_is_a_list_of_options(desk):
    page = looked_up(desk, "harbor", part="1")
    assert page.html is None
    assert page.select_one("[role=group]")["aria-label"] == "Partners"
    assert len({option["id"] for option in page.select("[role=option]")}) == len(page.select("a.hit"))
    assert page.template.get_text() == f"{len(page.select('a.hit'))} found"


def test_every_page_has_the_field_and_the_box(desk):
    page = BeautifulSoup(desk.get("/partners/").content, "html.parser")
    assert page.select_one("form.look-up-side")["action"] == "/search"
    assert page.select_one("dialog#look-up form")["action"] == "/search"
    assert page.select_one("nav.bottom a[href='/search']").get_text(strip=True) == "Look up"


def test_nobody_who_is_not_signed_in_finds_anything(monday):
    answer = Client().get("/search", {"q": "harbor"})
    assert answer.status_code == 302


@pytest.mark.usefixtures("_full")
@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_one_as_for_three(desk, number, django_assert_num_queries):
    for some in range(number):
        make_organization(f"Sailors' home {some}")
    refresh(now=NOW)
    with django_assert_num_queries(10):  # session, reader, program, five kinds, titles, what is shown
        page = looked_up(desk, "sailors", part="1")
    assert len(page.select(".hit")) == number + 2


@pytest.mark.usefixtures("_full")
def test_what_was_just_written_down_is_found_at_once_and_only_of_that_partner(desk):
    other = make_organization("Lighthouse")
    record_talk(other, happened_on=TODAY, note="A walrus came by.", now=NOW, by=rosa())
    said = {"kind": "note", "note": "The walrus has moved in.", "happened_on": "2027-06-07"}
    answer = desk.post("/partners/harbor-house/write", said)
    assert answer.status_code == 302
    (hit,) = looked_up(desk, "walrus").select("a.hit")
    assert hit["href"] == "/partners/harbor-house/#past"
    assert set(Stale.objects.values_list("organization_id", flat=True)) == {other.pk}
