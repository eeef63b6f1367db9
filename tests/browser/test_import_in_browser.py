"""Bringing in a list in a real browser: on a phone without JavaScript, and with it where the work takes long."""

import re
from pathlib import Path

import pytest
from django.utils import timezone

from prm.exchange import work
from prm.exchange.models import Import
from prm.jobs.models import Job
from prm.partners.models import Organization
from tests.browser.screen import fits

MESSY = Path(__file__).parents[1] / "journeys/data/partners-messy.xlsx"
STATE = re.compile(r"/imports/\d+/$")


def upload(page, path=MESSY):
    page.get_by_label("Spreadsheet").set_input_files(path)
    page.get_by_role("button", name="Look into the file").click()
    page.wait_for_url("**/columns")


@pytest.mark.parametrize("javascript", [True, False])
def test_list_is_brought_in_and_released_on_a_phone(rosa_opens, javascript):
    page = rosa_opens("/imports/", width=390, javascript=javascript)
    upload(page)
    assert fits(page)
    assert page.get_by_label("Contact Person").evaluate("one => one.getBoundingClientRect().width") > 300
    page.get_by_role("button", name="Look through it").click()
    page.wait_for_url(STATE)
    assert page.locator(".out-rows > li").count() == 11
    assert fits(page)
    page.get_by_role("button", name="Import 51 partners").click()
    page.get_by_role("link", name="See what would be sent").click()
    assert fits(page)
    page.get_by_role("button", name="Release sending").click()
    page.wait_for_url("**/outbox/")
    assert "Sending is on." in page.get_by_role("status").inner_text()
    assert Organization.objects.count() == 51


def test_page_follows_long_work_by_itself(rosa_opens, monkeypatch, witness):
    monkeypatch.setattr(work, "AT_ONCE", 0)
    page = rosa_opens("/imports/")
    upload(page)
    page.get_by_role("button", name="Look through it").click()
    page.wait_for_url(STATE)
    assert page.get_by_text("Looking through 64 rows").first.is_visible()
    work.run_jobs(now=timezone.now, owner="worker")
    page.get_by_role("button", name="Import 51 partners").click()
    page.wait_for_url(STATE)
    job = Import.objects.get().job
    Job.objects.filter(pk=job.pk).update(done=32)
    page.get_by_text("32 of 64").first.wait_for()
    assert page.locator("#spoken").inner_text() == "32 of 64"
    assert page.locator("progress").evaluate("one => one.value") == 32
    work.run_jobs(now=timezone.now, owner="worker")
    page.get_by_role("link", name="See what would be sent").wait_for()
    assert witness.said == []


def test_page_tells_how_far_it_is_without_javascript(rosa_opens, monkeypatch):
    monkeypatch.setattr(work, "AT_ONCE", 0)
    page = rosa_opens("/imports/", javascript=False)
    upload(page)
    page.get_by_role("button", name="Look through it").click()
    page.wait_for_url(STATE)
    work.run_jobs(now=timezone.now, owner="worker")
    page.get_by_role("link", name="See how far it is").click()
    assert page.get_by_role("button", name="Import 51 partners").is_visible()
