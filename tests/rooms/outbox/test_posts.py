"""Several connections at once, where a route's answers take the time: each mail once, and each settled by itself."""

import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from prm.outbox import actions, delivery, posts
from prm.outbox.actions import Draft
from prm.outbox.delivery import Counts, drain
from prm.outbox.models import Message

from .conftest import MONDAY, Clock, Relay
from .narrow import EmailBackend as Narrow

pytestmark = pytest.mark.django_db
Make = Callable[..., Draft]
FAR_AWAY = 0.05  # seconds that a mail takes there
NUMBER = 24


@pytest.fixture(autouse=True)
def _four(settings: Any) -> None:
    settings.PRM_CONNECTIONS = 4


@pytest.fixture
def waiting(draft: Make) -> list[str]:
    """Mails to so many recipients, in their order."""
    recipients = [f"anna{n}@harbor.example" for n in range(NUMBER)]
    before = MONDAY - timedelta(hours=1)
    drafts = [draft(recipient=one, due_at=before + timedelta(seconds=n)) for n, one in enumerate(recipients)]
    actions.write(drafts, now=MONDAY)
    return recipients


def states() -> set[tuple[str, int]]:
    return set(Message.objects.values_list("state", "attempts"))


def test_a_relay_far_away_is_given_several_mails_at_once(relay: Relay, waiting: list[str]) -> None:
    relay.delay = FAR_AWAY
    assert drain(now=Clock(), owner="one", batch=10) == Counts(sent=NUMBER)
    assert sorted(relay.recipients) == sorted(waiting)
    assert (relay.connections, relay.most_at_once) == (4, 4)
    assert states() == {("sent", 1)}


def test_a_relay_near_by_is_served_over_one_connection_in_order(
    relay: Relay, waiting: list[str], monkeypatch: Any
) -> None:
    monkeypatch.setattr(posts, "SLOW", 60)
    assert drain(now=Clock(), owner="one").sent == NUMBER
    assert (relay.connections, relay.recipients) == (1, waiting)


def test_the_threads_of_a_process_go_on_for_longer_only_while_it_sends(
    relay: Relay, waiting: list[str]
) -> None:
    usual, seen = sys.getswitchinterval(), set()
    relay.meanwhile = lambda: seen.add(round(sys.getswitchinterval(), 6))
    assert drain(now=Clock(), owner="one").sent == NUMBER
    assert seen == {posts.TURN}
    assert usual == sys.getswitchinterval() < posts.TURN


def test_a_relay_that_takes_few_connections_gets_no_more_and_no_mail_pays_for_it(
    relay: Relay, waiting: list[str], settings: Any, monkeypatch: Any
) -> None:
    settings.EMAIL_BACKEND = f"{Narrow.__module__}.EmailBackend"
    relay.delay = FAR_AWAY
    assert drain(now=Clock(), owner="one") == Counts(sent=NUMBER)
    assert (relay.connections, relay.most_at_once, Narrow.now_open) == (2, 2, 0)
    assert states() == {("sent", 1)}


def test_a_relay_that_goes_away_costs_only_the_mails_in_hand_an_attempt(
    relay: Relay, waiting: list[str], settings: Any, monkeypatch: Any
) -> None:
    settings.EMAIL_BACKEND = f"{Narrow.__module__}.EmailBackend"
    monkeypatch.setattr(Narrow, "allowed", 4)
    relay.delay = FAR_AWAY

    def goes_away() -> None:
        if len(relay.mails) == 12:
            Narrow.allowed, relay.cut = 0, NUMBER

    relay.meanwhile = goes_away
    done = drain(now=Clock(), owner="one")
    assert (done.stuck, done.failed, Narrow.now_open) == (1, 0, 0)
    tried = Message.objects.filter(state="waiting", attempts=1)
    assert 1 <= tried.count() == done.retried <= 5  # four were cut, one found the door closed
    assert Message.objects.filter(state="waiting").count() == NUMBER - done.sent
    relay.cut, Narrow.allowed = 0, 4
    assert drain(now=Clock(MONDAY + timedelta(minutes=3)), owner="one").sent == NUMBER - done.sent
    assert {mail["To"] for mail in relay.mails} == {f"Anna Reyes <{one}>" for one in waiting}


def test_what_is_on_its_way_when_a_drain_breaks_off_is_waited_for_and_settled(
    relay: Relay, waiting: list[str], monkeypatch: Any
) -> None:
    relay.delay = FAR_AWAY
    claim = actions.claim

    def lost_after_the_first(**asked: Any) -> list[Message]:
        if relay.mails:
            raise OperationalError("the connection is lost")
        return claim(**asked)

    monkeypatch.setattr(actions, "claim", lost_after_the_first)
    with pytest.raises(OperationalError, match="is lost"):
        drain(now=Clock(), owner="one", batch=10)
    assert len(relay.mails) == 10
    assert Message.objects.filter(state="sent").count() == 10
    assert Message.objects.filter(state="waiting", attempts=0).count() == NUMBER - 10


def test_a_sender_that_is_stopped_while_a_line_opens_and_woken_after_its_lease_does_not_send_that_mail(
    relay: Relay, waiting: list[str], settings: Any, monkeypatch: Any
) -> None:
    settings.EMAIL_BACKEND, settings.PRM_CONNECTIONS = f"{Narrow.__module__}.EmailBackend", 1
    seconds = [0.0]
    for module in (posts, delivery):
        monkeypatch.setattr(module, "perf_counter", lambda: seconds[0])

    def sleeps(_line: Narrow) -> None:
        seconds[0] += actions.LEASE.total_seconds()

    monkeypatch.setattr(Narrow, "meanwhile", sleeps)
    assert (
        drain(now=Clock(), owner="one").sent == NUMBER
    )  # what it gave back it finds again: nobody else was there
    assert relay.recipients[:10] == [*waiting[1:10], waiting[0]]
    assert states() == {("sent", 1)}


def test_of_few_mails_one_sender_leaves_some_to_others(
    relay: Relay, waiting: list[str], settings: Any
) -> None:
    """A claim takes at most a quarter of what waits, or ten; so two that send come to the end together."""
    settings.PRM_CONNECTIONS = 1
    claimed: list[int] = []

    class Look(Clock):
        def __call__(self) -> Any:
            claimed.append(Message.objects.filter(state="sending").count())
            return super().__call__()

    assert drain(now=Look(), owner="one").sent == NUMBER
    assert max(claimed) == 10


def test_one_that_is_refused_among_many_fails_alone(relay: Relay, waiting: list[str]) -> None:
    relay.delay = FAR_AWAY
    relay.refused = {waiting[7]: "550 no such person here", waiting[9]: "451 come back later"}
    assert drain(now=Clock(), owner="one") == Counts(sent=NUMBER - 2, failed=1, retried=1)
