"""Planning series and rounds: the hours on the wall, all or nothing, and what a changed rule leaves alone."""

from datetime import UTC, time, timedelta

import pytest

from prm.rules.refusal import Refusal
from prm.rules.timetable import Rhythm
from prm.training.actions import (
    SeriesRule,
    Stop,
    Teacher,
    WrongStops,
    cancel_session,
    change_series,
    enter_course,
    invite,
    move_session,
    plan_round,
    plan_series,
    retire_course,
    rule_of,
)
from prm.training.models import Round, Series, Session
from tests.cast import NOW, at, day, make_organization

QUARTERS = Rhythm(week=3, weekday=3, months=frozenset({3, 6, 9, 12}))
TEN = {"starts": time(10), "ends": time(12)}
THE_YEAR = SeriesRule(rhythm=QUARTERS, **TEN, starts_on=day("2027-06-10"), ends_on=day("2028-06-30"))
TOWNS = (
    Stop(town="Oakland", day=day("2027-09-13"), **TEN),
    Stop(town="Fremont", day=day("2027-09-14"), **TEN, capacity=20),
    Stop(town="San Jose", day=day("2027-09-15"), **TEN, place="12 Alder Street", place_confidential=True),
)


@pytest.fixture
def series(rosa):
    return plan_series(THE_YEAR, title="Red flags", now=NOW, capacity=20, funders=["State grant"])


def starts(series):
    rows = series.sessions.filter(status="scheduled").order_by("starts_at")
    return [session.starts_at.astimezone(UTC).isoformat()[:16] for session in rows]


def test_series_is_at_ten_in_summer_and_in_winter(series):
    assert starts(series) == [
        "2027-06-17T14:00",
        "2027-09-16T14:00",
        "2027-12-16T15:00",
        "2028-03-16T14:00",
        "2028-06-15T14:00",
    ]
    one = series.sessions.first()
    assert (one.title, one.capacity, one.slot_on) == ("Red flags", 20, day("2027-06-17"))
    assert [funder.name for funder in one.funders.all()] == ["State grant"]
    assert rule_of(Series.objects.get()) == SeriesRule(
        **{name: getattr(THE_YEAR, name) for name in ("rhythm", "starts", "ends", "starts_on", "ends_on")},
        zone="America/New_York",
    )


def test_third_thursdays_of_2027_are_at_these_hours_of_utc(rosa):
    rule = SeriesRule(rhythm=QUARTERS, **TEN, starts_on=day("2027-01-06"), ends_on=day("2027-12-31"))
    made = plan_series(rule, title="Red flags", now=at("2027-01-05T10:00"))
    assert starts(made) == ["2027-03-18T14:00", "2027-06-17T14:00", "2027-09-16T14:00", "2027-12-16T15:00"]


@pytest.mark.parametrize(
    ("facts", "field", "says"),
    [
        ({"ends_on": day("2027-06-01")}, "ends_on", "before the first"),
        ({"ends_on": day("2027-06-16")}, "ends_on", "No such day"),
        ({"ends_on": day("2050-01-01")}, "ends_on", "at most at once"),
        ({"starts_on": day("2027-05-01")}, "starts_on", "gone by"),
        ({"ends": time(10)}, "ends", "ends before"),
        ({"zone": "Mars"}, "zone", "not a time zone"),
        (
            {"rhythm": Rhythm(2, 6, frozenset({3})), "starts": time(2, 30)},
            "starts",
            "On 12 Mar 2028 the clocks are put forward and there is no 02:30. The next time is 03:00.",
        ),
    ],
)
def test_series_that_cannot_be_is_refused_at_its_field(rosa, facts, field, says):
    start = {name: getattr(THE_YEAR, name) for name in THE_YEAR.__slots__}
    with pytest.raises(Refusal, match=says) as refused:
        plan_series(SeriesRule(**start | facts), title="Red flags", now=NOW)
    assert refused.value.field == field
    assert not Series.objects.exists()
    assert not Session.objects.exists()


def test_series_without_seats_or_of_a_retired_course_is_refused(rosa):
    with pytest.raises(Refusal) as refused:
        plan_series(THE_YEAR, title="Red flags", now=NOW, capacity=0)
    assert refused.value.field == "capacity"
    course = retire_course(enter_course(title="Basics", now=NOW), now=NOW)
    with pytest.raises(Refusal) as refused:
        plan_series(THE_YEAR, title="Red flags", now=NOW, course=course)
    assert refused.value.field == "course"


def test_changed_rule_leaves_alone_whom_somebody_was_invited_to(series, anna):
    _june, september, _december, march, june = series.sessions.all()
    invite(september, [anna], now=NOW)
    move_session(march, starts_at=at("2028-03-20T09:00"), now=NOW)
    cancel_session(june, now=NOW)
    mondays = SeriesRule(
        rhythm=Rhythm(week=1, weekday=0, months=frozenset({6, 9, 12, 2})),
        starts=time(9),
        ends=time(10),
        starts_on=THE_YEAR.starts_on,
        ends_on=day("2028-09-30"),
    )
    found = change_series(series, mondays, now=NOW)
    assert starts(series) == [
        "2027-09-16T14:00",  # Anna is invited: it stays on its Thursday
        "2027-12-06T14:00",
        "2028-02-07T14:00",
        "2028-03-20T13:00",  # moved by hand: it stays too
        "2028-09-04T13:00",
    ]
    # the first Monday of June has gone by, so the session of this June goes; that of next June stays cancelled
    assert found.added == (day("2028-02-07"), day("2028-09-04"))
    new = series.sessions.get(slot_on=day("2028-09-04"))
    assert (new.capacity, [one.name for one in new.funders.all()]) == (20, ["State grant"])
    assert new.ends_at - new.starts_at == timedelta(hours=1)


def test_rule_given_twice_changes_nothing(series):
    before = starts(series)
    found = change_series(series, rule_of(series), now=NOW)
    assert (starts(series), found.dropped, found.added) == (before, (), ())


def test_changed_rhythm_of_every_so_many_months_keeps_its_count(rosa):
    rule = SeriesRule(
        rhythm=Rhythm(week=1, weekday=2, every=2),
        **TEN,
        starts_on=day("2027-07-01"),
        ends_on=day("2027-12-31"),
    )
    series = plan_series(rule, title="Red flags", now=NOW)
    assert [text[:10] for text in starts(series)] == ["2027-07-07", "2027-09-01", "2027-11-03"]
    change_series(series, rule_of(series), now=at("2027-08-20T10:00"))
    assert [text[:10] for text in starts(series)] == ["2027-07-07", "2027-09-01", "2027-11-03"]


def test_round_plans_every_town_with_its_host_and_trainers(rosa):
    host = make_organization("Bay Legal")
    first = Stop(
        town="Oakland", day=day("2027-09-13"), **TEN, host=host, trainers=(Teacher(name="Officer Lee"),)
    )
    made = plan_round(
        (first, *TOWNS[1:]), title="Autumn round", now=NOW, trainers=[Teacher(user=rosa)], by=rosa
    )
    oakland, fremont, san_jose = made.sessions.all()
    assert [oakland.town, fremont.capacity, san_jose.place_confidential] == ["Oakland", 20, True]
    assert [one.name or one.user.name for one in oakland.trainers.all()] == ["Rosa", "Officer Lee"]
    assert [one.user.name for one in fremont.trainers.all()] == ["Rosa"]
    assert host.entries.get(event="session_hosted").data["starts_on"] == "2027-09-13"


def test_round_with_wrong_towns_names_each_problem_and_plans_nothing(rosa):
    wrong = (
        TOWNS[0],
        Stop(town="Fremont", day=day("2027-06-01"), **TEN),
        Stop(town="San Jose", day=day("2028-03-12"), starts=time(2, 15), ends=time(4)),
        Stop(town=" ", day=day("2027-09-15"), **TEN),
    )
    with pytest.raises(WrongStops) as refused:
        plan_round(wrong, title="Autumn round", now=NOW)
    assert [(number, one.field) for number, one in refused.value.problems] == [
        (1, "day"),
        (2, "starts"),
        (3, "town"),
    ]
    assert not Round.objects.exists()


def test_round_with_a_hall_without_seats_plans_nothing(rosa):
    halls = (TOWNS[0], Stop(town="Fremont", day=day("2027-09-14"), **TEN, capacity=0))
    with pytest.raises(WrongStops) as refused:
        plan_round(halls, title="Autumn round", now=NOW)
    assert [(number, one.field) for number, one in refused.value.problems] == [(1, "capacity")]
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("stops", "facts", "field"),
    [((), {}, "stops"), (TOWNS, {"zone": "Mars"}, "zone"), (TOWNS, {"title": " "}, "title")],
)
def test_round_that_cannot_be_is_refused(rosa, stops, facts, field):
    with pytest.raises(Refusal) as refused:
        plan_round(stops, **{"title": "Autumn round", "now": NOW} | facts)
    assert refused.value.field == field
    assert not Round.objects.exists()
