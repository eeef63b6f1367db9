"""A rule is changed on a phone: a step is added, what it sends is looked at, gone back to, saved and undone."""

import pytest
from playwright.sync_api import expect

from prm.reminders.actions import refresh
from prm.reminders.models import Rule
from tests.browser.screen import fits
from tests.cast import NOW, day, harbor_house, make_agreement

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def _agreement(house):
    make_agreement(harbor_house(), expires_on=day("2027-08-06"))
    refresh(now=NOW)


@pytest.mark.usefixtures("_agreement")
def test_a_rule_is_changed_on_a_phone(rosa_opens):
    page = rosa_opens("/rules/")
    page.set_viewport_size(PHONE)
    page.get_by_role("link", name="Change An agreement ends", exact=True).click()
    page.wait_for_url("**/rules/expiry/")
    page.get_by_role("button", name="Add a reminder").click()
    page.wait_for_url("**add=1**")
    assert fits(page)
    new = page.get_by_role("group", name="Reminder 11", exact=True)
    new.get_by_label("number of days").fill("45")
    new.get_by_label("Signatory").check()
    new.get_by_label("number of days").press("Enter")  # looks, and does not press the first Remove
    page.wait_for_url("**look=1**")
    expect(page.get_by_role("heading", name="What changes")).to_be_visible()
    expect(page.get_by_text("Agreement ends in 45 days").first).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="Back", exact=True).click()
    expect(new.get_by_label("number of days")).to_have_value("45")
    page.get_by_role("button", name="Remove reminder 1", exact=True).click()
    page.wait_for_url("**remove=0**")
    expect(page.get_by_label("Reminder 1: number of days", exact=True)).to_have_value("60")
    page.get_by_role("button", name="See what changes").click()
    page.get_by_role("button", name="Save the rule").click()
    page.wait_for_url("**/rules/#rule-expiry")
    expect(page.get_by_text("Saved: An agreement ends.")).to_be_visible()
    assert [one["offset"] for one in Rule.objects.get().steps][:3] == [-60, -45, -30]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: An agreement ends.")).to_be_visible()
    assert Rule.objects.get().steps == []
