"""Their own page: where they stand with us, and the way to everything they may say."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from prm.accounts.models import Program
from prm.capacity.actions import pause
from prm.partners.actions import assign_deputy, change_contact, give_role, note_leaving, say
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Contact, Entry, Link, Organization, Purpose, StatementKind
from prm.reminders import dispatch
from prm.reminders.actions import refresh
from prm.training.actions import cancel_session, invite
from tests.cast import NOW, TODAY, anna_reyes, at, ben, day, harbor_house, make_agreement, make_session

pytestmark = pytest.mark.usefixtures("monday", "own_cache")


@pytest.fixture
def harbor(monday: None) -> Organization:
    return harbor_house()


@pytest.fixture
def anna(harbor: Organization) -> Contact:
    return harbor.contacts.get()


def page_link(organization: Organization, contact: Contact | None, *, now: datetime = NOW) -> Link:
    holder = Holder(organization.pk, contact.pk if contact else None)
    return issue([(holder, Wish(Purpose.PAGE))], now=now)[0]


def look(contact: Contact, path: str = "", **asked: str) -> Any:
    address = f"/p/{token_of(page_link(contact.organization, contact))}/{path}"
    return Client(enforce_csrf_checks=True).get(address, asked)


def text_of(answer: Any) -> str:
    return " ".join(BeautifulSoup(answer.content, "html.parser").main.get_text(" ", strip=True).split())


def ways(answer: Any) -> set[str]:
    """Where the page leads, without the token."""
    links = BeautifulSoup(answer.content, "html.parser").main.find_all("a", href=True)
    return {one["href"].split("/", 3)[3] for one in links if one["href"].startswith("/p/")}


def test_page_tells_who_what_and_when(harbor: Organization, anna: Contact):
    Program.objects.update(phone="555 0142")
    assign_deputy(harbor, ben(), now=NOW)
    make_agreement(harbor, expires_on=day("2028-09-30"))
    invite(make_session(), [anna], now=NOW)
    pause(harbor, scope="referrals", effect="waiting_list", starts_on=TODAY, months=3, now=NOW)
    text = text_of(look(anna))
    for words in (
        "Harbor House",
        "Hello Anna",
        "Rosa rosa@example.org",
        "Ben When Rosa is away ben@example.org",
        "555 0142 · partners@example.org",
        "MOU with Harbor House In force through 30 Sep 2028",
        "New referrals Waiting list From 7 Jun 2027 through 7 Sep 2027",
        "Red flags and what to do Thu 16 Sep 2027, 10:00 (EDT) Harbor House, room 2",
        "Anna Reyes (you)",
        "anna@harbor.example",
    ):
        assert words in text, words


def test_page_leads_to_everything_they_may_say(harbor: Organization, anna: Contact):
    breath = pause(harbor, scope="referrals", starts_on=TODAY, months=3, now=NOW)
    assert ways(look(anna)) == {
        "full",
        "leaving",
        "correct",
        "feed",
        "mail",
        "listing",
        "data",
        f"talk/{breath.pk}",
    }


def test_language_travels_with_the_ways(anna: Contact):
    assert {way.partition("?")[2] for way in ways(look(anna, lang="es"))} == {"lang=es"}


def test_renewal_is_offered_when_we_ask_about_it(harbor: Organization, anna: Contact):
    near, late = (
        make_agreement(harbor, title=f"Paper until {end}", expires_on=day(end))
        for end in ("2027-09-05", "2027-09-06")
    )
    assert {way for way in ways(look(anna)) if way.startswith("renewal")} == {f"renewal/{near.pk}"}
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert f"renewal/{late.pk}" in ways(look(anna))


def test_renewal_is_offered_once_it_has_been_asked_about(harbor: Organization, anna: Contact):
    paper = make_agreement(harbor, expires_on=day("2027-09-06"))
    refresh(now=at("2027-06-08T10:00"))
    dispatch.hand_over(now=at("2027-06-08T10:00"))
    with time_machine.travel(NOW, tick=False):  # the day before the ladder would begin
        assert f"renewal/{paper.pk}" in ways(look(anna))


def test_answered_renewal_is_shown_instead_of_asked(harbor: Organization, anna: Contact):
    paper = make_agreement(harbor, expires_on=day("2027-08-31"))
    said = say(
        page_link(harbor, anna),
        kind=StatementKind.RENEWAL,
        choice="unchanged",
        record_key=f"agreement:{paper.pk}",
        reference_on=paper.expires_on,
        now=NOW,
    )
    found = ways(look(anna))
    assert f"said/{said.pk}" in found
    assert f"renewal/{paper.pk}" not in found
    sam = anna_reyes(harbor, name="Sam Ode", email="sam@harbor.example")
    assert "Somebody of yours answered on 7 Jun 2027" in text_of(look(sam))
    assert f"said/{said.pk}" not in ways(look(sam))


def test_pause_that_is_over_asks_whether_they_are_back(harbor: Organization, anna: Contact):
    pause(harbor, scope="referrals", starts_on=TODAY, months=1, now=NOW)
    later = NOW + timedelta(days=29)
    link = page_link(harbor, anna)
    with time_machine.travel(later, tick=False):
        assert "Are you back?" not in text_of(Client().get(f"/p/{token_of(link)}/"))
        pause_over = page_link(harbor, anna, now=later + timedelta(days=2))
    with time_machine.travel(later + timedelta(days=2), tick=False):
        page = Client().get(f"/p/{token_of(pause_over)}/")
        assert "New referrals : the pause ended on 7 Jul 2027. Are you back?" in text_of(page)


def test_least_is_shown_of_colleagues(harbor: Organization, anna: Contact):
    sam = anna_reyes(
        harbor, name="Sam Ode", email="sam@harbor.example", phone="555 0199", roles=("survivor_consultant",)
    )
    gone = anna_reyes(harbor, name="Kim Gone", email="kim@harbor.example", roles=())
    note_leaving(gone, last_day=TODAY - timedelta(days=1), now=NOW)
    give_role(sam, kind="intake", now=NOW)
    text = text_of(look(anna))
    assert "Sam Ode Referral intake" in text
    for hidden in ("sam@harbor.example", "555 0199", "Survivor consultant", "Kim Gone"):
        assert hidden not in text
    own = text_of(look(sam))
    assert "555 0199" in own
    assert "Survivor consultant" in own
    assert "anna@harbor.example" not in own


def test_confidential_place_and_cancelled_sessions_stay_out(harbor: Organization, anna: Contact):
    hidden = make_session(place="12 Alder Street", place_confidential=True)
    off = make_session("2027-10-14T10:00", title="Taken back")
    for session in (hidden, off):
        invite(session, [anna], now=NOW)
    cancel_session(off, now=NOW)
    answer = look(anna)
    assert "Alder" not in answer.content.decode()
    assert "Address given by phone" in text_of(answer)
    assert "Taken back" not in text_of(answer)


def test_session_inside_a_pause_of_training_is_not_coming(harbor: Organization, anna: Contact):
    for start in ("2027-09-16T10:00", "2027-12-16T10:00"):
        invite(make_session(start), [anna], now=NOW)
    pause(harbor, scope="training", starts_on=TODAY, months=4, now=NOW)
    text = text_of(look(anna))
    assert "Thu 16 Dec 2027" in text
    assert "Thu 16 Sep 2027" not in text


def test_words_are_neutral_for_a_discreet_contact(harbor: Organization, anna: Contact):
    make_agreement(harbor, title="Anti-trafficking MOU")
    invite(make_session(title="Signs of trafficking"), [anna], now=NOW)
    change_contact(anna, discreet=True, now=NOW)
    page = look(anna).content.decode()
    assert "trafficking" not in page.lower()
    assert "Bay Area Coalition" not in page
    assert "Partner program" in page


def test_shared_mailbox_is_nobody(harbor: Organization):
    found = ways(Client().get(f"/p/{token_of(page_link(harbor, None))}/"))
    assert found == {"full", "correct", "feed", "listing"}


def test_scanner_that_looks_twice_changes_nothing(harbor: Organization, anna: Contact):
    link = page_link(harbor, anna)
    before = (Entry.objects.count(), Link.objects.count())
    for path in ("", "correct", "mail", "listing", "data", "data.json", "feed") * 2:
        assert Client().get(f"/p/{token_of(link)}/{path}").status_code == 200
    link.refresh_from_db()
    anna.refresh_from_db()
    assert (Entry.objects.count(), Link.objects.count()) == before
    assert (link.used_at, anna.unsubscribed) == (None, [])


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_the_same_however_much_is_on_it(
    harbor: Organization, anna: Contact, number: int, django_assert_num_queries: Any
):
    for n in range(number):
        make_agreement(harbor, title=f"Paper {n}")
        invite(make_session(f"2027-09-1{n}T10:00"), [anna], now=NOW)
        pause(harbor, scope="service", service=f"Beds {n}", starts_on=TODAY, months=1, now=NOW)
        anna_reyes(harbor, name=f"Person {n}", email=f"p{n}@harbor.example")
    address = f"/p/{token_of(page_link(harbor, anna))}/"
    with django_assert_num_queries(10):
        page = Client().get(address)
    assert text_of(page).count("Person ") == number
