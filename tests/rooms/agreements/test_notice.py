"""Ending by notice: in force until its last day, then over by itself."""

import pytest

from prm.agreements.actions import end_what_is_over, give_notice, join, renew, take_back_notice
from prm.agreements.models import Agreement
from prm.agreements.queries import end_for, expired
from prm.partners.sentences import sentence
from prm.reminders import facts
from prm.reminders.actions import replan
from prm.reminders.models import Reminder
from prm.rules.refusal import Refusal
from tests.cast import NOW, TODAY, at, day, make_agreement, make_organization

LAST = day("2027-08-06")


def given(agreement, **facts):
    return give_notice(
        agreement,
        **{"ended_on": LAST, "notice_by": "Harbor House", "termination_days": 60, "now": NOW} | facts,
    )


def test_it_stays_in_force_with_another_last_day_and_the_reminders_stop(harbor, rosa):
    mou = make_agreement(harbor)
    replan([harbor.pk], now=NOW)
    mou = given(mou, by=rosa)
    assert (mou.status, mou.ended_on, mou.notice_given_on, mou.termination_days) == (
        "in_force",
        LAST,
        TODAY,
        60,
    )
    assert end_for(mou, harbor) == LAST
    [known] = facts.load([harbor], today=TODAY).facts[harbor.pk].agreements
    assert (known.in_force, known.ends_on, known.notice_on, known.known_on) == (True, LAST, TODAY, TODAY)
    replan([harbor.pk], now=NOW)
    assert not Reminder.objects.filter(record=f"agreement:{mou.pk}", state="planned").exists()
    entry = harbor.entries.first()
    assert sentence(entry) == "Harbor House gave notice: MOU with Harbor House ends with 6\xa0Aug\xa02027"
    assert entry.by == rosa


def test_when_the_last_day_is_over_it_ends_once(harbor):
    mou = given(make_agreement(harbor))
    assert end_what_is_over(now=at("2027-08-06T23:00")) == 0
    assert end_what_is_over(now=at("2027-08-07T00:30")) == 1
    assert end_what_is_over(now=at("2027-08-07T00:30")) == 0
    mou.refresh_from_db()
    assert (mou.status, mou.ended_on) == ("ended", LAST)
    assert harbor.entries.filter(event="agreement_ended_by_notice").count() == 1
    assert "after notice by Harbor House" in sentence(harbor.entries.first())


def test_what_nobody_gave_notice_of_runs_out_and_never_ends_by_itself(harbor):
    make_agreement(harbor)
    assert end_what_is_over(now=at("2030-01-01T09:00")) == 0
    assert expired(day("2030-01-01")).count() == 1
    given(make_agreement(harbor))
    assert expired(day("2030-01-01")).count() == 1


def test_notice_is_taken_back_and_the_reminders_return(harbor):
    mou = given(make_agreement(harbor))
    replan([harbor.pk], now=NOW)
    mou = take_back_notice(mou, now=NOW)
    assert (mou.notice_given_on, mou.ended_on, mou.notice_by, mou.termination_days) == (None, None, "", 60)
    replan([harbor.pk], now=NOW)
    assert Reminder.objects.filter(record=f"agreement:{mou.pk}", state="planned").exists()
    with pytest.raises(Refusal, match="no notice"):
        take_back_notice(mou, now=NOW)


def test_an_agreement_without_an_end_gets_one(harbor):
    mou = make_agreement(harbor, term="evergreen", expires_on=None)
    assert end_for(given(mou), harbor) == LAST


def test_nobody_renews_or_joins_what_ends(harbor):
    mou = given(make_agreement(harbor))
    with pytest.raises(Refusal, match="Notice was given"):
        renew(mou, now=NOW)
    with pytest.raises(Refusal, match="Nobody joins it"):
        join(mou, make_organization("Lighthouse"), now=NOW)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"ended_on": day("2027-06-06")}, "ended_on"),
        ({"ended_on": day("2027-10-01")}, "ended_on"),
        ({"given_on": day("2027-06-08")}, "given_on"),
        ({"notice_by": "  "}, "notice_by"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(harbor, said, field):
    mou = make_agreement(harbor)
    with pytest.raises(Refusal) as refused:
        given(mou, **said)
    assert refused.value.field == field
    assert Agreement.objects.get().notice_given_on is None


def test_twice_or_for_what_is_over_is_refused(harbor):
    mou = given(make_agreement(harbor))
    with pytest.raises(Refusal, match="given already"):
        given(mou)
    end_what_is_over(now=at("2027-08-07T00:30"))
    with pytest.raises(Refusal, match="in force"):
        given(mou)
