"""A renewal under way: what has gone out, what an outage overtakes, how the calendar entry follows."""

from dataclasses import replace

from prm.rules.facts import State
from prm.rules.plan import desired, diff
from tests.rules.endings import ENDS, ending
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
