"""A new partner in one short form: it is kept by whoever enters it, and names that are alike are shown first."""

import pytest

from prm.partners.models import Contact, Organization
from prm.partners.queries import owner_on, status_on
from prm.search.likeness import alike
from tests.cast import TODAY, ben, carla, harbor_house, make_organization, rosa

PAGE = "/partners/new"
HARBOR = {"name": "Harbor House", "county": "Marin", "status": "active"}


def enter(client, **typed):
    return client.post(PAGE, {**HARBOR, "owner": rosa().pk, **typed}, follow=True)


def test_partner_and_main_contact_are_entered_in_one_go(desk):
    answer = enter(desk, contact_name="Anna Reyes", email="Anna@Harbor.example", phone="555 0100")
    harbor = Organization.objects.get()
    assert answer.redirect_chain[-1][0] == "/partners/harbor-house/"
    assert "Harbor House is entered, with Anna Reyes as main contact." in answer.content.decode()
    assert (harbor.county, owner_on(harbor, TODAY), status_on(harbor, TODAY)) == ("Marin", rosa(), "active")
    anna = harbor.contacts.get()
    assert (anna.email, anna.phone, anna.roles.get().kind) == ("anna@harbor.example", "555 0100", "primary")


def test_only_the_name_is_needed(desk):
    text = enter(desk, phone="555 0100", contact_name="").content.decode()
    assert "Enter the name of the person whom this reaches." in text
    text = enter(desk).content.decode()
    assert "Nobody to write to is known there yet." in text
    assert not Contact.objects.exists()


def test_somebody_else_can_keep_it(desk):
    enter(desk, owner=ben().pk, status="prospect")
    harbor = Organization.objects.get()
    assert (owner_on(harbor, TODAY), status_on(harbor, TODAY)) == (ben(), "prospect")


def test_viewer_is_not_offered_as_keeper(desk):
    answer = enter(desk, owner=carla().pk)
    assert not Organization.objects.exists()
    assert "owner" in answer.context["form"].errors


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " "}, "Enter the name of the organization."),
        ({"contact_name": "Anna", "email": "anna@"}, "This is no full e-mail address."),
        ({"name": "x" * 201}, "Use 200 characters at most"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_the_rest_is_kept(desk, typed, sentence):
    text = enter(desk, city="San Rafael", **typed).content.decode()
    assert sentence in text
    assert 'value="San Rafael"' in text
    assert not Organization.objects.exists()


def test_name_like_one_we_know_is_shown_once_and_never_refused(desk):
    harbor_house(county="Marin")
    first = enter(desk, name="The Harbour House")
    assert "There is a Harbor House in Marin already." in first.content.decode()
    assert Organization.objects.count() == 1
    enter(desk, name="The Harbour House", known=first.context["known"])
    assert Organization.objects.count() == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Harbor House", "harbour house", True),
        ("Harbor House", "House, Harbor", True),
        ("Harbor House of Marin County", "Harbor House", True),
        ("Casa de los Niños", "Casa de los Ninos, Inc.", True),
        ("Harbor House", "Harbor Clinic", False),
        ("Harbor", "Harbor House", False),
        ("The", "The", True),
    ],
)
def test_names_are_alike_by_their_telling_words(one, other, same):
    assert alike(one, other) is same


@pytest.mark.parametrize("number", [1, 3, 50])
def test_page_costs_the_same_however_many_names_are_alike(desk, django_assert_num_queries, number):
    for count in range(number):
        make_organization(f"Harbor House {count}")
    with django_assert_num_queries(12):
        desk.post(PAGE, {**HARBOR, "owner": rosa().pk})
    assert Organization.objects.count() == number


def test_it_is_offered_on_partners_and_by_looking_up(desk, window):
    assert 'href="/partners/new"' in desk.get("/partners/").content.decode()
    assert 'href="/partners/new"' in desk.get("/search?q=new+partner").content.decode()
    assert 'href="/partners/new"' not in window.get("/search?q=new+partner").content.decode()
