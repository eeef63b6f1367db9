"""Every answer carries the headers that keep a browser on our side: pages, files, feeds, refusals and errors."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client

from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Purpose
from tests.cast import NOW, harbor_house

ROOT = Path(__file__).resolve().parents[2]
ALWAYS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NEVER_ASKED = ("camera", "microphone", "geolocation", "payment", "usb", "display-capture")


def faults(answer):
    """What a browser is not told by this answer."""
    if answer.streaming:
        answer.getvalue()  # read through, so that the file behind it is closed
    found = [f"{name}: {answer.get(name)}" for name, value in ALWAYS.items() if answer.get(name) != value]
    policy = answer.get("Content-Security-Policy", "")
    if "default-src 'self'" not in policy or "unsafe-" in policy or "*" in policy:
        found.append(f"security policy: {policy}")
    if answer.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
        found.append(f"referrer: {answer.get('Referrer-Policy')}")
    permissions = set(answer.get("Permissions-Policy", "").split(", "))
    if not permissions >= {f"{name}=()" for name in NEVER_ASKED}:
        found.append(f"permissions: {permissions}")
    return found


@pytest.fixture
def tokens(monday):
    harbor = harbor_house()
    holder = Holder(harbor.pk, harbor.contacts.get().pk)
    links = issue([(holder, Wish(Purpose.PAGE)), (holder, Wish(Purpose.FEED))], now=NOW)
    return [token_of(link) for link in links]


@pytest.fixture
def shaky(settings, client):
    """A visitor whose answers break: addresses lead to views that raise."""
    settings.ROOT_URLCONF = "tests.web.breaking"
    client.raise_request_exception = False
    return client


def test_pages_files_and_refusals_of_staff(desk, window):
    harbor_house()
    wanted = {
        "/today/": 200, "/partners/harbor-house/": 200, "/partners/export.csv": 200, "/partners/export.xlsx": 200,
        "/nowhere/": 404, "/partners/none/": 404, "/accounts/logout/": 200, "/": 302,
    }  # fmt: skip
    answers = {address: desk.get(address) for address in wanted}
    assert {address: answer.status_code for address, answer in answers.items()} == wanted
    refused = [window.get("/partners/harbor-house/pause"), desk.get("/more/theme")]
    assert [answer.status_code for answer in refused] == [403, 405]
    assert [fault for answer in [*answers.values(), *refused] for fault in faults(answer)] == []


def test_pages_of_the_door(client, monday):
    found = {
        path: client.get(path) for path in ("/accounts/login/", "/accounts/signup/", "/today/", "/healthz")
    }
    assert [fault for answer in found.values() for fault in faults(answer)] == []
    guarded = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
    assert guarded.status_code == 403
    assert faults(guarded) == []


@pytest.mark.usefixtures("own_cache")
def test_what_partners_open(client, tokens):
    page, feed = tokens
    wanted = {f"/p/{page}/": 200, f"/p/{page}/data.json": 200, f"/feeds/{feed}.ics": 200, "/p/none/": 404}
    answers = {address: client.get(address) for address in wanted}
    assert {address: answer.status_code for address, answer in answers.items()} == wanted
    assert [fault for answer in answers.values() for fault in faults(answer)] == []
    assert {answers[f"/p/{page}/"]["Referrer-Policy"], answers["/p/none/"]["Referrer-Policy"]} == {
        "no-referrer"
    }


def test_files_beside_the_pages(db):
    name = Path(configured.STATIC_ROOT, "headers.css")
    name.write_text("p { margin: 0 }", encoding="utf-8")
    answer = Client().get("/static/headers.css")
    assert answer.status_code == 200
    assert faults(answer) == []


def test_a_broken_page(shaky):
    answer = shaky.get("/breaks/")
    assert answer.status_code == 500
    assert faults(answer) == []


def test_a_host_that_is_not_ours_and_plain_http(settings):
    settings.SECURE_SSL_REDIRECT = True
    visitor = Client()
    stranger, plain = visitor.get("/today/", headers={"host": "else.example"}), visitor.get("/today/")
    assert [stranger.status_code, plain.status_code] == [400, 301]
    assert faults(stranger) + faults(plain) == []


def test_passkeys_alone_may_be_asked_of_the_device(client, db):
    told = client.get("/healthz")["Permissions-Policy"].split(", ")
    assert [one for one in told if not one.endswith("=()")] == [
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ("host", "max-age=31536000"),
        ("", "max-age=31536000; includeSubDomains"),
        ("preload", "max-age=31536000; includeSubDomains; preload"),
    ],
)
def test_an_installation_behind_https_passes_the_check_for_going_live(tmp_path, chosen, said):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")} | {
        "PRM_ENV_FILE": os.devnull,
        "PRM_DATA_DIR": str(tmp_path),
        "SECRET_KEY": "aBcDeFgHiJkLmNoPqRsTuVwXyZ-0123456789-aBcDeFgHiJkLmNoPq",
        "SITE_URL": "https://prm.example.org",
        "PRM_BEHIND_PROXY": "on",
        "PRM_HSTS": chosen,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }

    def run(*words):
        return subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )

    checked = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout
    asked = (
        "import django; django.setup(); from django.test import Client;"
        "print(Client().get('/healthz', secure=True, headers={'host': 'prm.example.org',"
        " 'x-forwarded-proto': 'https'})['Strict-Transport-Security'])"
    )
    assert run("-c", asked).stdout.strip() == said
