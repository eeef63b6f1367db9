"""Whoever reads with ears, by keyboard or with weak eyes: axe finds nothing on any page, light, dark, on a phone or at
200 %, and nothing has to be moved sideways."""

import hashlib
import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import resolve

from prm.accounts.models import Program, Sending
from prm.web import health
from tests.browser import axe, full_house
from tests.cast import at, carla, rosa
from tests.web.test_every_page import addresses


@pytest.fixture
def _full(house):
    full_house.fill()


@pytest.fixture
def reader(browser, house):
    """A page of a browser and a client, both with the session of a person; of nobody where none is given."""
    contexts = []

    def of(person=None):
        context, client = browser.new_context(reduced_motion="reduce"), Client()
        contexts.append(context)
        context.set_default_timeout(10_000)
        if person:
            client.force_login(person)
            session = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": house}])
        return context.new_page(), client

    yield of
    for context in contexts:
        context.close()


def kind_of(address):
    """Pages of one kind look alike: the same view, with a question or without. Each partner's page is one by itself."""
    match, asked = resolve(urlsplit(address).path), bool(urlsplit(address).query)
    return (
        match.url_name,
        match.kwargs.get("slug") if match.url_name == "partner" and not asked else "",
        asked,
    )


def pages(client, start="/today/"):
    """An address for each kind of page that links lead to, those with several questions left out."""
    seen, waiting = {}, [start]
    while waiting:
        address = waiting.pop(0)
        if kind_of(address) in seen or len(parse_qsl(urlsplit(address).query)) > 1:
            continue
        answer = client.get(address)
        seen[kind_of(address)] = address if answer["Content-Type"].startswith("text/html") else ""
        if answer.streaming:  # a file to be kept
            answer.close()
            continue
        waiting += sorted(addresses(BeautifulSoup(answer.content, "html.parser"), address))
    return [address for address in seen.values() if address]


def faults_of(page, house, found):
    told = []
    for address in found:
        page.goto(house + address)
        told += [f"{address} {fault}" for fault in axe.faults(page)]
    return told


#: The longest walk is walked in parts, so that those who test side by side share it.
PARTS = 3


@pytest.mark.usefixtures("_full")
@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_that_links_lead_to_has_a_fault(reader, house, part):
    page, client = reader(rosa())
    found = pages(client)
    assert len(found) >= 45
    assert faults_of(page, house, found[part::PARTS]) == []


@pytest.mark.usefixtures("_full")
def test_no_page_that_says_no_has_a_fault(reader, house):
    page, client = reader(carla())
    lists = ["/today/", "/partners/", "/partners/chapel/", "/outbox/"]
    refused = ["/nowhere/", "/partners/harbor-house/", "/partners/chapel/pause"]
    assert [client.get(address).status_code for address in refused] == [404, 404, 403]
    assert faults_of(page, house, [*lists, *refused]) == []


EMPTIED = """number => {
    const form = document.querySelectorAll("main form[method=post]")[number];
    for (const field of form.elements) if (field.name !== "csrfmiddlewaretoken") {
        if (field.type === "radio") field.checked = false; else if (field.type !== "hidden") field.value = "";
    }
    form.noValidate = true;
    HTMLFormElement.prototype.submit.call(form);
}"""


def send_empty(page, address, number):
    """Send a form of a page with nothing in it; return whether it came back with an error."""
    page.goto(address)
    with page.expect_navigation():
        page.evaluate(EMPTIED, number)
    return page.locator("[aria-invalid=true]").count() > 0


def forms(client):
    """Where something can be typed and sent: the address of a page and which of its forms that is."""
    for address in pages(client):
        page = BeautifulSoup(client.get(address).content, "html.parser")
        for number, form in enumerate(page.select("main form[method=post]")):
            if form.select("input:not([type=hidden]), textarea, select"):
                yield address, number


@pytest.mark.usefixtures("_full")
@pytest.mark.parametrize("part", range(2))
def test_no_form_that_did_not_pass_has_a_fault(reader, house, part):
    page, client = reader(rosa())
    told, came_back = [], set()
    for address, number in list(forms(client))[part::2]:
        if send_empty(page, house + address, number):
            came_back.add(resolve(urlsplit(address).path).url_name)
            told += [f"{address} {fault}" for fault in axe.faults(page, menus=False)]
    assert told == []
    assert len(came_back) >= 8


def test_no_page_of_the_door_has_a_fault(reader, house):
    page, _client = reader()
    told = faults_of(page, house, ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/"])
    page.goto(house + "/accounts/login/")
    page.get_by_label("E-mail").fill("rosa@example.org")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    assert axe.faults(page) + told == []


def test_no_page_of_an_empty_house_that_is_ill_has_a_fault(reader, house, monkeypatch):
    monkeypatch.setattr(health, "STARTED_AT", at("2027-06-07T08:00"))
    Program.objects.update(sending=Sending.HELD, heartbeat_at=at("2027-06-07T08:00"))
    page, _client = reader(rosa())
    page.goto(house + "/partners/")
    assert page.get_by_role("alert").count() == 1
    assert faults_of(page, house, ["/today/", "/partners/", "/outlook/", "/outbox/", "/first-steps/"]) == []


def test_fault_would_be_noticed(reader, house):
    page, _client = reader()
    page.goto(house + "/accounts/login/")
    page.evaluate("document.querySelector('label').remove(); document.body.style.color = '#999'")
    told = " ".join(axe.faults(page))
    assert "label (" in told
    assert "390: light, color-contrast" in told
    assert "720: light, label" in told


def test_what_stands_out_sideways_would_be_noticed(reader, house):
    page, _client = reader()
    page.goto(house + "/accounts/login/")
    page.evaluate("document.querySelector('.door-column').style.minWidth = '340px'")
    assert any(fault.startswith("320: stands out: ") for fault in axe.faults(page))


def test_axe_is_the_one_of_the_manifest():
    [package] = json.loads((axe.VENDOR / "manifest.json").read_text(encoding="utf-8"))["packages"]
    assert (package["name"], package["licence"]) == ("axe-core", "MPL-2.0")
    for name, checksum in package["files"].items():
        assert hashlib.sha256((axe.VENDOR / name).read_bytes()).hexdigest() == checksum, name
    assert f"axe v{package['version']}" in axe.SOURCE[:100]
