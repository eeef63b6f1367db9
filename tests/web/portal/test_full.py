""" "We are full", by link: two presses with what is proposed, every other choice, and the way back."""

from http import HTTPStatus

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from prm.capacity.actions import extend, pause, resume, withdraw
from prm.capacity.models import Pause
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Purpose, Statement
from prm.training.actions import invite
from tests.cast import NOW, at, day, harbor_house, make_agreement, make_program, make_session
from tests.web.portal.reading import press, rows, words

pytestmark = pytest.mark.django_db
NOVEMBER = at("2027-11-30T10:00")  # a Tuesday


@pytest.fixture
def harbor():
    cache.clear()
    make_program()
    return harbor_house()


@pytest.fixture
def anna(harbor):
    return harbor.contacts.get()


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def link(harbor, anna):
    return issue([(Holder(harbor.pk, anna.pk), Wish(Purpose.PAUSE))], now=NOW)[0]


@pytest.fixture
def door(link, clock):
    return f"/p/{token_of(link)}/"


@pytest.fixture
def visitor():
    return Client(enforce_csrf_checks=True)


# --- the two pages ----------------------------------------------------------------------------------------------


def test_first_page_asks_what_and_proposes_referrals(visitor, door):
    page = visitor.get(door)
    assert "Anna, what should pause for Harbor House?" in words(page)
    form = page.context["form"]
    assert [form[name].value() for name in ("scope", "effect", "reach")] == ["referrals", "closed", "us"]


def test_three_months_from_30_november_are_proposed_until_29_february(visitor, anna, clock):
    clock.move_to(NOVEMBER)
    fresh = issue([(Holder(anna.organization_id, anna.pk), Wish(Purpose.PAUSE))], now=NOVEMBER)[0]
    page = visitor.get(f"/p/{token_of(fresh)}/full/until?scope=referrals")
    text = words(page)
    assert page.context["form"]["until"].value() == "3"
    assert "3 months until Tue 29 Feb 2028" in text
    assert "1 month until Thu 30 Dec" in text
    assert "6 months until Tue 30 May 2028" in text
    assert "We do not know yet We talk again on Tue 29 Feb 2028" in text
    answer = press(visitor, f"/p/{token_of(fresh)}/full/until?scope=referrals", until="3")
    assert "New referrals are paused Until Tuesday 29 February 2028" in words(answer)
    assert Pause.objects.get().ends_on == day("2028-02-29")


def test_answer_says_what_a_pause_of_referrals_changes(visitor, door, anna):
    invite(make_session("2027-07-15T10:00"), [anna], now=NOW)
    text = words(press(visitor, f"{door}full/until?scope=referrals", until="3"))
    for sentence in (
        "New referrals are paused Until Tuesday 7 September. Thank you for telling us.",
        "No new referrals through Tuesday 7 September.",
        "Training goes on: see you on Thursday 15 July.",
        "On Tuesday 31 August we ask: back as planned, longer, or call me?",
        "On Tuesday 7 September at 10:00 we talk, Eastern time. A calendar entry comes by mail.",
    ):
        assert sentence in text
    assert "reminder" not in text
    assert "invitation" not in text


def test_answer_says_what_a_pause_of_everything_moves(visitor, door, anna, harbor):
    make_agreement(harbor)
    for moment in ("2027-07-15T10:00", "2027-08-12T10:00"):
        invite(make_session(moment), [anna], now=NOW)
    text = words(press(visitor, f"{door}full/until?scope=all", until="3"))
    for sentence in (
        "Everything is paused",
        "2 reminders moved to Wednesday 8 September, as one mail.",
        "2 invitations are cancelled: Thursday 15 July and Thursday 12 August.",
        "3 reminders about our agreement do not come. We keep the date in mind.",
    ):
        assert sentence in text
    assert "Training goes on" not in text


def test_every_other_choice_is_carried_out(visitor, door):
    asked = "scope=service&service=Night+shelter&effect=waiting_list&reach=everyone"
    text = words(press(visitor, f"{door}full/until?{asked}", until="date", ends_on="2027-07-31"))
    known = Pause.objects.get()
    assert (known.scope, known.service, known.effect, known.reach) == (
        "service",
        "Night shelter",
        "waiting_list",
        "everyone",
    )
    assert known.ends_on == day("2027-07-31")
    assert "Night shelter: paused" in text
    assert "New referrals may wait on your list, through Saturday 31 July." in text
    assert "For everyone, not only for us." in text


def test_unknown_end_lasts_until_we_talked(visitor, door):
    text = words(press(visitor, f"{door}full/until?scope=training", until="unknown"))
    assert Pause.objects.get().ends_on is None
    assert "It lasts until we have talked." in text
    assert "wait until we have talked." in text
    assert "Referrals go on." in text


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"until": "date"}, "Enter the last day of the pause."),
        ({"until": "date", "ends_on": "30 Feb 2028"}, "February 2028 has 29 days. Try 29 Feb 2028."),
        ({"until": "date", "ends_on": "2027-06-01"}, "This day is over. Choose a day from today on."),
        ({"until": "forever"}, "Please choose one of these."),
        ({}, "Please choose one."),
    ],
)
def test_what_is_not_right_is_said_at_the_field_and_kept(visitor, door, said, sentence):
    page = visitor.post(f"{door}full/until?scope=all", {"lang": "en", **said})
    assert page.status_code == HTTPStatus.OK
    text = words(page)
    assert sentence in text
    assert "Pause everything" in text
    assert said.get("ends_on", "") in page.content.decode()
    assert not Pause.objects.exists()


def test_some_services_need_a_name(visitor, door):
    page = visitor.get(f"{door}full/until?scope=service&effect=limited")
    assert page.status_code == HTTPStatus.OK
    assert "Write which services pause." in words(page)
    assert page.context["form"]["effect"].value() == "limited"


def test_step_back_and_the_other_language_keep_what_was_chosen(visitor, door):
    page = visitor.get(f"{door}full/until?scope=all&effect=limited&lang=es")
    back = visitor.get(page.context["back"])
    assert back.context["form"]["scope"].value() == "all"
    assert back.context["form"]["effect"].value() == "limited"
    assert page.context["back"].endswith("lang=es")
    assert '<html lang="es">' in back.content.decode()


# --- a second word ----------------------------------------------------------------------------------------------


def test_pause_that_runs_is_offered_for_a_change(visitor, door, harbor):
    known = pause(harbor, scope="referrals", starts_on=day("2027-05-01"), months=3, now=NOW)
    page = visitor.get(f"{door}full/until?scope=referrals")
    assert "This is paused already, until Sun 1 Aug." in words(page)
    assert "Change the pause" in words(page)
    press(visitor, f"{door}full/until?scope=referrals", until="6")
    known.refresh_from_db()
    assert (Pause.objects.count(), known.ends_on) == (1, day("2027-12-07"))


def test_change_begins_with_what_was_said_and_takes_its_place(visitor, door):
    first = press(visitor, f"{door}full/until?scope=referrals&effect=limited", until="3")
    page = visitor.get(first.context["change"])
    assert page.context["form"]["effect"].value() == "limited"
    change = Statement.objects.get().pk
    text = words(press(visitor, f"{door}full/until?scope=training&change={change}", until="1"))
    assert "Training is paused Until Wednesday 7 July." in text
    assert [p.scope for p in Pause.objects.filter(withdrawn_on=None)] == ["training"]
    assert "You changed this" in words(visitor.get(f"{door}said/{change}"))


def test_undo_leaves_nothing_paused(visitor, door):
    first = press(visitor, f"{door}full/until?scope=referrals", until="3")
    text = words(press(visitor, first.context["here"], do="undo"))
    assert "What you said counts no longer." in text
    assert not Pause.objects.filter(withdrawn_on=None).exists()


def test_what_became_of_it_since_is_said(visitor, door, clock):
    here = press(visitor, f"{door}full/until?scope=referrals", until="3").context["here"]
    known, later = Pause.objects.get(), at("2027-06-14T10:00")
    extend(known, ends_on=day("2027-12-31"), now=NOW)
    assert "The pause was changed since: its last day is Friday 31 December." in words(visitor.get(here))
    extend(known, ends_on=None, now=NOW)
    assert "The pause was changed since: it lasts until we have talked." in words(visitor.get(here))
    clock.move_to(later)
    resume(known, now=later)
    assert "The pause is over since." in words(visitor.get(here))
    withdraw(known, now=later)
    assert "This pause was taken back since." in words(visitor.get(here))


def test_reason_is_optional_and_not_shown_again(visitor, door):
    first = press(visitor, f"{door}full/until?scope=referrals", until="3")
    assert "Please no names of people you serve." in words(first)
    text = words(press(visitor, first.context["here"], do="reason", reason="A burst pipe"))
    assert "Your reason is noted. Only our side reads it." in text
    assert "pipe" not in text
    assert Pause.objects.get().reason == "A burst pipe"


def test_talk_can_be_put_into_a_calendar_and_invites_nobody(visitor, door):
    first = press(visitor, f"{door}full/until?scope=referrals", until="3")
    file = visitor.get(first.context["calendar"])
    assert file["Content-Type"] == "text/calendar; charset=utf-8"
    body = file.content.decode()
    assert "DTSTART;TZID=America/New_York:20270907T100000" in body
    assert "METHOD" not in body
    assert "ATTENDEE" not in body


# --- nobody else, and no scanner --------------------------------------------------------------------------------


def test_opening_every_page_twice_changes_nothing(visitor, door):
    press(visitor, f"{door}full/until?scope=all", until="3")
    said = Statement.objects.get().pk
    before = rows()
    pages = [
        "",
        "full",
        "full/until?scope=all",
        f"said/{said}",
        f"said/{said}/talk.ics",
        "full/until?until=1",
    ]
    for page in pages * 2:
        assert visitor.get(door + page).status_code == HTTPStatus.OK
        assert visitor.head(door + page).status_code == HTTPStatus.OK
    assert rows() == before
    assert not Statement.objects.exclude(taken_back_at=None).exists()


def test_word_of_somebody_else_is_not_shown(visitor, door, anna, harbor):
    press(visitor, f"{door}full/until?scope=all", until="3")
    said = Statement.objects.get().pk
    other = issue([(Holder(harbor.pk, anna.pk), Wish(Purpose.PAUSE))], now=NOW)[0]
    assert visitor.get(f"/p/{token_of(other)}/said/{said}").status_code == HTTPStatus.NOT_FOUND
    page = issue([(Holder(harbor.pk, anna.pk), Wish(Purpose.PAGE))], now=NOW)[0]
    assert visitor.get(f"/p/{token_of(page)}/said/{said}").status_code == HTTPStatus.OK


def test_discreet_person_sees_the_neutral_name(visitor, door, anna):
    make_program(name="Against trafficking", neutral_name="Partner network")
    anna.discreet = True
    anna.save()
    text = words(press(visitor, f"{door}full/until?scope=referrals", until="3"))
    assert "Partner network" in text
    assert "trafficking" not in text + visitor.get(f"{door}full").content.decode()
