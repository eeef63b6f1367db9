"""The page that puts a row of Today off, and the way back; what each row offers beside its words."""

import pytest
from bs4 import BeautifulSoup

from prm.agreements.actions import Signer
from prm.capacity.actions import pause
from prm.desk.models import Snooze
from prm.outbox.models import Message
from prm.partners.actions import make_promise
from prm.partners.models import Promise
from prm.reminders.actions import refresh
from tests.cast import NOW, at, day, harbor_house, make_agreement, make_organization, rosa
from tests.web.test_today_page import page_of, sections, words

MAY = {"now": at("2027-05-03T10:00"), "today": day("2027-05-03")}


@pytest.fixture
def harbor(monday):
    """Its agreement ended last week; Anna has a telephone."""
    found = harbor_house(**MAY)
    found.contacts.update(phone="(510) 555-0142 ext. 7")
    make_agreement(found, expires_on=day("2027-05-31"), **MAY)
    refresh(now=NOW)
    return found


def row(page, matter):
    return next(one for one in page.select("[data-rows] .knot") if matter in words(one))


def ways(page, matter):
    """Words of the buttons beside a row -> where they lead."""
    found = {}
    for one in row(page, matter).select(".knot-action a, .knot-action button"):
        one.select_one(".visually-hidden").extract()
        found[words(one)] = one.get("href") or one.find_parent("form")["action"]
    return found


ENDED = "Agreement has ended, still working together"


def put_off_address(desk, matter=ENDED, query=""):
    return ways(page_of(desk, query), matter)["Put off"]


def test_row_is_put_off_with_two_fields_and_stands_at_the_end(desk, harbor):
    address = put_off_address(desk)
    form = BeautifulSoup(desk.get(address).content, "html.parser")
    assert [words(one) for one in form.select(".choice")] == [
        "Tue 8 Jun Tomorrow", "Mon 14 Jun in 7 days", "Mon 21 Jun in 14 days", "Another day Up to 90 days from now.",
    ]  # fmt: skip
    answer = desk.post(address, {"until": "2027-06-14", "reason": "Their board meets"}, follow=True)
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.redirect_chain == [("/today/", 302)]
    assert "Harbor House: put off until Mon 14 Jun." in words(page.select_one(".notice"))
    [off] = sections(page)["Put off 1"]
    assert "Until in 7 days (14 Jun): Their board meets (Rosa)" in off
    assert list(sections(page))[-1] == "Put off 1"
    assert [key for key, some in sections(page).items() if any(ENDED in one for one in some)] == ["Put off 1"]


def test_back_now_takes_it_back(desk, harbor):
    desk.post(put_off_address(desk), {"until": "2027-06-14", "reason": "Their board meets"})
    back = ways(page_of(desk), ENDED)
    assert list(back) == ["Back now"]
    said = desk.post(back["Back now"], {"back": "today"}, follow=True).content.decode()
    assert "Harbor House: it is back." in said
    assert ENDED in words(page_of(desk).select_one("#today").find_parent("section"))
    assert "It is back already, or done." in desk.post(back["Back now"], follow=True).content.decode()


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"until": "2027-06-14", "reason": " "}, "reason", "Say in a few words why it waits."),
        ({"until": "date", "reason": "x"}, "day", "Enter a day."),
        ({"until": "date", "day": "7 June 2027", "reason": "x"}, "day", "Choose a day from tomorrow on."),
        ({"until": "date", "day": "30 Feb 2028", "reason": "x"}, "day", "February 2028 has 29 days."),
        (
            {"until": "date", "day": "2027-09-06", "reason": "x"},
            "day",
            "That is too far away. Choose a day through 5 Sep 2027.",
        ),
    ],
)
def test_what_makes_no_sense_is_answered_at_its_field_and_kept(desk, harbor, typed, field, sentence):
    page = BeautifulSoup(desk.post(put_off_address(desk), typed).content, "html.parser")
    assert sentence in words(page.find(id=f"id_{field}_error"))
    assert not Snooze.objects.exists()
    if typed.get("day"):
        assert page.find(id="id_day")["value"] == typed["day"]


def test_what_is_done_meanwhile_or_another_partners_is_not_put_off(desk, harbor):
    other = make_organization("Chapel", owner=rosa())
    address = put_off_address(desk)
    for wrong in (address.replace("harbor-house", "chapel"), "/partners/harbor-house/put-off", f"{address}x"):
        said = desk.post(wrong, {"until": "2027-06-14", "reason": "x"}, follow=True).content.decode()
        assert "There is nothing to put off here any more." in said
    assert not Snooze.objects.filter(organization=other).exists()
    assert not Snooze.objects.exists()


def test_everyones_page_is_come_back_to(desk, harbor):
    address = put_off_address(desk, query="?whose=all")
    answer = desk.post(address, {"until": "2027-06-14", "reason": "x"})
    assert answer.url == "/today/?whose=all"


def test_opening_the_page_changes_nothing(desk, harbor):
    desk.get(put_off_address(desk))
    assert not Snooze.objects.exists()


def test_whom_to_call_stands_with_the_number_to_dial(desk, harbor):
    pause(harbor, scope="referrals", starts_on=day("2027-04-01"), months=1, now=NOW)
    page = page_of(desk)
    found = row(page, "Pause is over, nobody said whether they are back")
    assert "Call Anna Reyes Telephone (510) 555-0142 ext. 7" in words(found)
    assert found.select_one("a.dial")["href"] == "tel:5105550142"


def test_every_kind_of_row_offers_what_can_be_done_about_it(desk, harbor):
    promise = make_promise(harbor, side="ours", what="Send flyers", due_on=day("2027-06-07"), **MAY)
    Message.objects.create(
        key="lost", message_id="<lost@example.org>", kind="partner", organization=harbor,
        recipient="anna@harbor.example", subject="Our agreement", state="failed", written_at=NOW, due_at=NOW,
    )  # fmt: skip
    refresh(now=NOW)
    page = page_of(desk)
    assert list(ways(page, ENDED)) == ["Record renewal", "Put off"]
    assert list(ways(page, "Send flyers")) == ["Done", "Move it", "Put off"]
    assert list(ways(page, "Our agreement (")) == ["See why", "Send it again"]
    for address in (*ways(page_of(desk), ENDED).values(), f"/promises/{promise.pk}/move"):
        assert desk.get(address).status_code == 200
    desk.post(ways(page_of(desk), "Send flyers")["Done"], {"back": "today"})
    assert Promise.objects.get().kept_on == day("2027-06-07")


def test_agreement_to_look_through_and_one_that_waits_lead_to_their_page(desk, harbor):
    endless = make_agreement(harbor, term="evergreen", expires_on=None, signed_on=day("2026-06-01"), **MAY)
    sent = [Signer(harbor), Signer(None, signed_on=day("2027-05-02"))]
    waits = make_agreement(harbor, parties=sent, sent_on=day("2027-05-02"), **MAY)
    refresh(now=NOW)
    page = page_of(desk)
    at_home = "/partners/harbor-house/agreements/"
    assert ways(page, "Review of the agreement is due")["Look it through"] == f"{at_home}{endless.pk}/"
    assert ways(page, "Still waiting for a signature")["See the agreement"] == f"{at_home}{waits.pk}/"


def test_promise_with_two_steps_this_week_is_one_row(desk, harbor):
    make_promise(harbor, side="ours", what="Send flyers", due_on=day("2027-06-11"), **MAY)
    refresh(now=NOW)
    rows = [
        one for key, some in sections(page_of(desk)).items() if key.startswith("This week") for one in some
    ]
    assert len([one for one in rows if "Send flyers" in one]) == 1


def test_keys_can_be_switched_off_in_this_browser_and_on_again(desk, harbor):
    assert page_of(desk).find(id="keys")["data-keys"] == "on"
    assert desk.get("/today/keys").status_code == 405
    desk.post("/today/keys", {"keys": "off", "back": "all"})
    assert page_of(desk).find(id="keys")["data-keys"] == "off"
    desk.post("/today/keys", {"keys": "on"})
    assert page_of(desk).find(id="keys")["data-keys"] == "on"
