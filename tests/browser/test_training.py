"""Planning training in a real browser: a round on a phone without scripts, and a series on a desk."""

import re

import pytest
from playwright.sync_api import expect

from prm.training.models import Round, Session
from prm.vocabulary.actions import write_defaults
from tests.browser import axe
from tests.browser.screen import fits
from tests.cast import harbor_house


@pytest.fixture
def harbor(house):
    write_defaults()
    return harbor_house()


def test_round_is_planned_on_a_phone_without_scripts(harbor, rosa_opens):
    page = rosa_opens("/training/", width=390, javascript=False)
    page.get_by_role("link", name="Plan a round").click()
    page.wait_for_url("**/rounds/new")
    assert fits(page)
    page.get_by_label("Title").fill("Autumn round")
    for number, town, on in ((1, "Oakland", "2027-09-13"), (2, "Fremont", "2027-06-01")):
        there = page.get_by_role("group", name=f"Town {number}")
        there.get_by_label("Town").fill(town)
        there.get_by_label("Day").fill(on)
    first, second = (page.get_by_role("group", name=f"Town {number}") for number in (1, 2))
    first.get_by_label("From").fill("10:00")
    first.get_by_label("To", exact=True).fill("12:00")
    first.get_by_label("Host").fill("Harbor House")
    page.get_by_role("button", name="Show the days").last.click()
    expect(second.get_by_text("This time has gone by.")).to_be_visible()
    second.get_by_label("Day").fill("2027-09-14")
    page.get_by_role("button", name="Show the days").last.click()
    expect(page.get_by_role("heading", name="These are 2 towns. Nothing is saved yet.")).to_be_visible()
    assert fits(page)
    page.get_by_role("button", name="Plan these 2 sessions").click()
    page.wait_for_url(re.compile(r"/training/rounds/\d+/"))
    expect(page.get_by_role("heading", name="Autumn round")).to_be_visible()
    assert Round.objects.get().sessions.filter(host=harbor).count() == 1


def test_series_is_planned_after_its_days_were_seen(harbor, rosa_opens):
    page = rosa_opens("/training/series/new")
    page.get_by_label("Title").fill("Red flags")
    page.get_by_label("From", exact=True).fill("10:00")
    page.get_by_label("To", exact=True).fill("12:00")
    page.get_by_label("First day not before").fill("2027-06-10")
    page.get_by_label("Last day not after").fill("2027-12-31")
    page.get_by_role("button", name="Show the days").click()
    expect(page.get_by_text("Thu 17 Jun 2027, 10:00 to 12:00")).to_be_visible()
    page.emulate_media(reduced_motion="reduce")
    assert axe.faults(page, menus=False) == []
    page.get_by_role("button", name="Plan these 3 sessions").click()
    page.wait_for_url(re.compile(r"/training/series/\d+/"))
    assert Session.objects.count() == 3
