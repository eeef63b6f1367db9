"""The page behind a row of the morning mail, in a real browser: on a phone, in the dark, by keyboard, and old."""

import pytest
from playwright.sync_api import expect

from prm.desk.models import Snooze
from prm.management.commands.tick import heartbeat
from prm.outbox.enclosed import links_of, tokens
from prm.outbox.models import Message
from prm.partners.actions import make_promise
from prm.partners.models import Link, Promise
from tests.browser import axe
from tests.browser.screen import fits
from tests.cast import NOW, TODAY, at, day, harbor_house


@pytest.fixture
def door(house):
    harbor = harbor_house(now=at("2027-05-03T10:00"), today=day("2027-05-03"))
    make_promise(harbor, side="ours", what="Send 200 flyers", due_on=TODAY, now=at("2027-06-04T10:00"))
    heartbeat(NOW)
    mail = Message.objects.get(kind="digest")
    known = links_of([mail])
    mark = next(mark for mark in mail.links if ":promise:" in mark)
    return f"/p/{tokens(mail, known)[mark]}/"


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_promise_is_kept_in_one_press_on_any_screen_without_a_cookie(open_page, door, width):
    page = open_page(door, width=width)
    assert fits(page)
    page.get_by_role("button", name="Done: it is kept").click()
    expect(page.get_by_role("status")).to_have_text("The promise is kept. Thank you.")
    assert fits(page)
    assert page.context.cookies() == []
    assert Promise.objects.get().kept_on == TODAY


def test_row_is_put_off_and_an_error_takes_the_focus(open_page, door):
    page = open_page(door, width=390, javascript=False)
    page.get_by_text("Put it off", exact=True).first.click()
    page.get_by_text("Mon 14 Jun").click()
    page.get_by_role("button", name="Put it off").click()
    expect(page.get_by_role("alert")).to_contain_text("Say in a few words why it waits.")
    assert fits(page)
    page.get_by_label("Why does it wait?").fill("They print on Monday")
    page.get_by_role("button", name="Put it off").click()
    expect(page.get_by_text("Put off until Mon 14 Jun: They print on Monday")).to_be_visible()
    assert Snooze.objects.get().until == day("2027-06-14")


def test_axe_finds_nothing_before_and_after(open_page, door):
    page = open_page(door)
    assert axe.faults(page) == []  # which unfolds what is folded
    page.get_by_role("button", name="Put it off").click()
    page.get_by_role("alert").wait_for()
    assert axe.faults(page) == []
    page.goto(page.url)
    page.get_by_role("button", name="Done: it is kept").click()
    page.get_by_role("status").wait_for()
    assert axe.faults(page) == []
    Link.objects.update(revoked_at=NOW)
    page.goto(page.url)
    assert page.get_by_role("heading").inner_text() == "This link has ended"
    assert axe.faults(page) == []
