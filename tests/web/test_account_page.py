"""Your account: name, zone, how often mail comes, the second step, and who stands in while one is away."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup

from prm.accounts.actions import plan_absence, set_active
from prm.accounts.models import User
from prm.partners.models import Organization
from prm.reminders.actions import refresh
from tests.cast import NOW, TODAY, ben, carla, day, harbor_house, rosa

WORD = "a harbor without wind"
SAID = {"name": "Rosa Alvarez", "zone": "America/Los_Angeles", "digest": "weekly"}


@pytest.fixture
def bens(monday):
    return ben(password=WORD)


def told(answer):
    return BeautifulSoup(answer.content, "html.parser").find("main").get_text(" ", strip=True)


def days(stand_in, first="2027-07-05", last="2027-07-16"):
    return {"first": first, "last": last, "stand_in": stand_in.pk}


def test_name_zone_and_rhythm_are_changed_and_plans_follow_the_name(desk):
    harbor_house()
    refresh(now=NOW)
    assert "Your account is saved" in told(desk.post("/account/", SAID, follow=True))
    person = User.objects.get(email="rosa@example.org")
    assert (person.name, person.zone, person.digest) == tuple(SAID.values())
    assert Organization.objects.get().planned_for is None


def test_zone_can_be_the_programs(desk):
    desk.post("/account/", SAID)
    desk.post("/account/", SAID | {"zone": ""})
    assert User.objects.get(email="rosa@example.org").zone == ""
    assert "As the program: New York" in desk.get("/account/").content.decode()


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", " ", "Enter your name"),
        ("zone", "Mars/Base", "Choose a time zone from the list"),
        ("digest", "hourly", "Choose how often"),
    ],
)
def test_what_does_not_pass_is_told_at_its_field_and_nothing_is_saved(desk, field, typed, sentence):
    page = BeautifulSoup(desk.post("/account/", SAID | {field: typed}).content, "html.parser")
    assert sentence in page.select_one(f"#id_{field}_error").get_text()
    assert rosa().digest == "daily"


def test_stand_in_is_named_until_the_absence_is_over(desk, bens):
    answer = desk.post("/account/away", days(bens), follow=True)
    assert "On these days Ben gets your mail too" in told(answer)
    sentence = "You are away from 5 Jul 2027 through 16 Jul 2027. Ben gets your mail about partners too."
    assert sentence in told(answer).replace("\xa0", " ")
    with time_machine.travel(NOW + timedelta(days=60), tick=False):
        desk.force_login(rosa())
        assert "Going away?" in told(desk.get("/account/"))


def test_whoever_stays_after_all_says_so(desk, bens):
    desk.post("/account/away", days(bens))
    assert desk.get("/account/back").status_code == 405
    assert "yours alone again" in told(desk.post("/account/back", follow=True))
    assert (rosa().away_from, rosa().away_until, rosa().stand_in) == (None, None, None)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"first": "2027-07-17"}, "The last day comes before the first"),
        ({"first": "2027-05-01", "last": "2027-05-03"}, "These days are over"),
        ({"last": "2029-07-16"}, "longer than a year"),
        ({"last": "soon"}, "Write the day like"),
        ({"stand_in": ""}, "Choose who gets your mail as well"),
    ],
)
def test_days_that_cannot_be_are_told_at_their_field_and_kept(desk, bens, typed, sentence):
    said = days(bens) | typed
    page = BeautifulSoup(desk.post("/account/away", said).content, "html.parser")
    assert sentence in " ".join(error.get_text() for error in page.select(".field-error"))
    assert page.find("input", {"name": "last"})["value"] == said["last"]
    assert rosa().away_from is None


def test_neither_oneself_nor_a_viewer_nor_one_without_a_password_stands_in(desk, bens):
    nadia = User.objects.create_user("nadia@example.org", name="Nadia")
    for person in (rosa(), carla(password=WORD), nadia):
        assert "Choose who gets your mail" in told(desk.post("/account/away", days(person)))
    assert rosa().away_from is None


def test_two_do_not_stand_in_for_each_other_while_both_are_away(desk, bens):
    plan_absence(bens, first=day("2027-07-12"), last=day("2027-07-30"), stand_in=rosa(), today=TODAY)
    assert "Ben is away on some of these days too" in told(desk.post("/account/away", days(bens)))
    desk.post("/account/away", days(bens, last="2027-07-11"))
    assert rosa().stand_in == bens


def test_stand_in_without_access_any_more_is_told_about(desk, bens):
    desk.post("/account/away", days(bens))
    set_active(bens, False)
    assert "has no access any more" in told(desk.get("/account/"))


def test_viewer_has_an_account_too(window):
    assert window.post("/account/", SAID | {"name": "Carla"}).status_code == 302
    assert "Not set up" in told(window.get("/account/"))


def test_more_leads_there_and_there_everything_is_found(desk):
    assert BeautifulSoup(desk.get("/more/").content, "html.parser").find("a", href="/account/")
    page = BeautifulSoup(desk.get("/account/").content, "html.parser")
    for address in ("second-step/", "password/change/", "signed-in/"):
        assert page.find("a", href=f"/accounts/{address}")
