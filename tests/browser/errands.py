"""The ten tasks of docs/tasks.md as a person does them: what the world is, the steps, and what is true then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import expect

from prm.agreements.models import Agreement
from prm.capacity.actions import pause
from prm.capacity.models import Pause
from prm.desk.models import Snooze
from prm.partners.models import Contact, Entry, Organization, Promise
from prm.reminders.actions import refresh
from prm.search.actions import refresh as refresh_search
from prm.training.actions import note_last_training
from tests.browser.hands import KEYBOARD, PHONE, PLAIN, Hands
from tests.cast import NOW, TODAY, at, ben, day, harbor_house, make_agreement, rosa

HARBOR = "/partners/harbor-house/"
SPRING = {"now": at("2027-03-09T10:00"), "today": day("2027-03-09")}  # 90 days ago: it is time to call


@dataclass(frozen=True, slots=True)
class Errand:
    """`world` makes what is there, `do` is done from the page `start`, `facts` is compared with `true` afterwards."""

    number: int
    start: str
    world: Callable[[], object]
    do: Callable[[Hands], None]
    facts: Callable[[], Any]
    true: Any


def button(hands: Hands, name: str) -> Any:
    return hands.page.get_by_role("main").get_by_role("button", name=name)


def link(hands: Hands, name: str) -> Any:
    return hands.page.get_by_role("main").get_by_role("link", name=name)


def label(hands: Hands, name: str) -> Any:
    return hands.page.get_by_label(name, exact=True)


# --- Today ----------------------------------------------------------------------------------------------------------


def time_to_call() -> None:
    harbor = harbor_house(phone="555 0100", **SPRING)
    note_last_training(harbor, attended_on=day("2027-05-20"), entered_on=TODAY, now=NOW)
    refresh(now=NOW)


def record_the_call(hands: Hands) -> None:
    row(hands, "Record a talk", "Enter")
    hands.write(label(hands, "What was said"), "They can take two more")
    hands.press(hands.page.locator("summary", has_text="Promise 1"))
    hands.write(label(hands, "What was promised").first, "Send 200 flyers")
    hands.write_day(label(hands, "By when").first, "2027-06-18")
    hands.save(button(hands, "Record the talk"))
    hands.sees("1 promise is noted.")


def row(hands: Hands, word: str, key: str) -> None:
    """The one row of Today, or one of its other ways by its key."""
    if hands.way == KEYBOARD:
        hands.keys("j")
        hands.keys(key)
    else:
        hands.press(link(hands, word).first)


def call_with_promise() -> Any:
    talk, promise = Entry.objects.get(event="talked"), Promise.objects.get()
    return talk.two_way, talk.note, promise.what, promise.due_on, promise.entry_id == talk.pk


def put_the_row_off(hands: Hands) -> None:
    row(hands, "Put off", "s")
    hands.choose("Mon\xa014\xa0Jun")
    hands.write(label(hands, "Why does it wait?"), "Anna is away")
    hands.save(button(hands, "Put it off"))
    hands.sees("Harbor House: put off until Mon\xa014\xa0Jun.")


# --- finding --------------------------------------------------------------------------------------------------------


def anna_with_a_phone() -> None:
    Contact.objects.filter(pk=harbor_house().contacts.get().pk).update(phone="555 0142")
    refresh_search(now=NOW)


def find_anna(hands: Hands) -> None:
    page = hands.page
    if hands.way == PHONE:
        hands.press(page.locator("nav.bottom").get_by_role("link", name="Look up"))
        hands.write(label(hands, "What are you looking for?").locator("visible=true"), "rey")
    elif hands.way == KEYBOARD:
        hands.keys("/")
        hands.write(page.get_by_role("dialog").get_by_role("combobox"), "rey")
    elif hands.way == PLAIN:
        hands.write(page.get_by_role("searchbox", name="Look up"), "rey")
    else:
        hands.press(page.get_by_role("searchbox", name="Look up"))
        hands.write(page.get_by_role("dialog").get_by_role("combobox"), "rey")
    found = page.locator("a.hit:visible", has_text="Anna Reyes")
    if hands.way in (PHONE, PLAIN):
        hands.keys("Enter")
        hands.press(found)
    elif hands.way == KEYBOARD:
        found.and_(page.locator("[aria-selected=true]")).wait_for()
        hands.keys("Enter")
    else:
        hands.press(found)
    page.get_by_text("555 0142").locator("visible=true").first.wait_for()


# --- pauses ---------------------------------------------------------------------------------------------------------


def they_are_full(hands: Hands) -> None:
    hands.press(link(hands, "Record a pause").first)
    hands.write(label(hands, "Why"), "Two are ill")
    hands.save(button(hands, "Record the pause"))
    hands.sees("Referrals paused until 7\xa0Sep\xa02027.")


def paused() -> Any:
    return list(Pause.objects.values_list("scope", "starts_on", "ends_on", "reason"))


def paused_since_may() -> None:
    pause(
        harbor_house(),
        scope="referrals",
        starts_on=day("2027-05-03"),
        ends_on=day("2027-07-30"),
        now=NOW,
        by=rosa(),
    )


def they_are_back(hands: Hands) -> None:
    if hands.way in (KEYBOARD, PHONE):  # the badge leads there; a mouse is there at once
        hands.press(link(hands, "Referrals paused until"))
    hands.press(button(hands, "They are back"))
    hands.sees("Referrals: open again.")


# --- agreements and people ------------------------------------------------------------------------------------------


def ending_soon() -> None:
    make_agreement(harbor_house(), expires_on=day("2027-08-31"))
    refresh(now=NOW)


def renew(hands: Hands) -> None:
    hands.press(link(hands, "Record renewal").first)
    hands.choose("As long as before")
    hands.save(button(hands, "Record the renewal"))
    hands.sees("is renewed through 31\xa0Jul\xa02029.")


def write_the_agreement_down(hands: Hands) -> None:
    hands.press(hands.page.get_by_label("More to do"))
    hands.press(link(hands, "Write an agreement down"))
    hands.write_day(label(hands, "First day"), "2027-06-01")
    hands.write_day(label(hands, "Last valid day"), "2029-05-31")
    hands.write_day(label(hands, "Last signature"), "2027-05-28")
    hands.save(button(hands, "Keep the agreement"))
    hands.sees("is in force through 31\xa0May\xa02029.")


def agreement() -> Any:
    made = Agreement.objects.get()
    return made.status, made.starts_on, made.expires_on, made.signed_on, made.parties.count()


def a_wrong_number() -> None:
    harbor_house(phone="555 0100")


def correct_the_number(hands: Hands) -> None:
    page = hands.page
    hands.press(page.locator("#fact-phone a[data-fact-edit]"))
    field = label(hands, "Phone")
    if hands.way == PLAIN:
        hands.rewrite(field, "555 0144")
        hands.save(button(hands, "Save"))
    else:  # in its place, all of it marked
        expect(field).to_be_focused()
        hands.write(field, "555 0144")
        hands.keys("Enter")
    expect(page.locator("#fact-phone")).to_contain_text("555 0144")
    hands.sees("Phone: 555 0144.")


def anna_leaves(hands: Hands) -> None:
    hands.press(hands.page.get_by_label("More to do"))
    hands.press(link(hands, "Replace a contact"))
    hands.write(label(hands, "Name"), "Ben Ortiz")
    hands.write(label(hands, "E-mail"), "ben@harbor.example")
    hands.save(button(hands, "Replace the contact"))
    hands.sees("Ben Ortiz takes over")


def who_answers() -> Any:
    harbor = Organization.objects.get()
    roles = harbor.roles.filter(until__isnull=True).values_list("contact__name", flat=True)
    return sorted(set(roles)), Contact.objects.get(name="Anna Reyes").left_on


def new_partner(hands: Hands) -> None:
    hands.press(link(hands, "New partner").first)
    hands.write(label(hands, "Name of the organization"), "Lighthouse")
    hands.write(label(hands, "Their name"), "Mai Tran")
    hands.write(label(hands, "E-mail"), "mai@light.example")
    hands.save(button(hands, "Enter the partner"))
    hands.sees("Lighthouse")


def lighthouse() -> Any:
    made = Organization.objects.get(name="Lighthouse")
    contact = made.contacts.get()
    owner = made.assignments.get(kind="owner").user.name
    return contact.name, contact.email, [role.kind for role in contact.roles.all()], owner


ERRANDS = [
    Errand(1, "/today/", time_to_call, record_the_call, call_with_promise,
           (True, "They can take two more", "Send 200 flyers", day("2027-06-18"), True)),
    Errand(2, "/today/", anna_with_a_phone, find_anna, lambda: Contact.objects.get().phone, "555 0142"),
    Errand(3, HARBOR, harbor_house, they_are_full, paused,
           [("referrals", TODAY, day("2027-09-07"), "Two are ill")]),
    Errand(4, HARBOR, paused_since_may, they_are_back, paused,
           [("referrals", day("2027-05-03"), day("2027-06-06"), "")]),
    Errand(5, HARBOR, ending_soon, renew, lambda: Agreement.objects.get(renews__isnull=False).expires_on,
           day("2029-07-31")),
    Errand(6, HARBOR, harbor_house, anna_leaves, who_answers, (["Ben Ortiz"], TODAY)),
    Errand(7, "/partners/", ben, new_partner, lighthouse,
           ("Mai Tran", "mai@light.example", ["primary"], "Rosa")),
    Errand(8, HARBOR, harbor_house, write_the_agreement_down, agreement,
           ("in_force", day("2027-06-01"), day("2029-05-31"), day("2027-05-28"), 2)),
    Errand(9, HARBOR, a_wrong_number, correct_the_number, lambda: Organization.objects.get().phone, "555 0144"),
    Errand(10, "/today/", time_to_call, put_the_row_off,
           lambda: [(one.until, one.reason) for one in Snooze.objects.all()], [(day("2027-06-14"), "Anna is away")]),
]  # fmt: skip
