"""The way of a newcomer through the first steps, with and without JavaScript, to the demo that goes by one button."""

import pytest

from prm.accounts.queries import program
from prm.partners.models import Organization
from tests.cast import harbor_house, make_organization


@pytest.fixture
def _demo(house):
    make_organization("Example House", is_demo=True)
    harbor_house()


def words(page):
    return " ".join(page.locator("main").inner_text().split())


@pytest.mark.usefixtures("_demo")
@pytest.mark.parametrize("javascript", [True, False])
def test_newcomer_takes_the_steps_one_after_the_other(rosa_opens, javascript):
    page = rosa_opens("/partners/", javascript=javascript)
    page.get_by_role("link", name="See what is next").click()
    page.get_by_role("link", name="Look it through").click()
    page.get_by_label("Name", exact=True).fill("Corran County Coalition")
    page.get_by_label("Mail goes from").fill("09:30")
    page.get_by_label("Saturday").check()
    page.get_by_role("button", name="Save the program").click()
    page.wait_for_url("**/first-steps/")
    assert "Corran County Coalition; where it must be discreet, “Partner program”." in words(page)
    assert "Mail goes from 09:30 to 18:00, Mon to Sat." in words(page)
    page.get_by_role("link", name="See the closed days").click()
    page.get_by_label("Day", exact=True).fill("2027-08-13")
    page.get_by_label("What it is called").fill("Staff retreat")
    page.get_by_role("button", name="Add the day").click()
    page.get_by_text("13\xa0Aug\xa02027 is closed: Staff retreat.").wait_for()
    page.get_by_role("button", name="These are right").click()
    page.wait_for_url("**/first-steps/")
    page.get_by_role("link", name="Remove the demo").click()
    page.get_by_role("button", name="Remove the demo").click()
    page.wait_for_url("**/first-steps/")
    assert "The demo is gone: 1 invented partner" in page.get_by_role("status").inner_text()
    assert [one.name for one in Organization.objects.all()] == ["Harbor House"]
    assert (program().working_days, program().holidays_checked_on is None) == ([0, 1, 2, 3, 4, 5], False)


@pytest.mark.usefixtures("_demo")
@pytest.mark.parametrize("width", [390, 1440])
def test_bar_of_the_demo_covers_nothing(rosa_opens, width):
    page = rosa_opens("/first-steps/", width=width)
    bar, heading = page.locator(".demo-bar").bounding_box(), page.locator("h1").bounding_box()
    assert bar["width"] == width
    assert bar["y"] + bar["height"] <= heading["y"]
