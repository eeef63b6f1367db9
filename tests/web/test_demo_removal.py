"""The demo in the interface: marked wherever it shows, and gone by one button."""

import pytest
from bs4 import BeautifulSoup

from prm.outbox.models import Message
from prm.partners.models import Contact, Organization
from tests.cast import harbor_house, make_organization


@pytest.fixture
def _example(monday):
    make_organization("Example House", is_demo=True)


def bar(client, address="/partners/"):
    found = BeautifulSoup(client.get(address).content, "html.parser").select_one(".demo-bar")
    return " ".join(found.get_text(" ").split()) if found else ""


@pytest.mark.usefixtures("_example")
def test_bar_heads_every_page_while_the_demo_is_here(chair, window):
    for address in (
        "/partners/",
        "/partners/example-house/",
        "/outlook/",
        "/outbox/",
        "/more/",
        "/first-steps/",
    ):
        words = "You are looking at the demo. Its mail never leaves this machine."
        assert bar(chair, address) == f"{words} Remove it"
        assert bar(window, address) == words
    harbor_house()
    assert bar(chair).startswith("The demo’s invented partners are here beside yours.")


def test_bar_is_not_there_without_a_demo(chair):
    harbor_house()
    assert bar(chair) == ""


@pytest.mark.usefixtures("_example")
def test_demo_partners_are_marked_in_the_list_and_on_their_page(chair):
    harbor_house()
    page = BeautifulSoup(chair.get("/partners/").content, "html.parser")
    marked = {
        row.select_one(".who").get_text(): bool(row.select_one(".demo-mark"))
        for row in page.select("tbody tr")
    }
    assert marked == {"Example House": True, "Harbor House": False}
    for slug, expected in (("example-house", True), ("harbor-house", False)):
        badges = BeautifulSoup(chair.get(f"/partners/{slug}/").content, "html.parser").select_one(".badges")
        assert ("Demo" in badges.get_text()) is expected


@pytest.mark.usefixtures("_example")
def test_page_says_what_goes_and_one_button_does_it(chair):
    harbor_house()
    text = " ".join(BeautifulSoup(chair.get("/demo/remove").content, "html.parser").get_text(" ").split())
    assert "1 invented partner, with agreements" in text
    assert "your own partner, with all that is written down" in text
    answer = chair.post("/demo/remove", follow=True)
    assert "The demo is gone: 1 invented partner, with everything about it." in answer.content.decode()
    assert [one.name for one in Organization.objects.all()] == ["Harbor House"]
    assert Contact.objects.exists()
    assert bar(chair) == ""


@pytest.mark.usefixtures("monday")
def test_without_a_demo_there_is_nothing_to_remove(chair):
    harbor_house()
    assert "The demo is not here" in chair.get("/demo/remove").content.decode()
    assert "The demo is gone already." in chair.post("/demo/remove", follow=True).content.decode()
    assert Organization.objects.count() == 1


@pytest.mark.usefixtures("_example")
def test_viewer_removes_nothing(window):
    assert window.get("/demo/remove").status_code == 403
    assert window.post("/demo/remove").status_code == 403
    assert Organization.objects.filter(is_demo=True).exists()
    assert not Message.objects.exists()
