"""The letterbox's rows: written once, claimed by one, settled by their owner only."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from prm.accounts.models import Program
from prm.outbox import actions, queries
from prm.outbox.actions import CalendarPart, Draft
from prm.outbox.models import Message
from prm.rules import delivery

from .conftest import KEY, MONDAY

pytestmark = pytest.mark.django_db
Make = Callable[..., Draft]
REVIEW = "agreement:17:expiry-30d:2027-09-30:org-4:partner"
OTHERS = "agreement:18:expiry-60d:2027-09-30:org-5:partner"


def claim(owner: str = "one", limit: int = 10, **options: Any) -> list[Message]:
    return actions.claim(now=options.pop("now", MONDAY), owner=owner, limit=limit, **options)


def test_the_same_draft_is_written_once(draft: Make) -> None:
    assert actions.write([draft(), draft(subject="Other words")], now=MONDAY) == 1
    assert actions.write([draft()], now=MONDAY) == 0
    assert Message.objects.get().subject == "Our agreement ends on Thu 30 Sep 2027"


@pytest.mark.parametrize("number", [1, 3, 20])
def test_writing_takes_as_many_queries_for_twenty_as_for_one(
    draft: Make, django_assert_num_queries: Any, number: int
) -> None:
    many = [draft(recipient=f"anna{n}@harbor.example") for n in range(number)]
    with django_assert_num_queries(4):  # look, insert, and the savepoint around them
        assert actions.write(many, now=MONDAY) == number


def test_two_recipients_never_share_a_message_id(draft: Make) -> None:
    actions.write([draft(), draft(recipient="ben@harbor.example")], now=MONDAY)
    ids = set(Message.objects.values_list("message_id", flat=True))
    assert len(ids) == 2
    assert all(name.startswith("<") and name.endswith("@example.org>") for name in ids)


def test_the_key_is_recipient_and_sorted_touches(draft: Make) -> None:
    one = draft(keys=(KEY, REVIEW))
    assert actions.message_key(one) == actions.message_key(draft(keys=(REVIEW, KEY), subject="x", kind="y"))
    assert actions.message_key(one) == actions.message_key(
        draft(keys=(KEY, REVIEW), recipient="Anna@Harbor.example")
    )
    assert actions.message_key(one) != actions.message_key(draft(keys=(KEY,)))


def test_the_key_of_calendar_mail_counts_method_and_sequence(draft: Make, entry: CalendarPart) -> None:
    versions = [entry, replace(entry, sequence=1), replace(entry, sequence=1, method="CANCEL")]
    keys = {actions.message_key(draft(calendar=version)) for version in versions}
    assert len(keys | {actions.message_key(draft())}) == 4


def test_the_key_without_touches_is_kind_and_subject_matter(draft: Make) -> None:
    drafts = [
        draft(keys=(), kind=kind, about=about)
        for kind in ("digest", "other")
        for about in ("2027-06-07", "8")
    ]
    assert len({actions.message_key(one) for one in drafts}) == 4


def test_no_nul_and_no_line_break_reaches_the_table(draft: Make) -> None:
    actions.write([draft(subject="Harbor\r\nHouse\x00", text="a\x00b", from_name="P\nQ")], now=MONDAY)
    message = Message.objects.get()
    assert (message.subject, message.text, message.from_name) == ("Harbor House", "ab", "P Q")


def test_two_owners_share_nothing(draft: Make) -> None:
    actions.write([draft(recipient=f"anna{n}@harbor.example") for n in range(5)], now=MONDAY)
    first, second = claim("one", 3), claim("two", 3)
    assert [len(first), len(second)] == [3, 2]
    assert not {message.pk for message in first} & {message.pk for message in second}
    assert all(m.attempts == 1 and m.state == "sending" and m.lease_owner == "one" for m in first)


def test_claims_take_the_oldest_first_and_nothing_before_its_time(draft: Make) -> None:
    late, soon = draft(due_at=MONDAY - timedelta(days=1)), draft(recipient="b@x.example", due_at=MONDAY)
    actions.write(
        [soon, late, draft(recipient="c@x.example", due_at=MONDAY + timedelta(seconds=1))], now=MONDAY
    )
    assert [message.recipient for message in claim()] == ["anna@harbor.example", "b@x.example"]


def test_nothing_is_claimed_while_sending_is_held(draft: Make) -> None:
    actions.write([draft()], now=MONDAY)
    Program.objects.update(sending="held")
    assert claim() == []
    Program.objects.update(sending="on")
    assert len(claim()) == 1


def test_an_expired_lease_is_claimed_by_another_and_only_that_one_settles(draft: Make) -> None:
    actions.write([draft()], now=MONDAY)
    [mine] = claim("one", lease=timedelta(seconds=60))
    assert actions.release_expired(now=MONDAY + timedelta(seconds=59)) == 0
    assert actions.release_expired(now=MONDAY + timedelta(seconds=61)) == 1
    [theirs] = claim("two", now=MONDAY + timedelta(seconds=61))
    assert not actions.settle_sent(mine, owner="one", now=MONDAY)
    assert actions.settle_sent(theirs, owner="two", now=MONDAY)
    assert Message.objects.get().attempts == 2


def test_a_retry_waits_and_the_twenty_fifth_fails(draft: Make) -> None:
    actions.write([draft()], now=MONDAY)
    [message] = claim()
    assert actions.settle_retry(message, owner="one", now=MONDAY, error="451 busy") == "waiting"
    row = Message.objects.get()
    assert MONDAY + timedelta(seconds=30) <= row.due_at <= MONDAY + timedelta(seconds=90)
    Message.objects.update(attempts=24, due_at=MONDAY)
    [message] = claim()
    assert actions.settle_retry(message, owner="one", now=MONDAY, error="451 busy") == "failed"
    assert Message.objects.get().last_error == "451 busy"


def test_what_a_killed_sender_left_is_free_at_once_the_first_time(draft: Make) -> None:
    actions.write([draft()], now=MONDAY)
    claim(lease=timedelta(seconds=60))
    later = MONDAY + timedelta(minutes=2)
    assert actions.release_expired(now=later) == 1
    assert len(claim("two", now=later)) == 1


def test_what_kills_its_sender_again_is_pushed_away_and_fails_in_the_end(draft: Make) -> None:
    actions.write([draft()], now=MONDAY)
    claim()
    Message.objects.update(attempts=3)
    later = MONDAY + timedelta(minutes=2)
    actions.release_expired(now=later)
    assert Message.objects.get().due_at > later + timedelta(minutes=1)
    Message.objects.update(attempts=24, due_at=later)
    claim(now=later)
    actions.release_expired(now=later + timedelta(minutes=2))
    assert Message.objects.get().state == "failed"


def test_only_the_mail_in_hand_counts_an_attempt_when_a_sender_is_killed(draft: Make) -> None:
    drafts = [
        draft(recipient=f"anna{n}@harbor.example", due_at=MONDAY + timedelta(seconds=n)) for n in range(4)
    ]
    actions.write(drafts, now=MONDAY)
    now = MONDAY + timedelta(minutes=1)
    for _ in range(delivery.MAX_ATTEMPTS):
        first = claim(now=now)[0]
        if first.recipient == "anna0@harbor.example":
            actions.settle_sent(first, owner="one", now=now)
        now += timedelta(hours=12)
        actions.release_expired(now=now)
        now += timedelta(hours=12)
    told = dict(Message.objects.values_list("recipient", "state"))
    tried = dict(Message.objects.values_list("recipient", "attempts"))
    assert told == {
        "anna0@harbor.example": "sent",
        "anna1@harbor.example": "waiting",
        "anna2@harbor.example": "waiting",
        "anna3@harbor.example": "waiting",
    }
    assert (tried["anna0@harbor.example"], sum(tried.values())) == (1, 1 + delivery.MAX_ATTEMPTS)


def test_release_gives_back_without_counting_an_attempt(draft: Make) -> None:
    actions.write([draft()], now=MONDAY)
    actions.release(claim(), owner="one")
    message = Message.objects.get()
    assert (message.state, message.attempts, message.lease_owner) == ("waiting", 0, "")


def test_cancel_by_key_withdraws_the_mail_and_names_all_its_touches(draft: Make) -> None:
    both = draft(keys=(KEY, REVIEW))
    actions.write([both, draft(keys=(OTHERS,), recipient="carla@x.example")], now=MONDAY)
    [gone] = actions.cancel(keys=[KEY])
    assert set(gone.keys) == {KEY, REVIEW}
    assert [m.recipient for m in claim()] == ["carla@x.example"]


def test_a_withdrawn_touch_can_be_written_again(draft: Make) -> None:
    actions.write([draft()], now=MONDAY)
    actions.cancel(keys=[KEY])
    assert actions.write([draft()], now=MONDAY) == 1
    assert sorted(Message.objects.values_list("state", flat=True)) == ["cancelled", "waiting"]


def test_cancel_leaves_what_has_gone_already(draft: Make) -> None:
    actions.write([draft()], now=MONDAY)
    actions.settle_sent(claim()[0], owner="one", now=MONDAY)
    assert actions.cancel(keys=[KEY]) == []
    assert Message.objects.get().state == "sent"


def test_a_mail_withdrawn_while_in_hand_says_in_the_end_that_it_went(draft: Make) -> None:
    actions.write([draft()], now=MONDAY)
    [message] = claim()
    assert len(actions.cancel(ids=[message.pk])) == 1
    assert queries.still_ours([message], owner="one") == set()
    assert actions.settle_sent(message, owner="one", now=MONDAY)
    assert Message.objects.get().state == "sent"


def test_counts_tell_states_age_and_lost_leases(draft: Make) -> None:
    actions.write([draft(), draft(recipient="b@x.example", due_at=MONDAY + timedelta(days=1))], now=MONDAY)
    claim()
    state = queries.counts(now=MONDAY + timedelta(hours=1))
    assert (state.by_state["sending"], state.by_state["waiting"], state.expired_leases) == (1, 1, 1)
    assert state.oldest_due == timedelta(hours=1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"},
        {"state": delivery.SENDING},
        {"state": delivery.SENT},
        {"calendar_method": "REQUEST"},
    ],
)
def test_the_database_refuses_what_must_never_be(draft: Make, wrong: dict[str, str]) -> None:
    actions.write([draft()], now=MONDAY)
    with pytest.raises(IntegrityError):
        Message.objects.update(**wrong)
