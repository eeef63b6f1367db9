"""The difference between what should exist and what does; and the rules against an oracle written from the policy."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from prm.rules.facts import Attended, Cadence, Past, Reason, State
from prm.rules.ladder import effective_day
from prm.rules.plan import Difference, desired, diff
from tests.rules import oracle
from tests.rules.world import (
    US_HOLIDAYS,
    WEEK,
    agreement,
    apply,
    day,
    day_by_day,
    handed_over,
    harbor,
    pause,
    plan,
    replanned,
    row,
    seat,
)

TODAY = day("2027-01-04")
HARBOR = harbor(agreements=(agreement("2027-09-30"),), cadence=Cadence(3, day("2027-02-15")))
KEY = "agreement:17:expiry-90d:2027-09-30:org-4:partner"


def difference(past: dict[str, Past], today: date = TODAY) -> Difference:
    return diff(past, desired(HARBOR, today, today + timedelta(90)), today)


def test_empty_ledger_gets_everything() -> None:
    found = difference({})
    assert {t.key for t in found.insert} == set(plan(HARBOR, TODAY))
    assert not found.update
    assert not found.withdraw


def test_second_time_writes_nothing() -> None:
    past = apply({}, difference({}))
    assert not difference(past)
    assert difference(past) == Difference()


def test_changed_row_is_updated_and_a_strange_one_withdrawn() -> None:
    past = apply({}, difference({}))
    past[KEY] = replace(past[KEY], day=day("2027-07-01"))
    past["agreement:99:review-7d:2027-05-01:org-4:ours"] = Past(State.PLANNED, day("2027-04-23"))
    past["agreement:98:review-7d:2027-05-01:org-4:ours"] = Past(State.HELD, None)
    found = difference(past)
    assert [t.key for t in found.update] == [KEY]
    assert not found.insert
    assert [key.split(":")[1] for key in found.withdraw] == ["99", "98"]


def test_changed_audience_is_a_change() -> None:
    past = apply({}, difference({}))
    past[KEY] = replace(past[KEY], audience=("primary",))
    assert [t.audience for t in difference(past).update] == [("notice",)]


def test_history_is_never_rewritten() -> None:
    past = apply({}, difference({}))
    history = {
        KEY: Past(State.HANDED_OVER, day("2026-12-31"), Reason("moved"), ("primary",)),
        "agreement:99:review-7d:2027-05-01:org-4:ours": Past(State.HANDED_OVER, day("2026-12-31")),
        "agreement:98:review-7d:2026-12-01:org-4:ours": Past(
            State.SKIPPED, day("2026-12-01"), Reason("entered")
        ),
        "agreement:97:review-7d:2027-12-01:org-4:ours": Past(State.WITHDRAWN, day("2027-12-01")),
    }
    assert not difference(past | history)


def test_skipped_row_ahead_is_withdrawn_with_its_ladder() -> None:
    covered = Past(State.SKIPPED, day("2027-05-03"), Reason("covered"))
    assert difference({"organization:4:training-0d:2027-05-03:org-4:partner": covered}).withdraw


def test_withdrawn_row_returns_while_its_day_is_ahead() -> None:
    past = apply({}, difference({}))
    past[KEY] = replace(past[KEY], state=State.WITHDRAWN)
    assert [t.state for t in difference(past).update] == [State.PLANNED]
    over = day("2027-07-06")
    assert KEY not in {t.key for t in desired(replace(HARBOR, past=past), over, over)}


def test_skipped_on_a_day_gone_by_stays_skipped() -> None:
    resting = replace(HARBOR, pauses=(pause("2027-06-01", "2027-07-31"),))
    organization = replanned(replanned(resting, TODAY), day("2027-08-02"))
    by_mistake = replanned(replace(organization, pauses=()), day("2027-08-02"))
    assert (by_mistake.past[KEY].state, by_mistake.past[KEY].reason.code) == (State.SKIPPED, "paused")


def test_planned_ahead_is_what_happens() -> None:
    ahead = {
        (t.day, t.key)
        for t in plan(HARBOR, TODAY, day("2028-01-04")).values()
        if t.state is State.PLANNED and t.day is not None and t.day < day("2028-01-04")
    }
    _, sent = day_by_day(HARBOR, TODAY, 365)
    assert {(on, t.key) for on, t in sent} == ahead
    assert len([t for _, t in sent if t.record == "agreement:17"]) == 18  # 6 + 10, and an entry for each side


def test_handed_over_touch_comes_back_as_it_went() -> None:
    organization = handed_over(replanned(HARBOR, TODAY), [KEY])
    moved = replace(organization, agreements=(replace(HARBOR.agreements[0], starts_on=day("2027-01-01")),))
    touch = row(plan(moved, "2027-07-03"), KEY)
    assert (touch.state, touch.day) == (State.HANDED_OVER, day("2027-07-02"))


# --- the oracle ---------------------------------------------------------------------------------------------------

ENTRIES = st.dates(date(2026, 6, 1), date(2027, 12, 31))


def works(on: date) -> bool:
    return on.isoweekday() <= 5 and on not in US_HOLIDAYS


def sendings(organization: object, rule: str, reference: date, today: date) -> set[oracle.Sending]:
    touches = plan(organization, today, today + timedelta(400)).values()  # type: ignore[arg-type]
    return {
        oracle.Sending(on, str(t.side), t.offset or 0)
        for t in touches
        if t.rule == rule and t.reference == reference and t.state is State.PLANNED
        if (on := effective_day(t, today, WEEK)) is not None
    }


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    entered=ENTRIES,
    ahead=st.integers(-60, 260),
    lead=st.sampled_from([0, 30, 89, 90, 91, 120, 200]),
    term=st.none() | st.integers(5, 400),
    asleep=st.just(0) | st.integers(1, 200),
    leaving=st.none() | st.none() | st.integers(0, 100),
)
def test_renewal_is_what_the_oracle_says(
    entered: date, ahead: int, lead: int, term: int | None, asleep: int, leaving: int | None
) -> None:
    ends = entered + timedelta(ahead)
    starts = None if term is None else ends - timedelta(term)
    awake = entered + timedelta(asleep)
    notice_on = None if leaving is None else entered + timedelta(leaving)
    one = agreement(ends.isoformat(), entered, starts_on=starts, notice_on=notice_on)
    organization = harbor(entered, agreements=(one,), approval_lead_days=lead, active=())
    expected = oracle.renewal(ends, lead, starts, entered, awake, works, leaving=notice_on)
    assert sendings(organization, "expiry", ends, awake) == expected


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    entered=ENTRIES,
    months=st.sampled_from([1, 2, 3, 4, 6, 12]),
    anchor=st.none() | st.integers(-500, 200),
    sessions=st.lists(st.integers(0, 300), max_size=3, unique=True),
    joined=st.none() | st.integers(0, 700),
    invited=st.lists(st.integers(1, 200), max_size=2, unique=True),
    asleep=st.just(0) | st.integers(1, 150),
)
def test_training_is_what_the_oracle_says(
    entered: date,
    months: int,
    anchor: int | None,
    sessions: list[int],
    joined: int | None,
    invited: list[int],
    asleep: int,
) -> None:
    anchor_on = None if anchor is None else entered + timedelta(anchor)
    attended = [entered - timedelta(n) for n in sessions]
    since = None if joined is None else entered - timedelta(joined)
    at = [entered + timedelta(n) for n in invited]
    awake = entered + timedelta(asleep)
    organization = harbor(
        entered,
        cadence=Cadence(months, anchor_on),
        attended=tuple(Attended(on, entered) for on in attended),
        partner_since=since,
        seats=tuple(seat(on.isoformat(), entered.isoformat(), id=n, session=n) for n, on in enumerate(at)),
    )
    expected = oracle.training_dates(months, anchor_on, attended, since, entered, works)
    horizon = awake + timedelta(300)
    found = {
        t.reference
        for t in plan(organization, awake, awake + timedelta(400)).values()
        if t.rule == "training"
    }
    assert {due for due in found if due < horizon} == {due for due in expected if due < horizon}
    for due in sorted(found):
        assert sendings(organization, "training", due, awake) == oracle.training(
            due, months, at, entered, awake, works
        )
