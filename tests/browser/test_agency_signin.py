"""Signing in with the agency's account: a real provider on this machine, a process of ours, a real browser.

Only whoever was invited comes in, by an address that the provider has checked, and their second step is asked for.
"""

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from urllib.request import urlopen

import pytest

from tests.browser.agency import CLIENT, SECRET, Agency, agency
from tests.tasks.stack import ROOT, free_port

BUTTON = "Sign in with Corran County"
PEOPLE = """
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from prm.accounts.actions import add_user, set_active
for name in ("Rosa", "Ben", "Carla"):
    add_user(email=f"{name.lower()}@example.org", name=name, password="a harbor without wind")
add_user(email="una@example.org", name="Una")
TOTP.activate(add_user(email="eva@example.org", name="Eva", password="a harbor without wind"), generate_totp_secret())
from prm.accounts.models import User
User.objects.filter(name="Carla").update(is_active=False)
"""


@dataclass
class World:
    """A house whose people may come with the account of their agency."""

    url: str
    agency: Agency
    data: Path

    def count(self, table: str) -> int:
        with closing(sqlite3.connect(self.data / "db.sqlite3")) as found:
            return found.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PRM_", "DJANGO_", "DATABASE"))
    }
    return kept | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PRM_ENV_FILE": os.devnull,
        "PRM_DATA_DIR": str(data),
        "SECRET_KEY": "only-for-tests-" + "x" * 40,
        "DEFAULT_FROM_EMAIL": "Partner program <partners@example.org>",
        "PRM_SECOND_FACTOR": "optional",
        **more,
    }


def manage(words: list[str], world: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=world, text=True, capture_output=True, check=False)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    data, port = tmp_path_factory.mktemp("agency"), str(free_port())
    (data / "secret").write_text(SECRET + "\n")
    with agency() as provider:
        theirs = {
            "PRM_OIDC_NAME": "Corran County",
            "PRM_OIDC_URL": provider.url,
            "PRM_OIDC_CLIENT_ID": CLIENT,
        }
        env = environment(data, PORT=port, DEBUG="on", PRM_OIDC_SECRET_FILE=str(data / "secret"), **theirs)
        for words in (["migrate", "-v0"], ["createcachetable"], ["shell", "-c", PEOPLE]):
            done = manage(words, env)
            assert done.returncode == 0, done.stderr
        command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
        with (data / "log").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
            try:
                yield World(answering(f"http://127.0.0.1:{port}"), provider, data)
            finally:
                process.terminate()
                process.wait(timeout=20)


def answering(url):
    for _try in range(150):
        try:
            with urlopen(f"{url}/healthz"):
                return url
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")


@pytest.fixture
def door(browser, world, witness):
    """The page of the door, in a browser of its own; the agency says again what it says of Rosa."""
    world.agency.says = {"sub": "1", "email": "rosa@example.org", "email_verified": True}
    world.agency.forged = world.agency.refuses = False
    context = browser.new_context()
    context.set_default_timeout(15_000)
    page = context.new_page()
    witness.watch(page)
    page.goto(f"{world.url}/accounts/login/")
    yield page
    context.close()


def refused(page):
    """What the door says to somebody who pressed the button and did not get in."""
    page.get_by_role("button", name=BUTTON).click()
    page.get_by_role("status").wait_for()
    assert page.url.endswith("/accounts/login/")
    said = page.get_by_role("status").inner_text()
    page.goto(page.url.replace("/accounts/login/", "/today/"))
    assert "/accounts/login/" in page.url
    return said


def test_whoever_was_invited_comes_in_by_one_press_and_no_policy_stops_it(door, world, witness):
    door.get_by_role("button", name=BUTTON).click()
    door.wait_for_url("**/today/")
    assert "Rosa" in door.locator("body").inner_text()
    assert [line for line in witness.said if line.startswith("error")] == []
    assert world.agency.asked[-1] == "/keys"  # the signature was looked at
    assert [world.count(f"socialaccount_social{kind}") for kind in ("account", "token", "app")] == [0, 0, 0]


def test_the_address_is_known_however_it_is_spelled_and_leads_where_they_wanted(door, world):
    world.agency.says["email"] = "Ben@Example.org"
    door.goto(f"{world.url}/partners/")
    door.get_by_role("button", name=BUTTON).click()
    door.wait_for_url("**/partners/")


@pytest.mark.parametrize("name", ["stranger", "carla", "una"])
def test_strangers_closed_accounts_and_who_was_never_invited_are_told_kindly(door, world, name):
    before = world.count("accounts_user")
    world.agency.says["email"] = f"{name}@example.org"
    assert f"Nobody with the address {name}@example.org can sign in here yet." in refused(door)
    assert world.count("accounts_user") == before


@pytest.mark.parametrize("verified", [False, "false", None, 1])
def test_address_that_nobody_checked_opens_nothing(door, world, verified):
    world.agency.says["email_verified"] = verified
    assert "did not say a checked e-mail address" in refused(door)


def test_forged_token_and_one_for_somebody_else_open_nothing(door, world):
    world.agency.forged = True
    assert "That did not work." in refused(door)
    world.agency.forged = False
    for wrong in ({"aud": "another"}, {"iss": "https://elsewhere.example"}, {"exp": 1}):
        world.agency.says = {"sub": "1", "email": "rosa@example.org", "email_verified": True} | wrong
        assert "That did not work." in refused(door)


def test_who_changes_their_mind_is_back_at_the_door(door, world):
    world.agency.refuses = True
    assert "That did not work. Try again, or use your password." in refused(door)


def test_second_step_is_asked_for_as_always(door, world):
    world.agency.says["email"] = "eva@example.org"
    door.get_by_role("button", name=BUTTON).click()
    door.wait_for_url("**/accounts/second-step/code/**")
    door.goto(f"{world.url}/today/")
    assert "/accounts/second-step/code/" in door.url


def test_button_works_by_post_only(door, world):
    answer = door.request.get(f"{world.url}/accounts/agency/agency/login/")
    assert answer.status == 405
    assert door.request.get(f"{world.url}/accounts/agency/agency/back/?code=x&state=x").url.endswith(
        "/login/"
    )


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"PRM_OIDC_NAME": "County"}, "PRM_OIDC_URL is not set, but others of"),
        ({"PRM_OIDC_URL": "http://login.example.org"}, "PRM_OIDC_URL must look like https://"),
    ],
)
def test_half_a_setting_and_one_that_is_not_safe_end_in_one_line(tmp_path, given, line):
    whole = {"PRM_OIDC_NAME": "County", "PRM_OIDC_CLIENT_ID": "prm", "PRM_OIDC_SECRET": "s"}
    done = manage(["check"], environment(tmp_path, **(whole if "PRM_OIDC_URL" in given else {}), **given))
    assert (done.returncode, line in done.stderr, done.stderr.count("\n")) == (2, True, 1)


def test_check_for_deploying_is_clean_with_an_agency(tmp_path):
    on = {"PRM_OIDC_NAME": "County", "PRM_OIDC_CLIENT_ID": "prm", "PRM_OIDC_SECRET": "s"}
    on |= {"PRM_OIDC_URL": "https://login.example.org", "SITE_URL": "https://prm.example.org"}
    env = environment(tmp_path, **on, PRM_BEHIND_PROXY="on") | {"SECRET_KEY": token_urlsafe(50)}
    done = manage(["check", "--deploy", "--fail-level", "WARNING"], env)
    assert (done.returncode, done.stderr) == (0, "")
