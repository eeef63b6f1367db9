"""Facts of a partner are changed one at a time; two at once lose nothing, and what was saved can be undone."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from prm.partners.actions import change_organization
from prm.partners.queries import status_on
from prm.vocabulary.models import Term
from prm.vocabulary.queries import term
from prm.web.staff.organization_facts import FACTS
from tests.cast import NOW, TODAY, daniel, day, harbor_house, make_organization, rosa

PAGE = "/partners/harbor-house/"
LATER = NOW + timedelta(minutes=2)
TYPED = {
    "name": {"name": "Harbor Haven"},
    "sector": {"sector": "faith"},
    "place": {"city": "Oakland", "county": "Alameda", "state": "CA", "postal_code": "94601"},
    "phone": {"phone": "555 0100"},
    "mailbox": {"role_mailbox": "desk@harbor.example"},
    "website": {"website": "harbor.example"},
    "approval": {"approval_body": "City council", "approval_lead_days": "30"},
    "kind": {"partnership_kind": "faith"},
    "direction": {"direction": "two_way"},
    "since": {"partner_since": "2020-05-01"},
    "zone": {"zone": "America/Chicago"},
    "visibility": {"visibility": "need_to_know", "confidential": "on"},
    "notes": {"notes": "Ring twice.\nThen wait."},
}


@pytest.fixture
def later(desk):
    """Rosa's browser two minutes after all was entered: what is recorded then is a press of its own."""
    with time_machine.travel(LATER, tick=False):
        yield desk


def form_of(client, fact):
    """What the form of a fact carries when it is opened, typed over or not."""
    page = BeautifulSoup(client.get(f"{PAGE}facts/{fact}").content, "html.parser")
    return carried(page)


def carried(page):
    form = page.find("form", attrs={"data-fact-form": True})
    return {one["name"]: one.get("value", "") for one in form.find_all("input", type="hidden")}


def words_of(fact):
    """What is typed for a fact; words of a list by their number."""
    typed = dict(TYPED[fact])
    if "sector" in typed:
        typed["sector"] = term("sector", typed["sector"]).pk
    if "partnership_kind" in typed:
        typed["partnership_kind"] = Term.objects.filter(list="partnership_kind").first().pk
    return typed


def save(client, fact, typed, **carries):
    return client.post(f"{PAGE}facts/{fact}", {**form_of(client, fact), **typed, **carries}, follow=True)


@pytest.mark.parametrize("fact", TYPED)
def test_each_fact_is_saved_told_and_undone(later, fact):
    harbor = harbor_house()
    before = FACTS[fact].values(harbor)
    answer = save(later, fact, words_of(fact))
    assert answer.redirect_chain[-1][0] == PAGE
    harbor.refresh_from_db()
    after = FACTS[fact].values(harbor)
    assert {name: value for name, value in after.items() if value != before[name]}.keys() == after.keys()
    page = BeautifulSoup(answer.content, "html.parser")
    [undo] = page.find_all("form", attrs={"data-undo": True})
    back = later.post(undo["action"], {"back": PAGE}, follow=True)
    harbor.refresh_from_db()
    assert FACTS[fact].values(harbor) == before
    assert "Undone: Details changed" in back.content.decode()


def test_standing_is_followed_by_the_next_from_a_day_and_undone(later):
    harbor = harbor_house()
    answer = save(later, "standing", {"status": "former", "since": "2027-07-01"})
    assert (status_on(harbor, TODAY), status_on(harbor, day("2027-07-01"))) == ("active", "former")
    undo = BeautifulSoup(answer.content, "html.parser").find("form", attrs={"data-undo": True})
    later.post(undo["action"])
    assert status_on(harbor, day("2027-07-01")) == "active"


def test_every_fact_has_its_test():
    assert {*TYPED, "standing"} == set(FACTS)


@pytest.mark.parametrize(
    ("fact", "typed", "sentence"),
    [
        ("name", {"name": " "}, "Enter the name."),
        ("mailbox", {"role_mailbox": "desk@"}, "This is no full e-mail address."),
        ("approval", {"approval_lead_days": "soon"}, "Enter a number of days, such as 30."),
        ("approval", {"approval_lead_days": "4000"}, "Approval takes between 0 and 3650 days."),
        ("since", {"partner_since": "31 Feb 2020"}, "February 2020 has 29 days. Try 29\xa0Feb\xa02020."),
        ("zone", {"zone": "Moon/Base"}, "Choose a time zone from the list."),
        ("standing", {"status": "former", "since": ""}, "Enter the first day."),
        ("standing", {"status": "former", "since": "2027-01-01"}, "Choose a later day."),
        ("phone", {"phone": "5" * 61}, "Use 60 characters at most"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_kept_as_typed(later, fact, typed, sentence):
    harbor = harbor_house()
    before = FACTS[fact].values(harbor)
    answer = save(later, fact, typed)
    page = BeautifulSoup(answer.content, "html.parser")
    assert sentence in page.find(class_="field-error").get_text()
    name, text = next(iter(typed.items())) if fact != "standing" else ("since", typed["since"])
    if fact != "zone":  # a choice that is none cannot be kept
        assert page.find(attrs={"name": name}).get("value", "").strip() == text.strip()
    harbor.refresh_from_db()
    assert FACTS[fact].values(harbor) == before


def test_saving_what_stands_already_changes_and_records_nothing(later):
    harbor = harbor_house(notes="Ring twice.\nThen wait.")
    count = harbor.entries.count()
    answer = save(later, "notes", {"notes": "Ring twice.\r\nThen wait."})
    assert "Notes: nothing changed." in answer.content.decode()
    assert harbor.entries.count() == count


# --- two at once ----------------------------------------------------------------------------------------------------


def test_who_was_slower_is_told_sees_both_and_chooses(later):
    harbor = harbor_house(phone="555 0100")
    opened = form_of(later, "phone")
    change_organization(harbor, phone="555 0177", now=NOW, by=daniel())
    answer = later.post(f"{PAGE}facts/phone", {**opened, "phone": "555 0144"})
    page = BeautifulSoup(answer.content, "html.parser")
    notice = page.find(class_="conflict")
    assert "Daniel changed this 2 minutes ago: phone." in notice.get_text()
    assert [dd.get_text() for dd in notice.find_all("dd")] == ["555 0177", "555 0144"]
    assert notice.has_attr("autofocus")
    assert page.find("input", attrs={"name": "phone"})["value"] == "555 0144"
    harbor.refresh_from_db()
    assert harbor.phone == "555 0177"
    later.post(f"{PAGE}facts/phone", {**carried(page), "phone": "555 0144", "use": "mine"})
    harbor.refresh_from_db()
    assert harbor.phone == "555 0144"


def test_keeping_theirs_changes_nothing_but_saves_what_only_we_changed(later):
    harbor = harbor_house(city="Oakland")
    opened = form_of(later, "place")
    change_organization(harbor, city="Berkeley", now=NOW, by=daniel())
    typed = {"city": "Alameda", "county": "Alameda", "state": "CA", "postal_code": ""}
    page = BeautifulSoup(later.post(f"{PAGE}facts/place", {**opened, **typed}).content, "html.parser")
    keep = page.find("button", attrs={"name": "keep"})["value"]
    assert keep == "city"
    later.post(f"{PAGE}facts/place", {**carried(page), **typed, "keep": keep})
    harbor.refresh_from_db()
    assert (harbor.city, harbor.county, harbor.state) == ("Berkeley", "Alameda", "CA")


def test_while_we_chose_it_was_changed_a_third_time(later):
    harbor = harbor_house(phone="555 0100")
    opened = form_of(later, "phone")
    change_organization(harbor, phone="555 0177", now=NOW, by=daniel())
    page = BeautifulSoup(
        later.post(f"{PAGE}facts/phone", {**opened, "phone": "555 0144"}).content, "html.parser"
    )
    change_organization(harbor, phone="555 0199", now=NOW, by=daniel())
    again = later.post(f"{PAGE}facts/phone", {**carried(page), "phone": "555 0144"}).content.decode()
    assert "555 0199" in again
    harbor.refresh_from_db()
    assert harbor.phone == "555 0199"


def test_two_people_with_two_browsers_change_different_facts_and_both_stand(later):
    harbor = harbor_house(phone="555 0100", city="Oakland")
    other = Client()
    other.force_login(daniel())
    ours, theirs = form_of(later, "phone"), form_of(other, "place")
    later.post(f"{PAGE}facts/phone", {**ours, "phone": "555 0177"})
    other.post(
        f"{PAGE}facts/place", {**theirs, "city": "Berkeley", "county": "", "state": "", "postal_code": ""}
    )
    harbor.refresh_from_db()
    assert (harbor.phone, harbor.city) == ("555 0177", "Berkeley")


# --- undo -----------------------------------------------------------------------------------------------------------


def test_undo_says_so_where_somebody_changed_it_since(later):
    harbor = harbor_house()
    page = BeautifulSoup(save(later, "phone", {"phone": "555 0100"}).content, "html.parser")
    change_organization(harbor, phone="555 0177", now=LATER + timedelta(1), by=daniel())
    answer = later.post(page.find("form", attrs={"data-undo": True})["action"], follow=True)
    assert "This was changed again since. Nothing was undone." in answer.content.decode()
    harbor.refresh_from_db()
    assert harbor.phone == "555 0177"


def test_undo_of_another_partner_and_where_to_go_back(later):
    harbor_house()
    make_organization("Lighthouse")
    page = BeautifulSoup(save(later, "phone", {"phone": "555 0100"}).content, "html.parser")
    action = page.find("form", attrs={"data-undo": True})["action"]
    assert later.post(action.replace("harbor-house", "lighthouse")).status_code == 404
    assert later.post(action, {"back": "https://elsewhere.example/"})["Location"] == PAGE
    assert later.get(action).status_code == 405


def test_viewer_sees_the_facts_and_no_way_to_change_them(window):
    harbor_house(phone="555 0100", confidential=False)
    page = BeautifulSoup(window.get(PAGE).content, "html.parser")
    assert "555 0100" in page.find(class_="facts").parent.get_text() + page.get_text()
    assert page.find_all(attrs={"data-fact-edit": True}) == []
    assert window.get(f"{PAGE}facts/phone").status_code == 403


def test_website_is_a_link_only_where_it_leads_to_the_web(desk):
    harbor = harbor_house(website="javascript:alert(1)")
    assert "javascript:alert" in desk.get(PAGE).content.decode()
    assert 'href="javascript' not in desk.get(PAGE).content.decode()
    change_organization(harbor, website="harbor.example", now=NOW, by=rosa())
    assert 'href="https://harbor.example"' in desk.get(PAGE).content.decode()


def test_fact_that_is_none_is_not_there(desk):
    harbor_house()
    assert desk.get(f"{PAGE}facts/slug").status_code == 404
