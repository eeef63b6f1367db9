"""What a page did is undone with one press: afterwards every row of every table is as before, plans and search too."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.apps import apps

from prm.accounts.history import is_history
from prm.partners.actions import add_contact, change_contact, give_role, record_note
from prm.partners.models import Organization
from prm.reminders.actions import replan
from prm.rules.facts import State
from prm.search.actions import refresh
from prm.training.actions import answer_invitation, invite
from tests.cast import NOW, day, harbor_house, make_agreement, make_session, rosa

LATER = NOW + timedelta(minutes=2)
#: What tells of the press and of the undo, or is a mark of the way.
TELLING = {"Entry", "Stale", "Access"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(desk):
    """Rosa's browser two minutes after all was entered."""
    with time_machine.travel(LATER, tick=False):
        yield desk


def everything():
    """Every row of every table of ours, by its columns; without what tells of it, and what is withdrawn since."""
    tables = [one for one in apps.get_app_config("prm").get_models() if not is_history(one)]
    return {
        (table.__name__, row["id"]): {name: one for name, one in row.items() if name != "plan_stale_at"}
        for table in tables
        if table.__name__ not in TELLING
        for row in table.objects.values()
        if row.get("state") != State.WITHDRAWN
    }


def changed(before):
    """What is not as before: (table, number)."""
    after = everything()
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def settled(harbor):
    """Plan and index as a heartbeat leaves them."""
    replan([harbor.pk], now=NOW)
    refresh(now=NOW)


def undo_form(answer):
    return BeautifulSoup(answer.content, "html.parser").find("form", attrs={"data-undo": True})


def press_undo(client, answer):
    return client.post(undo_form(answer)["action"], {"back": answer.redirect_chain[-1][0]}, follow=True)


def replace(client, house, **typed):
    anna = house.contacts.get(name="Anna Reyes")
    start = {"leaves": anna.pk, "last_day": "2027-07-01", "follows": "new", "name": "Mai Tran"}
    return client.post("/partners/harbor-house/replace", start | typed, follow=True)


@pytest.fixture
def busy(desk):
    """Harbor House with an agreement, a role to come and a training after Anna's last day; all of it planned."""
    house = harbor_house()
    make_agreement(house)
    anna = house.contacts.get()
    add_contact(house, name="Lee Park", email="lee@harbor.example", now=NOW)
    give_role(anna, kind="board_liaison", since=day("2027-09-01"), now=NOW)
    [asked] = invite(make_session(), [anna], now=NOW, by=rosa())
    answer_invitation(asked, answer="accepted", now=NOW, by=rosa())
    settled(house)
    return house


FOLLOWERS = [
    {"follows": "new", "email": "mai@harbor.example"},
    {"follows": "known"},
    {"follows": "nobody"},
    {"follows": "new", "last_day": "2027-06-07"},
]


@pytest.mark.parametrize("typed", FOLLOWERS)
def test_replaced_contact_is_back_with_roles_sessions_and_reminders(later, busy, typed):
    before = everything()
    if typed["follows"] == "known":
        typed = typed | {"successor": busy.contacts.get(name="Lee Park").pk}
    answer = replace(later, busy, **typed)
    assert changed(before)
    answer = press_undo(later, answer)
    assert "Undone: " in answer.content.decode()
    assert changed(before) == set()


def test_replacing_says_what_cannot_be_undone_any_more(later, busy):
    answer = replace(later, busy)
    change_contact(busy.contacts.get(name="Mai Tran"), title="Director", now=LATER + timedelta(minutes=1))
    before = everything()
    text = press_undo(later, answer).content.decode()
    assert "Nothing was undone." in text
    assert changed(before) == set()


def offered(client):
    """Where the page of Maple House offers Undo."""
    page = BeautifulSoup(client.get("/partners/maple-house/").content, "html.parser")
    return [form["action"] for form in page.find_all("form") if "/undo/" in form.get("action", "")]


def enter(client, **typed):
    start = {"name": "Maple House", "status": "active", "owner": rosa().pk, "contact_name": "Mai Tran"}
    return client.post("/partners/new", start | typed, follow=True)


def test_partner_entered_by_mistake_is_taken_away_with_one_press(later, busy):
    before = everything()
    answer = enter(later, email="mai@maple.example", city="Tampa")
    assert changed(before)
    answer = press_undo(later, answer)
    assert answer.redirect_chain[-1][0] == "/partners/"
    assert "Undone: Maple House is not in the list of partners any more." in answer.content.decode()
    assert not undo_form(answer)
    assert changed(before) == set()
    assert "Nothing found" in later.get("/search?q=maple&part=1").content.decode()


def test_partner_stays_once_something_was_written_about_it(later):
    answer = enter(later)
    record_note(
        Organization.objects.get(slug="maple-house"), note="They moved", now=LATER + timedelta(minutes=1)
    )
    assert not offered(later)
    before = everything()
    answer = press_undo(later, answer)
    assert answer.redirect_chain[-1][0] == "/partners/maple-house/"
    assert "More was written about Maple House since. Nothing was undone." in answer.content.decode()
    assert changed(before) == set()


def test_timeline_of_a_new_partner_offers_the_same_undo(later):
    enter(later)
    later.get("/partners/")  # the message is read
    later.post(offered(later)[0])
    assert later.get("/partners/maple-house/").status_code == 404
