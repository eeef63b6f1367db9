"""A second step at sign-in: a code from an app, recovery codes, and secrets that a copied database keeps."""

import base64
import hmac
import json
import struct
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from bs4 import BeautifulSoup
from django.contrib.auth import get_user
from django.core.cache import cache
from django.test import Client

from prm.accounts.actions import set_active
from tests.cast import NOW, daniel, rosa

PASSWORD = "a harbor without wind"
APP = "/accounts/second-step/app/"


def code(secret, at=NOW):
    """The six digits that an app shows (RFC 6238)."""
    moment = struct.pack(">Q", int(at.timestamp()) // 30)
    digest = hmac.digest(base64.b32decode(secret), moment, "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def said(answer):
    return BeautifulSoup(answer.content, "html.parser").find("main").get_text(" ", strip=True)


def sign_in(client, **fields):
    client.post("/accounts/login/", {"login": "rosa@example.org", "password": PASSWORD})
    return client.post("/accounts/second-step/code/", fields) if fields else None


@pytest.fixture
def home(monday, own_cache):
    """Rosa's browser; she has a password and has just shown that it is hers."""
    rosa(password=PASSWORD)
    client = Client()
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def secret(home):
    """The key in Rosa's app, which she has set up."""
    page = BeautifulSoup(home.get(APP).content, "html.parser")
    key = page.find("code").get_text()
    assert home.post(APP, {"code": code(key)}).status_code == 302
    return key


def recovery_codes(client):
    page = BeautifulSoup(client.get("/accounts/second-step/recovery/").content, "html.parser")
    return [one.get_text() for one in page.select(".codes code")]


def test_whoever_sits_down_at_an_open_desk_changes_nothing_without_the_password(monday, own_cache):
    rosa(password=PASSWORD)
    client = Client()
    client.force_login(rosa())
    for page in (APP, "/accounts/passkeys/add/"):
        answer = client.get(page, follow=True)
        assert "Show once more that it is you" in said(answer)
    answer = client.post(answer.request["PATH_INFO"] + "?next=" + APP, {"password": PASSWORD}, follow=True)
    assert "Set up an app with codes" in said(answer)


def test_picture_for_the_camera_is_part_of_the_page_and_carries_no_style(home):
    page = BeautifulSoup(home.get(APP).content, "html.parser")
    square = page.select_one(".square svg")
    assert square.find("path")
    assert not [tag for tag in square.find_all() if tag.has_attr("style")]
    assert "<?xml" not in str(page)


def test_code_that_does_not_fit_says_what_to_do(home):
    answer = home.post(APP, {"code": "000000"})
    assert "Wait until your app shows the next one" in said(answer)
    assert not Authenticator.objects.exists()


def test_app_is_asked_after_the_password_and_opens_the_door(secret):
    client = Client()
    sign_in(client)
    assert not get_user(client).is_authenticated
    assert "Is it you?" in said(client.get("/accounts/second-step/code/"))
    assert client.get("/partners/").url.startswith("/accounts/login/")
    later = NOW + timedelta(minutes=2)
    with time_machine.travel(later, tick=False):
        answer = client.post("/accounts/second-step/code/", {"code": code(secret, later)})
    assert (answer.status_code, answer.url) == (302, "/")
    assert get_user(client).name == "Rosa"


def test_wrong_code_keeps_the_door_shut(secret):
    client = Client()
    answer = sign_in(client, code="123456")
    assert "This code does not fit" in said(answer)
    assert not get_user(client).is_authenticated


def test_nobody_tries_codes_for_long(secret):
    client = Client()
    sign_in(client)
    told = [
        said(client.post("/accounts/second-step/code/", {"code": f"{number:06}"})) for number in range(12)
    ]
    assert "This code does not fit" in told[0]
    assert "This code does not fit" not in told[-1]


def test_recovery_code_opens_the_door_once(home, secret):
    codes = recovery_codes(home)
    assert len(codes) == len(set(codes)) == 10
    first, second = Client(), Client()
    sign_in(first, code=codes[0])
    assert get_user(first).name == "Rosa"
    cache.clear()
    sign_in(second, code=codes[0])
    assert not get_user(second).is_authenticated
    assert "9 codes are left" in said(home.get("/accounts/second-step/"))


def test_new_recovery_codes_put_an_end_to_the_old_ones(home, secret):
    old = recovery_codes(home)
    home.post("/accounts/second-step/recovery/new/")
    assert not set(old) & set(recovery_codes(home))


def test_copy_of_the_database_gives_no_secret_away(home, secret):
    codes = recovery_codes(home)
    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert "gAAAA" in kept
    assert not [word for word in (secret, *codes) if word in kept]


def test_after_another_secret_key_no_code_fits_and_none_is_free(home, secret, settings):
    codes = recovery_codes(home)
    settings.SECRET_KEY = "another-key-" + "y" * 40
    empty = base64.b32encode(b"").decode()
    client = Client()
    for tried in (code(secret), codes[0], code(empty)):
        sign_in(client, code=tried)
        assert not get_user(client).is_authenticated


def test_key_before_the_present_one_still_reads(home, secret, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" + "y" * 40
    client = Client()
    sign_in(client, code=code(secret))
    assert get_user(client).name == "Rosa"


def test_app_can_be_removed_and_the_recovery_codes_go_with_it(home, secret):
    assert "Its codes will not be asked for" in said(home.get(APP + "remove/"))
    home.post(APP + "remove/")
    assert not Authenticator.objects.exists()
    client = Client()
    sign_in(client)
    assert get_user(client).name == "Rosa"


def test_closed_access_stays_closed_whatever_the_code(secret):
    daniel(password=PASSWORD)
    set_active(rosa(), False)
    client = Client()
    sign_in(client, code=code(secret))
    assert not get_user(client).is_authenticated


def test_nobodys_passkey_says_what_else_there_is(client, monday, own_cache):
    answer = client.post("/accounts/passkeys/login/", {"credential": "{}"}, follow=True)
    assert answer.status_code == 200
    assert BeautifulSoup(answer.content, "html.parser").select(".notice.is-late")


def test_door_says_what_to_do_with_a_new_phone_and_that_passkeys_need_scripts(client, monday):
    door = BeautifulSoup(client.get("/accounts/login/").content, "html.parser")
    assert "Passkeys need JavaScript" in door.find("noscript").get_text()
    told = said(client.get(door.find("a", string="I have a new phone")["href"]))
    assert "enter one of your recovery codes" in told
