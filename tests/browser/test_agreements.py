"""Agreements in a real browser: on a phone, by buttons alone, read aloud, and without moving the page sideways."""

import re

import pytest
from playwright.sync_api import expect

from prm.agreements.actions import Found, Signer, give_notice, note_approval, note_clauses, renew
from prm.agreements.models import Agreement
from prm.reminders.actions import refresh
from prm.vocabulary.actions import write_defaults
from prm.vocabulary.queries import term
from tests.browser import axe
from tests.browser.screen import fits
from tests.cast import NOW, TODAY, day, harbor_house, make_agreement, make_organization

STEPS = (
    "",
    "sign",
    "approval",
    "join?q=light",
    "clauses",
    "notice",
    "send",
    "review",
    "correct",
    "end",
    "withdraw",
)
NEW = "/partners/harbor-house/agreements/new"


@pytest.fixture
def harbor(house):
    write_defaults()
    return harbor_house(approval_body="Board of supervisors of the county of Alameda")


@pytest.fixture
def papers(harbor):
    """One in every state that makes its page look different."""
    lighthouse = make_organization("Lighthouse")
    waiting = make_agreement(
        harbor,
        title="Memorandum of understanding on emergency beds and referrals",
        parties=[Signer(harbor), Signer(lighthouse, signed_on=TODAY), Signer(None)],
    )
    note_approval(waiting.parties.get(organization=harbor), body="Board", before_body_on=TODAY, now=NOW)
    renewed = renew(make_agreement(harbor), now=NOW)
    missing = Found(term("clause", "release"), "absent", "page 12", "Ask for it")
    note_clauses(renewed, [missing, Found(term("clause", "purpose"), "present")], now=NOW)
    ending = give_notice(make_agreement(harbor), ended_on=day("2027-08-06"), notice_by="Lighthouse", now=NOW)
    refresh(now=NOW)
    return [waiting, renewed, ending]


def addresses(papers):
    found = [f"/partners/harbor-house/agreements/{paper.pk}/" for paper in papers]
    return [NEW, *(found[0] + step for step in STEPS), *found[1:], f"{found[2]}notice"]


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_no_page_scrolls_sideways(rosa_opens, house, papers, width):
    page = rosa_opens("/partners/", width=width)
    for path in addresses(papers):
        page.goto(house + path)
        assert fits(page), (path, width)


def test_axe_finds_nothing_on_any_of_them(rosa_opens, house, papers, witness):
    page = rosa_opens("/partners/")
    page.emulate_media(reduced_motion="reduce")
    told = []
    for path in addresses(papers):
        page.goto(house + path)
        told += [f"{path} {fault}" for fault in axe.faults(page)]
    page.goto(house + NEW)
    page.get_by_label("Last valid day").fill("2026-01-01")
    page.get_by_label("Add another partner").fill("light")
    page.get_by_role("button", name="Keep the agreement").last.click()
    expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()
    told += axe.faults(page)
    assert told == []
    assert witness.said == []


@pytest.mark.parametrize("javascript", [True, False])
def test_an_agreement_of_three_is_written_down_and_signed_one_by_one(rosa_opens, harbor, javascript):
    make_organization("Lighthouse")
    page = rosa_opens("/partners/harbor-house/", javascript=javascript, width=390)
    page.get_by_role("link", name="Write one down").click()
    page.wait_for_url(f"**{NEW}")
    page.get_by_label("Title").fill("Beds in winter")
    page.get_by_text("From the last signature, for some months").click()
    page.get_by_label("For how many months?").fill("12")
    page.get_by_label("Add another partner").fill("light")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name="Add : Lighthouse").click()
    expect(page.get_by_role("button", name="Leave out : Lighthouse")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Beds in winter")
    page.get_by_text("Signatures are still missing").click()
    page.get_by_role("button", name="Keep the agreement").last.click()
    page.wait_for_url(re.compile(r"/agreements/\d+/$"))
    for name in ("Harbor House", "Our program", "Lighthouse"):
        page.get_by_role("link", name=f"Signed : {name}").click()
        page.get_by_label("Signed on").fill("2027-06-01")
        page.get_by_role("button", name="Note the signature").click()
        page.wait_for_url(re.compile(r"/agreements/\d+/$"))
    expect(page.get_by_role("status").first).to_contain_text(
        "The agreement is in force through 31\xa0May\xa02028."
    )
    assert Agreement.objects.get().status == "in_force"
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_role("status").first).to_contain_text("is as it was before")
    assert Agreement.objects.get().status == "awaiting"


def test_what_belongs_to_a_form_of_term_shows_when_it_is_chosen(rosa_opens, harbor):
    page = rosa_opens(NEW)
    expect(page.get_by_label("Last valid day")).to_be_visible()
    expect(page.get_by_label("For how many months?")).not_to_be_visible()
    page.get_by_text("Until someone ends it").click()
    expect(page.get_by_label("Look it through every")).to_be_visible()
    expect(page.get_by_label("Last valid day")).not_to_be_visible()
    page.get_by_text("It is a draft").click()
    expect(page.get_by_text("Who signed, and when, one by one")).not_to_be_visible()


def test_enter_keeps_the_agreement_and_never_looks_for_a_partner(rosa_opens, harbor):
    page = rosa_opens(NEW)
    page.get_by_text("It is a draft").click()
    page.get_by_label("Title").fill("By keyboard")
    page.get_by_label("Title").press("Enter")
    page.wait_for_url(re.compile(r"/agreements/\d+/$"))
    assert Agreement.objects.get().title == "By keyboard"
