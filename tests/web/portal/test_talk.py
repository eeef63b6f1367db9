"""A week before a pause ends: back as planned, longer, or call me. The press in the mail only shows the page."""

from http import HTTPStatus

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from prm.capacity.actions import answer, pause, withdraw
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Purpose, Statement
from tests.cast import NOW, TODAY, at, day, harbor_house, make_program
from tests.web.portal.reading import press, rows, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor():
    cache.clear()
    make_program()
    return harbor_house(now=at("2027-04-14T10:00"), today=day("2027-04-14"))


@pytest.fixture
def breath(harbor):
    """Referrals pause through Monday 14 June; on Monday 7 June they are asked."""
    facts = {"starts_on": day("2027-04-14"), "months": 2, "declared_by": harbor.contacts.get()}
    return pause(harbor, scope="referrals", now=at("2027-04-14T10:00"), today=day("2027-04-14"), **facts)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def door(harbor, breath, clock):
    wish = Wish(Purpose.TALK, f"pause:{breath.pk}")
    return f"/p/{token_of(issue([(Holder(harbor.pk, harbor.contacts.get().pk), wish)], now=NOW)[0])}/"


@pytest.fixture
def here(door, breath):
    return f"{door}talk/{breath.pk}"


@pytest.fixture
def visitor():
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("choice", ["back", "longer", "call"])
def test_press_in_the_mail_shows_the_answer_chosen_and_does_nothing(visitor, door, breath, choice):
    before = rows()
    for _twice in range(2):
        page = visitor.get(f"{door}?answer={choice}")
        assert page.context["form"]["choice"].value() == choice
        assert "New referrals: your pause runs until Mon 14 Jun." in words(page)
    assert rows() == before
    breath.refresh_from_db()
    assert breath.answered_on is None


def test_back_as_planned(visitor, here, breath):
    text = words(press(visitor, here, choice="back", until="3"))
    assert "Back as planned The pause ends with Monday 14 June. Thank you for telling us." in text
    breath.refresh_from_db()
    assert (breath.answered_on, breath.answer, breath.ends_on) == (TODAY, "back", day("2027-06-14"))


def test_longer_names_the_days_from_the_present_end(visitor, here, breath):
    page = visitor.get(here + "?answer=longer")
    assert "3 months until Tue 14 Sep" in words(page)
    text = words(press(visitor, here, choice="longer", until="3"))
    assert "The pause goes on Until Tuesday 14 September." in text
    assert "On Tuesday 7 September we ask" in text
    assert "On Tuesday 14 September at 10:00 we talk, Eastern time." in text
    breath.refresh_from_db()
    assert breath.ends_on == day("2027-09-14")


def test_call_me_promises_a_call_and_nothing_else(visitor, here, breath):
    text = words(press(visitor, here, choice="call", until="3", note="Mornings are best"))
    assert "We call you Somebody of ours calls you. Until then everything stays as it is." in text
    assert "calendar" not in text
    said = Statement.objects.get()
    assert (said.choice, said.note, said.outcome) == ("call", "Mornings are best", "")
    breath.refresh_from_db()
    assert breath.answered_on is None


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"choice": "longer", "until": "date"}, "Enter the last day of the pause."),
        (
            {"choice": "longer", "until": "date", "ends_on": "2027-06-10"},
            "Choose a day after the present end.",
        ),
        ({"until": "3"}, "Please choose one."),
        ({"choice": "sure", "until": "3"}, "Please choose one of these."),
    ],
)
def test_what_is_not_right_is_said_at_the_field(visitor, here, said, sentence):
    page = visitor.post(here, {"lang": "en", **said})
    assert page.status_code == HTTPStatus.OK
    assert sentence in words(page)
    assert not Statement.objects.exists()


def test_day_matters_only_for_whoever_needs_longer(visitor, here):
    assert "Back as planned" in words(press(visitor, here, choice="back", until="date"))


def test_answering_twice_the_last_word_counts(visitor, door, here, breath):
    press(visitor, here, choice="longer", until="6")
    page = visitor.get(f"{door}?answer=back")
    assert "You answered on Mon 7 Jun. What you say now counts instead." in words(page)
    assert "your pause runs until Tue 14 Dec" in words(page)
    assert "The pause ends with Monday 14 June." in words(press(visitor, here, choice="back", until="3"))
    breath.refresh_from_db()
    assert (breath.ends_on, breath.answer) == (day("2027-06-14"), "back")


def test_answer_can_be_taken_back(visitor, here, breath):
    page = press(visitor, here, choice="longer", until="6")
    text = words(press(visitor, page.context["here"], do="undo"))
    assert "What you said counts no longer. We ask you again when it is time." in text
    breath.refresh_from_db()
    assert breath.ends_on == day("2027-06-14")


def test_end_that_has_passed_is_answered_too(visitor, here, clock):
    clock.move_to(at("2027-06-21T10:00"))
    page = visitor.get(here)
    assert "your pause ended with Mon 14 Jun. We open again when you say so." in words(page)
    assert "We are back The pause is over" in words(page)
    assert "The pause is over. Thank you" in words(press(visitor, here, choice="back", until="3"))


def test_pause_without_an_end_is_over_when_they_are_back(visitor, here, breath):
    breath.ends_on = None
    breath.save()
    assert "your pause runs, with no end known" in words(visitor.get(here))
    assert "The pause is over." in words(press(visitor, here, choice="back", until="3"))
    breath.refresh_from_db()
    assert breath.ends_on == day("2027-06-06")


def test_question_that_our_side_closed_says_how_it_stands(visitor, door, here, breath):
    answer(breath, answer="back", now=NOW)
    text = words(visitor.get(door))
    assert (
        "There is nothing to answer New referrals: we have your answer. The pause ends with Mon 14 Jun."
        in text
    )
    before = rows()
    visitor.post(here, {"lang": "en", "choice": "longer", "until": "6"})
    assert rows() == before


def test_pause_that_was_taken_back_says_so(visitor, door, breath):
    withdraw(breath, now=NOW)
    assert "this pause was taken back" in words(visitor.get(door))


def test_link_speaks_about_its_own_pause_only(visitor, door, harbor):
    other = pause(harbor, scope="training", starts_on=TODAY, months=1, now=NOW)
    assert visitor.get(f"{door}talk/{other.pk}").status_code == HTTPStatus.NOT_FOUND
    assert visitor.get(f"{door}full").status_code == HTTPStatus.NOT_FOUND
    assert visitor.get(f"{door}talk/{other.pk + 99}").status_code == HTTPStatus.NOT_FOUND
