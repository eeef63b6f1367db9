"""Promises: made in a talk, kept, moved, let go, and undone within a day."""

from datetime import timedelta

import pytest

from prm.partners.actions import (
    drop_promise,
    keep_promise,
    make_promise,
    move_promise,
    record_talk,
    reopen_promise,
    undo_promise,
)
from prm.partners.models import Promise
from prm.partners.sentences import sentence
from prm.rules.refusal import Refusal
from tests.cast import NOW, TODAY, day, make_organization

TOMORROW = NOW + timedelta(days=1)


def flyers(harbor, **facts):
    return make_promise(
        harbor, **{"side": "ours", "what": "Send 200 flyers", "due_on": day("2027-06-18"), "now": NOW} | facts
    )


def lines(harbor):
    """What the timeline says of promises, latest first."""
    found = harbor.entries.filter(event__startswith="promise").order_by("-pk")
    return [sentence(entry).replace("\u00a0", " ") for entry in found]


def stale(harbor):
    """Whether the plan is to be made anew; it is not from then on."""
    harbor.refresh_from_db()
    was = harbor.plan_stale_at
    type(harbor).objects.filter(pk=harbor.pk).update(plan_stale_at=None)
    return was is not None


def test_promise_is_written_down_with_its_talk(harbor, anna, rosa):
    talk = record_talk(harbor, happened_on=day("2027-06-04"), now=NOW, by=rosa)
    promise = flyers(harbor, side="theirs", what="  Send  the\nroster ", contact=anna, user=rosa, entry=talk)
    assert (promise.what, promise.made_on, promise.entered_on) == (
        "Send the roster",
        day("2027-06-04"),
        TODAY,
    )
    assert lines(harbor) == ["They promised: Send the roster, by 18 Jun 2027"]
    assert harbor.entries.get(event="promise_made").happened_on == day("2027-06-04")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"what": "  "}, "what"),
        ({"what": "x" * 301}, "what"),
        ({"due_on": day("2027-06-06")}, "due_on"),
        ({"due_on": day("2027-06-06"), "made_on": day("2027-06-07")}, "due_on"),
        ({"side": "both"}, "side"),
    ],
)
def test_promise_that_cannot_be_is_refused_at_its_field(harbor, facts, field):
    with pytest.raises(Refusal) as refusal:
        flyers(harbor, **facts)
    assert refusal.value.field == field
    assert not Promise.objects.exists()


def test_promise_of_somebody_from_elsewhere_is_refused(harbor, anna):
    with pytest.raises(Refusal) as refusal:
        flyers(make_organization("Lighthouse"), contact=anna)
    assert refusal.value.field == "contact"


def test_promise_is_due_on_the_day_it_was_made_at_the_earliest(harbor):
    assert flyers(harbor, due_on=TODAY).due_on == TODAY


def test_each_step_writes_the_timeline_and_makes_the_plan_stale(harbor, rosa):
    promise = flyers(harbor)
    assert stale(harbor)
    move_promise(promise, due_on=day("2027-06-25"), now=NOW, by=rosa)
    assert stale(harbor)
    keep_promise(promise, now=NOW, by=rosa)
    assert stale(harbor)
    reopen_promise(promise, now=NOW, by=rosa)
    assert stale(harbor)
    drop_promise(promise, why="They print their own now", now=NOW, by=rosa)
    assert stale(harbor)
    assert lines(harbor) == [
        "Promise let go: Send 200 flyers",
        "Promise open again, due 25 Jun 2027: Send 200 flyers",
        "Promise kept: Send 200 flyers",
        "Promise moved to 25 Jun 2027 (was 18 Jun 2027): Send 200 flyers",
        "We promised: Send 200 flyers, by 18 Jun 2027",
    ]
    assert harbor.entries.get(event="promise_dropped").note == "They print their own now"


def test_what_is_settled_cannot_be_settled_again(harbor):
    promise = flyers(harbor)
    keep_promise(promise, now=NOW)
    for again in (
        lambda: keep_promise(promise, now=NOW),
        lambda: drop_promise(promise, why="No", now=NOW),
        lambda: move_promise(promise, due_on=day("2027-07-01"), now=NOW),
    ):
        with pytest.raises(Refusal, match="kept already"):
            again()
    assert len(lines(harbor)) == 2


def test_letting_go_wants_a_reason_and_moving_a_day_to_come(harbor):
    promise = flyers(harbor)
    with pytest.raises(Refusal) as refusal:
        drop_promise(promise, why=" ", now=NOW)
    assert refusal.value.field == "why"
    for wrong in (day("2027-06-06"), day("2027-06-18")):
        with pytest.raises(Refusal) as refusal:
            move_promise(promise, due_on=wrong, now=NOW)
        assert refusal.value.field == "due_on"
    with pytest.raises(Refusal, match="open already"):
        reopen_promise(promise, now=NOW)


def test_undo_brings_back_what_was_before_also_a_day_that_is_over(harbor):
    promise = flyers(harbor, due_on=TODAY)
    move_promise(promise, due_on=day("2027-07-01"), now=NOW)
    undone = undo_promise(promise, now=TOMORROW, today=day("2027-06-08"))
    assert (undone.due_on, undone.changed_on) == (TODAY, day("2027-06-08"))
    keep_promise(promise, now=TOMORROW)
    assert undo_promise(promise, now=TOMORROW).kept_on is None
    drop_promise(promise, why="Over", now=TOMORROW)
    assert undo_promise(promise, now=TOMORROW).dropped_on is None


def test_undo_counts_once_and_for_a_day(harbor):
    promise = flyers(harbor)
    with pytest.raises(Refusal, match="nothing to undo"):
        undo_promise(promise, now=NOW)
    keep_promise(promise, now=NOW)
    with pytest.raises(Refusal, match="more than a day"):
        undo_promise(promise, now=TOMORROW + timedelta(seconds=1))
    undo_promise(promise, now=TOMORROW)
    with pytest.raises(Refusal, match="nothing to undo"):
        undo_promise(promise, now=TOMORROW)


def test_private_promise_is_private_in_the_timeline(harbor):
    flyers(harbor, private=True)
    assert harbor.entries.get(event="promise_made").private
