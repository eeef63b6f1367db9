"""Harbor House is closed until one day and can be asked from then on until another; and what was done is undone."""

from datetime import timedelta

import pytest

from prm.capacity.actions import answer, extend, follow, pause, resume, undo, withdraw
from prm.capacity.models import Pause
from prm.capacity.queries import to_be_confirmed
from prm.partners.sentences import sentence
from prm.reminders.actions import replan
from prm.reminders.models import Reminder
from prm.rules.refusal import Refusal
from tests.cast import NOW, TODAY, at, day, rosa

MARCH, JUNE = day("2028-02-29"), day("2028-06-15")


@pytest.fixture
def closed(harbor) -> Pause:
    """Referrals closed from 30 Nov 2027 through 29 Feb 2028."""
    return pause(harbor, scope="referrals", starts_on=day("2027-11-30"), months=3, now=NOW, by=rosa())


@pytest.fixture
def after(closed) -> Pause:
    """From then on through 15 June they are asked first."""
    return follow(closed, effect="limited", ends_on=JUNE, now=NOW, by=rosa())


def days(*pauses: Pause) -> list[tuple[str, str, str]]:
    for one in pauses:
        one.refresh_from_db()
    return [(str(one.starts_on), str(one.ends_on), str(one.talk_on)) for one in pauses]


def said(harbor) -> list[str]:
    return [
        sentence(entry).replace("\xa0", " ") for entry in harbor.entries.filter(kind="pause").order_by("pk")
    ]


def test_next_stretch_begins_the_day_after_and_is_like_the_one_before(closed, after):
    assert (after.scope, after.effect, after.continues) == ("referrals", "limited", closed)
    assert days(closed, after) == [
        ("2027-11-30", "2028-02-29", "2028-02-29"),
        ("2028-03-01", "2028-06-15", "2028-06-15"),
    ]
    assert said(closed.organization)[-1] == (
        "After that referrals: ask first, from 1 Mar 2028 through 15 Jun 2028; talk again on 15 Jun 2028"
    )


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"effect": "closed"}, "effect"),
        ({"effect": "shut"}, "effect"),
        ({"ends_on": day("2028-02-01")}, "ends_on"),
    ],
)
def test_what_cannot_follow_is_refused_at_its_field(closed, facts, field):
    with pytest.raises(Refusal) as refused:
        follow(closed, **{"effect": "limited", "ends_on": JUNE, "now": NOW} | facts)
    assert refused.value.field == field
    assert Pause.objects.count() == 1


def test_only_one_thing_follows_and_nothing_follows_an_open_end(harbor, closed, after):
    with pytest.raises(Refusal):
        follow(closed, effect="waiting_list", now=NOW)
    beds = pause(harbor, scope="service", service="Beds", starts_on=TODAY, now=NOW)
    with pytest.raises(Refusal):
        follow(beds, effect="limited", now=NOW)
    follow(after, effect="waiting_list", months=1, now=NOW)
    assert Pause.objects.latest("pk").ends_on == day("2028-07-16")


@pytest.mark.parametrize("ends_on", ["2028-04-15", "2028-01-31"])
def test_moved_end_moves_the_start_of_what_follows(closed, after, ends_on):
    extend(closed, ends_on=day(ends_on), now=NOW, by=rosa())
    closed.refresh_from_db()
    after.refresh_from_db()
    assert (after.starts_on - closed.ends_on, after.ends_on) == (timedelta(1), JUNE)
    assert "What follows the pause now begins on" in said(closed.organization)[-2]


@pytest.mark.parametrize("ends_on", ["2028-06-15", "2028-07-01", None])
def test_end_that_leaves_nothing_of_what_follows_is_refused(closed, after, ends_on):
    before = days(closed, after)
    with pytest.raises(Refusal) as refused:
        extend(closed, ends_on=day(ends_on) if ends_on else None, now=NOW)
    assert refused.value.field == "ends_on"
    assert days(closed, after) == before


def test_first_stretch_taken_back_leaves_the_second_standing(closed, after):
    withdraw(closed, now=NOW)
    after.refresh_from_db()
    assert after.withdrawn_on is None
    assert days(after) == [("2028-03-01", "2028-06-15", "2028-06-15")]


def test_back_early_takes_back_what_was_to_follow_and_one_undo_brings_all_again(closed, after):
    moment = at("2028-01-10T10:00")
    resume(closed, now=moment, by=rosa())
    after.refresh_from_db()
    assert after.withdrawn_on == day("2028-01-10")
    undo(closed, now=moment + timedelta(hours=3), by=rosa())
    after.refresh_from_db()
    assert (after.withdrawn_on, closed.answered_on) == (None, None)
    assert days(closed, after) == [
        ("2027-11-30", "2028-02-29", "2028-02-29"),
        ("2028-03-01", "2028-06-15", "2028-06-15"),
    ]
    assert said(closed.organization)[-1].startswith(
        "Undone; the pause is as it was: referrals, from 30 Nov 2027"
    )


def test_nobody_is_asked_between_the_stretches(closed, after):
    harbor = closed.organization
    assert to_be_confirmed(harbor, day("2028-03-01")) == []
    assert to_be_confirmed(harbor, day("2028-06-16")) == [after]
    withdraw(after, now=NOW)
    assert to_be_confirmed(harbor, day("2028-03-01")) == [closed]


@pytest.mark.usefixtures("anna")
def test_plan_asks_once_and_tells_the_owner_of_the_change(closed, after):
    replan([closed.organization_id], now=NOW)
    rows = Reminder.objects.filter(record__startswith="pause:", offset__isnull=False, state="planned")
    partner = rows.filter(side="partner").values_list("record", "rule", "offset")
    assert list(partner) == [(f"pause:{after.pk}", "talk", -7)]
    [change] = rows.filter(rule="change")
    assert (change.record, change.side, change.day) == (f"pause:{after.pk}", "ours", day("2028-03-01"))


# --- undo -----------------------------------------------------------------------------------------------------------


def test_longer_is_undone_with_what_it_moved(closed, after):
    extend(closed, ends_on=day("2028-04-15"), now=NOW, by=rosa())
    undo(closed, now=NOW, by=rosa())
    assert days(closed, after)[1][0] == "2028-03-01"
    assert days(closed)[0][1] == "2028-02-29"


def test_written_down_is_undone_and_so_is_taking_back(closed):
    undo(closed, now=NOW, by=rosa())
    assert closed.withdrawn_on == TODAY
    undo(closed, now=NOW, by=rosa())
    closed.refresh_from_db()
    assert closed.withdrawn_on is None


def test_answer_of_a_call_is_undone(closed):
    answer(closed, answer="back", now=NOW, by=rosa())
    undo(closed, now=NOW, by=rosa())
    closed.refresh_from_db()
    assert (closed.answered_on, closed.answer) == (None, "")


def test_undo_ends_after_a_day_and_comes_once(closed):
    extend(closed, ends_on=JUNE, now=NOW, by=rosa())
    with pytest.raises(Refusal):
        undo(closed, now=NOW + timedelta(hours=25))
    undo(closed, now=NOW, by=rosa())
    with pytest.raises(Refusal):
        undo(closed, now=NOW)


def test_what_a_partner_said_has_an_undo_of_its_own(harbor):
    theirs = pause(harbor, scope="all", starts_on=TODAY, now=NOW)
    with pytest.raises(Refusal):
        undo(theirs, now=NOW)


def test_undo_is_refused_where_the_next_stretch_was_changed_since(closed, after):
    extend(closed, ends_on=day("2028-04-15"), now=NOW, by=rosa())
    extend(after, ends_on=day("2028-07-31"), now=NOW, by=rosa())
    with pytest.raises(Refusal):
        undo(closed, now=NOW)
    assert days(closed, after) == [
        ("2027-11-30", "2028-04-15", "2028-04-15"),
        ("2028-04-16", "2028-07-31", "2028-07-31"),
    ]


def test_undo_is_refused_where_another_pause_has_the_days_now(harbor, closed):
    moment = at("2028-01-10T10:00")
    resume(closed, now=moment, by=rosa())
    pause(harbor, scope="referrals", starts_on=day("2028-01-20"), months=1, now=moment)
    with pytest.raises(Refusal):
        undo(closed, now=moment)
    assert days(closed)[0][1] == "2028-01-09"
