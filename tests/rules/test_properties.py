"""What holds for every organization, whatever is true of it and however its facts change."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings

from prm.rules.facts import Organization, Past, Pause, Side, State
from prm.rules.ladder import Touch
from prm.rules.plan import desired, diff
from prm.rules.succession import our_recipients, partner_recipients
from tests.rules.world import HORIZON, apply, due, handed_over, plan, replanned
from tests.rules.worlds import stories, worlds

# The same examples each time: a run takes no longer, and nobody's change fails over another's find. Raise the numbers
# and drop `derandomize` to search.
quick = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
slow = settings(
    max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)

Story = tuple[date, list[tuple[date, Organization]]]


def next_busy(organization: Organization, today: date) -> date:
    """The next day on which anything can happen while the facts stay as they are; a fortnight at most."""
    days = [
        p.day
        for p in organization.past.values()
        if p.state in (State.PLANNED, State.HELD) and p.day is not None
    ]
    late = [organization.week.after(today)] if any(d <= today for d in days) else []
    return min([*late, *(d for d in days if d > today), today + timedelta(14)])


def live(
    organization: Organization, first: date, until: date
) -> Iterator[tuple[date, Organization, list[Touch]]]:
    """Replan and hand over from day to day: each day, the organization afterwards and what it sent."""
    today = first
    while today < until:
        organization = replanned(organization, today)
        touches = due(organization, today)
        organization = handed_over(organization, (t.key for t in touches))
        yield today, organization, touches
        today = next_busy(organization, today)


def told(story: Story) -> Iterator[tuple[date, Organization, list[Touch]]]:
    """Live through a story whose facts change, and 200 days on."""
    _, chapters = story
    past: dict[str, Past] = {}
    ends = [start for start, _ in chapters[1:]] + [chapters[-1][0] + timedelta(200)]
    for (start, organization), end in zip(chapters, ends, strict=True):
        for today, now, touches in live(replace(organization, past=past), start, end):
            past = dict(now.past)
            yield today, now, touches


def silencing(touch: Touch, pauses: tuple[Pause, ...]) -> list[Pause]:
    at_once = touch.offset is None  # an invitation goes at once, a corrected entry too
    if touch.side is Side.OURS or touch.rule == "talk" or at_once:
        return []
    scopes = {"all"} if touch.category == "renewal" else {"training", "all"}
    return [p for p in pauses if p.scope in scopes]


@quick
@given(worlds())
def test_applying_a_difference_leaves_an_empty_one(world: tuple[Organization, date]) -> None:
    organization, today = world
    organization = replanned(organization, today)
    wanted = desired(organization, today, today + HORIZON)
    assert not diff(organization.past, wanted, today)
    assert len({t.key for t in wanted}) == len(wanted)


@slow
@given(stories())
def test_ledger_settles_at_once_and_what_has_gone_never_changes(story: Story) -> None:
    sent: set[str] = set()
    for today, organization, touches in told(story):
        again = replanned(organization, today)
        assert replanned(again, today).past == again.past
        sent |= {touch.key for touch in touches}
        assert {key for key, past in again.past.items() if past.state is State.HANDED_OVER} == sent
        assert all(
            plan(again, today)[t.key].state is State.HANDED_OVER
            for t in touches
            if t.key in plan(again, today)
        )


@slow
@given(stories())
def test_nothing_goes_twice_and_no_two_offsets_of_a_side_on_one_day(story: Story) -> None:
    keys: Counter[str] = Counter()
    for today, _, touches in told(story):
        keys.update(t.key for t in touches)
        steps = Counter(t.ladder for t in touches if t.offset is not None)
        assert not [ladder for ladder, n in steps.items() if n > 1], today
    assert not [key for key, n in keys.items() if n > 1]


@slow
@given(stories())
def test_no_touch_reaches_the_partner_inside_a_pause_that_silences_it(story: Story) -> None:
    for today, organization, touches in told(story):
        for touch in touches:
            for pause in silencing(touch, organization.pauses):
                inside = pause.starts_on <= today and (pause.ends_on is None or today <= pause.ends_on)
                assert not inside, touch.key


@slow
@given(stories())
def test_touches_go_on_working_days_after_entry_and_not_too_late(story: Story) -> None:
    entered, _ = story
    for today, organization, touches in told(story):
        for touch in touches:
            assert touch.at_once or organization.week.is_working(today)
            assert today >= entered
            if touch.side is Side.PARTNER and touch.rule in ("expiry", "start"):
                assert today <= touch.reference
            if touch.offset is not None and touch.rule not in ("expiry", "review", "start"):
                assert today >= touch.nominal


@quick
@given(worlds())
def test_every_agreement_and_rhythm_has_a_future_or_a_stated_reason(world: tuple[Organization, date]) -> None:
    organization, today = world
    touches = plan(organization, today).values()
    for agreement in organization.agreements:
        mine = [t for t in touches if t.record == f"agreement:{agreement.id}"]
        goes_on = agreement.in_force and agreement.notice_on is None
        assert bool(mine) is (goes_on or agreement.waiting_since is not None)
        assert all(
            t.goes or t.reason.data or t.reason.code in {"no_contact", "paused", "paused_open"} for t in mine
        )
    if organization.cadence.months is not None and organization.is_active(today + timedelta(500)):
        assert any(t.rule == "training" and t.nominal > today for t in touches)


@slow
@given(worlds())
def test_plans_made_daily_or_once_a_month_end_in_the_same_rows(world: tuple[Organization, date]) -> None:
    organization, first = world
    daily, seldom = organization, organization
    for n in range(64):
        today = first + timedelta(n)
        daily = replanned(replanned(daily, today), today)
        if n % 31 == 1:
            seldom = replanned(seldom, today)
            assert rows(daily) == rows(seldom)


def rows(organization: Organization) -> dict[str, tuple[State, date | None]]:
    """State and day of each row, without what was planned and withdrawn again, or the day of what does not go."""
    ahead = (State.PLANNED, State.HELD)
    past = {key: p for key, p in organization.past.items() if p.state is not State.WITHDRAWN}
    return {key: (p.state, p.day if p.state in ahead else None) for key, p in past.items()}


@slow
@given(worlds())
def test_year_of_heartbeats_hands_over_what_the_first_day_foretold(world: tuple[Organization, date]) -> None:
    organization, first = world
    last = first + timedelta(365)
    ahead = desired(replanned(organization, first), first, last)
    foretold = {
        (
            organization.week.on_or_after(first) if t.day < first and not t.at_once else max(t.day, first),
            t.key,
        )
        for t in ahead
        if t.state in (State.PLANNED, State.HELD)
        and t.day is not None
        and t.rule != "after"  # waits for attendance
    }
    lived = live(organization, first, last)
    sent = {(today, t.key) for today, _, touches in lived for t in touches if t.rule != "after"}
    assert sent == {(on, key) for on, key in foretold if on < last}


@quick
@given(worlds())
def test_audience_is_never_empty_and_never_everybody(world: tuple[Organization, date]) -> None:
    organization, today = world
    for touch in plan(organization, today).values():
        assert touch.audience
        on = touch.day or today
        if touch.side is Side.OURS:
            assert our_recipients(organization.people, touch.audience, on)
        elif touch.state is State.PLANNED and touch.offset is not None:
            found = partner_recipients(organization.people, touch.audience, on, touch.category, touch.person)
            assert found
            assert len(found) < 3


@quick
@given(worlds())
def test_ledger_reads_back_what_was_desired(world: tuple[Organization, date]) -> None:
    organization, today = world
    wanted = plan(organization, today)
    past = apply({}, diff({}, wanted.values(), today))
    assert {key: (p.state, p.day) for key, p in past.items()} == {
        k: (t.state, t.day) for k, t in wanted.items()
    }
