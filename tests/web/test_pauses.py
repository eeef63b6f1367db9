"""Pauses on the partner's page: three fields, what follows, back early, and undo."""

import re

import pytest
from bs4 import BeautifulSoup

from prm.capacity.actions import follow, pause
from prm.capacity.models import Pause
from tests.cast import NOW, TODAY, day, harbor_house, rosa

PAGE = "/partners/harbor-house/"


@pytest.fixture
def closed(desk) -> Pause:
    """Referrals closed from today through 7 July; Rosa wrote it down."""
    return pause(harbor_house(), scope="referrals", starts_on=TODAY, months=1, now=NOW, by=rosa())


def told(desk, address, **said):
    answer = desk.post(address, said, follow=True)
    assert answer.redirect_chain, answer.context["form"].errors
    return " ".join(str(one) for one in answer.context["messages"])


def test_form_asks_three_things_first_and_folds_the_rest(desk):
    harbor_house()
    text = desk.get(f"{PAGE}pause").content.decode()
    first, folded = text.split('<details class="unfolding"', 1)
    assert [name for name in ("scope", "until", "reason") if f'name="{name}"' in first] == [
        "scope",
        "until",
        "reason",
    ]
    for name in ("starts_on", "declared_by", "effect", "reach", "talk_on"):
        assert f'name="{name}"' not in first
        assert f'name="{name}"' in folded
    assert folded.lstrip().startswith(">")


def test_fold_opens_where_something_in_it_is_to_be_mended_and_keeps_what_was_typed(desk):
    harbor_house()
    said = {
        "scope": "all",
        "until": "3",
        "starts_on": "soon",
        "effect": "closed",
        "reach": "us",
        "reason": "Flood",
    }
    text = desk.post(f"{PAGE}pause", said).content.decode()
    assert '<details class="unfolding" open>' in text
    assert "Flood" in text


def test_what_follows_is_written_down_with_three_answers(desk, closed):
    assert "What comes after" in desk.get(PAGE).content.decode()
    said = told(desk, f"{PAGE}pauses/{closed.pk}/after", effect="limited", until="date", ends_on="2027-08-31")
    assert "Referrals: from 8\xa0Jul\xa02027 it goes on in another way." in said
    assert "We talk again on Tue\xa031\xa0Aug, not before." in said
    after = Pause.objects.get(continues=closed)
    assert (after.starts_on, after.ends_on, after.effect) == (day("2027-07-08"), day("2027-08-31"), "limited")
    text = desk.get(PAGE).content.decode().split('id="pauses"', 1)[1]
    assert "Follows the one before without a gap." in text
    assert re.findall(r"Talk again ([^<]+)<", text) == ["31\xa0Aug\xa02027"]


def test_pause_without_an_end_needs_one_before_something_follows(desk):
    endless = pause(harbor_house(), scope="referrals", starts_on=TODAY, now=NOW, by=rosa())
    assert "What comes after" not in desk.get(PAGE).content.decode()
    address = f"{PAGE}pauses/{endless.pk}/after"
    assert "nobody knows yet when this pause ends" in desk.get(address).content.decode()
    answer = desk.post(address, {"effect": "limited", "until": "1", "reason": "Two are ill"})
    assert "Give it a last day first." in answer.content.decode()
    assert "Two are ill" in answer.content.decode()


def test_longer_says_that_what_follows_moves(desk, closed):
    after = follow(closed, effect="limited", ends_on=day("2027-12-31"), now=NOW, by=rosa())
    page = f"{PAGE}pauses/{closed.pk}"
    assert "Something else follows from 8\xa0Jul\xa02027." in desk.get(page).content.decode()
    assert "What follows begins on 8\xa0Oct\xa02027." in told(desk, page, until="3")
    after.refresh_from_db()
    assert after.starts_on == day("2027-10-08")


def test_back_early_is_one_press_and_undone_with_one(desk, closed):
    text = desk.get(PAGE).content.decode()
    assert "They are back" in text
    assert "open again" in told(desk, f"{PAGE}pauses/{closed.pk}", back="yes")
    closed.refresh_from_db()
    assert closed.withdrawn_on == TODAY  # it had begun today, so it never was
    undo = f"{PAGE}pauses/{closed.pk}/undo"
    assert undo in desk.get(PAGE).content.decode()
    assert "The pause is as it was." in told(desk, undo)
    closed.refresh_from_db()
    assert (closed.withdrawn_on, closed.answered_on) == (None, None)
    assert undo not in desk.get(PAGE).content.decode()


def button(page):
    form = BeautifulSoup(page.content, "html.parser").find("form", attrs={"data-undo": True})
    return form["action"] if form else ""


@pytest.mark.parametrize("what", ["pauses/{}", "pauses/{}/after", "pauses/{}/take-back"])
def test_message_about_a_pause_offers_undo_at_once(desk, closed, what):
    said = {"until": "date", "ends_on": "2027-08-31", "effect": "limited"}
    before = rows()
    answer = desk.post(f"{PAGE}{what}".format(closed.pk), said, follow=True)
    assert rows() != before
    desk.post(button(answer))
    assert [row for row in rows() if not row["withdrawn_on"]] == before


def test_new_pause_offers_undo_at_once_and_the_undo_offers_it_again(desk):
    harbor_house()
    said = {"scope": "all", "until": "3", "starts_on": "2027-06-07", "effect": "closed", "reach": "us"}
    answer = desk.post(f"{PAGE}pause", said, follow=True)
    after = rows()
    answer = desk.post(button(answer), follow=True)
    assert Pause.objects.get().withdrawn_on == TODAY
    desk.post(button(answer))
    assert rows() == after


def rows():
    """Every pause, without the day of its last change."""
    return [{**row, "changed_on": None} for row in Pause.objects.order_by("pk").values()]


def test_pause_to_come_is_taken_back_with_one_press(desk):
    coming = pause(harbor_house(), scope="all", starts_on=day("2027-09-01"), months=1, now=NOW, by=rosa())
    text = desk.get(PAGE).content.decode()
    assert "Take it back" in text
    assert "They are back" not in text
    assert "Change the pause" in desk.get(f"{PAGE}pauses/{coming.pk}").content.decode()
    assert "the pause is taken back" in told(desk, f"{PAGE}pauses/{coming.pk}/take-back")
    coming.refresh_from_db()
    assert coming.withdrawn_on == TODAY


def test_nothing_to_undo_is_said_and_changes_nothing(desk, closed):
    undo = f"{PAGE}pauses/{closed.pk}/undo"
    told(desk, undo)
    closed.refresh_from_db()
    assert closed.withdrawn_on == TODAY
    told(desk, undo)
    assert "nothing to undo about this pause" in told(desk, undo)


def test_looking_changes_nothing(desk, closed):
    for act in ("undo", "take-back"):
        assert desk.get(f"{PAGE}pauses/{closed.pk}/{act}").status_code == 405
    closed.refresh_from_db()
    assert closed.withdrawn_on is None
