"""A pause holds the partner's mail, turns renewal to our side, and never holds what our side hears."""

from dataclasses import replace

import pytest

from prm.rules.facts import Cadence, Organization, Pause, State
from prm.rules.pausing import Openness, openness, pause_end, talk_again_on
from tests.rules.world import (
    agreement,
    day,
    going,
    gone,
    handed_over,
    harbor,
    pause,
    plan,
    replanned,
    row,
    talk,
)

WINTER = pause("2027-11-30", "2028-02-29")  # three months from Tue 30 Nov 2027 through Tue 29 Feb 2028
QUARTERLY = Cadence(3, day("2027-10-15"))
MONTHLY = Cadence(1, day("2027-10-15"))


def resting(*pauses: Pause, cadence: Cadence = QUARTERLY, **facts: object) -> Organization:
    return harbor("2027-09-01", pauses=pauses, cadence=cadence, **facts)


def nudges(organization: Organization, today: str, side: str = "partner") -> list[tuple[str, str]]:
    touches = plan(organization, today).values()
    rows = [
        t
        for t in touches
        if t.rule == "training" and t.side == side and t.state in (State.PLANNED, State.HELD)
    ]
    return sorted((str(t.day), f"{t.offset}:{t.reference}") for t in rows)


def test_three_months_from_the_thirtieth_of_november_clamp() -> None:
    assert pause_end(day("2027-11-30"), 3) == day("2028-02-29")
    assert pause_end(day("2028-11-30"), 3) == day("2029-02-28")


def test_talk_again_is_the_end_or_three_months_on_where_it_is_unknown() -> None:
    assert talk_again_on(day("2027-11-30"), day("2027-12-31")) == day("2027-12-31")
    assert talk_again_on(day("2027-11-30"), None) == day("2028-02-29")


# --- training -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", ["training", "all"])
def test_training_waits_for_the_first_working_day_after_the_pause(scope: str) -> None:
    organization = resting(replace(WINTER, scope=scope))
    # due Sat 15 Jan 2028: -21 moved to Mon 27 Dec, -0 to Tue 18 Jan; both wait, and only the later one goes
    assert nudges(organization, "2027-11-30")[-3:] == [
        ("2028-03-01", "0:2028-01-15"),
        ("2028-03-27", "-21:2028-04-15"),
        ("2028-04-17", "0:2028-04-15"),
    ]
    held = row(plan(organization, "2027-11-30"), "organization:4:training-0d:2028-01-15")
    assert (held.state, held.reason.data) == (State.HELD, (("until", "2028-02-29"),))
    overtaken = row(plan(organization, "2027-11-30"), "organization:4:training-21d:2028-01-15", "partner")
    assert (overtaken.state, overtaken.reason.code) == (State.SKIPPED, "overtaken")


@pytest.mark.parametrize("scope", ["referrals", "service"])
def test_pause_of_referrals_or_a_service_holds_no_mail(scope: str) -> None:
    assert nudges(resting(replace(WINTER, scope=scope)), "2027-11-30") == nudges(resting(), "2027-11-30")


def test_our_side_is_never_held() -> None:
    assert nudges(resting(WINTER), "2027-11-30", "ours") == nudges(resting(), "2027-11-30", "ours")


def test_first_and_last_day_are_inside_by_the_sending_day() -> None:
    # 25 March 2028 is a Saturday: the touch goes on Monday 27 March, and that day counts
    def held(starts: str, ends: str) -> bool:
        touches = plan(resting(pause(starts, ends, "training", entered_on=day("2028-03-01"))), "2028-03-01")
        return row(touches, "organization:4:training-21d:2028-04-15", "partner").state is State.HELD

    assert held("2028-03-27", "2028-03-27")
    assert held("2028-03-20", "2028-03-27")
    assert held("2028-03-27", "2028-04-03")
    assert not held("2028-03-20", "2028-03-26")
    assert not held("2028-03-28", "2028-04-03")


def test_touching_pauses_hold_to_the_end_of_the_last() -> None:
    touching = pause("2028-03-01", "2028-03-31", "training", id=6, entered_on=day("2027-11-30"))
    assert ("2028-04-03", "0:2028-04-15") not in nudges(resting(WINTER, touching), "2027-11-30")
    # of 15 January's -0 and 15 April's -21, which both wait for Monday 3 April, the one with the later nominal day
    assert nudges(resting(WINTER, touching), "2027-11-30")[-2:] == [
        ("2028-04-03", "-21:2028-04-15"),
        ("2028-04-17", "0:2028-04-15"),
    ]


def test_pause_that_begins_on_the_day_of_release_holds_again() -> None:
    # the first ends on Friday 25 Feb, the second begins on Monday 28 Feb: they do not touch, but the day is inside
    first = replace(WINTER, ends_on=day("2028-02-25"))
    second = pause("2028-02-28", "2028-03-10", id=6, entered_on=day("2027-11-30"))
    assert ("2028-03-13", "0:2028-01-15") in nudges(resting(first, second), "2027-11-30")


def test_unknown_end_holds_until_someone_resumes_or_dates_it() -> None:
    unknown = pause("2027-11-30", None, talk="2028-02-29")
    touch = row(plan(resting(unknown), "2028-08-01"), "organization:4:training-0d:2028-01-15")
    assert (touch.state, touch.day, touch.reason.code) == (State.HELD, None, "held_unknown")
    resumed = replace(unknown, ends_on=day("2028-07-31"), changed_on=day("2028-08-01"))
    released = [touch for on, touch in nudges(resting(resumed), "2028-08-01") if on == "2028-08-01"]
    assert released == ["0:2028-07-15"]


def test_unknown_end_joined_to_a_dated_pause_holds_too() -> None:
    unknown = pause("2028-03-01", None, talk="2028-06-01", id=6, entered_on=day("2027-11-30"))
    assert (
        row(plan(resting(WINTER, unknown), "2027-11-30"), "organization:4:training-0d:2028-01-15").day is None
    )


def test_of_several_that_would_go_on_one_day_only_the_latest_goes() -> None:
    organization = resting(replace(WINTER, ends_on=day("2028-01-12")), cadence=MONTHLY)
    # -0 of 15 December, -21 and (15 January, a Saturday, moved to the 18th) not inside: -21 of 15 January is the latest
    assert [n for n in nudges(organization, "2027-11-30") if n[0] == "2028-01-13"] == [
        ("2028-01-13", "-21:2028-01-15")
    ]
    lost = row(plan(organization, "2027-11-30"), "organization:4:training-0d:2027-12-15")
    assert lost.reason.data == (("by", "organization:4:training-21d:2028-01-15:org-4:partner"),)


def test_touch_handed_over_after_a_pause_stays_handed_over() -> None:
    organization = replanned(resting(WINTER), day("2027-11-30"))
    key = "organization:4:training-0d:2028-01-15:org-4:partner"
    organization = handed_over(replanned(organization, day("2028-03-01")), [key])
    later = replace(organization, cadence=MONTHLY)
    assert plan(later, "2028-03-01")[key].state is State.HANDED_OVER
    assert replanned(later, day("2028-03-01")).past[key].state is State.HANDED_OVER


def test_touch_missed_before_a_pause_does_not_go_inside_it() -> None:
    starts_monday = pause("2027-09-27", "2027-10-10", entered_on=day("2027-09-25"))
    organization = resting(starts_monday)  # -21 was Fri 24 Sep and nothing ran that day
    touch = row(plan(organization, "2027-09-25"), "organization:4:training-21d:2027-10-15", "partner")
    assert (touch.state, touch.day) == (State.HELD, day("2027-10-12"))  # 11 October is Columbus Day


# --- renewal ------------------------------------------------------------------------------------------------------


def ending(*pauses: Pause, **facts: object) -> Organization:
    return harbor("2027-09-01", pauses=pauses, agreements=(agreement("2028-03-31", "2027-09-01"),), **facts)


def test_pause_of_everything_turns_renewal_to_our_side() -> None:
    touches = plan(ending(WINTER), "2027-11-30")
    partner = [(on, key) for on, key in going(touches, "agreement", "partner")]
    assert partner == [
        ("2028-03-01", "agreement:17:expiry-30d"),  # the day after the pause
        ("2028-03-17", "agreement:17:expiry-14d"),
        ("2028-03-24", "agreement:17:expiry-7d"),
        ("2028-03-31", "agreement:17:expiry-0d"),
    ]
    assert row(touches, "agreement:17:expiry-60d", "partner").reason.data == (("until", "2028-02-29"),)
    assert going(touches, "agreement", "ours")[:2] == [
        ("2027-12-30", "agreement:17:expiry-90d"),  # 1 January is a Saturday, kept on Friday 31 December
        ("2028-01-31", "agreement:17:expiry-60d"),
    ]


@pytest.mark.parametrize("scope", ["training", "referrals", "service"])
def test_only_a_pause_of_everything_touches_renewal(scope: str) -> None:
    paused, open_one = ending(replace(WINTER, scope=scope)), ending()
    assert going(plan(paused, "2027-11-30"), "agreement") == going(plan(open_one, "2027-11-30"), "agreement")


def test_skipped_renewal_is_not_caught_up_when_the_pause_ends_early() -> None:
    organization = replanned(ending(WINTER), day("2027-11-30"))
    organization = replanned(organization, day("2027-12-31"))
    resumed = replace(
        organization, pauses=(replace(WINTER, ends_on=day("2028-01-02"), changed_on=day("2028-01-03")),)
    )
    assert going(plan(resumed, "2028-01-03"), "agreement", "partner")[0] == (
        "2028-01-31",
        "agreement:17:expiry-60d",
    )
    assert "agreement:17:expiry-90d:2028-03-31:org-4:partner" not in {
        key for key, t in plan(resumed, "2028-01-03").items() if t.goes
    }


def test_renewal_missed_before_a_pause_is_skipped_inside_it_and_stays_so() -> None:
    starts_friday = pause(
        "2027-12-31", "2028-01-20", entered_on=day("2027-12-31")
    )  # -90 was Thursday 30 December
    organization = ending(starts_friday)
    assert row(plan(organization, "2028-01-03"), "agreement:17:expiry-90d", "partner").reason.code == "paused"
    assert row(plan(organization, "2028-01-24"), "agreement:17:expiry-90d", "partner").reason.code == "paused"


# --- stay in touch ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", ["referrals", "training", "all", "service"])
def test_any_pause_holds_stay_in_touch_until_its_talk_again_date(scope: str) -> None:
    organization = harbor(
        "2027-09-01", pauses=(replace(WINTER, scope=scope),)
    )  # +90 is 30 November, +120 30 December
    touches = plan(organization, "2027-11-30")
    assert going(touches, "organization:4:touch") == [("2028-02-29", "organization:4:touch+120d")]
    assert row(touches, "organization:4:touch+90d").reason.code == "overtaken"


def test_stay_in_touch_is_held_beyond_the_end_where_the_talk_is_later() -> None:
    late_talk = pause("2027-11-01", "2027-11-15", "referrals", talk="2027-12-05")  # a Sunday
    touches = plan(harbor("2027-09-01", pauses=(late_talk,)), "2027-11-01")
    assert going(touches, "organization:4:touch")[0] == ("2027-12-06", "organization:4:touch+90d")


def test_answered_pause_lets_go_of_stay_in_touch() -> None:
    answered = replace(
        WINTER, answered_on=day("2027-12-10"), ends_on=day("2027-12-09"), changed_on=day("2027-12-10")
    )
    touches = plan(harbor("2027-09-01", pauses=(answered,)), "2027-12-10")
    assert going(touches, "organization:4:touch")[0] == ("2027-12-10", "organization:4:touch+90d")


# --- openness -----------------------------------------------------------------------------------------------------


def test_ended_pause_reads_to_be_confirmed_until_someone_answers() -> None:
    assert openness([WINTER], day("2027-11-29")) is Openness.OPEN
    assert openness([WINTER], day("2027-11-30")) is Openness.PAUSED
    assert openness([WINTER], day("2028-02-29")) is Openness.PAUSED
    assert openness([WINTER], day("2028-03-01")) is Openness.TO_BE_CONFIRMED
    assert openness([WINTER], day("2031-03-01")) is Openness.TO_BE_CONFIRMED
    assert openness([replace(WINTER, answered_on=day("2028-03-01"))], day("2028-03-01")) is Openness.OPEN


def test_openness_concerns_referrals_only() -> None:
    assert openness([replace(WINTER, scope="training")], day("2027-12-01")) is Openness.OPEN
    assert openness([replace(WINTER, scope="service")], day("2028-03-01")) is Openness.OPEN
    assert openness([replace(WINTER, scope="referrals")], day("2028-03-01")) is Openness.TO_BE_CONFIRMED


@pytest.mark.parametrize(
    ("effect", "reads"), [("limited", Openness.LIMITED), ("waiting_list", Openness.WAITING_LIST)]
)
def test_openness_tells_the_effect(effect: str, reads: Openness) -> None:
    assert openness([replace(WINTER, effect=effect)], day("2027-12-01")) is reads
    assert (
        openness([replace(WINTER, effect=effect), replace(WINTER, id=6)], day("2027-12-01"))
        is Openness.PAUSED
    )


def test_talk_again_touches_are_exempt() -> None:
    touches = plan(resting(WINTER), "2027-11-30")
    assert row(touches, "pause:5:talk-7d", "partner").day == day("2028-02-22")
    assert row(touches, "pause:5:talk-7d", "partner").state is State.PLANNED


def test_pause_changes_nothing_that_has_gone() -> None:
    past = gone("agreement:17:expiry-90d:2028-03-31:org-4:partner", on="2027-12-30")
    organization = ending(
        pause("2027-12-30", "2028-01-20", entered_on=day("2027-12-30")),
        past=past,
        talks=(talk("2027-12-30"),),
    )
    assert (
        row(plan(organization, "2027-12-30"), "agreement:17:expiry-90d", "partner").state is State.HANDED_OVER
    )
