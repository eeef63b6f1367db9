"""The page of one person: facts, roles from and to, a person who serves two organizations, and who has left."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup

from prm.partners.actions import (
    add_contact,
    change_contact,
    mark_undeliverable,
    note_leaving,
    note_same_person,
)
from prm.partners.models import Contact
from prm.partners.queries import holders
from prm.rules.refusal import Refusal
from prm.web.staff.person_facts import FACTS
from tests.cast import NOW, TODAY, anna_reyes, at, daniel, day, harbor_house, make_organization

LATER = NOW + timedelta(minutes=2)
TYPED = {
    "name": {"name": "Ana Reyes"},
    "title": {"title": "Director"},
    "email": {"email": "ana@harbor.example"},
    "phone": {"phone": "555 0100"},
    "languages": {"languages": "es"},
    "discreet": {"discreet": "on"},
    "commit": {"may_commit": "on"},
}


@pytest.fixture
def later(desk):
    """Rosa's browser two minutes after all was entered."""
    with time_machine.travel(LATER, tick=False):
        yield desk


@pytest.fixture
def anna(desk):
    return harbor_house().contacts.get()


def page_of(contact):
    return f"/partners/{contact.organization.slug}/people/{contact.pk}/"


def soup(client, address):
    return BeautifulSoup(client.get(address).content, "html.parser")


def save(client, contact, fact, typed):
    address = f"{page_of(contact)}facts/{fact}"
    form = soup(client, address).find("form", attrs={"data-fact-form": True})
    carried = {one["name"]: one.get("value", "") for one in form.find_all("input", type="hidden")}
    return client.post(address, {**carried, **typed}, follow=True)


def press_undo(client, answer):
    form = BeautifulSoup(answer.content, "html.parser").find("form", attrs={"data-undo": True})
    return client.post(form["action"], {"back": answer.redirect_chain[-1][0]}, follow=True)


@pytest.mark.parametrize("fact", TYPED)
def test_each_fact_of_a_person_is_saved_and_undone(later, anna, fact):
    before = FACTS[fact].values(anna)
    answer = save(later, anna, fact, TYPED[fact])
    assert answer.redirect_chain[-1][0] == page_of(anna)
    anna.refresh_from_db()
    assert FACTS[fact].values(anna) != before
    back = press_undo(later, answer)
    assert back.redirect_chain[-1][0] == page_of(anna)
    anna.refresh_from_db()
    assert FACTS[fact].values(anna) == before


def test_every_fact_has_its_test():
    assert set(TYPED) == set(FACTS)


def test_two_who_change_a_persons_address_are_told(later, anna):
    address = f"{page_of(anna)}facts/email"
    change_contact(anna, email="second@harbor.example", now=NOW, by=daniel())
    seen = {"seen_email": "anna@harbor.example", "email": "first@harbor.example"}
    text = later.post(address, seen).content.decode()
    assert "Daniel changed this 2 minutes ago: e-mail." in text
    anna.refresh_from_db()
    assert anna.email == "second@harbor.example"


def test_role_is_given_from_a_day_and_undone(later, anna):
    data = {"kind": "board_liaison", "since": "2027-07-01"}
    answer = later.post(f"{page_of(anna)}roles", data, follow=True)
    assert "Anna Reyes: board or council liaison from 1\xa0Jul\xa02027." in answer.content.decode()
    assert anna.roles.get(kind="board_liaison").since == day("2027-07-01")
    press_undo(later, answer)
    assert not anna.roles.filter(kind="board_liaison").exists()


def test_role_ends_without_a_successor(later, anna):
    address = f"{page_of(anna)}roles/intake"
    later.post(address, {"last_day": "2027-06-30", "follows": "nobody"})
    assert anna.roles.get(kind="intake").until == day("2027-06-30")
    assert holders(anna.organization, "intake", day("2027-07-01")) == []


def test_role_is_handed_over_to_somebody_known_and_undone(later, anna):
    lee = add_contact(anna.organization, name="Lee Park", now=NOW)
    data = {"last_day": "2027-06-30", "follows": "known", "successor": lee.pk}
    answer = later.post(f"{page_of(anna)}roles/intake", data, follow=True)
    assert "Lee Park follows." in answer.content.decode()
    assert holders(anna.organization, "intake", day("2027-06-30")) == [anna]
    assert holders(anna.organization, "intake", day("2027-07-01")) == [lee]
    press_undo(later, answer)
    assert holders(anna.organization, "intake", day("2027-07-01")) == [anna]


def test_role_is_handed_over_to_somebody_new_who_is_written_to_as_discreetly(later, anna):
    change_contact(anna, discreet=True, now=NOW)
    data = {"last_day": "2027-06-30", "follows": "new", "name": "Mai Tran", "email": "mai@harbor.example"}
    answer = later.post(f"{page_of(anna)}roles/intake", data, follow=True)
    mai = Contact.objects.get(name="Mai Tran")
    assert (mai.discreet, mai.roles.get().since) == (True, day("2027-07-01"))
    press_undo(later, answer)
    assert not Contact.objects.filter(name="Mai Tran").exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"last_day": "", "follows": "nobody"}, "Enter a day."),
        ({"last_day": "2027-06-01", "follows": "nobody"}, "The last day lies before the first one."),
        ({"last_day": "2027-06-30", "follows": "known"}, "Choose who follows."),
        ({"last_day": "2027-06-30", "follows": "new"}, "Enter the name of the new contact."),
    ],
)
def test_what_is_wrong_with_a_handover_is_said_at_the_field(later, anna, typed, sentence):
    answer = later.post(f"{page_of(anna)}roles/intake", typed)
    assert sentence in answer.content.decode()
    assert anna.roles.get(kind="intake").until is None


def test_role_that_nobody_holds_cannot_be_ended(desk, anna):
    assert desk.get(f"{page_of(anna)}roles/emergency").status_code == 404


def test_address_is_put_back_after_mail_came_back(later, anna):
    mark_undeliverable(anna, on=TODAY, now=NOW)
    assert "Mail came back" in soup(later, page_of(anna)).get_text()
    answer = later.post(f"{page_of(anna)}works", follow=True)
    anna.refresh_from_db()
    assert anna.undeliverable_on is None
    press_undo(later, answer)
    anna.refresh_from_db()
    assert anna.undeliverable_on == TODAY


def test_who_has_left_is_kept_and_shown(desk):
    anna = harbor_house(now=at("2027-01-04T10:00"), today=day("2027-01-04")).contacts.get()
    note_leaving(anna, last_day=day("2027-06-01"), now=NOW)
    text = soup(desk, page_of(anna)).get_text()
    assert "Left, last day 1\xa0Jun\xa02027" in text
    assert "They leave" not in text
    assert "Main contact" in text


def test_new_person_is_entered_with_roles(later, anna):
    data = {"name": "Lee Park", "email": "lee@harbor.example", "roles": ["intake"], "since": "2027-06-01"}
    answer = later.post("/partners/harbor-house/people/new", data, follow=True)
    lee = Contact.objects.get(name="Lee Park")
    assert answer.redirect_chain[-1][0] == page_of(lee)
    assert (lee.roles.get().kind, lee.roles.get().since) == ("intake", day("2027-06-01"))
    press_undo(later, answer)
    assert not Contact.objects.filter(name="Lee Park").exists()


@pytest.mark.parametrize("typed", [{"name": ""}, {"email": "lee@"}, {"since": ""}])
def test_what_is_wrong_with_a_new_person_is_said_and_the_rest_kept(desk, anna, typed):
    data = {"name": "Lee Park", "title": "Advocate", "since": "2027-06-01", **typed}
    answer = desk.post("/partners/harbor-house/people/new", data)
    assert list(answer.context["form"].errors) == list(typed)
    assert 'value="Advocate"' in answer.content.decode()
    assert Contact.objects.count() == 1


# --- one person, two organizations ----------------------------------------------------------------------------------


@pytest.fixture
def both(anna):
    """Anna at Harbor House, and Anna at Lighthouse, entered later: nobody has said yet that they are one."""
    there = anna_reyes(make_organization("Lighthouse"), now=NOW + timedelta(minutes=1))
    return anna, there


def test_known_address_is_offered_as_the_same_person(later, anna):
    make_organization("Lighthouse")
    data = {"name": "Anna Reyes", "email": "Anna@harbor.example", "since": "2027-06-07"}
    answer = later.post("/partners/lighthouse/people/new", data)
    assert "The same person as Anna Reyes at Harbor House" in answer.content.decode()
    assert Contact.objects.count() == 1
    later.post("/partners/lighthouse/people/new", {**data, "same": anna.pk})
    there = Contact.objects.exclude(pk=anna.pk).get()
    assert there.same_as == anna
    assert "Anna Reyes at Lighthouse" in soup(later, page_of(anna)).get_text()
    assert "Anna Reyes at Harbor House" in soup(later, page_of(there)).get_text()


def test_somebody_else_with_the_same_address_stays_somebody_else(later, anna):
    make_organization("Lighthouse")
    data = {"name": "Ana Ruiz", "email": anna.email, "since": "2027-06-07", "same": "no"}
    later.post("/partners/lighthouse/people/new", data)
    assert Contact.objects.get(name="Ana Ruiz").same_as is None


def test_later_row_leads_to_the_first_whichever_page_says_so(later, both):
    anna, there = both
    answer = later.post(f"{page_of(anna)}same", {"other": there.pk}, follow=True)
    there.refresh_from_db()
    anna.refresh_from_db()
    assert (there.same_as, anna.same_as) == (anna, None)
    press_undo(later, answer)
    there.refresh_from_db()
    assert there.same_as is None


def test_third_organization_leads_to_the_first_too(both):
    anna, there = both
    third = anna_reyes(make_organization("Chapel"), now=NOW + timedelta(minutes=2))
    note_same_person(third, there, now=LATER)
    note_same_person(anna, there, now=LATER)
    for row in (there, third):
        row.refresh_from_db()
        assert row.same_as == anna
    with pytest.raises(Refusal, match="same organization"):
        note_same_person(anna, add_contact(anna.organization, name="Lee", now=NOW), now=LATER)


def test_changed_address_is_offered_for_the_other_row(later, both):
    anna, there = both
    note_same_person(anna, there, now=NOW)
    change_contact(anna, email="new@harbor.example", now=NOW)
    assert "Use new@harbor.example there too" in soup(later, page_of(anna)).get_text()
    later.post(f"{page_of(anna)}same", {"other": there.pk})
    there.refresh_from_db()
    assert there.email == "new@harbor.example"
    assert "there too" not in soup(later, page_of(anna)).get_text()


def test_leaving_one_organization_leaves_the_other_alone(both):
    anna, there = both
    note_same_person(anna, there, now=NOW)
    note_leaving(anna, last_day=TODAY, now=NOW)
    there.refresh_from_db()
    assert there.left_on is None
    assert there.roles.filter(until=None).count() == 5


def test_viewer_learns_nothing_of_a_hidden_organization(window, desk, both):
    anna, there = both
    note_same_person(anna, there, now=NOW)
    there.organization.confidential = True
    there.organization.save()
    assert "Lighthouse" in soup(desk, page_of(anna)).get_text()
    for address in (page_of(anna), "/partners/harbor-house/"):
        assert "Lighthouse" not in window.get(address).content.decode()
    assert window.get(page_of(there)).status_code == 404


def test_viewer_does_not_learn_who_is_discreet(window, anna):
    text = soup(window, page_of(anna)).get_text()
    assert "Discreet" not in text
    assert "anna@harbor.example" in text


def test_person_of_another_partner_is_not_there(desk, both):
    _anna, there = both
    assert desk.get(f"/partners/harbor-house/people/{there.pk}/").status_code == 404


@pytest.mark.parametrize("number", [1, 3, 50])
def test_page_costs_the_same_for_many_roles_and_places(desk, anna, django_assert_num_queries, number):
    for count in range(number):
        there = anna_reyes(make_organization(f"Chapel {count}"), now=NOW + timedelta(minutes=1))
        note_same_person(anna, there, now=NOW)
    with django_assert_num_queries(8):
        desk.get(page_of(anna))
