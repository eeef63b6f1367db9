"""A session: the invitation at once, two reminders before, thanks after; and what a pause does to them."""

from dataclasses import replace

import pytest

from prm.rules.facts import Organization, State
from tests.rules.world import day, going, gone, harbor, pause, plan, replanned, row, seat


def invited(on: str = "2027-04-15", at: str = "2027-03-01", **facts: object) -> Organization:  # a Thursday
    return harbor(seats=(seat(on, at, **facts),))


def told(organization: Organization, today: str) -> list[tuple[str, str]]:
    return [
        (on, key.removeprefix("invitation:9:")) for on, key in going(plan(organization, today), "invitation")
    ]


def test_session_reminds_a_week_and_a_day_before_and_thanks_two_days_after() -> None:
    assert told(invited(), "2027-03-01") == [
        ("2027-04-08", "start-7d"),
        ("2027-04-14", "start-1d"),
        ("2027-04-19", "after+2d"),  # nominally Saturday: a nudge goes on Monday
    ]
    touches = plan(invited(), "2027-03-01")
    assert row(touches, "invitation:9:start-7d:2027-04-15:org-4:partner").person == 3


def test_reminders_before_the_start_are_deadlines() -> None:
    on_monday = told(invited("2027-06-07"), "2027-03-01")  # -7 is Memorial Day, -1 a Sunday
    assert on_monday[:2] == [("2027-05-28", "start-7d"), ("2027-06-04", "start-1d")]


def test_invitation_goes_at_once() -> None:
    entry = row(plan(invited(at="2027-03-06"), "2027-03-06"), "invitation:9:entry:2027-04-15:org-4:partner")
    assert (entry.day, entry.at_once, entry.person) == (day("2027-03-06"), True, 3)  # a Saturday


def test_offsets_passed_at_the_invitation_are_skipped_and_not_caught_up() -> None:
    late = invited(at="2027-04-09")
    assert told(late, "2027-04-09") == [("2027-04-14", "start-1d"), ("2027-04-19", "after+2d")]
    assert row(plan(late, "2027-04-09"), "invitation:9:start-7d").reason.code == "entered"
    assert told(invited(at="2027-04-08"), "2027-04-08")[0] == ("2027-04-08", "start-7d")


def test_whoever_declined_is_not_reminded() -> None:
    no = invited(answer="declined", answered_on=day("2027-03-05"))
    assert told(no, "2027-03-05") == []
    assert not [key for key in plan(no, "2027-03-05") if "entry" in key]


@pytest.mark.parametrize("answer", ["none", "tentative", "accepted"])
def test_whoever_did_not_decline_is_reminded(answer: str) -> None:
    assert len(told(invited(answer=answer), "2027-03-05")) == 3


@pytest.mark.parametrize("end", ["cancelled_on", "withdrawn_on"])
def test_cancelled_session_says_nothing_more(end: str) -> None:
    before = replanned(invited(), day("2027-03-01"))
    after = replace(before, seats=(replace(before.seats[0], **{end: day("2027-03-10")}),))
    assert told(after, "2027-03-10") == []
    left = replanned(after, day("2027-03-10")).past
    assert {p.state for key, p in left.items() if key.startswith("invitation")} == {State.WITHDRAWN}


def test_moved_session_has_a_new_ladder_and_one_update_at_once() -> None:
    moved = invited("2027-05-13", moved_on=day("2027-04-09"), moved_from=day("2027-04-15"))
    organization = replace(moved, past=gone("invitation:9:entry:2027-04-15:org-4:partner"))
    assert told(organization, "2027-04-09")[0] == ("2027-05-06", "start-7d")
    entry = row(plan(organization, "2027-04-09"), "invitation:9:entry:2027-05-13")
    assert (entry.day, entry.state) == (day("2027-04-09"), State.PLANNED)


def test_session_moved_near_skips_what_has_passed() -> None:
    moved = invited("2027-04-12", moved_on=day("2027-04-07"), moved_from=day("2027-04-15"))
    assert told(moved, "2027-04-07")[0] == ("2027-04-09", "start-1d")  # a Sunday; -7 was 5 April


def test_reminder_never_comes_after_the_start() -> None:
    late = plan(invited(), "2027-04-16")  # nothing went out for weeks
    assert row(late, "invitation:9:start-1d").reason.code == "too_late"
    assert row(late, "invitation:9:start-7d").state is State.SKIPPED


# --- afterwards ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("attended", "present"), [(True, True), (False, True), (False, False)])
def test_word_after_the_session_goes_whether_one_came_or_not(attended: bool, present: bool) -> None:
    done = invited(recorded_on=day("2027-04-16"), attended=attended, present=present)
    assert told(done, "2027-04-16")[-1] == ("2027-04-19", "after+2d")


def test_word_after_the_session_waits_for_attendance() -> None:
    after = row(plan(invited(), "2027-04-19"), "invitation:9:after+2d")
    assert (after.state, after.day, after.reason.code) == (State.HELD, None, "attendance_missing")
    recorded = invited(recorded_on=day("2027-04-23"), attended=True, present=True)  # a Friday
    assert row(plan(recorded, "2027-04-23"), "invitation:9:after+2d").day == day("2027-04-26")


def test_whoever_declined_and_came_is_thanked() -> None:
    came = invited(answer="declined", recorded_on=day("2027-04-16"), attended=True, present=True)
    assert told(came, "2027-04-16") == [("2027-04-19", "after+2d")]


# --- pauses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", ["training", "all"])
def test_session_inside_a_pause_is_cancelled(scope: str) -> None:
    paused = replace(
        invited(), pauses=(pause("2027-04-01", "2027-04-15", scope, entered_on=day("2027-03-15")),)
    )
    assert told(paused, "2027-03-15") == []
    assert not [key for key in plan(paused, "2027-03-15") if key.startswith("invitation")]


@pytest.mark.parametrize("scope", ["referrals", "service"])
def test_pause_of_something_else_leaves_sessions_alone(scope: str) -> None:
    paused = replace(invited(), pauses=(pause("2027-04-01", "2027-04-30", scope),))
    assert len(told(paused, "2027-04-01")) == 3


def test_reminder_held_by_a_pause_goes_before_the_start_or_not_at_all() -> None:
    paused = replace(invited(), pauses=(pause("2027-04-05", "2027-04-11", "training"),))
    assert told(paused, "2027-04-05")[:2] == [("2027-04-12", "start-7d"), ("2027-04-14", "start-1d")]
    longer = replace(invited(), pauses=(pause("2027-04-05", "2027-04-14", "training"),))
    assert told(longer, "2027-04-05")[0] == ("2027-04-15", "start-1d")  # on the day itself, before it begins
    assert row(plan(longer, "2027-04-05"), "invitation:9:start-7d").reason.code == "overtaken"


def test_two_people_held_to_one_day_are_both_reminded() -> None:
    two = (seat("2027-04-15", "2027-03-01"), seat("2027-04-15", "2027-03-01", id=10, contact=1))
    paused = harbor(seats=two, pauses=(pause("2027-04-05", "2027-04-11", "training"),))
    held = {t.person for t in plan(paused, "2027-04-05").values() if t.offset == -7 and t.state is State.HELD}
    assert held == {1, 3}
