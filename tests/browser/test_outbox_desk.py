"""The outbox as a desk, in a real browser and over a real mail server: write and cancel within the minute, hold, change
the words, release, and send again what failed."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from prm.outbox import delivery
from prm.outbox.models import Message
from prm.partners.models import Contact
from tests.browser import axe
from tests.browser.post import relay
from tests.browser.screen import fits
from tests.cast import NOW, harbor_house

IN_A_WHILE = NOW + timedelta(minutes=5)


@pytest.fixture
def post(house, settings):
    harbor_house()
    with relay(settings) as found:
        yield found


def leave():
    """What a worker does after the minute."""
    delivery.drain(now=lambda: IN_A_WHILE, owner="test")


def write(page, subject):
    """From Anna's page to the mail that waits."""
    page.get_by_role("link", name="Write a mail").click()
    page.get_by_label("Subject").fill(subject)
    page.get_by_label("Words").fill("we have two new dates.\n\nWhich one fits?")
    page.get_by_role("button", name="See who gets it").click()
    expect(page.get_by_role("heading", name="1 person gets it")).to_be_visible()
    assert fits(page)
    page.get_by_role("button", name="Send it to 1 person").click()
    page.wait_for_url(re.compile(r"/outbox/\d+/$"))
    expect(page.get_by_text("Until then nothing has been sent.")).to_be_visible()
    assert fits(page)


def anna(page, house):
    page.goto(f"{house}/partners/harbor-house/people/{Contact.objects.get().pk}/")


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_letter_is_cancelled_within_the_minute_and_never_leaves(rosa_opens, house, post, javascript):
    page = rosa_opens("/outbox/", width=390, javascript=javascript)
    anna(page, house)
    write(page, "Two new dates")
    page.get_by_role("button", name="Cancel it").click()
    expect(page.get_by_text("Cancelled. Nothing was sent.")).to_be_visible()
    leave()
    assert post.to("anna@harbor.example") == []
    assert Message.objects.get().state == "cancelled"


def test_letter_is_held_changed_and_released_and_arrives_in_its_new_words(rosa_opens, house, post):
    page = rosa_opens("/outbox/")
    anna(page, house)
    write(page, "Two new dates")
    page.get_by_role("button", name="Hold it and change the words").click()
    page.wait_for_url("**/words")
    leave()
    assert post.to("anna@harbor.example") == []
    page.get_by_label("Subject").fill("Three new dates")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The words are changed.")).to_be_visible()
    page.get_by_role("button", name="Release it").click()
    expect(page.get_by_text("It is released, and leaves with the next round.")).to_be_visible()
    leave()
    mail = post.last("anna@harbor.example")
    assert mail.subject == "Three new dates"
    assert "Rosa wrote this to you, as a contact of Harbor House." in " ".join(
        mail.part("text/plain").split()
    )
    assert mail.raw["Reply-To"] == "rosa@example.org"
    assert mail.raw["List-Unsubscribe"]
    page.reload()
    expect(page.get_by_text("cannot be stopped any more")).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("It goes once more, with the same words.")).to_be_visible()
    leave()
    first, second = post.to("anna@harbor.example")
    assert first.raw["Message-ID"] != second.raw["Message-ID"]


def test_axe_finds_nothing_on_the_pages_of_the_desk(rosa_opens, house, post):
    page = rosa_opens("/outbox/new")
    page.emulate_media(reduced_motion="reduce")
    assert axe.faults(page) == []
    page.get_by_label("Name of the person or the partner").fill("anna")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text("People found")).to_be_visible()
    assert axe.faults(page) == []
    anna(page, house)
    page.get_by_role("link", name="Write a mail").click()
    page.wait_for_url("**/outbox/new?contact=*")
    page.get_by_role("button", name="See who gets it").click()
    page.get_by_role("alert").wait_for()
    assert axe.faults(page) == []
    page.get_by_label("Subject").fill("Two new dates")
    page.get_by_label("Words").fill("we have two new dates.")
    page.get_by_role("button", name="See who gets it").click()
    expect(page.get_by_role("heading", name="1 person gets it")).to_be_visible()
    assert axe.faults(page) == []
    page.get_by_role("button", name="Send it to 1 person").click()
    page.wait_for_url(re.compile(r"/outbox/\d+/$"))
    mail = Message.objects.get()
    for address in ("", "words"):
        page.goto(f"{house}/outbox/{mail.pk}/{address}")
        assert axe.faults(page) == []
    Message.objects.update(state="failed", last_error="550 5.1.1 User unknown", started_by=None)
    for address in (
        f"/outbox/{mail.pk}/",
        f"/outbox/letters/{mail.pk}/",
        "/outbox/ledger/",
        "/outbox/ledger/?from=x",
    ):
        page.goto(house + address)
        assert axe.faults(page) == [], address
