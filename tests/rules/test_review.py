"""Agreements without end are reviewed; signatures that do not come are asked for."""

from dataclasses import replace

import pytest

from prm.rules.facts import Organization, Pause, State
from tests.rules.endings import ENDS, ending
from tests.rules.world import (
    agreement,
    day,
    going,
    harbor,
    pause,
    plan,
    replanned,
    row,
)

# --- review -------------------------------------------------------------------------------------------------------


def evergreen(*reviews: str, signed: str | None = "2026-03-01", **facts: object) -> Organization:
    signed_on = day(signed) if signed else None
    return harbor(agreements=(agreement(signed_on=signed_on, reviews=tuple(map(day, reviews)), **facts),))


def test_review_is_asked_of_the_owner_a_month_and_a_week_before() -> None:
    touches = plan(evergreen(), "2026-11-02")
    assert going(touches, "agreement") == [
        ("2027-01-29", "agreement:17:review-30d"),  # nominally Saturday 30 January
        ("2027-02-22", "agreement:17:review-7d"),
    ]
    assert row(touches, "agreement:17:review-30d:2027-03-01:org-4:ours").audience == ("owner",)


@pytest.mark.parametrize(
    ("reviews", "open_date"),
    [
        ([], "2027-03-01"),
        (["2027-01-20"], "2028-03-01"),  # early: closes the open date all the same
        (["2027-04-05"], "2028-03-01"),  # late
        (["2027-01-20", "2028-02-10"], "2029-03-01"),
        (["2028-05-02"], "2029-03-01"),  # after the next anchored date too
    ],
)
def test_recorded_review_closes_the_open_date(reviews: list[str], open_date: str) -> None:
    touches = plan(evergreen(*reviews), "2026-11-02")
    assert row(touches, "agreement:17:review-7d").reference == day(open_date)


def test_review_counts_from_entry_where_no_signing_is_known_and_clamps_from_the_anchor() -> None:
    assert row(plan(evergreen(signed=None), "2026-11-02"), "agreement:17:review-7d").reference == day(
        "2027-11-02"
    )
    halfyearly = evergreen(signed="2026-08-31", review_every=6)
    assert row(plan(halfyearly, "2026-11-02"), "agreement:17:review-7d").reference == day("2027-02-28")
    again = evergreen("2027-02-26", signed="2026-08-31", review_every=6)
    assert row(plan(again, "2027-02-26"), "agreement:17:review-7d").reference == day("2027-08-31")


def test_review_on_the_day_of_entry_counts() -> None:
    touches = plan(evergreen(signed="2025-11-02"), "2026-11-02")
    assert row(touches, "agreement:17:review-7d").reference == day("2026-11-02")
    assert going(touches, "agreement") == [("2026-11-03", "agreement:17:review-7d")]


# --- stuck --------------------------------------------------------------------------------------------------------


def waiting(since: str, **facts: object) -> Organization:
    return harbor(agreements=(agreement(ENDS, in_force=False, waiting_since=day(since), **facts),))


def test_stuck_signature_reminds_the_owner_every_fortnight() -> None:
    touches = plan(waiting("2026-11-12"), "2026-11-12", day("2027-01-10"))
    assert going(touches, "agreement")[:4] == [
        (
            "2026-11-27",
            "agreement:17:stuck+14d",
        ),  # 26 November is Thanksgiving: a nudge goes on the day after
        ("2026-12-10", "agreement:17:stuck+28d"),
        ("2026-12-24", "agreement:17:stuck+42d"),
        ("2027-01-07", "agreement:17:stuck+56d"),
    ]
    assert {t.audience for t in touches.values() if t.rule == "stuck"} == {("owner",)}


def test_stuck_counts_anew_after_a_signature() -> None:
    before = replanned(waiting("2026-11-12"), day("2026-11-12"))
    signed = replace(before, agreements=waiting("2026-11-20").agreements)
    after = replanned(signed, day("2026-11-20"))
    assert after.past["agreement:17:stuck+14d:2026-11-12:org-4:ours"].state is State.WITHDRAWN
    assert going(plan(after, "2026-11-20"), "agreement")[0] == ("2026-12-04", "agreement:17:stuck+14d")


def test_stuck_goes_on_however_long_it_takes() -> None:
    touches = plan(waiting("2026-11-12"), "2027-12-01", day("2027-12-01"))
    ahead = [on for on, _ in going(touches, "agreement") if on > "2027-12-01"]
    assert ahead[0] == "2027-12-09"  # 28 x 14 days
    assert len([on for on, _ in going(touches, "agreement") if on <= "2027-12-01"]) == 1


def test_signature_long_awaited_at_entry_fires_once() -> None:
    touches = plan(waiting("2026-09-01"), "2026-11-02", day("2026-12-01"))
    assert going(touches, "agreement")[:2] == [
        ("2026-11-03", "agreement:17:stuck+56d"),  # 27 October has passed
        ("2026-11-10", "agreement:17:stuck+70d"),
    ]


def test_pause_of_everything_leaves_our_side_its_ladder() -> None:
    everything: Pause = pause("2027-06-01", None, talk="2027-09-01")
    touches = plan(ending(pauses=(everything,)), "2027-06-01")
    assert going(touches, "agreement", "partner") == []
    assert len(going(touches, "agreement", "ours")) == 10
