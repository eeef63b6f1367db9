"""A passkey in a real browser: made at the desk, asked for at the door, on localhost as `make run` prints it."""

from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator

from tests.browser import axe
from tests.browser.conftest import PASSWORD
from tests.cast import rosa


@pytest.fixture
def localhost(house):
    """The same house under the only name on plain http for which a browser offers passkeys."""
    return f"http://localhost:{urlsplit(house).port}"


@pytest.fixture
def page(browser, localhost, witness):
    """A page of a browser whose device has a finger sensor and no passkeys yet."""
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(10_000)
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    sensor = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    finger = {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    page.sensor = device.send("WebAuthn.addVirtualAuthenticator", {"options": sensor | finger})
    page.device = device
    witness.watch(page)
    yield page
    context.close()


def sign_in(page, localhost):
    page.goto(localhost + "/accounts/login/")
    page.get_by_label("E-mail").fill("rosa@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/today/")


def add_passkey(page, localhost):
    """From More, as a person goes; the desk asks for the password once more. Return axe's faults on the way."""
    page.goto(localhost + "/accounts/second-step/")
    page.get_by_role("link", name="Add a passkey").click()
    faults = axe.faults(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("Rosa’s phone")
    faults += axe.faults(page)
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    return faults + axe.faults(page)


def sign_out(page, localhost):
    page.goto(localhost + "/more/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")


def test_passkey_is_made_and_opens_the_door_by_itself(page, localhost, witness):
    sign_in(page, localhost)
    assert add_passkey(page, localhost) == []
    page.get_by_role("link", name="I have kept them").click()
    assert page.get_by_text("Rosa’s phone").first.is_visible()
    assert axe.faults(page) == []
    sign_out(page, localhost)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/today/")
    assert Authenticator.objects.get(type="webauthn").last_used_at is not None
    assert [line for line in witness.said if line.startswith("error")] == []
    assert {urlsplit(address).hostname for address in witness.asked} == {"localhost"}


def test_passkey_is_also_the_step_after_the_password(page, localhost):
    sign_in(page, localhost)
    add_passkey(page, localhost)
    sign_out(page, localhost)
    page.get_by_label("E-mail").fill("rosa@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Is it you?").wait_for()
    assert axe.faults(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/today/")


def test_device_without_a_passkey_of_ours_is_told_what_else_there_is(page, localhost):
    page.device.send(
        "WebAuthn.setUserVerified",
        {"authenticatorId": page.sensor["authenticatorId"], "isUserVerified": False},
    )
    page.goto(localhost + "/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("alert").get_by_text("The passkey did not work").wait_for()
    assert page.get_by_role("button", name="Use a passkey").is_enabled()


def test_passkey_of_a_closed_access_opens_nothing(page, localhost):
    sign_in(page, localhost)
    add_passkey(page, localhost)
    sign_out(page, localhost)
    person = rosa()
    person.is_active = False
    person.save()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/accounts/inactive/")
    page.goto(localhost + "/today/")
    page.wait_for_url("**/accounts/login/**")


def test_without_scripts_the_door_has_no_passkey_and_says_why(open_page, localhost):
    page = open_page("/accounts/login/", javascript=False)
    assert "Passkeys need JavaScript" in page.locator("noscript p").inner_text()
    assert not page.get_by_role("button", name="Use a passkey").is_visible()
