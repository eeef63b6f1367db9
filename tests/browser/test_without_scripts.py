"""Everything works in a browser that runs no script: the whole of a day's work, by links and buttons alone."""

import csv

import pytest
from openpyxl import load_workbook

from prm.accounts.models import Program
from prm.agreements.models import Agreement
from prm.capacity.models import Pause
from prm.partners.models import Contact, Entry
from tests.browser import full_house
from tests.browser.conftest import PASSWORD

HARBOR = "/partners/harbor-house/"


@pytest.fixture
def page(house, rosa_opens):
    """Rosa's browser without scripts, in a full house."""
    full_house.fill()
    return rosa_opens("/partners/", javascript=False)


def said(page):
    return page.get_by_role("status").first.inner_text()


def test_person_signs_in_and_out(open_page):
    page = open_page("/accounts/login/", javascript=False)
    page.get_by_label("E-mail").fill("rosa@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/today/**")
    page.get_by_role("link", name="Rosa, manager").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")


def test_partners_are_found_narrowed_and_sorted(page):
    page.get_by_label("Find a partner").fill("light")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=light**")
    assert page.locator("td.title a").all_inner_texts() == ["Lighthouse"]
    page.get_by_role("link", name="Clear").click()
    page.locator("#menus summary", has_text="County").click()
    page.get_by_role("link", name="Alameda").click()
    page.wait_for_load_state()
    assert page.locator("td.title a").all_inner_texts() == ["Harbor House"]
    page.get_by_role("link", name="Partner", exact=True).click()
    page.wait_for_url("**sort=-name**")
    assert "county=Alameda" in page.url


def test_list_is_taken_away_as_a_file(page, tmp_path):
    for words, name in (("CSV", "partners.csv"), ("Excel", "partners.xlsx")):
        page.goto(page.url)
        page.locator("#menus summary", has_text="Download").click()
        with page.expect_download() as file:
            page.get_by_role("link", name=words).click()
        file.value.save_as(tmp_path / name)
    with (tmp_path / "partners.csv").open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.reader(text))
    book = load_workbook(tmp_path / "partners.xlsx").active
    assert [row[0].value for row in book] == [row[0] for row in rows]
    assert len(rows) == 5


def test_talk_is_recorded(page, house):
    page.goto(f"{house}{HARBOR}")
    page.get_by_role("link", name="Record a talk").first.click()
    page.get_by_label("What was said").fill("They move in March")
    page.get_by_role("button", name="Record the talk").click()
    page.wait_for_url(f"**{HARBOR}")
    assert "The talk of" in said(page)
    assert Entry.objects.filter(note="They move in March").exists()


def test_pause_is_recorded_and_ended(page, house):
    page.goto(f"{house}/partners/lighthouse/pause")
    page.locator("label.choice", has_text="Everything").click()
    page.locator("label.choice", has_text="Another day").click()
    page.get_by_label("Last day of the pause").fill("2027-09-30")
    page.get_by_role("button", name="Record the pause").click()
    page.wait_for_url("**/partners/lighthouse/")
    pause = Pause.objects.get(organization__slug="lighthouse")
    assert (pause.scope, str(pause.ends_on)) == ("all", "2027-09-30")
    page.get_by_role("button", name="They are back").click()
    page.get_by_role("status").filter(has_text="open again").wait_for()
    pause.refresh_from_db()
    assert pause.answered_on is not None
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_text("Undone. The pause is as it was.").wait_for()
    pause.refresh_from_db()
    assert pause.answered_on is None


def test_renewal_is_recorded(page, house):
    page.goto(f"{house}{HARBOR}renewal")
    page.get_by_text("As long as before").click()
    page.get_by_role("button", name="Record the renewal").click()
    page.wait_for_url(f"**{HARBOR}")
    assert (
        Agreement.objects.get(renews__isnull=False).parties.filter(organization__slug="harbor-house").exists()
    )


def test_contact_is_replaced_by_somebody_new(page, house):
    anna = Contact.objects.get(name="Anna Reyes")
    page.goto(f"{house}{HARBOR}replace?contact={anna.pk}")
    page.get_by_label("Name", exact=True).fill("Eva Diaz")
    page.get_by_label("E-mail").fill("eva@harbor.example")
    page.get_by_role("button", name="Replace the contact").click()
    page.wait_for_url(f"**{HARBOR}")
    assert Contact.objects.filter(name="Eva Diaz", roles__kind="primary").exists()


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(page, house):
    page.goto(f"{house}/partners/lighthouse/pause")
    page.locator("label.choice", has_text="Another day").click()
    page.get_by_label("Last day of the pause").fill("2027-01-01")
    page.get_by_label("Why").fill("Two are ill")
    page.get_by_role("button", name="Record the pause").click()
    assert "Nothing is saved yet" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Last day of the pause").input_value() == "2027-01-01"
    assert page.get_by_label("Why").input_value() == "Two are ill"


def test_sending_is_held_and_released(page, house):
    page.goto(f"{house}/outbox/")
    page.get_by_role("button", name="Hold sending").click()
    page.get_by_text("nothing leaves until").first.wait_for()
    assert Program.objects.get().sending == "held"
    page.locator("main .notice").get_by_role("link", name="See what would be sent").click()
    page.wait_for_url("**/outbox/release")
    page.get_by_role("button", name="Work them out now").click()  # the house was filled a moment ago
    page.get_by_role("button", name="Release sending").click()
    page.get_by_role("button", name="Hold sending").wait_for()
    assert Program.objects.get().sending == "on"


def test_letter_is_opened_as_it_is_and_as_plain_text(page, house):
    page.goto(f"{house}/outbox/")
    page.locator(".post-row").first.click()
    page.wait_for_url("**/outbox/*/")
    assert page.locator(".letter-body").inner_text()
    page.get_by_role("link", name="Plain text").click()
    assert page.locator(".letter-plain").inner_text()
