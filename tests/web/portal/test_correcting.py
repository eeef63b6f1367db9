"""Something is not right: said in a minute, changed by nobody but us."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from prm.partners.actions import settle
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Contact, Entry, Organization, Purpose, Statement
from tests.cast import NOW, anna_reyes, harbor_house, rosa

pytestmark = pytest.mark.usefixtures("monday", "own_cache")


@pytest.fixture
def harbor(monday: None) -> Organization:
    return harbor_house()


@pytest.fixture
def anna(harbor: Organization) -> Contact:
    return harbor.contacts.get()


@pytest.fixture
def sam(harbor: Organization, anna: Contact) -> Contact:
    return anna_reyes(harbor, name="Sam Ode", email="sam@harbor.example", roles=("intake",))


def door(contact: Contact | None, organization: Organization, purpose: Purpose = Purpose.PAGE) -> str:
    holder = Holder(organization.pk, contact.pk if contact else None)
    return f"/p/{token_of(issue([(holder, Wish(purpose))], now=NOW)[0])}/"


def send(contact: Contact, follow: bool = True, **said: Any) -> Any:
    address = door(contact, contact.organization)
    return Client(enforce_csrf_checks=True).post(f"{address}correct", said, follow=follow)


def main_of(answer: Any) -> str:
    return " ".join(BeautifulSoup(answer.content, "html.parser").main.get_text(" ", strip=True).split())


def test_own_details_are_proposed_and_nothing_changes(anna: Contact):
    page = send(
        anna,
        about="me",
        name="Anna Reyes-Cole",
        email=" Anna.Cole@Harbor.example",
        phone="",
        title="",
        note="Since Monday.",
    )
    assert "Thank you Rosa looks at it. Until then nothing changes." in main_of(page)
    said = Statement.objects.get()
    assert (said.kind, said.contact, said.choice, said.note) == ("correction", anna, "", "Since Monday.")
    assert said.data == {
        "about": "me",
        "contact": anna.pk,
        "name": "Anna Reyes-Cole",
        "email": "anna.cole@harbor.example",
        "phone": "",
        "title": "",
        "role": "",
    }
    anna.refresh_from_db()
    assert (anna.name, anna.email) == ("Anna Reyes", "anna@harbor.example")
    assert Entry.objects.filter(event="said_correction", contact=anna).count() == 1


def test_colleague_who_is_no_longer_here(anna: Contact, sam: Contact):
    page = send(anna, about="person", who=sam.pk, what="left", name="typed by mistake", note="")
    assert "After that we write to somebody else" in main_of(page)
    said = Statement.objects.get()
    assert (said.choice, said.data["contact"], said.data["left"]) == ("left", sam.pk, True)
    assert said.data["name"] == ""


def test_colleague_whose_address_is_wrong(anna: Contact, sam: Contact):
    send(anna, about="person", who=sam.pk, what="wrong", email="sam.ode@harbor.example", note="")
    said = Statement.objects.get()
    assert (said.choice, said.data["about"], said.data["email"]) == ("", "person", "sam.ode@harbor.example")


def test_somebody_new_and_free_text(anna: Contact):
    send(anna, about="new", name="Kim Lee", email="kim@harbor.example", phone="", role="intake", note="")
    send(anna, about="other", note="We moved to the second floor.")
    other, new = Statement.objects.all()
    assert (new.data["name"], new.data["role"], new.data.get("contact")) == ("Kim Lee", "intake", None)
    assert (other.data["about"], other.note) == ("other", "We moved to the second floor.")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            {"about": "me", "name": "Anna Reyes", "email": "anna@harbor.example"},
            "Nothing is changed yet. Change a field, or write below what is wrong.",
        ),
        ({"about": "me", "email": "anna at harbor"}, "“anna at harbor” is not an e-mail address."),
        ({"about": "new", "email": "kim@harbor.example"}, "Please write their name."),
        ({"about": "person", "what": "left"}, "Please choose one."),
        ({"about": "other", "note": " "}, "Please write what is not right."),
        ({"about": "other", "note": "x" * 2001}, "Please keep it under 2000 characters."),
        ({"about": "new", "name": "x" * 201}, "Use 200 characters at most"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    anna: Contact, sam: Contact, said: dict[str, str], sentence: str
):
    page = send(anna, **said)
    assert sentence in main_of(page)
    kept = page.content.decode()
    assert all(value.strip() in kept for value in said.values())
    assert not Statement.objects.exists()


def test_people_of_others_cannot_be_named(anna: Contact, sam: Contact):
    stranger = harbor_house(name="Lighthouse").contacts.get()
    page = send(anna, about="person", who=stranger.pk, what="left")
    assert "Please choose one of these." in main_of(page)
    assert stranger.name not in [label.text for label in BeautifulSoup(page.content, "html.parser")("label")]
    assert not Statement.objects.exists()


def test_what_others_said_is_not_shown(anna: Contact, sam: Contact):
    send(anna, about="other", note="Something")
    said = Statement.objects.get()
    lighthouse = harbor_house(name="Lighthouse")
    for contact in (sam, lighthouse.contacts.get()):
        page = Client().get(f"{door(contact, contact.organization)}correct/{said.pk}")
        assert page.status_code == 404
        assert page["X-Robots-Tag"] == "noindex, nofollow"


def test_taken_back_while_nobody_has_looked_at_it(anna: Contact):
    send(anna, about="other", note="Something")
    said = Statement.objects.get()
    address = f"{door(anna, anna.organization)}correct/{said.pk}"
    assert "Taken back" in main_of(Client().post(address, follow=True))
    assert "Taken back" in main_of(Client().post(address, follow=True))  # twice is once
    said.refresh_from_db()
    assert said.taken_back_at == NOW
    assert Entry.objects.filter(event="said_taken_back").count() == 1


def test_what_we_looked_at_stays_said(anna: Contact):
    send(anna, about="other", note="Something")
    said = Statement.objects.get()
    settle(said, outcome="seen", by=rosa(), now=NOW)
    address = f"{door(anna, anna.organization)}correct/{said.pk}"
    assert "We have looked at it" in main_of(Client().post(address, follow=True))
    said.refresh_from_db()
    assert said.taken_back_at is None


def test_a_shared_mailbox_can_name_somebody_but_has_no_details(harbor: Organization):
    address = door(None, harbor)
    words = main_of(Client().get(f"{address}correct"))
    assert "Somebody new here" in words
    assert "My own name or address" not in words
    page = Client().post(f"{address}correct", {"about": "me", "name": "Nobody"})
    assert "What is it about?" in main_of(page)
    Client().post(f"{address}correct", {"about": "new", "name": "Kim Lee"})
    assert Statement.objects.get().contact is None


def test_only_the_link_to_the_page_opens_it(anna: Contact):
    for purpose in (Purpose.PAUSE, Purpose.UNSUBSCRIBE, Purpose.FEED):
        assert Client().get(f"{door(anna, anna.organization, purpose)}correct").status_code == 404


def test_spanish_is_kept_through_the_post(anna: Contact):
    answer = send(anna, follow=False, about="other", note="Algo", lang="es")
    assert answer.status_code == 303
    assert answer["Location"].endswith("?lang=es")


@pytest.mark.parametrize("number", [1, 3])
def test_choosing_costs_the_same_however_many_they_are(
    harbor: Organization, anna: Contact, number: int, django_assert_num_queries: Any
):
    for n in range(number):
        anna_reyes(harbor, name=f"Person {n}", email=f"p{n}@harbor.example")
    address = f"{door(anna, harbor)}correct?about=person"
    with django_assert_num_queries(4):
        page = Client().get(address)
    assert page.content.decode().count('name="who"') == number
