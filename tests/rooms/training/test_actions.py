"""Rhythm, sessions, invitations and attendance."""

from datetime import timedelta

import pytest

from prm.partners.actions import add_contact, note_leaving
from prm.partners.models import Organization
from prm.rules.refusal import Refusal
from prm.training.actions import (
    answer_invitation,
    cancel_session,
    invite,
    move_session,
    note_last_training,
    plan_session,
    record_attendance,
    set_cadence,
    withdraw_invitation,
)
from prm.training.models import Attendance, Cadence, Invitation, Session
from prm.training.queries import attendances_of, last_trained, local_start, sessions_to_come
from tests.cast import NOW, TODAY, at, day, make_organization, make_session

JULY = at("2027-07-01T10:00")
AFTER = at("2027-09-20T10:00")


@pytest.fixture
def session(db) -> Session:
    """Thursday 16 September 2027, 10:00 to 12:00 in New York."""
    return make_session()


def test_rhythm_is_set_changed_and_given_up_for_a_reason(harbor):
    set_cadence(harbor, every_months=3, now=NOW)
    cadence = set_cadence(harbor, every_months=6, anchor_on=day("2027-09-01"), now=JULY)
    assert (cadence.entered_on, cadence.changed_on) == (TODAY, JULY.date())
    set_cadence(harbor, every_months=None, reason="They train their own", now=JULY)
    assert Cadence.objects.get().reason == "They train their own"
    assert harbor.entries.first().event == "rhythm_none"


def test_same_rhythm_again_changes_nothing(harbor):
    set_cadence(harbor, every_months=3, now=NOW)
    before = harbor.entries.count()
    assert set_cadence(harbor, every_months=3, now=JULY).changed_on == TODAY
    assert harbor.entries.count() == before


@pytest.mark.parametrize(
    "facts", [{"every_months": None}, {"every_months": 0}, {"every_months": 3, "reason": "x" * 301}]
)
def test_wrong_rhythm_is_refused(harbor, facts):
    with pytest.raises(Refusal):
        set_cadence(harbor, **facts, now=NOW)
    assert not Cadence.objects.exists()


def test_session_is_in_the_programs_zone_unless_said(session):
    assert (session.zone, local_start(session)) == ("America/New_York", day("2027-09-16"))
    late = make_session("2027-09-16T23:00", zone="America/Denver")
    assert local_start(late) == day("2027-09-16")


@pytest.mark.parametrize("facts", [{"title": " "}, {"zone": "Mars"}, {"ends_at": at("2027-09-16T10:00")}])
def test_wrong_session_is_refused(db, facts):
    start = {
        "title": "Basics",
        "starts_at": at("2027-09-16T10:00"),
        "ends_at": at("2027-09-16T11:00"),
        "now": NOW,
    }
    with pytest.raises(Refusal):
        plan_session(**start | facts)
    assert not Session.objects.exists()


def test_moved_session_keeps_its_length_and_the_day_before(session, anna):
    invite(session, [anna], now=NOW)
    move_session(session, starts_at=at("2027-09-23T14:00"), now=JULY)
    session.refresh_from_db()
    assert session.ends_at == at("2027-09-23T16:00")
    assert (session.moved_on, session.moved_from_on) == (JULY.date(), day("2027-09-16"))
    assert Organization.objects.get().plan_stale_at == JULY


def test_other_place_is_no_move_in_time_and_nothing_new_is_nothing(session, harbor, anna):
    invite(session, [anna], now=NOW)
    move_session(session, place="Room 3", now=JULY)
    assert (session.place, session.moved_on) == ("Room 3", None)
    before = harbor.entries.count()
    move_session(session, starts_at=session.starts_at, now=JULY)
    assert harbor.entries.count() == before


def test_cancelled_session_keeps_its_invitations_and_takes_no_more(session, anna):
    invite(session, [anna], now=NOW)
    cancel_session(session, now=JULY)
    assert (session.status, session.cancelled_on) == ("cancelled", JULY.date())
    assert Invitation.objects.get().withdrawn_on is None
    for act in (cancel_session, move_session):
        with pytest.raises(Refusal):
            act(session, now=JULY)
    with pytest.raises(Refusal):
        invite(session, [anna], now=JULY)


def test_invited_twice_is_invited_once(session, harbor, anna):
    assert len(invite(session, [anna, anna], now=NOW)) == 1
    before = harbor.entries.count()
    assert invite(session, [anna], now=JULY) == []
    assert harbor.entries.count() == before
    assert list(sessions_to_come(harbor, NOW)) == [session]


def test_withdrawn_invitation_can_be_given_anew(session, harbor, anna):
    [invitation] = invite(session, [anna], now=NOW)
    answer_invitation(invitation, answer="accepted", now=NOW)
    withdraw_invitation(invitation, now=NOW)
    withdraw_invitation(invitation, now=JULY)
    assert (invitation.withdrawn_on, list(sessions_to_come(harbor, NOW))) == (TODAY, [])
    [again] = invite(session, [anna], now=JULY)
    assert (again.pk, again.answer, again.withdrawn_on, again.invited_on) == (
        invitation.pk,
        "none",
        None,
        JULY.date(),
    )


def test_answer_is_kept_with_its_day(session, anna):
    [invitation] = invite(session, [anna], now=NOW)
    answer_invitation(invitation, answer="declined", now=JULY)
    answer_invitation(invitation, answer="declined", now=AFTER)
    assert (invitation.answer, invitation.answered_on) == ("declined", JULY.date())
    with pytest.raises(Refusal):
        answer_invitation(invitation, answer="none", now=JULY)
    withdraw_invitation(invitation, now=JULY)
    with pytest.raises(Refusal):
        answer_invitation(invitation, answer="accepted", now=JULY)


def test_nobody_who_left_and_nothing_begun_is_invited(session, harbor, anna):
    note_leaving(anna, last_day=day("2027-06-30"), now=NOW)
    with pytest.raises(Refusal):
        invite(session, [anna], now=JULY)
    with pytest.raises(Refusal):
        invite(session, [add_contact(harbor, name="Maria", now=NOW)], now=AFTER)


def test_sheet_says_who_came_and_who_did_not(session, harbor, anna):
    task, choir = make_organization("Task Force"), make_organization("Choir")
    li = add_contact(task, name="Li", now=NOW)
    invite(session, [anna, li], now=NOW)
    record_attendance(session, contacts=[anna], counts={choir: 4}, now=AFTER)
    assert (last_trained(harbor), last_trained(choir), last_trained(task)) == (day("2027-09-16"),) * 2 + (
        None,
    )
    assert [o.entries.first().event for o in (harbor, choir, task)] == ["training_attended"] * 2 + [
        "training_missed"
    ]
    assert session.recorded_on == AFTER.date()
    assert attendances_of(choir).get().people == 4


def test_sheet_written_again_replaces_the_first(session, harbor, anna):
    maria = add_contact(harbor, name="Maria", now=NOW)
    record_attendance(session, contacts=[anna], now=AFTER)
    record_attendance(session, contacts=[maria], now=AFTER + timedelta(days=3))
    row = Attendance.objects.get()
    assert (row.contact, row.entered_on) == (maria, AFTER.date())
    assert session.recorded_on == AFTER.date()
    with pytest.raises(Refusal):
        move_session(session, place="Room 3", now=AFTER)


def test_sheet_before_the_session_or_of_a_cancelled_one_is_refused(session, anna):
    with pytest.raises(Refusal):
        record_attendance(session, contacts=[anna], now=NOW)
    cancel_session(session, now=NOW)
    with pytest.raises(Refusal):
        record_attendance(session, contacts=[anna], now=AFTER)


def test_training_from_before_is_noted_once(harbor):
    known = {"attended_on": day("2027-03-02"), "entered_on": TODAY, "now": NOW}
    assert note_last_training(harbor, **known)
    before = harbor.entries.count()
    assert not note_last_training(harbor, **known)
    assert (last_trained(harbor), harbor.entries.count()) == (day("2027-03-02"), before)
    with pytest.raises(Refusal):
        note_last_training(harbor, attended_on=day("2027-06-08"), entered_on=TODAY, now=NOW)
