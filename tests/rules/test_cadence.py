"""The rhythm of training: where due dates are counted from, what they say, which session covers them."""

from dataclasses import replace

import pytest

from prm.rules.cadence import due_dates
from prm.rules.facts import Cadence, Organization, Seat, State
from tests.rules.world import (
    attended,
    day,
    going,
    gone,
    handed_over,
    harbor,
    pause,
    plan,
    replanned,
    row,
    seat,
)

ANCHORED = Cadence(3, day("2027-01-15"))  # a Friday


def training(organization: Organization, today: str, side: str = "") -> list[tuple[str, str]]:
    touches = going(plan(organization, today), "organization:4:training", side)
    return [(on, key.removeprefix("organization:4:")) for on, key in touches]


def dates(organization: Organization, until: str) -> list[str]:
    return [str(due) for due in due_dates(organization, day(until))]


# --- anchors ------------------------------------------------------------------------------------------------------


def test_own_anchor_is_itself_a_due_date() -> None:
    assert dates(harbor(cadence=ANCHORED), "2027-04-01")[:3] == ["2027-01-15", "2027-04-15", "2027-07-15"]


def test_attended_session_is_an_anchor_but_no_due_date() -> None:
    organization = harbor(cadence=Cadence(3), attended=(attended("2026-09-10", "2026-11-02"),))
    assert dates(organization, "2027-03-01")[:2] == ["2026-12-10", "2027-03-10"]


def test_first_attended_session_anchors_and_later_ones_do_not() -> None:
    sessions = (attended("2026-10-20", "2026-11-02"), attended("2026-08-31", "2026-11-02"))
    assert dates(harbor(cadence=Cadence(3), attended=sessions), "2027-05-01")[:2] == [
        "2027-02-28",
        "2027-05-31",
    ]


def test_without_any_session_the_first_one_is_due_thirty_days_after_joining() -> None:
    assert dates(harbor(cadence=Cadence(3)), "2027-02-20")[:2] == ["2026-12-02", "2027-03-02"]
    joined = harbor(cadence=Cadence(3), partner_since=day("2026-10-20"))
    assert dates(joined, "2027-02-01")[:2] == ["2026-11-19", "2027-02-19"]


def test_due_dates_clamp_from_the_anchor() -> None:
    monthly = harbor(cadence=Cadence(1, day("2027-01-31")))
    assert dates(monthly, "2027-04-08") == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]


def test_no_rhythm_sends_nothing() -> None:
    assert training(harbor(cadence=Cadence(None)), "2027-01-04") == []


def test_inactive_partner_has_no_rhythm() -> None:
    assert training(harbor(cadence=ANCHORED, active=()), "2027-01-04") == []
    former = harbor(cadence=ANCHORED, active=((day("2026-01-01"), day("2027-01-15")),))
    assert training(former, "2027-01-04") == [
        ("2026-12-28", "training-21d"),
        ("2026-12-28", "training-21d"),
        ("2027-01-15", "training-0d"),
    ]


# --- after a session ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "anchor", "last", "first_due"),
    [
        (3, "2027-02-10", "2026-12-27", "2027-05-10"),  # 45 days before: too near
        (3, "2027-02-10", "2026-12-26", "2027-02-10"),  # 46 days
        (6, "2027-02-10", "2026-12-27", "2027-08-10"),
        (1, "2027-02-10", "2027-01-26", "2027-03-10"),  # one month: 15 days
        (1, "2027-02-10", "2027-01-25", "2027-02-10"),
        (2, "2027-02-10", "2027-01-11", "2027-04-10"),  # two months: 30 days
        (2, "2027-02-10", "2027-01-10", "2027-02-10"),
    ],
)
def test_due_date_near_the_last_session_is_passed_over(
    months: int, anchor: str, last: str, first_due: str
) -> None:
    organization = harbor(cadence=Cadence(months, day(anchor)), attended=(attended(last),))
    assert dates(organization, "2027-06-01")[0] == first_due


def test_attended_session_leaves_the_anchor_where_it_was() -> None:
    organization = harbor(cadence=ANCHORED, attended=(attended("2027-01-20"),))
    assert dates(organization, "2027-04-01")[:2] == ["2027-04-15", "2027-07-15"]


def test_date_that_nobody_attended_stays_while_the_next_opens() -> None:
    organization = harbor(cadence=ANCHORED)
    assert dates(organization, "2027-08-01")[:3] == ["2027-01-15", "2027-04-15", "2027-07-15"]
    rows = {t.reference for t in plan(organization, "2027-08-01").values() if t.rule == "training"}
    assert day("2027-01-15") in rows
    assert day("2027-07-15") in rows


# --- the ladder ---------------------------------------------------------------------------------------------------


def test_ladder_asks_the_training_contact_the_owner_and_then_the_deputy() -> None:
    touches = plan(harbor(cadence=ANCHORED), "2026-11-02")
    told = {
        (t.key.split(":")[2], t.side, str(t.day), t.audience)
        for t in touches.values()
        if t.rule == "training" and t.reference == day("2027-01-15")
    }
    assert told == {
        (
            "training-21d",
            "partner",
            "2026-12-28",
            ("training",),
        ),  # 25 December is a holiday: a nudge goes after
        ("training-21d", "ours", "2026-12-28", ("owner",)),
        ("training-0d", "partner", "2027-01-15", ("training",)),
        ("training+14d", "ours", "2027-01-29", ("owner", "deputy")),
    }
    assert "organization:4:training-0d:2027-01-15:org-4:partner" in touches


def test_at_entry_only_the_latest_begun_date_and_later_ones_exist() -> None:
    organization = harbor(
        cadence=Cadence(3, day("2026-02-20"))
    )  # due 20 Feb, May, Aug, Nov; -21 is 30 October
    assert dates(organization, "2027-01-01")[:2] == ["2026-11-20", "2027-02-20"]
    later = harbor("2026-10-29", cadence=Cadence(3, day("2026-02-20")))
    assert dates(later, "2027-01-01")[:2] == ["2026-08-20", "2026-11-20"]
    on_the_day = harbor("2026-10-30", cadence=Cadence(3, day("2026-02-20")))
    assert dates(on_the_day, "2027-01-01")[0] == "2026-11-20"


def test_date_begun_but_over_at_entry_is_shown_and_sends_nothing() -> None:
    organization = harbor(
        cadence=Cadence(3), partner_since=day("2026-08-05")
    )  # due 4 September, over on 18 September
    touches = plan(organization, "2026-11-02")
    over = [t for t in touches.values() if t.rule == "training" and t.reference == day("2026-09-04")]
    assert {t.reason.code for t in over} == {"entered"}
    assert len(over) == 4
    assert training(organization, "2026-11-02")[0] == ("2026-11-13", "training-21d")


def test_running_ladder_fires_its_latest_passed_offset_after_entry() -> None:
    organization = harbor(cadence=Cadence(3, day("2026-10-26")))
    found = [t for t in training(organization, "2026-11-02") if t[0] < "2027"]
    assert found == [("2026-11-03", "training-0d"), ("2026-11-09", "training+14d")]


def test_changed_rhythm_creates_nothing_in_the_past() -> None:
    changed = Cadence(3, day("2027-01-15"), changed_on=day("2027-01-20"))
    assert training(harbor(cadence=changed), "2027-01-20")[0] == ("2027-01-29", "training+14d")


# --- cover --------------------------------------------------------------------------------------------------------


def covered(touches: dict, due: str) -> set[str]:  # type: ignore[type-arg]
    return {t.reason.code for t in touches.values() if t.rule == "training" and t.reference == day(due)}


@pytest.mark.parametrize(
    ("months", "on", "covers"),
    [
        (3, "2026-11-30", False),
        (3, "2026-12-01", True),  # 45 days before
        (3, "2027-02-14", True),  # 30 days after
        (3, "2027-02-15", False),
        (6, "2027-02-15", False),
        (1, "2026-12-30", False),
        (1, "2026-12-31", True),  # one month: 15 before, 10 after
        (1, "2027-01-25", True),
        (1, "2027-01-26", False),
        (2, "2026-12-16", True),  # two months: 30 before, 20 after
        (2, "2026-12-15", False),
        (2, "2027-02-04", True),
        (2, "2027-02-05", False),
    ],
)
def test_session_near_enough_covers_a_due_date(months: int, on: str, covers: bool) -> None:
    organization = harbor(cadence=Cadence(months, day("2027-01-15")), seats=(seat(on, "2026-11-02"),))
    touches = plan(organization, "2026-11-02")
    assert ("covered" in covered(touches, "2027-01-15")) is covers
    if covers:
        assert covered(touches, "2027-01-15") == {"covered"}
        reason = row(touches, "organization:4:training-0d:2027-01-15").reason
        assert reason.data == (("session_on", on),)


CANCELLED = "2027-01-18"  # Martin Luther King day, a Monday


@pytest.mark.parametrize(
    "lost",
    [
        {"cancelled_on": day(CANCELLED)},
        {"answer": "declined", "answered_on": day(CANCELLED)},
        {"withdrawn_on": day(CANCELLED)},
        {"on": day("2027-03-10"), "moved_on": day(CANCELLED), "moved_from": day("2027-01-25")},
    ],
)
def test_lost_cover_follows_the_rule_of_entry_from_that_day(lost: dict[str, object]) -> None:
    before = replanned(harbor(cadence=ANCHORED, seats=(seat("2027-01-25", "2026-11-02"),)), day("2026-11-02"))
    organization = replace(before, seats=(replace(before.seats[0], **lost),))  # type: ignore[arg-type]
    found = [t for t in training(organization, CANCELLED) if t[0] < "2027-03"]
    assert found == [("2027-01-19", "training-0d"), ("2027-01-29", "training+14d")]
    touches = plan(organization, CANCELLED)
    assert row(touches, "organization:4:training-21d:2027-01-15", "ours").reason.code == "entered"


def test_session_recorded_without_anyone_of_the_organization_covers_no_longer() -> None:
    held = seat("2027-01-12", "2026-11-02")
    before = replanned(harbor(cadence=ANCHORED, seats=(held,)), day("2026-11-02"))
    nobody_came = replace(before, seats=(replace(held, recorded_on=day("2027-01-13")),))
    found = [t for t in training(nobody_came, "2027-01-13") if t[0] < "2027-03"]
    assert found == [
        ("2027-01-14", "training-21d"),
        ("2027-01-14", "training-21d"),
        ("2027-01-15", "training-0d"),
        ("2027-01-29", "training+14d"),
    ]


def test_session_with_someone_of_the_organization_covers_on() -> None:
    came = seat("2027-01-12", "2026-11-02", recorded_on=day("2027-01-13"), attended=True, present=True)
    assert covered(plan(harbor(cadence=ANCHORED, seats=(came,)), "2027-01-13"), "2027-01-15") == {"covered"}


def test_one_who_declines_does_not_lose_the_cover_for_the_others() -> None:
    no = seat("2027-01-25", "2026-11-02", answer="declined", answered_on=day("2027-01-05"))
    open_one = seat("2027-01-25", "2026-11-02", id=10, contact=1)
    touches = plan(harbor(cadence=ANCHORED, seats=(no, open_one)), "2027-01-06")
    assert covered(touches, "2027-01-15") == {"covered"}


def test_second_session_keeps_the_cover_when_the_first_is_cancelled() -> None:
    first = seat("2027-01-12", "2026-11-02", cancelled_on=day("2027-01-05"))
    second: Seat = seat("2027-02-02", "2026-11-02", id=10, session=7)
    touches = plan(harbor(cadence=ANCHORED, seats=(first, second)), "2027-01-06")
    assert covered(touches, "2027-01-15") == {"covered"}


def test_lost_cover_repeats_nothing_that_went_before_it() -> None:
    past = gone(
        "organization:4:training-21d:2027-01-15:org-4:partner",
        "organization:4:training-21d:2027-01-15:org-4:ours",
        on="2026-12-28",
    )
    cancelled = seat("2027-01-25", "2026-12-29", cancelled_on=day("2027-01-05"))
    organization = harbor(cadence=ANCHORED, seats=(cancelled,), past=past)
    assert [t for t in training(organization, "2027-01-05") if t[0] < "2027-03"] == [
        ("2027-01-15", "training-0d"),
        ("2027-01-29", "training+14d"),
    ]


def test_cover_that_comes_late_skips_what_has_not_gone() -> None:
    organization = replanned(harbor(cadence=ANCHORED), day("2026-11-02"))
    key = "organization:4:training-21d:2027-01-15:org-4:partner"
    organization = handed_over(organization, [key])
    touches = plan(replace(organization, seats=(seat("2027-02-01", "2026-12-29"),)), "2026-12-29")
    assert touches[key].state is State.HANDED_OVER
    assert row(touches, "organization:4:training-0d:2027-01-15").reason.code == "covered"


def test_session_inside_a_pause_covers_nothing() -> None:
    organization = harbor(
        cadence=ANCHORED,
        seats=(seat("2027-01-12", "2026-11-02"),),
        pauses=(pause("2027-01-11", "2027-01-13", "training"),),
    )
    assert "covered" not in covered(plan(organization, "2027-01-11"), "2027-01-15")
