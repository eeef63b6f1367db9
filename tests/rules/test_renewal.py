"""Agreements: the renewal ladder, the review of those without end, the signature that does not come."""

from dataclasses import replace

import pytest

from prm.rules.facts import Organization, Pause, State
from prm.rules.plan import desired, diff
from tests.rules.world import (
    agreement,
    apply,
    day,
    due,
    going,
    gone,
    handed_over,
    harbor,
    pause,
    plan,
    replanned,
    row,
)

ENDS = "2027-09-30"  # a Thursday


def ending(ends: str = ENDS, entered: str = "2026-11-02", **facts: object) -> Organization:
    """Harbor House with one agreement, 17, that ends; facts of the organization may follow."""
    starts = facts.pop("starts_on", None)
    return harbor(entered, agreements=(agreement(ends, entered, starts_on=starts),), **facts)


def days_of(organization: Organization, today: str, side: str) -> list[tuple[str, str]]:
    return [
        (on, key.removeprefix("agreement:17:"))
        for on, key in going(plan(organization, today), "agreement", side)
    ]


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


# --- what has gone out --------------------------------------------------------------------------------------------


def test_first_touch_goes_on_its_day_and_not_before() -> None:
    organization = replanned(ending(approval_lead_days=120), day("2027-01-04"))
    assert [t.key for t in due(organization, day("2027-06-01")) if t.rule.startswith("expiry")] == []
    keys = sorted(t.key for t in due(organization, day("2027-06-02")) if t.rule.startswith("expiry"))
    assert keys == [
        "agreement:17:expiry-120d:2027-09-30:org-4:ours",
        "agreement:17:expiry-120d:2027-09-30:org-4:partner",
        "agreement:17:expiry-entry:2027-09-30:org-4:ours",
        "agreement:17:expiry-entry:2027-09-30:org-4:partner",
    ]
    organization = handed_over(replanned(organization, day("2027-06-02")), keys)
    assert [t.key for t in due(organization, day("2027-06-02")) if t.rule.startswith("expiry")] == []


def test_after_an_outage_only_the_latest_due_touch_goes() -> None:
    touches = plan(ending(), "2027-09-17")  # -90, -60, -30 and -14 are late
    assert going(touches, "agreement", "partner")[0] == ("2027-09-16", "agreement:17:expiry-14d")
    assert [row(touches, f"agreement:17:expiry-{n}d", "partner").reason.code for n in (90, 60, 30)] == [
        "overtaken"
    ] * 3
    assert row(touches, "agreement:17:expiry-30d", "ours").reason.data == (
        ("by", "agreement:17:expiry-14d:2027-09-30:org-4:ours"),
    )


def test_outage_past_the_end_leaves_the_partner_in_peace() -> None:
    touches = plan(ending(), "2027-10-01")
    assert going(touches, "agreement", "partner") == []
    assert going(touches, "agreement", "ours")[0] == ("2027-09-30", "agreement:17:expiry-0d")


def test_late_touch_that_waits_for_monday_is_overtaken_by_mondays() -> None:
    touches = plan(
        ending("2027-10-18"), "2027-10-09"
    )  # Sat; -14 was Mon 4 Oct, Mon 11 Oct is Columbus Day, -7 Fri 8 Oct
    assert going(touches, "agreement", "partner") == [
        ("2027-10-08", "agreement:17:expiry-7d"),
        ("2027-10-18", "agreement:17:expiry-0d"),
    ]


def test_what_a_later_offset_has_overtaken_does_not_go() -> None:
    past = gone("agreement:17:expiry-14d:2027-09-30:org-4:partner", on="2027-09-16")
    touches = plan(ending(past=past), "2027-09-16")
    assert row(touches, "agreement:17:expiry-30d", "partner").reason.code == "overtaken"
    assert row(touches, "agreement:17:expiry-14d", "partner").state is State.HANDED_OVER


def test_renewal_withdraws_what_has_not_gone_and_plans_the_next_term() -> None:
    first = replanned(ending(), day("2027-01-04"))
    sent = [t.key for t in due(first, day("2027-07-02")) if t.record == "agreement:17"]
    first = handed_over(first, sent)
    renewed = replace(
        first,
        agreements=(agreement(ENDS, in_force=False), agreement("2028-09-30", "2027-07-20", number=18)),
    )
    difference = diff(renewed.past, desired(renewed, day("2027-07-20"), day("2027-10-18")), day("2027-07-20"))
    old = [key for key in renewed.past if key.startswith("agreement:17:")]
    assert sorted(difference.withdraw) == sorted(k for k in old if renewed.past[k].state is State.PLANNED)
    assert len(difference.withdraw) == 14  # five for the partner, nine for our side
    assert min(t.day for t in difference.insert if t.rule == "expiry") == day(
        "2028-06-30"
    )  # 2 July is a Sunday
    after = apply(dict(renewed.past), difference)
    assert sum(p.state is State.HANDED_OVER for k, p in after.items() if k.startswith("agreement:17:")) == 4


def test_corrected_end_counts_what_went_out_for_the_old_one() -> None:
    past = gone(
        *(
            f"agreement:17:expiry-{n}d:2027-09-30:org-4:{side}"
            for n in (90, 60)
            for side in ("partner", "ours")
        ),
        on="2027-07-30",
    )
    corrected = agreement("2027-11-30", known_on=day("2027-08-10"))
    touches = plan(harbor(agreements=(corrected,), past=past), "2027-08-10")
    assert row(touches, "agreement:17:expiry-60d", "partner").reason.code == "gone_before"
    assert going(touches, "agreement", "partner") == [
        ("2027-10-29", "agreement:17:expiry-30d"),  # nominally Sunday 31 October
        ("2027-11-16", "agreement:17:expiry-14d"),
        ("2027-11-23", "agreement:17:expiry-7d"),
        ("2027-11-30", "agreement:17:expiry-0d"),
    ]


def test_end_corrected_to_an_earlier_day_follows_the_rule_of_entry() -> None:
    corrected = agreement("2027-09-30", known_on=day("2027-08-11"))
    touches = plan(harbor(agreements=(corrected,)), "2027-08-11")
    assert going(touches, "agreement", "partner")[0] == ("2027-08-12", "agreement:17:expiry-60d")
    assert row(touches, "agreement:17:expiry-90d", "partner").reason.code == "entered"


def test_old_end_is_withdrawn_when_it_is_corrected() -> None:
    before = replanned(ending(), day("2027-01-04"))
    after = replace(before, agreements=(agreement("2027-11-30", known_on=day("2027-01-05")),))
    difference = diff(after.past, desired(after, day("2027-01-05"), day("2027-04-05")), day("2027-01-05"))
    assert sorted(difference.withdraw) == sorted(k for k in before.past if k.startswith("agreement:17:"))


# --- the calendar entry -------------------------------------------------------------------------------------------


def test_entry_goes_with_the_first_touch_that_really_goes_to_a_side() -> None:
    everything = pause("2027-06-01", "2027-08-15")
    touches = plan(ending(pauses=(everything,)), "2027-06-01")
    assert row(touches, "agreement:17:expiry-entry", "partner").day == day(
        "2027-08-31"
    )  # -90 and -60 are skipped
    assert row(touches, "agreement:17:expiry-entry", "ours").day == day("2027-07-02")
    assert row(touches, "agreement:17:expiry-entry", "ours").audience == ("owner",)


def test_entry_moves_at_once_with_a_corrected_end() -> None:
    past = gone(
        "agreement:17:expiry-90d:2027-09-30:org-4:partner",
        "agreement:17:expiry-entry:2027-09-30:org-4:partner",
    )
    corrected = agreement("2028-03-31", known_on=day("2027-08-10"))
    touches = plan(harbor(agreements=(corrected,), past=past), "2027-08-10")
    assert row(touches, "agreement:17:expiry-entry:2028-03-31", "partner").day == day("2027-08-10")
    assert row(touches, "agreement:17:expiry-entry:2028-03-31", "ours").day == day("2027-12-30")


def test_no_entry_where_no_touch_goes_before_the_end() -> None:
    touches = plan(ending(entered="2027-10-04"), "2027-10-04")
    assert not [key for key in touches if "expiry-entry" in key]


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
