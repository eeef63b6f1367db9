"""Pages about pauses: nothing stands in anybody's way, nothing stands out sideways, two presses are enough."""

import pytest
from playwright.sync_api import expect

from prm.capacity.actions import follow, pause
from prm.reminders.actions import refresh
from tests.browser import axe
from tests.cast import NOW, day, harbor_house, rosa

HARBOR = "/partners/harbor-house/"


@pytest.fixture
def closed(house):
    """Referrals closed since May; on Monday a week from now they are asked whether they are back."""
    known = pause(
        harbor_house(),
        scope="referrals",
        starts_on=day("2027-05-03"),
        ends_on=day("2027-06-14"),
        reason="Two are ill",
        now=NOW,
        by=rosa(),
    )
    refresh(now=NOW)
    return known


def test_nothing_stands_in_anybodys_way(rosa_opens, house, closed):
    follow(closed, effect="limited", ends_on=day("2027-10-31"), now=NOW, by=rosa())
    page = rosa_opens(HARBOR)
    page.emulate_media(reduced_motion="reduce")
    after = closed.continued_by.get()
    for way in ["", f"pauses/{closed.pk}", f"pauses/{after.pk}", f"pauses/{after.pk}/after", "pause"]:
        page.goto(f"{house}{HARBOR}{way}")
        assert axe.faults(page) == [], way


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("start", [HARBOR, "/today/"])
def test_two_presses_make_it_longer_or_end_it(rosa_opens, house, closed, start):
    page = rosa_opens(start, width=390)
    way = page.get_by_role("link", name="Longer or shorter").or_(
        page.get_by_role("link", name="Are they back?")
    )
    way.first.click()
    page.get_by_role("button", name="Make the pause longer").click()
    expect(page.get_by_role("status").first).to_contain_text("Referrals paused until 14\xa0Sep\xa02027.")
    page.goto(house + start)
    if start == HARBOR:
        page.get_by_role("button", name="They are back").click()
        expect(page.get_by_role("status").first).to_contain_text("Referrals: open again.")
