"""A partner's page: one thread of what comes and what came, people, agreements and pauses beside it."""

import pytest
from bs4 import BeautifulSoup

from prm.capacity.actions import pause
from prm.partners.actions import add_contact, change_contact, note_leaving, record_talk
from prm.reminders.actions import replan
from tests.cast import NOW, TODAY, at, day, harbor_house, make_agreement, make_organization

QUERIES = 32
PAGE = "/partners/harbor-house/"


def text_of(client, address=PAGE):
    return client.get(address).content.decode()


@pytest.mark.parametrize("number", [1, 3, 50])
def test_page_costs_the_same_for_one_of_each_for_three_and_for_fifty(desk, django_assert_num_queries, number):
    harbor = harbor_house()
    for count in range(number):
        make_agreement(harbor, title=f"MOU {count}")
        pause(harbor, scope="service", service=f"Beds {count}", starts_on=TODAY, months=1, now=NOW)
        person = add_contact(harbor, name=f"Person {count}", roles=["intake"], now=NOW)
        record_talk(harbor, contact=person, now=NOW)
    replan([harbor.pk], now=NOW)
    with django_assert_num_queries(QUERIES):
        desk.get(PAGE)


def test_page_tells_what_comes_next_with_reason_people_and_a_way_to_act(desk):
    make_agreement(harbor_house(), expires_on=day("2027-08-31"))
    text = text_of(desk)
    assert "Agreement ends in 60 days" in text
    assert "to Anna Reyes and you" in text
    assert "60 days before 31\xa0Aug\xa02027, the end of the agreement" in text
    assert "/partners/harbor-house/renewal?agreement=" in text


def test_page_tells_what_happened(desk):
    harbor = harbor_house()
    record_talk(harbor, contact=harbor.contacts.get(), note="A busy autumn ahead.", now=NOW)
    text = text_of(desk)
    assert "Talked with Anna Reyes" in text
    assert "A busy autumn ahead." in text


def test_history_can_be_narrowed_to_one_kind(desk):
    harbor = harbor_house()
    record_talk(harbor, now=NOW)
    talks, pauses = desk.get(f"{PAGE}?show=talk"), desk.get(f"{PAGE}?show=pause")
    assert len(talks.context["past"].knots) == 1
    assert pauses.context["past"].knots == []


def test_role_that_nobody_holds_any_more_says_so_and_since_when(desk):
    harbor = harbor_house(now=at("2027-01-04T10:00"), today=day("2027-01-04"))
    note_leaving(harbor.contacts.get(), last_day=day("2027-06-06"), now=NOW)
    [card] = [card for card in desk.get(PAGE).context["cards"] if card.kind == "signatory"]
    assert [(one.name, one.look) for one in card.holders] == [("Nobody", "nobody"), ("Anna Reyes", "")]
    assert card.holders[0].span == "since Jun\xa02027"
    assert card.find.name == "Anna Reyes"


def test_partner_known_through_one_person_is_marked(desk):
    harbor = harbor_house()
    assert "All hangs on one person." in text_of(desk)
    add_contact(harbor, name="Lee Park", email="lee@harbor.example", now=NOW)
    assert "All hangs on one person." not in text_of(desk)


def test_reason_of_a_pause_is_for_those_who_may_see_it(desk, window):
    harbor = harbor_house()
    pause(harbor, scope="all", starts_on=TODAY, months=3, reason="Two of them are ill", now=NOW)
    assert "Two of them are ill" in text_of(desk)
    told = text_of(window)
    assert "Everything paused until 7\xa0Sep" in told
    assert "Two of them are ill" not in told


def test_viewer_sees_no_way_to_change_anything(window):
    make_agreement(harbor_house())
    text = text_of(window)
    for word in ("Record a talk", "Record a pause", "Record a renewal", "Replace"):
        assert word not in text


def test_hidden_partner_does_not_exist_for_a_viewer(desk, window):
    make_organization("Safe House", confidential=True)
    assert desk.get("/partners/safe-house/").status_code == 200
    assert window.get("/partners/safe-house/").status_code == 404


def test_agreements_of_every_form_are_told(desk):
    harbor = harbor_house()
    make_agreement(harbor, title="Ran out", expires_on=day("2027-05-31"))
    make_agreement(harbor, title="For ever", term="evergreen", starts_on=None, expires_on=None)
    text = text_of(desk)
    for words in (
        "Ended, still cooperating",
        "Until someone ends it",
        "Next review",
        "20\xa0Sep\xa02027",
        "2 of 2",
    ):
        assert words in text


def test_pause_that_is_over_asks_whether_they_are_back(desk):
    harbor = harbor_house()
    pause(harbor, scope="referrals", starts_on=day("2027-03-01"), ends_on=day("2027-05-31"), now=NOW)
    text = text_of(desk)
    assert "To be confirmed: is the pause over?" in text
    assert "Are they back?" in text


def test_whom_to_call_first_stands_at_the_top(desk):
    harbor = harbor_house()
    change_contact(harbor.contacts.get(), phone="555 0100", now=NOW)
    head = BeautifulSoup(desk.get(PAGE).content, "html.parser").find(id="head")
    assert "Main contact: Anna Reyes, 555 0100" in " ".join(head.get_text().split())
    assert head.find("a", href="tel:555 0100")
