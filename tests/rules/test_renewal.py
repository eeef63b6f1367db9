"""Agreements with an end: the renewal ladder, what entry and lead time make of it."""

from dataclasses import replace

import pytest

from prm.rules.facts import State
from tests.rules.endings import ENDS, days_of, ending
from tests.rules.world import (
    agreement,
    day,
    going,
    gone,
    harbor,
    plan,
    replanned,
    row,
)

BEFORE_THE_END = [
    ("2027-07-30", "expiry-60d"),  # nominally Sunday 1 August
    ("2027-08-31", "expiry-30d"),
    ("2027-09-16", "expiry-14d"),
    ("2027-09-23", "expiry-7d"),
    ("2027-09-30", "expiry-0d"),
]
OVERDUE = [
    ("2027-10-07", "expiry+7d"),
    ("2027-10-14", "expiry+14d"),
    ("2027-10-21", "expiry+21d"),
    ("2027-10-28", "expiry+28d"),
]


@pytest.mark.parametrize(
    ("lead", "first"),
    [
        (0, ("2027-07-02", "expiry-90d")),
        (45, ("2027-07-02", "expiry-90d")),
        (90, ("2027-07-02", "expiry-90d")),
        (91, ("2027-07-01", "expiry-91d")),
        (120, ("2027-06-02", "expiry-120d")),
    ],
)
def test_ladder_begins_with_the_longer_of_ninety_days_and_approval(lead: int, first: tuple[str, str]) -> None:
    organization = ending(approval_lead_days=lead)
    assert days_of(organization, "2027-01-04", "partner") == [first, *BEFORE_THE_END]
    assert days_of(organization, "2027-01-04", "ours") == [first, *BEFORE_THE_END, *OVERDUE]


def test_ladder_asks_whom_the_table_names() -> None:
    touches = plan(ending(), "2027-01-04")
    asked = {
        offset: tuple(
            row(touches, f"agreement:17:expiry{offset}:", f":{side}").audience for side in ("partner", "ours")
        )
        for offset in ("-90d", "-60d", "-30d", "-14d", "-7d", "-0d")
    }
    notice, both, everyone = ("notice",), ("notice", "signatory"), ("owner", "deputy", "director")
    assert asked == {
        "-90d": (notice, ("owner",)),
        "-60d": (notice, ("owner",)),
        "-30d": (both, ("owner",)),
        "-14d": (both, ("owner",)),
        "-7d": (both, ("owner", "deputy")),
        "-0d": (both, everyone),
    }
    for offset in ("+7d", "+14d", "+21d", "+28d"):
        assert row(touches, f"agreement:17:expiry{offset}:").audience == everyone


def test_key_is_written_exactly_as_the_policy_says() -> None:
    touches = plan(ending(), "2027-01-04")
    assert touches["agreement:17:expiry-60d:2027-09-30:org-4:partner"].day == day("2027-07-30")
    assert touches["agreement:17:expiry-0d:2027-09-30:org-4:ours"].day == day("2027-09-30")
    assert touches["agreement:17:expiry+7d:2027-09-30:org-4:ours"].day == day("2027-10-07")
    assert touches["agreement:17:expiry-entry:2027-09-30:org-4:partner"].day == day("2027-07-02")


def test_deadline_on_a_holiday_goes_on_the_working_day_before() -> None:
    touches = plan(ending("2027-06-30"), "2027-01-04")
    assert row(touches, "agreement:17:expiry-30d", "partner").day == day(
        "2027-05-28"
    )  # 31 May is Memorial Day
    assert row(touches, "agreement:17:expiry-30d", "partner").reason.data == (("nominal", "2027-05-31"),)


def test_overdue_row_on_a_holiday_goes_before_too() -> None:
    touches = plan(ending("2027-10-28"), "2027-01-04")
    assert row(touches, "agreement:17:expiry+14d").day == day("2027-11-10")  # 11 November is Veterans Day
    assert row(touches, "agreement:17:expiry+28d").day == day("2027-11-24")  # 25 November is Thanksgiving


def test_last_valid_day_on_a_weekend_is_told_on_friday() -> None:
    touches = plan(ending("2027-10-31"), "2027-01-04")
    assert row(touches, "agreement:17:expiry-0d", "partner").day == day("2027-10-29")


@pytest.mark.parametrize(("starts", "offsets"), [("2027-08-01", 5), ("2027-08-02", 4), ("2027-07-02", 6)])
def test_offsets_nominally_before_the_start_are_dropped(starts: str, offsets: int) -> None:
    organization = ending(starts_on=day(starts))
    every = [("2027-07-02", "expiry-90d"), *BEFORE_THE_END]
    assert days_of(organization, "2027-01-04", "partner") == every[-offsets:]
    dropped = [key for key in plan(organization, "2027-01-04") if "expiry-90d" in key]
    assert bool(dropped) is (offsets == 6)


def test_agreement_that_is_not_in_force_has_no_ladder() -> None:
    draft = agreement(ENDS, in_force=False)
    assert not going(plan(harbor(agreements=(draft,)), "2027-01-04"), "agreement")


# --- entered late -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entered", "late"),
    [
        ("2027-09-01", "2027-09-02"),  # Wednesday: Thursday, strictly later
        ("2027-09-03", "2027-09-07"),  # Friday before Labor Day: Tuesday
        ("2027-09-05", "2027-09-07"),  # Sunday
    ],
)
def test_running_ladder_fires_its_latest_passed_offset_once_after_entry(entered: str, late: str) -> None:
    organization = ending(entered=entered)
    expected = [(late, "expiry-30d"), *BEFORE_THE_END[2:]]
    assert days_of(organization, entered, "partner") == expected
    assert days_of(organization, entered, "ours") == [*expected, *OVERDUE]
    touches = plan(organization, entered)
    assert row(touches, "agreement:17:expiry-60d", "ours").reason.code == "entered"
    assert row(touches, "agreement:17:expiry-90d", "partner").state is State.SKIPPED


def test_touch_of_the_day_of_entry_has_not_passed() -> None:
    organization = ending(entered="2027-08-31")
    assert days_of(organization, "2027-08-31", "partner") == BEFORE_THE_END[1:]
    assert row(plan(organization, "2027-08-31"), "agreement:17:expiry-60d", "ours").reason.code == "overtaken"


def test_moved_day_before_entry_has_passed_though_its_nominal_day_has_not() -> None:
    organization = ending(
        entered="2027-07-31"
    )  # a Saturday: -60 went on Friday 30 July, nominally it is tomorrow
    assert days_of(organization, "2027-07-31", "partner")[0] == ("2027-08-02", "expiry-60d")


def test_late_touch_is_overtaken_by_one_that_comes_the_same_day() -> None:
    organization = ending(entered="2027-09-29")  # -7 passed; it could go on the 30th, when -0 goes
    assert days_of(organization, "2027-09-29", "partner") == [("2027-09-30", "expiry-0d")]


def test_nothing_before_the_first_offset_is_late() -> None:
    organization = ending(entered="2027-06-01")
    assert days_of(organization, "2027-06-01", "partner") == [("2027-07-02", "expiry-90d"), *BEFORE_THE_END]


def test_entered_after_the_end_only_our_side_hears() -> None:
    organization = ending(entered="2027-10-04")
    assert days_of(organization, "2027-10-04", "partner") == []
    assert days_of(organization, "2027-10-04", "ours") == [("2027-10-05", "expiry-0d"), *OVERDUE]
    assert (
        row(plan(organization, "2027-10-04"), "agreement:17:expiry-0d", "partner").reason.code == "too_late"
    )


def test_ladder_runs_through_the_day_of_its_last_offset_and_no_longer() -> None:
    assert days_of(ending(entered="2027-10-28"), "2027-10-28", "ours") == [("2027-10-28", "expiry+28d")]
    assert days_of(ending(entered="2027-10-29"), "2027-10-29", "ours") == []
    assert {
        t.reason.code for t in plan(ending(entered="2027-10-29"), "2027-10-29").values() if t.rule == "expiry"
    } == {"entered"}


def test_reason_of_what_was_not_sent_is_recorded() -> None:
    touches = plan(ending(entered="2027-09-01"), "2027-09-01")
    caught_up = row(touches, "agreement:17:expiry-30d", "partner")
    assert caught_up.reason.code == "caught_up"
    assert caught_up.reason.data == (("entered", "2027-09-01"),)


# --- an approval lead time that changes ---------------------------------------------------------------------------


def test_lead_time_set_later_creates_nothing_in_the_past() -> None:
    organization = ending(approval_lead_days=120, approval_lead_set_on=day("2027-06-10"))
    assert days_of(organization, "2027-06-10", "partner") == BEFORE_THE_END
    assert row(plan(organization, "2027-06-10"), "agreement:17:expiry-120d", "ours").reason.code == "setting"


def test_lead_time_set_in_time_counts() -> None:
    organization = ending(approval_lead_days=120, approval_lead_set_on=day("2027-06-01"))
    assert days_of(organization, "2027-06-01", "partner")[0] == ("2027-06-02", "expiry-120d")


def test_lead_time_taken_back_creates_no_ninety_days_in_the_past() -> None:
    past = gone(
        "agreement:17:expiry-120d:2027-09-30:org-4:partner", "agreement:17:expiry-120d:2027-09-30:org-4:ours"
    )
    organization = ending(approval_lead_days=0, approval_lead_set_on=day("2027-07-12"), past=past)
    assert days_of(organization, "2027-07-12", "partner") == BEFORE_THE_END


def test_lead_time_too_short_to_matter_leaves_a_late_touch_alone() -> None:
    held = replanned(ending(), day("2027-07-01"))  # since then nothing was sent
    organization = replace(held, approval_lead_days=60, approval_lead_set_on=day("2027-07-12"))
    assert days_of(organization, "2027-07-12", "partner")[0] == ("2027-07-02", "expiry-90d")


def test_lead_time_set_before_the_agreement_was_entered_is_no_change() -> None:
    organization = replace(
        ending(approval_lead_days=120, approval_lead_set_on=day("2027-06-10")),
        agreements=(agreement(ENDS, "2027-07-06"),),
    )
    assert days_of(organization, "2027-07-06", "partner") == [("2027-07-07", "expiry-120d"), *BEFORE_THE_END]
