"""What a changed rule would send: the same figures as the outbox afterwards, and nothing written."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prm.reminders.actions import refresh
from prm.reminders.changing import Whose, Wish, change_rule, stamp
from prm.reminders.models import Reminder, Rule
from prm.reporting.changed_rules import preview
from prm.reporting.departures import departures
from prm.rules.steps import Step
from tests.cast import NOW, TODAY, anna_reyes, day, make_agreement, make_organization

EVERYONE = Whose("expiry")
QUERIES = 22


def told(some):
    return [(str(one.day) if one.day else "now", one.ours, one.name) for one in some]


def leaving():
    found = departures(now=NOW)
    return {(mail.day, mail.address) for mail in (*found.now, *found.later)}


def test_what_would_go_now_and_later_and_what_not(harbor):
    make_agreement(harbor, expires_on=day("2027-08-06"))  # -60 is today
    refresh(now=NOW)
    before = list(Reminder.objects.order_by("pk").values())
    wish = Wish(EVERYONE, (Step(-60, ("signatory",), ("owner",)), Step(-20, ("notice",), ("deputy",))))
    found = preview(wish, now=NOW)
    assert (found.concerned, found.looked, found.whole) == (1, 1, True)
    assert told(found.added) == [("2027-07-16", False, "Anna Reyes"), ("2027-07-16", True, "Rosa")]
    # on 7 July a word about training goes to Anna anyway: that mail only becomes shorter
    assert [one[0] for one in told(found.gone) if not one[1]] == [
        "2027-07-23",
        "2027-07-30",
        "2027-08-06",
    ]
    assert list(Reminder.objects.order_by("pk").values()) == before
    assert not Rule.objects.exists()


def test_a_new_step_of_today_leaves_now_and_one_of_yesterday_never(harbor):
    make_agreement(harbor, expires_on=day("2027-08-11"))  # Monday 7 June is 65 days before
    refresh(now=NOW)
    usual = tuple(Step(n, ("notice",), ("owner",)) for n in (-90, -60))
    today = preview(Wish(EVERYONE, (Step(-65, ("notice",), ("owner",)), *usual)), now=NOW)
    assert told(today.added)[0] == ("now", False, "Anna Reyes")
    gone_by = preview(Wish(EVERYONE, (Step(-66, ("notice",), ("owner",)), *usual)), now=NOW)
    assert [one for one in told(gone_by.added) if one[0] == "now"] == []


def test_the_preview_is_what_the_outbox_has_afterwards(harbor, rosa):
    make_agreement(harbor, expires_on=day("2027-08-06"))
    refresh(now=NOW)
    before = leaving()
    wish = Wish(EVERYONE, (Step(-40, ("notice",), ("owner",)), Step(-20, ("signatory",), ("owner",))))
    found = preview(wish, now=NOW)
    change_rule(wish, by=rosa, today=TODAY, seen=stamp(None))
    refresh(now=NOW)
    after = leaving()
    assert {(g.day, g.address) for g in found.added if not g.ours} == after - before
    assert {(g.day, g.address) for g in found.gone if not g.ours} == before - after


@pytest.mark.parametrize("number", [1, 30])
def test_queries_do_not_grow_with_partners(rosa, number):
    for n in range(number):
        one = make_organization(f"Partner {n}", owner=rosa)
        anna_reyes(one, email=f"anna{n}@harbor.example")
        make_agreement(one, expires_on=day("2027-08-20"))
    refresh(now=NOW)
    with CaptureQueriesContext(connection) as queries:
        found = preview(Wish(EVERYONE, (), on=False), now=NOW)
    assert len({one.organization.pk for one in found.gone}) == number
    assert len(queries) == QUERIES


def test_of_very_many_some_are_looked_at_and_the_figures_stand_for_all(rosa):
    for n in range(7):
        make_agreement(make_organization(f"Partner {n}", owner=rosa), expires_on=day("2027-08-20"))
    refresh(now=NOW)
    found = preview(Wish(EVERYONE, (), on=False), now=NOW, most=3)
    assert (found.concerned, found.looked, found.whole) == (7, 3, False)
    assert len({one.organization.pk for one in found.gone}) == 3
    assert found.about(6) == 14
