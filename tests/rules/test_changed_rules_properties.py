"""What holds whatever staff make of the rules, and whenever they do."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from prm.rules.changing import FARTHEST, SERIES, Series
from prm.rules.facts import Organization, Side
from prm.rules.plan import desired, diff
from prm.rules.steps import Rule, Step
from tests.rules import oracle
from tests.rules.test_plan import ENTRIES, sendings, works
from tests.rules.test_properties import live, quick, slow
from tests.rules.world import HORIZON, agreement, harbor, plan, replanned
from tests.rules.worlds import worlds


def some(roles: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(roles), unique=True, max_size=2).map(tuple) if roles else st.just(())


@st.composite
def steps(draw: st.DrawFn, series: Series) -> tuple[Step, ...]:
    """Any steps that a person may choose for a series, near enough to matter."""
    near = 40 if series.repeats else 120
    within = st.integers(max(series.first, -near), min(series.last, near))
    offsets = sorted(draw(st.sets(within, min_size=1, max_size=1 if series.repeats else 5)))
    found = []
    for offset in offsets:
        partner = draw(some(series.partner if offset <= series.partner_last else ()))
        ours = draw(some(series.ours))
        nobody = not partner and not ours
        found.append(
            Step(
                offset,
                series.partner[:1] if nobody and not series.ours else partner,
                series.ours[:1] if nobody else ours,
            )
        )
    return tuple(found)


@st.composite
def rules(draw: st.DrawFn, today: date) -> tuple[Rule, ...]:
    """Rules that somebody changed, or set back, on `today`: some for everyone, some for this organization."""
    chosen = draw(st.lists(st.sampled_from(sorted(SERIES)), min_size=1, max_size=4, unique=True))
    found = []
    for name in chosen:
        for own in draw(st.sampled_from([(False,), (True,), (True, False)])):
            said = draw(st.none() | st.just(()) | steps(SERIES[name]))
            dated = said if said is None else tuple(step.since(today) for step in said)
            found.append(Rule(name, dated, today, own=own))
    return tuple(found)


@st.composite
def changes(draw: st.DrawFn) -> tuple[Organization, date, date, tuple[Rule, ...]]:
    """An organization, its first day, the day on which rules change, and to what."""
    organization, first = draw(worlds())
    changed_on = first + timedelta(draw(st.integers(0, 100)))
    return organization, first, changed_on, draw(rules(changed_on))


Changed = tuple[Organization, date, date, tuple[Rule, ...]]


@slow
@given(changes())
def test_a_changed_rule_sends_nothing_late_and_nothing_to_the_partner_after_the_day(changed: Changed) -> None:
    organization, first, changed_on, new = changed
    before = replanned(organization, first)
    for _, now, _ in live(organization, first, changed_on):
        before = now
    sent: set[str] = set()
    for today, _, touches in live(replace(before, rules=new), changed_on, changed_on + timedelta(200)):
        for touch in touches:
            assert touch.key not in sent
            sent.add(touch.key)
            assert touch.key in before.past or touch.at_once or (touch.day or today) >= changed_on
            if touch.side is Side.PARTNER and touch.rule in ("expiry", "start"):
                assert today <= touch.reference
            if touch.side is Side.PARTNER and touch.offset is not None:
                assert touch.offset <= SERIES[touch.rule].partner_last


@quick
@given(worlds(), st.data())
def test_the_ledger_settles_at_once_under_any_rules(
    world: tuple[Organization, date], data: st.DataObject
) -> None:
    organization, today = world
    organization = replace(replanned(organization, today), rules=data.draw(rules(today)))
    organization = replanned(organization, today)
    wanted = desired(organization, today, today + HORIZON)
    assert not diff(organization.past, wanted, today)
    off = {one.rule for one in organization.rules if one.steps == () and one.own}
    assert not [touch for touch in wanted if touch.rule in off]


@quick
@given(worlds())
def test_the_usual_steps_written_down_are_the_usual_plan(world: tuple[Organization, date]) -> None:
    organization, today = world
    written = tuple(Rule(name, one.usual(), date(2020, 1, 1)) for name, one in SERIES.items())
    set_back = tuple(Rule(name, None, date(2020, 1, 1), own=True) for name in SERIES)
    assert plan(replace(organization, rules=(*written, *set_back)), today) == plan(organization, today)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    entered=ENTRIES,
    ahead=st.integers(-60, 260),
    lead=st.sampled_from([0, 45, 120]),
    asleep=st.just(0) | st.integers(1, 200),
    chosen=steps(SERIES["expiry"]),
)
def test_changed_renewal_is_what_the_oracle_says(
    entered: date, ahead: int, lead: int, asleep: int, chosen: tuple[Step, ...]
) -> None:
    ends, awake = entered + timedelta(ahead), entered + timedelta(asleep)
    one = Rule("expiry", chosen, entered - timedelta(30))
    organization = harbor(
        entered,
        agreements=(agreement(ends.isoformat(), entered),),
        approval_lead_days=lead,
        active=(),
        rules=(one,),
    )
    sides = {step.offset: "p" * bool(step.partner) + "o" * bool(step.ours) for step in chosen}
    expected = oracle.renewal(ends, lead, None, entered, awake, works, instead=sides)
    assert sendings(organization, "expiry", ends, awake) == expected


def test_what_may_be_chosen_holds_what_is_usual() -> None:
    for series in SERIES.values():
        for step in series.usual():
            assert series.first <= step.offset <= series.last <= FARTHEST
            assert set(step.partner) <= set(series.partner)
            assert set(step.ours) <= set(series.ours)
            assert not step.partner or step.offset <= series.partner_last
