"""A pause in stretches: closed until one day, ask first until another. The partner is asked once, at the very end."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from prm.rules.facts import Cadence, Organization, Pause, Side, State, Talk
from prm.rules.pausing import Openness, last_stretch, next_stretch, openness
from tests.rules.world import LONG_AGO, day, day_by_day, going, harbor, pause, plan
from tests.rules.worlds import SCOPES

WINTER = pause("2027-11-30", "2028-02-29", "referrals", declared_by=2)
SPRING = pause(
    "2028-03-01", "2028-05-31", "referrals", id=6, effect="limited", continues=5, entered_on=WINTER.entered_on
)
quick = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def resting(*pauses: Pause, **facts: object) -> Organization:
    return harbor("2027-09-01", pauses=pauses, cadence=Cadence(None), **facts)


def about_pauses(organization: Organization, today: str, side: str) -> list[tuple[str, str]]:
    return going(plan(organization, today), "pause", side)


def test_partner_is_asked_at_the_end_of_the_last_stretch_only() -> None:
    organization = resting(WINTER, SPRING)
    assert about_pauses(organization, "2027-11-30", "partner") == [("2028-05-24", "pause:6:talk-7d")]


def test_owner_hears_of_the_change_and_talks_at_the_end() -> None:
    assert about_pauses(resting(WINTER, SPRING), "2027-11-30", "ours") == [
        ("2028-03-01", "pause:6:change-0d"),
        ("2028-05-24", "pause:6:talk-7d"),
        ("2028-05-31", "pause:6:talk-0d"),
        ("2028-06-07", "pause:6:talk+7d"),
        ("2028-06-14", "pause:6:talk+14d"),
    ]


def test_change_on_a_closed_day_is_said_on_the_next_one() -> None:
    closed = replace(WINTER, ends_on=day("2027-12-24"), talk_on=day("2027-12-24"))
    after = replace(SPRING, starts_on=day("2027-12-25"))  # a Saturday
    ours = about_pauses(resting(closed, after), "2027-11-30", "ours")
    assert ours[0] == ("2027-12-27", "pause:6:change-0d")


def test_talk_of_the_first_stretch_is_in_nobodys_calendar() -> None:
    entries = [t for t in plan(resting(WINTER, SPRING), "2027-11-30").values() if t.rule == "talk-entry"]
    assert {(t.record, t.reference) for t in entries} == {("pause:6", day("2028-05-31"))}
    assert len(entries) == 2


def test_last_stretch_taken_back_leaves_the_talk_where_it_was() -> None:
    assert about_pauses(resting(WINTER), "2027-11-30", "partner") == [("2028-02-22", "pause:5:talk-7d")]


def test_second_stretch_stands_when_the_first_is_taken_back() -> None:
    ours = about_pauses(resting(SPRING), "2027-11-30", "ours")
    assert [key for _on, key in ours] == [
        "pause:6:talk-7d",
        "pause:6:talk-0d",
        "pause:6:talk+7d",
        "pause:6:talk+14d",
    ]


def test_stay_in_touch_waits_for_the_talk_at_the_very_end() -> None:
    touches = plan(resting(WINTER, SPRING), "2027-11-30")
    assert going(touches, "organization:4:touch") == [("2028-05-31", "organization:4:touch+120d")]


def test_openness_follows_the_stretches_and_asks_after_the_last() -> None:
    told = [WINTER, SPRING]
    assert openness(told, day("2028-02-29")) is Openness.PAUSED
    assert openness(told, day("2028-03-01")) is Openness.LIMITED
    assert openness(told, day("2028-06-01")) is Openness.TO_BE_CONFIRMED
    answered = [WINTER, replace(SPRING, answered_on=day("2028-06-01"))]
    assert openness(answered, day("2028-06-01")) is Openness.OPEN


def test_what_continues_itself_or_something_later_follows_nothing() -> None:
    itself = replace(WINTER, continues=5)
    assert next_stretch([itself], itself) is None
    earlier = replace(WINTER, id=4, continues=6, starts_on=day("2027-01-01"))
    assert last_stretch([SPRING, earlier], SPRING) is SPRING


@st.composite
def chains(draw: st.DrawFn) -> tuple[Organization, date, list[Pause]]:
    """Two to four stretches without a gap, all known on the first day."""
    first = date(2027, 6, 7) + timedelta(draw(st.integers(0, 200)))
    scope = draw(st.sampled_from(SCOPES))
    starts_on, stretches = first + timedelta(draw(st.integers(0, 20))), list[Pause]()
    for number in range(1, draw(st.integers(2, 4)) + 1):
        ends_on = starts_on + timedelta(draw(st.integers(0, 45)))
        before = number - 1 if stretches else None
        stretches.append(
            Pause(number, scope, starts_on, ends_on, ends_on, first, first, declared_by=1, continues=before)
        )
        starts_on = ends_on + timedelta(1)
    talks = (Talk(first, first),)
    organization = harbor(LONG_AGO, pauses=tuple(stretches), talks=talks, cadence=Cadence(3, first))
    return organization, first, stretches


@quick
@given(chains())
def test_any_chain_asks_the_partner_once_and_tells_us_of_every_seam(
    chain: tuple[Organization, date, list[Pause]],
) -> None:
    organization, first, stretches = chain
    last = stretches[-1]
    assert last.ends_on is not None
    _after, sent = day_by_day(organization, first, (last.ends_on - first).days + 30)
    asked = {t.record for _on, t in sent if t.rule in ("talk", "talk-entry")}
    assert asked == {f"pause:{last.id}"}
    told = [(t.record, t.side, t.audience) for _on, t in sent if t.rule == "change"]
    assert told == [(f"pause:{one.id}", Side.OURS, ("owner",)) for one in stretches[1:]]
    if last.scope in ("training", "all"):
        theirs = [on for on, t in sent if t.category == "training" and t.side is Side.PARTNER]
        assert not [on for on in theirs if stretches[0].starts_on <= on <= last.ends_on]
    calls = [on for on, t in sent if t.rule == "touch"]
    assert not [on for on in calls if stretches[0].starts_on <= on < last.talk_on]


@quick
@given(chains(), st.integers(0, 3), st.integers(0, 30))
def test_moved_seam_is_told_on_its_new_day_and_never_on_both(
    chain: tuple[Organization, date, list[Pause]], which: int, later: int
) -> None:
    organization, first, stretches = chain
    seam = stretches[1:][which % len(stretches[1:])]
    before = next(one for one in stretches if one.id == seam.continues)
    assert before.ends_on is not None
    assert seam.ends_on is not None
    ends_on = min(before.ends_on + timedelta(later), seam.ends_on - timedelta(1))
    assume(ends_on > before.ends_on)
    moved = {
        before.id: replace(before, ends_on=ends_on, talk_on=ends_on, changed_on=first),
        seam.id: replace(seam, starts_on=ends_on + timedelta(1), changed_on=first),
    }
    organization = replace(organization, pauses=tuple(moved.get(one.id, one) for one in stretches))
    told = [t for t in plan(organization, first).values() if t.key.startswith(f"pause:{seam.id}:change")]
    assert [t.reference for t in told] == [ends_on + timedelta(1)]
    assert all(t.state is State.PLANNED for t in told)


def test_nobody_of_the_partner_is_named_at_a_seam() -> None:
    touches = plan(resting(WINTER, SPRING), "2027-11-30")
    [change] = [t for t in touches.values() if t.rule == "change"]
    assert (change.side, change.person, change.audience) == (Side.OURS, None, ("owner",))
