"""Staff change the steps of a series: the nearest rule holds, what is off is silent, and nothing late is sent."""

from dataclasses import replace

import pytest

from prm.rules import renewal
from prm.rules.changing import SERIES
from prm.rules.facts import Promise, State
from prm.rules.plan import desired, diff
from prm.rules.steps import Rule, Step, steps_of
from tests.rules.endings import ending
from tests.rules.world import (
    HORIZON,
    agreement,
    apply,
    day,
    due,
    going,
    handed_over,
    harbor,
    pause,
    plan,
    replanned,
    row,
    talk,
)

SINCE = day("2026-11-02")
OWNER = ("owner",)


def rule(name, *steps, on=SINCE, **whose):
    """A changed rule; without steps it is off."""
    return Rule(name, tuple(step.since(on) for step in steps), on, **whose)


def step(offset, partner=(), ours=OWNER):
    return Step(offset, partner, ours)


def test_the_nearest_rule_holds():
    everyone, kind = rule("review", step(-10)), rule("review", step(-20), kind=7)
    own, other = rule("review", step(-40), own=True), rule("expiry", step(-50))
    usual = (step(-1),)

    def offsets(*rules, of=None):
        return [one.offset for one in steps_of(rules, "review", usual, of)]

    assert offsets(other) == [-1]
    assert offsets(everyone, kind, other) == [-10]
    assert offsets(everyone, kind, of=7) == [-20]
    assert offsets(everyone, kind, of=8) == [-10]
    assert offsets(everyone, own, kind, of=7) == [-40]


def test_a_rule_that_says_nothing_any_more_knows_since_when():
    reset = Rule("review", None, day("2027-03-01"), own=True)
    [found] = steps_of([reset, rule("review", step(-10))], "review", (), None)
    assert (found.offset, found.created_on) == (-10, day("2027-03-01"))
    assert steps_of([reset, Rule("review", (), SINCE)], "review", (step(-1),)) == ()


def test_changed_steps_are_what_is_sent():
    shorter = rule("expiry", step(-45, ("signatory",)), step(10, (), ("director",)))
    touches = plan(ending(rules=(shorter,)), "2027-01-04")
    assert going(touches, "agreement", "partner") == [("2027-08-16", "agreement:17:expiry-45d")]
    assert going(touches, "agreement", "ours")[1:] == [("2027-10-08", "agreement:17:expiry+10d")]
    assert row(touches, "agreement:17:expiry-45d", "partner").audience == ("signatory",)
    # the entry goes with the first that really goes to a side
    assert str(row(touches, "agreement:17:expiry-entry", "partner").day) == "2027-08-16"


def test_a_longer_approval_still_puts_the_first_one_forward():
    shorter = rule("expiry", step(-45, ("notice",)), step(-7))
    organization = ending(rules=(shorter,), approval_lead_days=120)
    keys = [key for _, key in going(plan(organization, "2027-01-04"), "agreement", "ours")]
    assert keys == ["agreement:17:expiry-120d", "agreement:17:expiry-7d"]
    after = ending(rules=(rule("expiry", step(0), step(7)),), approval_lead_days=120)
    keys = [key for _, key in going(plan(after, "2027-01-04"), "agreement", "ours")]
    assert keys == ["agreement:17:expiry-0d", "agreement:17:expiry+7d"]


def test_a_rule_of_another_kind_of_agreement_does_not_concern():
    for_other = rule("expiry", step(-45), kind=8)
    assert plan(ending(rules=(for_other,)), "2027-01-04").keys() == plan(ending(), "2027-01-04").keys()


def test_steps_that_the_rules_have_anyway_change_nothing():
    """Each series written down as it is usually is the plan as it was, to the day and the reason."""
    organization = harbor(
        agreements=(
            agreement("2027-09-30"),
            agreement(number=18, waiting_since=day("2026-12-01"), in_force=False),
        ),
        pauses=(pause("2027-02-01", "2027-03-31", declared_by=1),),
        promises=(Promise(3, day("2027-02-10"), SINCE, SINCE, user=1),),
        talks=(talk("2026-12-01"),),
    )
    written = tuple(rule(name, *one.usual()) for name, one in SERIES.items())
    assert plan(replace(organization, rules=written), "2027-01-04") == plan(organization, "2027-01-04")


@pytest.mark.parametrize("name", sorted(SERIES))
def test_what_is_off_is_silent_and_the_rest_goes_on(name):
    organization = ending(
        pauses=(pause("2027-06-01", "2027-07-31", declared_by=1),), talks=(talk("2026-12-01"),)
    )
    off = plan(replace(organization, rules=(rule(name),)), "2027-01-04")
    usual = plan(organization, "2027-01-04")
    series = {name, f"{name}-entry"}
    assert off == {key: touch for key, touch in usual.items() if touch.rule not in series}


def test_switching_off_withdraws_what_is_planned_and_leaves_what_has_gone():
    today = day("2027-07-06")
    organization = replanned(ending(), today)
    organization = handed_over(organization, [t.key for t in due(organization, day("2027-07-02"))])
    gone = {key for key, past in organization.past.items() if past.state is State.HANDED_OVER}
    assert "agreement:17:expiry-90d:2027-09-30:org-4:partner" in gone
    silent = replace(organization, rules=(rule("expiry", on=today),))
    past = apply(
        dict(organization.past), diff(organization.past, desired(silent, today, today + HORIZON), today)
    )
    assert {key for key, one in past.items() if one.state is State.HANDED_OVER} == gone
    left = {key for key, one in past.items() if one.state in (State.PLANNED, State.HELD)}
    assert not [key for key in left if ":expiry" in key]
    # whoever has the last day in the calendar keeps it
    wanted = {touch.key: touch for touch in desired(silent, today, today + HORIZON)}
    assert wanted["agreement:17:expiry-entry:2027-09-30:org-4:partner"].state is State.HANDED_OVER


def test_what_a_changed_rule_newly_creates_in_the_past_is_never_sent():
    today = day("2027-07-20")
    organization = replanned(ending(), today)
    organization = handed_over(organization, [t.key for t in due(organization, day("2027-07-02"))])
    earlier = rule("expiry", step(-75, ("notice",)), step(-60, ("notice",)), on=today)
    touches = plan(replace(organization, rules=(earlier,)), today)
    new = row(touches, "agreement:17:expiry-75d", "partner")
    assert (new.state, new.reason.code) == (State.SKIPPED, "setting")
    assert going(touches, "agreement", "partner") == [("2027-07-30", "agreement:17:expiry-60d")]


def test_a_side_that_newly_hears_of_a_step_in_the_past_does_not_hear_late():
    today = day("2027-10-09")  # a Saturday: the +7 of Thursday went
    organization = replanned(ending(), day("2027-10-07"))
    wider = rule("expiry", step(-1, ("notice",)), step(7, (), ("owner", "deputy", "director")), on=today)
    touches = plan(replace(organization, rules=(wider,)), today)
    assert row(touches, "agreement:17:expiry-1d", "partner").reason.code == "setting"
    assert row(touches, "agreement:17:expiry+7d", "ours").state is State.PLANNED


def test_what_was_planned_before_a_change_goes_although_it_is_late():
    """An outage over the change: the row was in the ledger, so the changed rule did not bring it about."""
    organization = replanned(ending(), day("2027-07-01"))
    same = rule("expiry", *renewal.usual(), on=day("2027-07-06"))
    touches = plan(replace(organization, rules=(same,)), "2027-07-06")
    assert row(touches, "agreement:17:expiry-90d", "partner").state is State.PLANNED


def test_whoever_owes_a_promise_is_asked_where_a_rule_says_so():
    owed = harbor(promises=(Promise(3, day("2027-02-10"), SINCE, SINCE, user=5),))
    touches = plan(
        replace(owed, rules=(rule("promise", step(-10, (), ("promiser", "deputy"))),)), "2027-01-04"
    )
    assert row(touches, "promise:3:promise-10d").audience == ("promiser:5", "deputy")
    unowed = harbor(promises=(Promise(3, day("2027-02-10"), SINCE, SINCE),))
    twice = rule("promise", step(-10, (), ("promiser", "owner")))
    assert row(plan(replace(unowed, rules=(twice,)), "2027-01-04"), "promise:3").audience == ("owner",)


def test_a_signature_is_asked_for_as_often_as_the_rule_says():
    waiting = harbor(agreements=(agreement(number=18, waiting_since=day("2026-12-01"), in_force=False),))
    often = replace(waiting, rules=(rule("stuck", step(30, (), ("deputy",))),))
    found = going(plan(often, "2026-12-02"), "agreement:18")
    assert [key for _, key in found] == [f"agreement:18:stuck+{days}d" for days in (30, 60, 90, 120, 150)]
    assert going(plan(replace(waiting, rules=(rule("stuck"),)), "2026-12-02"), "agreement:18") == []


def test_a_pause_is_talked_about_from_its_first_reminder_on():
    early = rule("talk", step(-30, ("declarer",)), step(7, (), ("deputy",)))
    paused = (pause("2027-02-01", "2027-03-31", declared_by=1),)
    spoke = harbor(pauses=paused, talks=(talk("2027-03-05"),), rules=(early,))
    assert "pause:5:talk+7d" not in [key for _, key in going(plan(spoke, "2027-03-08"), "pause")]
    assert "pause:5:talk+7d" in [
        key for _, key in going(plan(replace(spoke, rules=()), "2027-03-08"), "pause")
    ]


def test_nobody_of_us_hears():
    series = SERIES["expiry"]
    assert series.nobody_of_us((step(-30, ("notice",), ()),))
    assert not series.nobody_of_us((step(-30, ("notice",), ()), step(-7)))
    assert not series.nobody_of_us(())
    assert not SERIES["start"].nobody_of_us((step(-1, ("invited",), ()),))
