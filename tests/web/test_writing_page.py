"""Write a mail: whom, what, who gets it and who does not; nothing is written before Send."""

import pytest

from prm.accounts.models import Program
from prm.outbox.models import Message
from prm.partners.actions import add_contact
from prm.partners.models import Contact
from tests.cast import NOW, harbor_house, make_organization

WORDS = {"subject": "Two new dates", "text": "we have two new dates.", "once": "a" * 16}


@pytest.fixture
def anna(monday):
    return harbor_house().contacts.get()


def look(browser, address, **more):
    return browser.post(address, WORDS | more, follow=True)


def send(browser, address, **more):
    """Press Send on the page that shows who gets it."""
    seen = look(browser, address, **more).context["seen"]
    return browser.post(address, WORDS | more | {"seen": seen, "send": "yes"})


def test_mail_to_one_person_is_looked_at_then_sent_in_a_minute(desk, anna):
    address = f"/outbox/new?contact={anna.pk}"
    assert "To Anna Reyes at Harbor House." in " ".join(desk.get(address).content.decode().split())
    page = look(desk, address)
    text = page.content.decode()
    assert "1 person gets it" in text
    assert "Hello Anna Reyes," in text
    assert not Message.objects.exists()
    answer = send(desk, address)
    mail = Message.objects.get()
    assert answer["Location"] == f"/outbox/{mail.pk}/"
    assert "Leaves at 11:01:00." in " ".join(desk.get(answer["Location"]).content.decode().split())
    assert send(desk, address)["Location"] == f"/outbox/{mail.pk}/"


def test_letter_to_a_role_at_the_partners_of_a_list_and_all_of_it_cancelled_at_once(desk, anna):
    marin, other = make_organization("Lighthouse", county="Marin"), make_organization("Chapel", county="Napa")
    for house in (marin, other):
        add_contact(house, name="Lena Fuchs", email=f"lena@{house.slug}.example", roles=["intake"], now=NOW)
    empty = make_organization("Empty House", county="Marin")
    assert (
        'href="/outbox/new?county=Marin&amp;to=partners"'
        in desk.get("/partners/?county=Marin").content.decode()
    )
    address = "/outbox/new?county=Marin&to=partners"
    page = look(desk, address, role="intake")
    assert [reader.contact.email for reader in page.context["circle"].readers] == ["lena@lighthouse.example"]
    assert [(one.organization, str(why)) for one, why in page.context["left_out"]] == [
        (empty, "Nobody there has this role")
    ]
    add_contact(empty, name="Ben Cho", email="ben@empty.example", roles=["intake"], now=NOW)
    answer = send(desk, address, role="intake")
    assert Message.objects.filter(kind="letter").count() == 2
    page = desk.get(answer["Location"])
    assert "They leave at 11:01:00." in " ".join(page.content.decode().split())
    desk.post(answer["Location"])
    assert set(Message.objects.values_list("state", flat=True)) == {"cancelled"}
    assert "It has left already" in desk.post(answer["Location"], follow=True).content.decode()


def test_who_gets_it_changed_since_the_look_and_nothing_is_sent(desk, anna):
    address = "/outbox/new?to=partners"
    seen = look(desk, address, role="primary").context["seen"]
    house = make_organization("Lighthouse")
    add_contact(house, name="Lena Fuchs", email="lena@lighthouse.example", roles=["primary"], now=NOW)
    page = desk.post(address, WORDS | {"role": "primary", "seen": seen, "send": "yes"})
    assert "Since you looked, somebody changed who gets it." in page.content.decode()
    assert not Message.objects.exists()


def test_change_it_leads_back_with_what_was_typed(desk, anna):
    page = look(desk, f"/outbox/new?contact={anna.pk}", back="yes")
    assert page.context["form"]["text"].value() == WORDS["text"]
    assert "See who gets it" in page.content.decode()


@pytest.mark.parametrize(
    ("field", "said"), [("subject", "Give it a subject."), ("text", "Write a few words.")]
)
def test_empty_field_is_said_at_the_field(desk, anna, field, said):
    page = look(desk, f"/outbox/new?contact={anna.pk}", **{field: ""})
    assert page.context["form"].errors[field] == [said]


def test_too_many_at_once_are_refused(desk, anna, monkeypatch):
    monkeypatch.setattr("prm.continuity.writing.MOST", 0)
    page = look(desk, "/outbox/new?to=partners", role="primary")
    assert "This would reach 1 people." in page.content.decode()


def test_people_are_found_by_name_or_partner(desk, anna):
    page = desk.get("/outbox/new?find=harbor")
    assert page.context["offered"] == [anna]
    page = desk.get("/outbox/new?partner=harbor-house")
    assert f'name="contact" value="{anna.pk}"' in page.content.decode()
    assert desk.get("/outbox/new?find=zzz").context["offered"] == []


def test_only_those_who_write_write(window, anna):
    for address in ("/outbox/new", f"/outbox/new?contact={anna.pk}"):
        assert window.get(address).status_code == 403
        assert window.post(address, WORDS).status_code == 403


def test_while_sending_is_held_the_page_says_that_it_waits(desk, anna):
    Program.objects.update(sending="held")
    assert (
        "it will wait until somebody releases sending"
        in look(desk, f"/outbox/new?contact={anna.pk}").content.decode()
    )


@pytest.mark.parametrize("bad", ["0", "99999", "x", "1" * 40])
def test_person_who_is_none_is_asked_for_anew(desk, anna, bad):
    assert "Whom do you write to?" in desk.get(f"/outbox/new?contact={bad}").content.decode()


@pytest.mark.parametrize("number", [1, 3, 50])
def test_look_costs_the_same_for_one_and_fifty(desk, django_assert_num_queries, number):
    houses = [make_organization(f"House {n}") for n in range(number)]
    for house in houses:
        add_contact(house, name="Lena Fuchs", email=f"lena@{house.slug}.example", roles=["primary"], now=NOW)
    look(desk, "/outbox/new?to=partners", role="primary")
    with django_assert_num_queries(15):
        page = desk.get("/outbox/new?to=partners&look=yes")
    assert len(page.context["circle"].readers) == number == Contact.objects.count()
