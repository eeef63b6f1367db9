"""Everything we hold about Anna, for Anna: hers is in it; what is ours, or others', is not; no link in it opens."""

import json
from datetime import timedelta
from typing import Any

import pytest

from prm.calendars.models import Invite
from prm.capacity.actions import pause
from prm.outbox.models import Message
from prm.partners.actions import (
    change_contact,
    give_consent,
    note_leaving,
    record_note,
    record_talk,
    say,
    unsubscribe,
)
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Contact, Link, Organization, Purpose, StatementKind
from prm.reminders import dispatch
from prm.reminders.actions import refresh
from prm.reporting.held import held
from prm.training.actions import answer_invitation, invite, record_attendance
from prm.vocabulary.queries import term
from tests.cast import NOW, TODAY, anna_reyes, at, day, harbor_house, make_agreement, make_session

LATER = at("2027-07-02T10:00")


@pytest.fixture
def asked(harbor: Organization) -> Organization:
    """Harbor House after a mail about its agreement and an invitation to a session."""
    make_agreement(harbor, expires_on=day("2027-08-31"))
    invite(make_session("2027-07-15T10:00"), [harbor.contacts.get()], now=NOW)
    refresh(now=LATER)
    dispatch.hand_over(now=LATER)
    return harbor


def page(contact: Contact) -> Link:
    return issue([(Holder(contact.organization_id, contact.pk), Wish(Purpose.PAGE))], now=NOW)[0]


def test_person_and_roles_are_in_it(anna: Contact):
    change_contact(anna, phone="555 0123", title="Director", discreet=True, now=NOW)
    unsubscribe(anna, category="training", now=NOW)
    found = held(anna, now=NOW)
    assert found["organization"] == "Harbor House"
    assert found["person"] == {
        "name": "Anna Reyes",
        "title": "Director",
        "email": "anna@harbor.example",
        "phone": "555 0123",
        "languages": ["en"],
        "neutral_words_in_mail": True,
        "may_sign_for_the_agency": False,
        "mail_came_back_on": None,
        "mail_not_wanted": ["training"],
        "last_day": None,
        "known_since": "2027-06-07",
    }
    assert {role["role"] for role in found["roles"]} >= {"Main contact", "Agreement notices"}
    assert {role["first_day"] for role in found["roles"]} == {"2027-06-07"}


def test_mails_are_in_it_with_links_that_lead_nowhere(asked: Organization, anna: Contact):
    found = held(anna, now=LATER)
    assert len(found["mails"]) == Message.objects.filter(contact=anna).count() > 0
    about = next(mail for mail in found["mails"] if "31" in mail["subject"])
    assert (about["to"], about["state"]) == ("anna@harbor.example", "waiting")
    assert "/p/…/" in about["text"]
    text = json.dumps(found)
    rows = Link.objects.all()
    assert len(found["links"]) == len(rows) > 3
    for row in rows:
        for secret in (token_of(row), row.token_hash, row.nonce):
            assert secret not in text


def test_what_was_said_and_agreed_is_in_it(anna: Contact):
    say(
        page(anna),
        kind=StatementKind.CORRECTION,
        note="My number is new.",
        data={"about": "me", "phone": "555 0199"},
        now=NOW,
    )
    give_consent(anna.organization, contact=anna, now=NOW)
    found = held(anna, now=NOW)
    said = found["said_by_link"][0]
    assert (said["note"], said["details"]) == (
        "My number is new.",
        {"about": "me", "phone": "555 0199"},
    )
    assert (found["consents"][0]["given_by"], found["consents"][0]["last_day"]) == (
        "Anna Reyes",
        "2028-06-06",
    )
    assert [link["for"] for link in found["links"]] == ["Their own page"]
    assert found["links"][0]["last_used_at"] == NOW.isoformat(timespec="seconds")


def test_sessions_are_in_it(asked: Organization, anna: Contact):
    seat = anna.invitations.get()
    answer_invitation(seat, answer="accepted", now=LATER)
    record_attendance(seat.session, contacts=[anna], now=at("2027-07-16T10:00"))
    found = held(anna, now=at("2027-07-16T10:00"))
    assert (found["invitations"][0]["session"], found["invitations"][0]["answer"]) == (
        "Red flags and what to do",
        "Coming",
    )
    assert found["trainings"] == [{"session": "Red flags and what to do", "attended_on": "2027-07-15"}]
    assert len(found["calendar_entries_by_mail"]) == Invite.objects.filter(contact=anna).count() > 0


def test_reasons_and_private_notes_are_left_out_and_the_file_says_so(anna: Contact):
    pause(
        anna.organization,
        scope="referrals",
        starts_on=TODAY,
        months=3,
        reason="The roof leaks",
        declared_by=anna,
        now=NOW,
    )
    said = say(
        page(anna),
        kind=StatementKind.PAUSE,
        note="The roof leaks",
        data={"reason": "The roof leaks"},
        now=NOW,
    )
    assert said.note
    talk = {"happened_on": TODAY, "two_way": True, "interaction": term("interaction", "call"), "now": NOW}
    record_talk(anna.organization, contact=anna, note="Tired of forms", private=True, **talk)
    record_talk(anna.organization, contact=anna, note="Wants a visit in May", **talk)
    record_note(anna.organization, note="About the agency only", now=NOW)
    found = held(anna, now=NOW)
    text = json.dumps(found)
    for hidden in ("The roof leaks", "Tired of forms", "About the agency only"):
        assert hidden not in text
    assert "Wants a visit in May" in text
    assert "private notes of our staff, the reason of a pause" in found["about"]["left_out"]
    assert [line["what"] for line in found["timeline"] if line["what"].startswith("Paused")]


def test_what_we_noted_with_a_statement_stays_ours(anna: Contact):
    data = {"about": "person", "before": {"email": "sam@harbor.example"}, "changed": {"made": 7}}
    say(page(anna), kind=StatementKind.CORRECTION, data=data, now=NOW)
    assert held(anna, now=NOW)["said_by_link"][0]["details"] == {"about": "person"}


def test_nothing_of_colleagues_is_in_it(asked: Organization, anna: Contact):
    sam = anna_reyes(asked, name="Sam Ode", email="sam@harbor.example", phone="555 0177")
    say(page(sam), kind=StatementKind.CORRECTION, note="Mine", now=NOW)
    give_consent(asked, contact=sam, now=NOW)
    text = json.dumps(held(anna, now=LATER))
    assert "Sam" not in text
    assert "555 0177" not in text
    assert "Mine" not in text


def test_somebody_who_left_can_still_be_told(anna: Contact):
    note_leaving(anna, last_day=TODAY, now=NOW)
    assert held(anna, now=NOW + timedelta(days=10))["person"]["last_day"] == "2027-06-07"


@pytest.mark.parametrize("number", [1, 3])
def test_it_costs_the_same_however_much_it_is(number: int, db: None, django_assert_num_queries: Any):
    anna = harbor_house().contacts.get()
    for n in range(number):
        make_agreement(anna.organization, title=f"Paper {n}", expires_on=day("2027-08-31"))
        invite(make_session(f"2027-07-1{n}T10:00"), [anna], now=NOW)
        say(page(anna), kind=StatementKind.CORRECTION, note=f"Note {n}", now=NOW)
        give_consent(anna.organization, contact=anna, now=NOW)
    refresh(now=LATER)
    dispatch.hand_over(now=LATER)
    with django_assert_num_queries(9):
        found = held(anna, now=LATER)
    assert len(found["said_by_link"]) == number
