"""Message states and retries: any order of events settles the same, and delays grow within bounds."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prm.rules import delivery

events = st.sampled_from([*delivery.PROVED_BY, "nobody-knows"])
states = st.sampled_from(delivery.STATES)


def settle(state: str, happened: list[str]) -> str:
    for event in happened:
        state = delivery.next_state(state, event)
    return state


@given(states, st.lists(events, max_size=6), st.randoms())
def test_events_in_any_order_end_the_same(state: str, happened: list[str], dice: object) -> None:
    shuffled = list(happened)
    dice.shuffle(shuffled)
    assert settle(state, shuffled) == settle(state, happened)


@given(states, st.lists(events, max_size=6))
def test_events_told_twice_change_nothing(state: str, happened: list[str]) -> None:
    once = settle(state, happened)
    assert settle(once, happened) == once


def test_delivered_after_returned_stays_returned() -> None:
    assert settle(delivery.SENT, ["bounced", "delivered"]) == delivery.BOUNCED


def test_a_report_from_outside_weighs_more_than_our_giving_up() -> None:
    ends = {
        settle(delivery.SENDING, list(order)) for order in permutations(["gave_up", "delivered", "accepted"])
    }
    assert ends == {delivery.DELIVERED}


def test_an_unknown_event_changes_nothing() -> None:
    assert delivery.next_state(delivery.SENT, "nobody-knows") == delivery.SENT


@given(st.integers(1, 200), st.floats(0, 1))
def test_delays_stay_between_half_a_minute_and_six_hours(attempt: int, jitter: float) -> None:
    assert timedelta(seconds=30) <= delivery.retry_delay(attempt, jitter) <= timedelta(hours=6)


@given(st.integers(1, 100), st.floats(0, 1))
def test_delays_never_shrink_with_more_attempts(attempt: int, jitter: float) -> None:
    assert delivery.retry_delay(attempt + 1, jitter) >= delivery.retry_delay(attempt, jitter)


def test_delays_double_from_one_minute() -> None:
    assert [delivery.retry_delay(n, 0.5) for n in (1, 2, 3)] == [timedelta(minutes=m) for m in (1, 2, 4)]


@pytest.mark.parametrize(("attempt", "jitter"), [(0, 0.5), (1, -0.1), (1, 1.1)])
def test_delays_refuse_what_makes_no_sense(attempt: int, jitter: float) -> None:
    with pytest.raises(ValueError, match=r"attempt|jitter"):
        delivery.retry_delay(attempt, jitter)


def test_jitter_is_steady_for_one_key_and_spreads_over_many() -> None:
    keys = [f"{n * 0x10001:064x}"[::-1] for n in range(1, 200)]
    spread = [delivery.jitter_of(key) for key in keys]
    assert spread == [delivery.jitter_of(key) for key in keys]
    assert all(0 <= jitter <= 1 for jitter in spread)
    assert len(set(spread)) > 150


def test_twenty_five_attempts_are_the_end_and_take_days() -> None:
    assert not delivery.gives_up(24)
    assert delivery.gives_up(25)
    patience = sum((delivery.retry_delay(n, 0.5) for n in range(1, 25)), timedelta())
    assert timedelta(days=2) < patience < timedelta(days=5)


@pytest.mark.parametrize(
    ("code", "final"), [(None, False), (250, False), (421, False), (451, False), (550, True)]
)
def test_smtp_refuses_for_good_with_500s_only(code: int | None, final: bool) -> None:
    assert delivery.is_final(code) is final


@pytest.mark.parametrize(
    ("code", "final"),
    [(None, False), (400, True), (422, True), (401, False), (429, False), (500, False), (503, False)],
)
def test_services_refuse_for_good_what_is_wrong_with_the_message(code: int | None, final: bool) -> None:
    assert delivery.is_final_over_http(code) is final
