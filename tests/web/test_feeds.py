"""A partner's calendar as programs fetch it: read by a second parser, the same octets until something changed."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
import vobject
from django.test import Client

from prm.agreements.actions import end, renew
from prm.capacity.actions import answer, pause, withdraw
from prm.partners.actions import change_contact, note_leaving, revoke
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Contact, Link, Organization, Purpose
from prm.training.actions import cancel_session, invite, move_session
from prm.training.models import Session
from tests.cast import NOW, TODAY, anna_reyes, at, day, harbor_house, make_agreement, make_session

pytestmark = pytest.mark.usefixtures("monday", "own_cache")


@pytest.fixture
def harbor(monday: None) -> Organization:
    return harbor_house()


@pytest.fixture
def anna(harbor: Organization) -> Contact:
    return harbor.contacts.get()


@pytest.fixture
def link(anna: Contact) -> Link:
    return issue([(Holder(anna.organization_id, anna.pk), Wish(Purpose.FEED))], now=NOW)[0]


@pytest.fixture
def session(anna: Contact) -> Session:
    made = make_session()
    invite(made, [anna], now=NOW)
    return made


def fetch(link: Link, **headers: str) -> Any:
    return Client(enforce_csrf_checks=True).get(f"/feeds/{token_of(link)}.ics", headers=headers)


def events(link: Link) -> dict[str, Any]:
    """What a program reads, by UID."""
    return {
        one.uid.value: one for one in vobject.readOne(fetch(link).content.decode()).contents.get("vevent", [])
    }


def test_calendar_holds_sessions_last_days_and_talks(link: Link, harbor: Organization, session: Session):
    paper = make_agreement(harbor)
    breath = pause(harbor, scope="referrals", starts_on=TODAY, months=3, now=NOW)
    found = events(link)
    assert set(found) == {
        f"feed-session-{session.pk}@example.org",
        f"feed-agreement-{paper.pk}@example.org",
        f"feed-pause-{breath.pk}@example.org",
    }
    training = found[f"feed-session-{session.pk}@example.org"]
    assert training.summary.value == "Red flags and what to do"
    assert training.dtstart.value == at("2027-09-16T10:00")
    assert training.location.value == "Harbor House, room 2"
    ends = found[f"feed-agreement-{paper.pk}@example.org"]
    assert (ends.dtstart.value, ends.dtend.value) == (day("2027-09-30"), day("2027-10-01"))
    assert (ends.transp.value, ends.status.value) == ("TRANSPARENT", "CONFIRMED")
    assert found[f"feed-pause-{breath.pk}@example.org"].dtstart.value == at("2027-09-07T10:00")


def test_nobody_is_invited_and_the_calendar_has_a_name(link: Link, session: Session):
    text = fetch(link).content.decode()
    assert "METHOD" not in text
    assert "ATTENDEE" not in text
    assert "RSVP" not in text
    calendar = vobject.readOne(text)
    names = {calendar.contents[field][0].value for field in ("name", "x-wr-calname")}
    assert names == {"Dates with Bay Area Coalition"}
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in text


def test_equal_facts_give_equal_octets_and_304(link: Link, session: Session):
    first = fetch(link)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Cache-Control"] == "private"
    assert (first["Referrer-Policy"], first["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    with time_machine.travel(NOW + timedelta(hours=7), tick=False):
        again = fetch(link, if_none_match=first["ETag"])
        assert (again.status_code, again.content) == (304, b"")
        assert again["Cache-Control"] == "private"
        assert fetch(link, if_modified_since=first["Last-Modified"]).status_code == 304
        assert fetch(link).content == first.content
        move_session(session, starts_at=at("2027-09-17T10:00"), now=NOW + timedelta(hours=7))
        assert fetch(link, if_none_match=first["ETag"]).status_code == 200
        assert fetch(link, if_modified_since=first["Last-Modified"]).status_code == 200


def test_cancelled_session_stays_thirty_days_with_a_higher_sequence(link: Link, session: Session):
    uid = f"feed-session-{session.pk}@example.org"
    before = events(link)[uid]
    cancel_session(session, now=NOW + timedelta(days=1))
    with time_machine.travel(NOW + timedelta(days=31), tick=False):
        after = events(link)[uid]
        assert after.status.value == "CANCELLED"
        assert int(after.sequence.value) > int(before.sequence.value)
        assert after.dtstamp.value > before.dtstamp.value
    with time_machine.travel(NOW + timedelta(days=32), tick=False):
        assert uid not in events(link)


def test_moved_session_has_the_new_time_and_a_higher_sequence(link: Link, session: Session):
    uid = f"feed-session-{session.pk}@example.org"
    before = int(events(link)[uid].sequence.value)
    move_session(session, starts_at=at("2027-09-20T10:00"), now=NOW)
    after = events(link)[uid]
    assert (after.dtstart.value, after.status.value) == (at("2027-09-20T10:00"), "CONFIRMED")
    assert int(after.sequence.value) > before


def test_session_inside_a_pause_of_training_is_off_and_comes_back_with_it(
    link: Link, harbor: Organization, session: Session
):
    uid = f"feed-session-{session.pk}@example.org"
    sequences = [int(events(link)[uid].sequence.value)]
    breath = pause(harbor, scope="training", starts_on=TODAY, months=6, now=NOW)
    assert events(link)[uid].status.value == "CANCELLED"
    sequences.append(int(events(link)[uid].sequence.value))
    withdraw(breath, now=NOW)
    assert events(link)[uid].status.value == "CONFIRMED"
    sequences.append(int(events(link)[uid].sequence.value))
    assert sequences == sorted(set(sequences))


def test_answered_pause_and_ended_agreement_are_off(link: Link, harbor: Organization):
    paper = make_agreement(harbor)
    breath = pause(harbor, scope="referrals", starts_on=TODAY, months=3, now=NOW)
    answer(breath, answer="back", now=NOW)
    end(paper, ended_on=TODAY, now=NOW)
    assert {one.status.value for one in events(link).values()} == {"CANCELLED"}
    assert len(events(link)) == 2


def test_renewed_agreement_ends_later(link: Link, harbor: Organization):
    paper = make_agreement(harbor)
    uid = f"feed-agreement-{paper.pk}@example.org"
    before = events(link)[uid]
    later = renew(paper, starts_on=day("2027-10-01"), expires_on=day("2029-09-30"), signed_on=TODAY, now=NOW)
    found = events(link)
    assert (found[uid].status.value, found[uid].dtstart.value) == ("CANCELLED", day("2027-09-30"))
    assert int(found[uid].sequence.value) > int(before.sequence.value)
    new = found[f"feed-agreement-{later.pk}@example.org"]
    assert (new.status.value, new.dtstart.value) == ("CONFIRMED", day("2029-09-30"))


def test_place_is_not_told_where_it_is_confidential(link: Link, anna: Contact):
    hidden = make_session(place="12 Alder Street", place_confidential=True)
    invite(hidden, [anna], now=NOW)
    text = fetch(link).content.decode()
    assert "Alder" not in text
    assert "Address given by phone" in text


def test_words_are_neutral_for_a_discreet_contact(
    link: Link, anna: Contact, harbor: Organization, session: Session
):
    make_agreement(harbor)
    pause(harbor, scope="referrals", starts_on=TODAY, months=3, now=NOW)
    change_contact(anna, discreet=True, now=NOW)
    text = fetch(link).content.decode()
    assert "Bay Area Coalition" not in text
    assert "Red flags" not in text
    found = vobject.readOne(text)
    assert found.contents["x-wr-calname"][0].value == "Partner program"
    titles = {one.summary.value for one in found.contents["vevent"]}
    assert titles == {
        "Partner training, 16 September 2027",
        "Agreement ends",
        "Talk again with Partner program",
    }
    assert {one.contents["class"][0].value for one in found.contents["vevent"]} == {"PRIVATE"}


def test_other_organizations_stay_out(link: Link, session: Session):
    lighthouse = harbor_house(name="Lighthouse")
    theirs = make_session(title="Theirs")
    invite(theirs, [lighthouse.contacts.get()], now=NOW)
    make_agreement(lighthouse)
    assert set(events(link)) == {f"feed-session-{session.pk}@example.org"}


def test_calendar_ends_with_the_person_or_by_hand(link: Link, anna: Contact):
    note_leaving(anna, last_day=TODAY, now=NOW)
    assert fetch(link).status_code == 200
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert fetch(link).status_code == 410
    sam = anna_reyes(anna.organization, name="Sam Ode", email="sam@harbor.example")
    own = issue([(Holder(sam.organization_id, sam.pk), Wish(Purpose.FEED))], now=NOW)[0]
    assert fetch(own).status_code == 200
    revoke(own, now=NOW)
    assert fetch(own).status_code == 410


def test_other_links_open_no_calendar_and_guesses_are_counted(anna: Contact):
    page = issue([(Holder(anna.organization_id, anna.pk), Wish(Purpose.PAGE))], now=NOW)[0]
    assert fetch(page).status_code == 404
    answers = {Client().get(f"/feeds/{guess}.ics").status_code for guess in ("x", "~feed~", "é")}
    assert answers == {404}
    for _guess in range(30):
        last = Client().get("/feeds/guess.ics")
    assert last.status_code == 429
    assert last["X-Robots-Tag"] == "noindex, nofollow"


def test_fetching_writes_nothing_and_nothing_else_is_answered(link: Link, session: Session):
    fetch(link)
    link.refresh_from_db()
    assert link.used_at is None
    assert Client().post(f"/feeds/{token_of(link)}.ics").status_code == 405
    assert Client().head(f"/feeds/{token_of(link)}.ics").status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_fetching_costs_the_same_however_much_is_in_it(
    link: Link, anna: Contact, number: int, django_assert_num_queries: Any
):
    for n in range(number):
        invite(make_session(f"2027-09-1{n}T10:00"), [anna], now=NOW)
        make_agreement(anna.organization, title=f"Paper {n}")
        pause(anna.organization, scope="service", service=f"Beds {n}", starts_on=TODAY, months=1, now=NOW)
    with django_assert_num_queries(7):
        assert len(vobject.readOne(fetch(link).content.decode()).contents["vevent"]) == 3 * number
