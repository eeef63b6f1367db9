"""Planning one session, a series and a round: the days are shown first, and nothing that was typed is lost."""

import pytest

from prm.training.actions import enter_course
from prm.training.models import Round, Series, Session
from tests.cast import NOW, at, harbor_house, rosa
from tests.web.reading import read, text, wrong

pytestmark = pytest.mark.django_db

PLAN = {
    "title": "Red flags",
    "kind": "training",
    "day": "2027-09-16",
    "starts": "10:00",
    "ends": "12:00",
    "zone": "America/New_York",
}


def test_session_is_planned_with_its_host_and_trainers(desk):
    harbor = harbor_house()
    who = {
        "host": "harbor house",
        "trainers": "Rosa, Anna Reyes (Harbor House), Officer Lee",
        "capacity": "20",
    }
    answer = desk.post("/training/sessions/new", PLAN | who | {"funders": "State, Rotary"})
    session = Session.objects.get()
    assert answer["Location"] == f"/training/sessions/{session.pk}/"
    assert (session.starts_at, session.host, session.capacity) == (at("2027-09-16T10:00"), harbor, 20)
    teaching = [(one.user, one.contact, one.name) for one in session.trainers.all()]
    assert teaching == [(rosa(), None, ""), (None, harbor.contacts.get(), ""), (None, None, "Officer Lee")]
    told = text(desk.get(answer["Location"]))
    assert "State and Rotary" in told
    assert "Nobody is invited." in told


def test_course_says_title_and_length(desk):
    course = enter_course(title="Basics", minutes=90, funder="State", now=NOW)
    assert (
        read(desk.get(f"/training/sessions/new?course={course.pk}")).find(id="id_funders")["value"] == "State"
    )
    desk.post("/training/sessions/new", PLAN | {"title": "", "ends": "", "course": course.pk})
    session = Session.objects.get()
    assert (session.title, session.ends_at) == ("Basics", at("2027-09-16T11:30"))
    assert [one.name for one in session.funders.all()] == ["State"]


@pytest.mark.parametrize(
    ("facts", "field", "says"),
    [
        ({"day": "2027-06-06"}, "day", "This time has gone by. Choose one that is still to come."),
        ({"ends": "09:00"}, "ends", "The session ends before it starts."),
        ({"ends": ""}, "ends", "Enter when it ends, or choose a course."),
        ({"starts": "25:00"}, "starts", "Write the time like 14:30 or 2:30 pm."),
        (
            {"day": "2028-03-12", "starts": "02:30"},
            "starts",
            "On 12 Mar 2028 the clocks are put forward and there is no 02:30. The next time is 03:00.",
        ),
        ({"capacity": "0"}, "capacity", "Use 1 or more."),
        ({"title": ""}, "title", "A session needs a title."),
        (
            {"host": "Nobody knows"},
            "host",
            "No partner has this name. Choose one from the list, or leave the field empty.",
        ),
    ],
)
def test_session_that_cannot_be_is_answered_at_its_field_and_nothing_is_lost(desk, facts, field, says):
    answer = desk.post("/training/sessions/new", PLAN | {"town": "Oakland"} | facts)
    assert wrong(answer) == {field: says}
    page = read(answer)
    for name, value in (PLAN | {"town": "Oakland"} | facts).items():
        control = page.find(id=f"id_{name}")
        kept = control.get("value") or (control.select_one("option[selected]") or {}).get("value", "")
        assert kept == value
    assert not Session.objects.exists()


# --- series and rounds ----------------------------------------------------------------------------------------------

SERIES = {
    "title": "Red flags",
    "kind": "training",
    "week": "3",
    "weekday": "3",
    "often": "chosen",
    "months": ["3", "6", "9", "12"],
    "starts": "10:00",
    "ends": "12:00",
    "starts_on": "2027-06-10",
    "ends_on": "2028-06-30",
    "zone": "America/New_York",
}


def button(answer):
    return read(answer).select_one("button[name=shown]")


def test_series_shows_its_days_before_it_is_planned(desk):
    shown = desk.post("/training/series/new", SERIES)
    assert not Series.objects.exists()
    days = [" ".join(one.get_text().split()) for one in read(shown).select(".dates-shown li")]
    assert days[0] == "Thu 17 Jun 2027, 10:00 to 12:00"
    assert len(days) == 5
    press = button(shown)
    assert "Plan these 5 sessions" in press.get_text()
    # Somebody changes the rule and presses the old button: the days are shown again.
    other = desk.post("/training/series/new", SERIES | {"weekday": "1", "shown": press["value"]})
    assert button(other)["value"] != press["value"]
    assert not Series.objects.exists()
    answer = desk.post("/training/series/new", SERIES | {"shown": press["value"]}, follow=True)
    assert Session.objects.count() == 5
    assert "5 sessions are planned. Nobody is invited yet." in text(answer)
    assert "Third Thursday of March, June, September and December, 10:00" in text(answer)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"months": []}, "months"),
        ({"starts_on": "2027-05-01"}, "starts_on"),
        ({"ends_on": "2027-06-11"}, "ends_on"),
        ({"ends": "10:00"}, "ends"),
        ({"week": "2", "weekday": "6", "starts": "02:30"}, "starts"),
        ({"title": ""}, "title"),
    ],
)
def test_series_that_cannot_be_is_answered_at_its_field(desk, facts, field):
    shown = button(desk.post("/training/series/new", SERIES))["value"]
    answer = desk.post("/training/series/new", SERIES | facts | {"shown": shown})
    if field == "title":  # found when it is planned
        assert set(wrong(answer)) == {"title"}
    else:
        assert set(wrong(answer)) == {field}
    assert button(answer) is None
    assert not Series.objects.exists()


ROUND = {
    "title": "Autumn round",
    "kind": "training",
    "zone": "America/New_York",
    "towns": "3",
    "town_0": "Oakland",
    "day_0": "2027-09-13",
    "starts_0": "10:00",
    "ends_0": "12:00",
    "host_0": "Harbor House",
    "trainers_0": "Anna Reyes (Harbor House)",
    "capacity_0": "20",
    "town_1": "Fremont",
    "day_1": "2027-09-14",
    "confidential_1": "on",
}


def test_round_is_shown_and_then_planned_as_a_whole(desk):
    harbor = harbor_house()
    shown = desk.post("/training/rounds/new", ROUND)
    days = [" ".join(one.get_text().split()) for one in read(shown).select(".dates-shown li")]
    assert days == ["Mon 13 Sep 2027, 10:00 to 12:00 · Oakland", "Tue 14 Sep 2027, 10:00 to 12:00 · Fremont"]
    answer = desk.post("/training/rounds/new", ROUND | {"shown": button(shown)["value"]}, follow=True)
    oakland, fremont = Round.objects.get().sessions.all()
    assert (oakland.host, oakland.capacity, fremont.place_confidential) == (harbor, 20, True)
    assert oakland.trainers.get().role == "co_trainer"
    assert "A round through 2 towns" in text(answer)


def test_round_with_problems_says_each_at_its_field_and_plans_nothing(desk):
    wrong_ones = {"day_0": "2027-06-01", "town_1": "", "day_2": "soon", "host_2": "Nobody knows"}
    answer = desk.post("/training/rounds/new", ROUND | {"host_0": "", "trainers_0": ""} | wrong_ones)
    assert set(wrong(answer)) == {"town_1", "day_2", "host_2", "town_2"}
    answer = desk.post(
        "/training/rounds/new",
        ROUND
        | {"host_0": "", "trainers_0": "", "day_0": "2027-06-01", "starts_1": "14:00", "ends_1": "13:00"},
    )
    assert wrong(answer) == {
        "day_0": "This time has gone by. Choose one that is still to come.",
        "ends_1": "The session ends before it starts.",
    }
    assert not Round.objects.exists()


def test_round_of_nothing_asks_for_a_town(desk):
    empty = {name: value for name, value in ROUND.items() if not name[-1].isdigit()}
    assert wrong(desk.post("/training/rounds/new", empty)) == {"town_0": "Enter one town or more."}


def test_one_more_town_keeps_what_was_typed(desk):
    page = read(desk.post("/training/rounds/new", ROUND | {"act": "more", "day_2": "soon"}))
    assert page.find(id="id_town_3") is not None
    assert page.find(id="id_town_0")["value"] == "Oakland"
    assert page.find(id="id_day_2")["value"] == "soon"
    assert page.find(id="id_confidential_1").has_attr("checked")
    assert page.select_one("[id$=_error]") is None


def test_other_rule_shows_what_changes_before_it_does(desk):
    shown = button(desk.post("/training/series/new", SERIES))["value"]
    desk.post("/training/series/new", SERIES | {"shown": shown})
    rule = f"/training/series/{Series.objects.get().pk}/rule"
    page = read(desk.get(rule))
    assert page.find(id="id_ends")["value"] == "12:00"
    assert len(page.select("[name=months][checked]")) == 4
    fridays = {name: SERIES[name] for name in ("week", "often", "starts", "ends", "starts_on", "zone")}
    fridays |= {"weekday": "4", "months": ["6", "9"], "ends_on": "2027-12-31"}
    shown = desk.post(rule, fridays)
    assert [" ".join(one.get_text().split()) for one in read(shown).select(".dates-shown li")] == [
        "Thu 17 Jun 2027 moves to Fri 18 Jun 2027.",
        "Thu 16 Sep 2027 moves to Fri 17 Sep 2027.",
        "Thu 16 Dec 2027 is cancelled.",
        "Thu 16 Mar 2028 is cancelled.",
        "Thu 15 Jun 2028 is cancelled.",
    ]
    assert Session.objects.filter(status="cancelled").count() == 0
    told = text(desk.post(rule, fridays | {"shown": button(shown)["value"]}, follow=True))
    assert "Third Friday of June and September, 10:00" in told
    assert Session.objects.filter(status="scheduled").count() == 2
    assert wrong(desk.post(rule, fridays | {"ends": ""})) == {"ends": "Enter a time."}
