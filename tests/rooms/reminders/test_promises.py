"""Reminders of promises: planned when one is made, withdrawn when it is kept, let go or moved."""

from collections import Counter
from datetime import timedelta

import pytest

from prm.management.commands.tick import heartbeat
from prm.partners.actions import assign_deputy, drop_promise, keep_promise, make_promise, move_promise
from prm.partners.actions import undo_promise as undo
from prm.reminders.actions import replan
from prm.reminders.models import Reminder
from prm.reminders.reasons import explain
from tests.cast import NOW, at, ben, day, harbor_house, make_program, rosa

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor():
    """Harbor House, kept by Rosa with Ben as her deputy."""
    make_program()
    harbor = harbor_house(now=at("2027-05-03T10:00"), today=day("2027-05-03"))
    assign_deputy(harbor, ben(), now=NOW)
    return harbor


@pytest.fixture
def flyers(harbor):
    """Ours, due on Thursday 17 June 2027; Ben owes it."""
    promise = make_promise(
        harbor, side="ours", what="Send 200 flyers", due_on=day("2027-06-17"), user=ben(), now=NOW
    )
    replan([harbor.pk], now=NOW)
    return promise


def found(promise):
    """(day, state) of each reminder about a promise, in order."""
    rows = Reminder.objects.filter(record=f"promise:{promise.pk}").order_by("reference_on", "offset")
    return [(str(row.day), row.state) for row in rows]


def counted(promise):
    return Counter(state for _day, state in found(promise))


def test_each_promise_has_three_reminders_to_our_side(flyers):
    assert found(flyers) == [(f"2027-06-{n}", "planned") for n in (14, 17, 24)]
    first = Reminder.objects.get(record=f"promise:{flyers.pk}", offset=-3)
    assert (first.side, first.audience, first.key) == (
        "ours",
        [f"promiser:{ben().pk}"],
        f"promise:{flyers.pk}:promise-3d:2027-06-17:org-{flyers.organization_id}:ours",
    )
    why = explain(first.rule, first.offset, first.reference_on, first.reason, first.reason_data)
    assert why.replace("\u00a0", " ") == "3 days before 17 Jun 2027, the day of the promise"


def test_kept_and_let_go_withdraw_what_is_left(harbor, flyers):
    other = make_promise(harbor, side="theirs", what="Send the roster", due_on=day("2027-06-17"), now=NOW)
    keep_promise(flyers, now=NOW)
    drop_promise(other, why="They have none", now=NOW)
    replan([harbor.pk], now=NOW)
    assert counted(flyers) == {"withdrawn": 3}
    assert counted(other) == {}


def test_undo_brings_the_reminders_back(harbor, flyers):
    keep_promise(flyers, now=NOW)
    replan([harbor.pk], now=NOW)
    undo(flyers, now=NOW)
    replan([harbor.pk], now=NOW)
    assert counted(flyers) == {"planned": 3}


def test_moving_plans_anew(harbor, flyers):
    move_promise(flyers, due_on=day("2027-07-16"), now=NOW)
    replan([harbor.pk], now=NOW)
    assert counted(flyers) == {"withdrawn": 3, "planned": 3}
    assert found(flyers)[-1] == ("2027-07-23", "planned")


def test_digest_tells_who_owes_it_and_a_week_late_owner_and_deputy(flyers, mailoutbox):
    moment = at("2027-06-08T08:05")
    while moment <= at("2027-06-24T08:05"):
        heartbeat(moment)
        moment += timedelta(days=1)
    told = [(mail.to[0], " ".join(mail.body.split())) for mail in mailoutbox]
    about = [(who, words) for who, words in told if "Our promise is due: Send 200 flyers" in words]
    ours = Reminder.objects.filter(record=f"promise:{flyers.pk}").order_by("offset")
    assert [(row.state, row.audience) for row in ours] == [
        ("handed_over", [f"promiser:{ben().pk}"]),
        ("handed_over", [f"promiser:{ben().pk}"]),
        ("handed_over", ["owner", "deputy"]),
    ]
    assert len([who for who, _words in about if ben().email in who]) == 3
    assert [words for who, words in about if rosa().email in who]


def test_promise_kept_after_a_colleague_was_told_is_no_line_of_a_later_digest(harbor, flyers, mailoutbox):
    heartbeat(at("2027-06-15T08:05"))
    keep_promise(flyers, now=at("2027-06-15T10:00"))
    mailoutbox.clear()
    heartbeat(at("2027-06-16T08:05"))
    assert not any("flyers" in mail.body for mail in mailoutbox)
