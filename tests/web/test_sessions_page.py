"""Where one is signed in, and signing out there from here."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from bs4 import BeautifulSoup
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.test import Client

from prm.web.staff.sessions import spoken
from tests.cast import NOW, ben, rosa

PASSWORD = "a harbor without wind"
PAGE = "/accounts/signed-in/"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"
)
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


def browser(user_agent, login="rosa@example.org"):
    client = Client(headers={"user-agent": user_agent})
    answer = client.post("/accounts/login/", {"login": login, "password": PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.fixture
def _people(monday, own_cache):
    rosa(password=PASSWORD)
    ben(password=PASSWORD)


@pytest.fixture
def phone(_people):
    return browser(IPHONE)


@pytest.fixture
def computer(phone):
    return browser(WINDOWS)


def rows(client):
    page = BeautifulSoup(client.get(PAGE).content, "html.parser")
    return [row.get_text(" ", strip=True) for row in page.select("main .rows li")]


def test_both_devices_are_listed_this_one_first(phone, computer):
    here, there = rows(phone)
    assert here == "Safari on iPhone (this one) Since 7 Jun 2027, 11:00, from 127.0.0.1"
    assert there.startswith("Firefox on Windows Since 7 Jun 2027")
    assert "Sign out there" in there


def test_lost_phone_is_signed_out_from_the_computer(phone, computer):
    lost = UserSession.objects.get(user_agent=IPHONE)
    answer = computer.post(f"{PAGE}{lost.pk}/end", follow=True)
    assert "You are signed out there" in answer.content.decode()
    assert not get_user(phone).is_authenticated
    assert phone.get("/partners/").status_code == 302
    assert len(rows(computer)) == 1


def test_everything_but_this_one_is_ended(phone, computer):
    browser(EDGE)
    computer.post(f"{PAGE}end-others")
    assert [row.startswith("Firefox") for row in rows(computer)] == [True]
    assert not get_user(phone).is_authenticated


def test_nobody_ends_the_sessions_of_others(phone, computer):
    bens = browser(WINDOWS, login="ben@example.org")
    for row in UserSession.objects.filter(user=rosa()):
        assert bens.post(f"{PAGE}{row.pk}/end").status_code == 404
    bens.post(f"{PAGE}end-others")
    assert get_user(phone).name == "Rosa"
    assert len(rows(bens)) == 1


def test_looking_ends_nothing_and_what_ran_out_is_not_listed(phone, computer):
    assert phone.get(PAGE + "end-others").status_code == 405
    Session.objects.filter(pk=phone.session.session_key).update(expire_date=NOW - timedelta(minutes=1))
    assert len(rows(computer)) == 1
    assert UserSession.objects.count() == 2


def test_new_password_ends_the_others(phone, computer):
    new = "another harbor without wind"
    said = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert computer.post("/accounts/password/change/", said).status_code == 302
    assert get_user(computer).name == "Rosa"
    assert not get_user(phone).is_authenticated


def test_device_of_before_there_were_lists_is_named_too(desk):
    assert rows(desk) == ["A browser (this one)"]


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        (IPHONE, "Safari on iPhone"),
        (EDGE, "Edge on Windows"),
        (WINDOWS, "Firefox on Windows"),
        ("curl/8", "A browser"),
    ],
)
def test_browsers_are_told_by_name(user_agent, said):
    assert spoken(user_agent) == said
