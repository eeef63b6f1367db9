""" "We are full" on a phone, with and without scripts: two taps, axe finds nothing, and a page is small."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from prm.capacity.actions import pause
from prm.capacity.models import Pause
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Purpose, Statement
from prm.training.actions import invite
from tests.browser import axe
from tests.cast import NOW, TODAY, day, harbor_house, make_agreement, make_session

SMALL = 100_000  # bytes, with everything that the page loads
WEIGHT = "performance.getEntries().reduce((sum, one) => sum + (one.decodedBodySize || 0), 0)"


@pytest.fixture
def harbor(house):
    cache.clear()
    return harbor_house()


@pytest.fixture
def door(harbor):
    """The path of a link of Anna's for a purpose."""

    def to(purpose, about=""):
        holder = Holder(harbor.pk, harbor.contacts.get().pk)
        return f"/p/{token_of(issue([(holder, Wish(purpose, about))], now=NOW)[0])}/"

    return to


@pytest.fixture
def phone(browser, house, witness):
    """Open a page on a phone and count what is tapped."""
    contexts = []

    def opened(path, **reader):
        size = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
        context = browser.new_context(**size, **reader)
        contexts.append(context)
        page = context.new_page()
        witness.watch(page)
        page.goto(house + path)
        return page

    yield opened
    for context in contexts:
        context.close()


class Thumb:
    """A thumb: taps what is named, counts, and waits for the heading that answers."""

    def __init__(self, page):
        self.page, self.taps = page, 0

    def __call__(self, words, role="button", *, then=""):
        self.page.get_by_role(role, name=words).first.tap()
        self.taps += 1
        if then:
            expect(self.page.get_by_role("heading", level=1)).to_have_text(then)


@pytest.mark.parametrize("scripts", [True, False])
def test_two_taps_pause_new_referrals(phone, door, scripts):
    tap = Thumb(phone(door(Purpose.PAUSE), java_script_enabled=scripts))
    tap("Next", then="Until when?")
    tap("Pause new referrals", then="New referrals are paused")
    assert tap.taps == 2
    assert Pause.objects.get().ends_on == day("2027-09-07")


def test_four_taps_pause_everything_for_half_a_year(phone, door, harbor):
    invite(make_session("2027-07-15T10:00"), [harbor.contacts.get()], now=NOW)
    page = phone(door(Purpose.PAUSE))
    tap = Thumb(page)
    tap("Everything", "radio")
    tap("Next", then="Until when?")
    tap("6 months", "radio")
    tap("Pause everything", then="Everything is paused")
    assert tap.taps == 4
    facts = page.locator(".facts li").all_inner_texts()
    assert any("1 invitation is cancelled" in fact for fact in facts)
    assert Pause.objects.get().ends_on == day("2027-12-07")


@pytest.mark.parametrize("scripts", [True, False])
def test_another_date_is_asked_only_of_who_chose_it(phone, door, scripts):
    page = phone(door(Purpose.PAUSE) + "full/until?scope=training", java_script_enabled=scripts)
    tap, field = Thumb(page), page.get_by_label("Last day of the pause")
    expect(field).to_be_hidden()
    tap("Another date", "radio")
    expect(field).to_be_visible()
    tap("Pause training")
    expect(page.get_by_role("alert").get_by_role("link")).to_have_text("Enter the last day of the pause.")
    tap("Enter the last day of the pause.", "link")
    field.fill("2027-07-31")
    tap("Pause training", then="Training is paused")
    assert Pause.objects.get().ends_on == day("2027-07-31")


def test_mind_is_changed_and_changed_back(phone, door):
    page = phone(door(Purpose.PAUSE), java_script_enabled=False)
    tap = Thumb(page)
    tap("Next", then="Until when?")
    tap("Pause new referrals", then="New referrals are paused")
    page.get_by_text("Change or undo").tap()
    tap("Choose something else", "link", then="We are full")
    tap("Training No invitations", "radio")
    tap("Next", then="Until when?")
    tap("Pause training", then="Training is paused")
    assert [known.scope for known in Pause.objects.filter(withdrawn_on=None)] == ["training"]
    page.get_by_text("Change or undo").tap()
    tap("Undo the pause", then="Taken back")
    assert not Pause.objects.filter(withdrawn_on=None).exists()


@pytest.mark.parametrize("scripts", [True, False])
def test_answer_chosen_in_the_mail_takes_one_tap(phone, door, harbor, scripts):
    link = door(Purpose.RENEWAL, f"agreement:{make_agreement(harbor).pk}:2027-09-30")
    page = phone(f"{link}?answer=talk", java_script_enabled=scripts)
    expect(page.get_by_label("A day that suits you")).to_be_visible()
    expect(page.get_by_label("What should change?")).to_be_hidden()
    Thumb(page)("Send my answer", then="Let us talk")
    assert Statement.objects.get().choice == "talk"


def test_axe_finds_nothing_and_pages_are_small(phone, door, harbor, house, witness):
    mou = make_agreement(harbor)
    known = pause(harbor, scope="training", starts_on=TODAY, months=1, now=NOW)
    full = door(Purpose.PAUSE)
    addresses = [
        full,
        full + "full/until?scope=all",
        full + "full/until?scope=service",
        door(Purpose.TALK, f"pause:{known.pk}") + "?answer=longer",
        door(Purpose.RENEWAL, f"agreement:{mou.pk}:2027-09-30") + "?answer=changes",
    ]
    page = phone(full + "full/until?scope=referrals")
    Thumb(page)("Pause new referrals", then="New referrals are paused")
    addresses.append(page.url.removeprefix(house))
    for address in addresses:
        page.goto(house + address, wait_until="networkidle")
        assert 0 < page.evaluate(WEIGHT) < SMALL, address
        assert axe.faults(page, menus=False) == [], address
    assert [words for words in witness.said if words.startswith(("error", "warning"))] == []
    assert all(asked.startswith(house) for asked in witness.asked)
