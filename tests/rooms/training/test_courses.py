"""What is taught, who teaches, and what a session is beside when and where."""

import pytest
from django.db import IntegrityError, transaction

from prm.rules.refusal import Conflict, Refusal
from prm.training.actions import (
    Teacher,
    add_trainer,
    change_course,
    change_path,
    change_session,
    change_trainer,
    enter_course,
    enter_path,
    invite,
    offer_course_again,
    plan_session,
    remove_trainer,
    retire_course,
    set_funders,
    unpaid_consultant,
)
from prm.training.models import Course, SessionTrainer
from prm.vocabulary.queries import term
from tests.cast import NOW, TODAY, at, make_session


@pytest.fixture
def course(db):
    words = {"topic": term("training_topic", "ht_101"), "level": term("training_level", "intro")}
    spoken = [term("language", "en"), term("language", "es")]
    return enter_course(title=" Basics ", minutes=90, languages=spoken, now=NOW, **words)


def test_course_is_entered_with_its_words_and_languages(course):
    course.refresh_from_db()
    assert (course.title, course.minutes, str(course.topic)) == (
        "Basics",
        90,
        "Human trafficking basics and legal definition",
    )
    assert [one.key for one in course.languages.all()] == ["en", "es"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"origin": "perhaps"}, "origin"),
        ({"materials_link": "javascript:alert(1)"}, "materials_link"),
        ({"on_demand_link": "//example.org"}, "on_demand_link"),
    ],
)
def test_course_that_cannot_be_is_refused_at_its_field(db, facts, field):
    with pytest.raises(Refusal) as refused:
        enter_course(**{"title": "Basics", "now": NOW} | facts)
    assert refused.value.field == field
    assert not Course.objects.exists()


def test_word_of_another_list_is_refused(db):
    for field in ("topic", "level", "format"):
        with pytest.raises(Refusal) as refused:
            enter_course(title="Basics", now=NOW, **{field: term("sector", "faith")})
        assert refused.value.field == field
    with pytest.raises(Refusal):
        enter_course(title="Basics", now=NOW, languages=[term("sector", "faith")])


def test_course_keeps_what_it_said_before_and_a_colleagues_change(course):
    change_course(course, title="Basics of today")
    assert Course.history.filter(title="Basics").exists()
    with pytest.raises(Conflict):
        change_course(course, title="Mine", seen={"title": "Basics"})
    change_course(course, title="Basics", minutes=60, seen={"title": "Basics", "minutes": "90"})
    course.refresh_from_db()
    assert (course.title, course.minutes) == ("Basics of today", 60)


def test_retired_course_is_in_no_new_session_and_can_be_brought_back(course):
    retire_course(course, now=NOW)
    assert course.retired_on == TODAY
    with pytest.raises(Refusal) as refused:
        plan_session(
            title="Basics",
            starts_at=at("2027-09-16T10:00"),
            ends_at=at("2027-09-16T11:00"),
            now=NOW,
            course=course,
        )
    assert refused.value.field == "course"
    offer_course_again(course)
    assert make_session(course=course).course == course


def test_path_leads_through_courses_in_their_order(course):
    advanced = enter_course(title="Advanced", now=NOW)
    path = enter_path(title="Foundation", courses=[course, advanced], now=NOW)
    assert [step.course.title for step in path.steps.all()] == ["Basics", "Advanced"]
    change_path(path, courses=[advanced, course])
    assert [step.course.title for step in path.steps.all()] == ["Advanced", "Basics"]
    for wrong in ({"courses": [course]}, {"courses": [course, course]}, {"title": " "}):
        with pytest.raises(Refusal):
            change_path(path, **wrong)


# --- who teaches ----------------------------------------------------------------------------------------------------


def test_trainers_are_ours_contacts_or_a_name(rosa, anna):
    session = make_session(trainers=[Teacher(user=rosa), Teacher(contact=anna, role="co_trainer")])
    add_trainer(session, Teacher(name=" Maya ", role="consultant"))
    assert [one.role for one in session.trainers.all()] == ["lead", "co_trainer", "consultant"]
    for again in (Teacher(user=rosa), Teacher(name="MAYA")):
        with pytest.raises(Refusal, match="stand here already"):
            add_trainer(session, again)


def test_survivor_consultant_without_a_fee_is_noticed(rosa):
    session = make_session()
    maya = add_trainer(session, Teacher(name="Maya", role="consultant"))
    assert unpaid_consultant(maya)
    change_trainer(maya, Teacher(name="Maya", role="consultant", fee_offered=0))
    assert unpaid_consultant(maya)
    change_trainer(maya, Teacher(name="Maya", role="consultant", fee_offered=300))
    assert not unpaid_consultant(maya)
    assert not unpaid_consultant(add_trainer(session, Teacher(user=rosa)))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"role": "guest"}, "role"),
        ({"fee_offered": -1}, "fee_offered"),
        ({"fee_agreed": 10_000_000}, "fee_agreed"),
        ({"paid_on": TODAY}, "fee_agreed"),
        ({"name": "x" * 201}, "name"),
    ],
)
def test_trainer_that_cannot_be_is_refused_at_its_field(db, facts, field):
    with pytest.raises(Refusal) as refused:
        add_trainer(make_session(), Teacher(**{"name": "Maya"} | facts))
    assert refused.value.field == field


def test_trainer_who_was_paid_stays(db):
    session = make_session()
    maya = add_trainer(session, Teacher(name="Maya", fee_agreed=300, paid_on=TODAY))
    with pytest.raises(Refusal, match="stays"):
        remove_trainer(maya)
    change_trainer(maya, Teacher(name="Maya", fee_agreed=300))
    remove_trainer(maya)
    assert not session.trainers.exists()


def test_trainer_who_is_nobody_or_two_is_refused_by_the_database(rosa):
    session = make_session()
    for wrong in ({}, {"user": rosa, "name": "Rosa"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SessionTrainer.objects.create(session=session, **wrong)


# --- what a session is ----------------------------------------------------------------------------------------------


def test_several_pay_each_once(db):
    session = make_session(funders=["State grant", " state grant ", "", "Rotary"])
    assert [one.name for one in session.funders.all()] == ["state grant", "Rotary"]
    set_funders(session, [])
    assert not session.funders.exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"capacity": 0}, "capacity"),
        ({"capacity": 100_001}, "capacity"),
        ({"kind": "party"}, "kind"),
        ({"online_link": "zoom"}, "online_link"),
        ({"town": "x" * 121}, "town"),
        ({"title": ""}, "title"),
    ],
)
def test_session_that_cannot_be_is_refused_at_its_field(db, facts, field):
    with pytest.raises(Refusal) as refused:
        change_session(make_session(), now=NOW, **facts)
    assert refused.value.field == field


def test_host_reads_it_in_the_timeline_once(harbor, rosa):
    session = make_session(host=harbor, by=rosa)
    change_session(session, capacity=30, now=NOW, by=rosa)
    assert harbor.entries.filter(event="session_hosted").count() == 1


def test_new_title_concerns_whoever_is_asked(harbor, anna):
    session = make_session()
    invite(session, [anna], now=NOW)
    change_session(session, capacity=30, now=NOW)
    assert not harbor.entries.filter(event="session_moved").exists()
    change_session(session, title="Signs", now=NOW)
    assert harbor.entries.filter(event="session_moved").exists()
