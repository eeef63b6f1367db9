"""Partners speak for themselves: from a mail that came over SMTP, on a phone, through the real pages and back."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page, expect

from prm.capacity.actions import pause
from prm.capacity.models import Pause
from prm.management.commands.tick import heartbeat
from prm.outbox.models import Message
from prm.partners.links import find
from prm.partners.models import Consent, Contact, Organization, Statement
from prm.reminders import facts
from prm.rules.pausing import Openness, openness
from prm.training.actions import invite, plan_session
from tests.browser.post import Post, relay
from tests.cast import make_program
from tests.story import agreement, at, contact, day, partner, person

pytestmark = pytest.mark.django_db(transaction=True)

ANNA, BEA, SAM = (f"{name}@harbor.example" for name in ("anna", "bea", "sam"))
ROSA = "rosa@program.example"
PHONE, WEEK = 390, timedelta(7)


@pytest.fixture
def post(house: str, settings: Any) -> Iterator[Post]:
    settings.SITE_URL = house
    cache.clear()
    with relay(settings) as post:
        yield post


@pytest.fixture
def harbor(post: Post) -> Organization:
    make_program(phone="555 0142")
    harbor = partner(owner=person("Rosa"), training=3, partner_since=day("2026-01-15"))
    contact(harbor)
    return harbor


@pytest.fixture
def anna(harbor: Organization) -> Contact:
    return harbor.contacts.get()


@pytest.fixture
def opens(open_page: Callable[..., Page], house: str) -> Callable[[str], Page]:
    """Open the address of a mail on a phone."""
    return lambda address: open_page(address.removeprefix(house), width=PHONE)


def beat(moment: datetime) -> None:
    """A heartbeat, on the clock of the server too."""
    with time_machine.travel(moment, tick=True):
        heartbeat(moment)


def dump() -> dict[str, list[Any]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in apps.get_models()}


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def choose(page: Page, card: str) -> None:
    page.locator("label.choice", has_text=card).first.click()


def say_who_follows(page: Page, last_day: str, name: str, email: str) -> None:
    page.get_by_label("Last day").fill(last_day)
    page.get_by_label("Their name").fill(name)
    page.get_by_label("Their e-mail").fill(email)
    page.locator("button.primary").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")


def test_scanner_that_opens_every_link_of_a_mail_twice_changes_nothing(
    harbor: Organization, post: Post
) -> None:
    agreement(harbor)
    beat(at("2027-07-02T09:00"))
    links = {link for mail in post.to(ANNA) for link in mail.links()}
    assert len(links) >= 9
    with time_machine.travel(at("2027-07-02T09:05"), tick=False):
        Client().get("/p/warm-up/")  # the first visitor makes the rows of a fresh installation's cache
        before = dump()
        for link in sorted(links) * 2:
            assert Client().get(link, follow=True).status_code == 200
        assert dump() == before


def test_full_in_two_presses_with_the_last_of_february_proposed(
    harbor: Organization, post: Post, opens: Callable[[str], Page]
) -> None:
    agreement(harbor, "2028-01-31", starts_on="2027-02-01")
    beat(at("2027-11-22T09:00"))
    with time_machine.travel(at("2027-11-30T10:00"), tick=True):
        page = opens(post.last(ANNA).link("full"))
        assert heading(page) == "We are full"
        page.get_by_role("button", name="Next").click()
        expect(page.locator("label.choice", has_text="3 months")).to_contain_text("Tue 29 Feb 2028")
        page.get_by_role("button", name="Pause new referrals").click()
        assert heading(page) == "New referrals are paused"
        expect(page.locator("main")).to_contain_text("29 February")
        pause = Pause.objects.get()
        assert (pause.scope, pause.effect, pause.reach) == ("referrals", "closed", "us")
        assert (pause.starts_on, pause.ends_on, pause.talk_on) == (
            day("2027-11-30"),
            day("2028-02-29"),
            day("2028-02-29"),
        )
        heartbeat(at("2027-11-30T10:01"))
        assert post.last(ANNA, entry=True).entry == ("REQUEST", "2028-02-29")
        assert post.last(ROSA, entry=True).entry == ("REQUEST", "2028-02-29")
        page.get_by_text("Change or undo").click()
        page.locator("details.two form button").click()
        assert Pause.objects.get().withdrawn_on == day("2027-11-30")
        heartbeat(at("2027-11-30T10:02"))
        assert post.last(ANNA, entry=True).entry == ("CANCEL", "2028-02-29")


def test_everything_says_what_moved_and_what_was_cancelled(
    harbor: Organization, anna: Contact, post: Post, opens: Callable[[str], Page]
) -> None:
    agreement(harbor, "2027-09-30")
    beat(at("2027-06-18T09:00"))
    for starts in ("2027-08-12T10:00", "2027-09-09T10:00"):
        with time_machine.travel(at("2027-07-06T09:30"), tick=True):
            moment = at(starts)
            session = plan_session(
                title="Red flags",
                starts_at=moment,
                ends_at=moment.replace(hour=12),
                now=at("2027-07-06T09:30"),
            )
            invite(session, [anna], now=at("2027-07-06T09:30"))
    beat(at("2027-07-06T09:31"))
    with time_machine.travel(at("2027-07-06T10:00"), tick=True):
        page = opens(post.last(ANNA, entry=True).link("full"))
        choose(page, "Everything")
        page.get_by_role("button", name="Next").click()
        page.get_by_role("button", name="Pause everything").click()
        told = page.locator("main").inner_text().replace("\xa0", " ")
        assert "2 invitations are cancelled" in told
        assert "6 October" in told
        heartbeat(at("2027-07-06T10:01"))
        cancelled = [mail.entry for mail in post.to(ANNA) if mail.entry and mail.entry[0] == "CANCEL"]
        assert cancelled == [("CANCEL", "2027-08-12"), ("CANCEL", "2027-09-09")]


def test_a_week_before_the_end_one_answer_is_enough(post: Post, opens: Callable[[str], Page]) -> None:
    answers = {
        "back": ("Back as planned", Openness.OPEN),
        "longer": ("longer", Openness.PAUSED),
        "call": ("call me", Openness.TO_BE_CONFIRMED),
    }
    resting, owner = {}, person("Rosa")
    for name in answers:
        resting[name] = partner(f"House {name}", owner=owner)
        someone = contact(resting[name], name.title(), f"{name}@harbor.example")
        about = {"scope": "referrals", "starts_on": day("2027-11-30"), "months": 3, "declared_by": someone}
        pause(resting[name], now=at("2027-11-30T10:00"), **about)
    beat(at("2027-11-30T10:01"))
    beat(at("2028-02-22T09:00"))
    with time_machine.travel(at("2028-02-22T09:30"), tick=True):
        for name, (card, _state) in answers.items():
            page = opens(post.last(f"{name}@harbor.example").link("answer"))
            choose(page, card)
            page.locator("button.primary").click()
            expect(page.locator(".done")).to_be_visible()
    later = day("2028-03-06")
    known = facts.load(resting.values(), today=later).facts
    found = {name: openness(known[one.pk].pauses, later) for name, one in resting.items()}
    assert found == {name: state for name, (_card, state) in answers.items()}


def test_renewal_is_answered_from_the_mail_and_the_last_word_counts(
    harbor: Organization, post: Post, opens: Callable[[str], Page]
) -> None:
    mou = agreement(harbor)
    beat(at("2027-07-02T09:00"))
    words = {
        "Renew it unchanged": "unchanged",
        "It needs changes": "changes",
        "We are not renewing": "not_renewing",
        "Let us talk": "talk",
    }
    with time_machine.travel(at("2027-07-02T10:00"), tick=True):
        for card in words:
            page = opens(post.last(ANNA).link("answer"))
            choose(page, card)
            page.locator("button.primary").click()
            expect(page.locator(".done")).to_be_visible()
    said = list(Statement.objects.order_by("pk"))
    assert [one.choice for one in said] == list(words.values())
    assert [one.taken_back_at is None for one in said] == [False, False, False, True]
    assert {(one.record, one.reference_on) for one in said} == {(f"agreement:{mou.pk}", day("2027-09-30"))}
    assert said[-1].link == find(page.url.split("/p/")[1].split("/")[0])
    known = len(post.to(ANNA))
    beat(at("2027-07-30T09:00"))
    assert not [mail for mail in post.to(ANNA)[known:] if "agreement" in mail.subject]


def test_not_me_any_more_lets_the_next_in_line_be_asked(
    harbor: Organization, post: Post, opens: Callable[[str], Page]
) -> None:
    contact(harbor, "Bea Stone", BEA, roles=["signatory"])
    agreement(harbor)
    beat(at("2027-07-02T09:00"))
    assert not post.to(BEA)
    with time_machine.travel(at("2027-07-02T10:00"), tick=True):
        page = opens(post.last(ANNA).link("answer"))
        choose(page, "Not me any more")
        page.locator("button.primary").click()
        expect(page.locator(".done")).to_be_visible()
        heartbeat(at("2027-07-02T10:01"))
    assert "said" in {message.kind for message in Message.objects.filter(recipient=ROSA)}
    known = len(post.to(ANNA))
    beat(at("2027-07-30T09:00"))
    assert "Our agreement ends on" in post.last(BEA).subject
    assert not [mail for mail in post.to(ANNA)[known:] if not mail.entry and "agreement" in mail.subject]


def test_leaving_two_days_before_a_session_hands_everything_on(
    harbor: Organization,
    anna: Contact,
    post: Post,
    opens: Callable[[str], Page],
    rosa_opens: Callable[..., Page],
) -> None:
    agreement(harbor)
    starts = at("2027-07-09T10:00")
    session = plan_session(
        title="Red flags", starts_at=starts, ends_at=starts.replace(hour=12), now=starts - WEEK
    )
    invite(session, [anna], now=starts - WEEK)
    beat(at("2027-07-02T10:01"))
    assert post.last(ANNA, entry=True).entry == ("REQUEST", "2027-07-09")
    link = post.last(ANNA).link("leaving")
    with time_machine.travel(at("2027-07-07T10:00"), tick=True):
        say_who_follows(opens(link), "2027-07-08", "Sam Lee", SAM)
        heartbeat(at("2027-07-07T10:01"))
        desk = rosa_opens("/today/?whose=all")
        desk.get_by_role("button", name="Confirm").click()
        expect(desk.locator("main")).to_contain_text("Sam Lee")
        heartbeat(at("2027-07-07T10:05"))
        assert post.last(ANNA, entry=True).entry == ("CANCEL", "2027-07-09")
        assert ("REQUEST", "2027-07-09") in [mail.entry for mail in post.to(SAM)]
        letter = post.last(SAM)
        assert "Anna Reyes" in letter.part("text/plain")
        assert [mail for mail in post.to(ROSA) if "Sam Lee" in mail.part("text/plain") and not mail.entry]
        assert heading(opens(letter.link("page"))) == "Harbor House"
        assert opens(link).get_by_role("heading", level=1).inner_text() != "This link has ended"
    with time_machine.travel(at("2027-07-09T09:00"), tick=True):
        assert heading(opens(link)) == "This link has ended"
        heartbeat(at("2027-07-09T09:00"))
    known = len(post.to(ANNA))
    beat(at("2027-07-30T09:00"))
    assert "Our agreement ends on" in post.last(SAM).subject
    assert [mail.entry and mail.entry[0] for mail in post.to(ANNA)[known:]] in ([], ["CANCEL"])


def test_own_page_on_a_phone(
    harbor: Organization, anna: Contact, post: Post, opens: Callable[[str], Page]
) -> None:
    agreement(harbor)
    beat(at("2027-07-02T09:00"))
    with time_machine.travel(at("2027-07-02T10:00"), tick=True):
        page = opens(post.last(ANNA).link("page"))
        assert heading(page) == "Harbor House"
        page.get_by_role("link", name="Español").click()
        expect(page.locator("html")).to_have_attribute("lang", "es")
        page.get_by_role("link", name="English").click()
        page.get_by_role("link", name="Being listed").click()
        page.locator("button.primary").click()
        assert Consent.objects.get(withdrawn_at=None).given_by == anna.name
        page = opens(post.last(ANNA).link("page"))
        page.get_by_role("link", name="Our dates in your calendar").click()
        page.locator("form button").first.click()
        page.wait_for_load_state()
        feed = re.search(r"/feeds/[\w=-]+\.ics", page.content())
        assert feed
        assert "BEGIN:VCALENDAR" in Client().get(feed[0]).content.decode()
        page = opens(post.last(ANNA).link("page"))
        page.get_by_role("link", name="Everything we hold").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download").click()
        assert anna.email in Path(download.value.path()).read_text()
