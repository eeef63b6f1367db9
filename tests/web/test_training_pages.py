"""The pages of training: lists, courses, one session, and planning one, a series and a round."""

from datetime import time, timedelta

import pytest

from prm.training.actions import (
    Stop,
    Teacher,
    add_trainer,
    answer_invitation,
    cancel_session,
    enter_course,
    invite,
    plan_round,
    record_attendance,
)
from prm.training.models import Course, LearningPath, Session, SessionTrainer
from tests.cast import NOW, anna_reyes, at, day, harbor_house, make_organization, make_session, rosa
from tests.web.reading import read, text, wrong

pytestmark = pytest.mark.django_db
LIST, COURSES, COURSE, SESSION, FORM = 5, 5, 7, 8, 10


def rows(client, address="/training/"):
    found = read(client.get(address)).select("ol.thread > li")
    return [" ".join(row.get_text(" ", strip=True).split()) for row in found]


# --- lists ----------------------------------------------------------------------------------------------------------


def test_list_tells_day_hours_town_host_and_seats(desk):
    harbor = harbor_house()
    session = make_session(town="Oakland", host=harbor, capacity=20)
    [asked] = invite(session, [harbor.contacts.get()], now=NOW)
    answer_invitation(asked, answer="accepted", now=NOW)
    cancel_session(make_session("2027-06-30T10:00"), now=NOW)
    off, planned = rows(desk)
    assert "Cancelled" in off
    assert "10:00 to 12:00 · Oakland, at Harbor House" in planned
    assert "1 asked, 1 coming, 20 seats" in planned


def test_past_sessions_tell_how_many_came_or_that_nobody_wrote_it_down(desk):
    harbor = harbor_house()
    known = make_session("2027-05-20T10:00")
    record_attendance(known, counts={harbor: 12}, now=NOW)
    make_session("2027-05-13T10:00")
    first, second = rows(desk, "/training/?when=past")
    assert "12 people came" in first
    assert "Nobody has written down who came." in second
    assert rows(desk) == []


def test_viewer_reads_no_host_whom_they_may_not_see_and_no_address(window):
    hidden = make_organization("Safe House", confidential=True)
    anna = anna_reyes(hidden)
    session = make_session(host=hidden, place="12 Alder Street", place_confidential=True)
    add_trainer(session, Teacher(contact=anna, role="consultant"))
    for address in ("/training/", f"/training/sessions/{session.pk}/"):
        told = text(window.get(address))
        assert "Safe House" not in told
        assert "12 Alder Street" not in told
        assert "Anna" not in told
    assert "Address given by phone" in text(window.get(f"/training/sessions/{session.pk}/"))


def test_courses_say_what_is_due_and_what_is_no_longer_offered(desk):
    enter_course(title="Basics", minutes=90, review_on=day("2027-06-01"), now=NOW)
    make_session(course=Course.objects.get())
    told = text(desk.get("/training/courses/"))
    assert "Basics Look it through 90 minutes · 1 session" in told
    pk = Course.objects.get().pk
    desk.post(f"/training/courses/{pk}/retire")
    assert "No longer offered Basics since 7 Jun 2027" in text(desk.get("/training/courses/"))
    page = read(desk.get(f"/training/courses/{pk}/"))
    assert page.select_one(f"form[action='/training/courses/{pk}/offer']")
    desk.post(f"/training/courses/{pk}/offer")
    assert Course.objects.get().retired_on is None


def test_course_is_entered_and_changed(desk):
    said = {"title": "Basics", "minutes": "90", "materials_link": "ftp://x"}
    assert wrong(desk.post("/training/courses/new", said)) == {
        "materials_link": "Write the whole address, from https:// on."
    }
    desk.post("/training/courses/new", said | {"materials_link": "https://example.org/deck"})
    course = Course.objects.get()
    page = read(desk.get(f"/training/courses/{course.pk}/change"))
    assert page.find(id="id_minutes")["value"] == "90"
    desk.post(f"/training/courses/{course.pk}/change", {"title": "Basics", "minutes": "60"})
    course.refresh_from_db()
    assert (course.minutes, course.materials_link) == (60, "")


# --- one session ----------------------------------------------------------------------------------------------------


def test_colleague_who_was_faster_is_told_of_before_yours_counts(desk):
    course = enter_course(title="Basics", minutes=90, now=NOW)
    change = f"/training/courses/{course.pk}/change"
    seen = {
        one["name"]: one["value"] for one in read(desk.get(change)).select("form.form input[name^=seen_]")
    }
    Course.objects.update(title="Theirs", funder="State")
    mine = seen | {"title": "Mine", "minutes": "60"}
    answer = desk.post(change, mine)
    assert set(wrong(answer)) == {"title"}
    again = {one["name"]: one["value"] for one in read(answer).select("form.form input[name^=seen_]")}
    desk.post(change, mine | again)
    course.refresh_from_db()
    assert (course.title, course.minutes, course.funder) == ("Mine", 60, "State")


def test_path_is_laid_and_laid_anew(desk):
    first, second = (enter_course(title=title, now=NOW).pk for title in ("Basics", "Advanced"))
    said = {"title": "Foundation", "course_1": first, "course_3": second}
    assert wrong(desk.post("/training/paths/new", said | {"course_3": ""})) == {
        "course_1": "A learning path leads through two courses or more."
    }
    told = text(desk.post("/training/paths/new", said, follow=True))
    assert "Foundation Basics, then Advanced" in told
    page = f"/training/paths/{LearningPath.objects.get().pk}/"
    assert read(desk.get(page)).select_one("#id_course_2 option[selected]")["value"] == str(second)
    desk.post(page, {"title": "Foundation", "course_1": second, "course_2": first})
    assert [step.course_id for step in LearningPath.objects.get().steps.all()] == [second, first]


def test_viewer_plans_nothing(window):
    make_session()
    assert "Plan a session" not in text(window.get("/training/"))
    assert window.get("/training/sessions/new").status_code == 403


def test_moving_says_first_how_many_are_told_and_then_tells_them(desk):
    harbor = harbor_house()
    session = make_session()
    invite(session, [harbor.contacts.get()], now=NOW)
    move = f"/training/sessions/{session.pk}/move"
    page = desk.get(move)
    assert "1 person is asked to it and gets an update of the calendar entry." in text(page)
    assert read(page).find(id="id_starts")["value"] == "10:00"
    told = {"day": "2027-09-23", "starts": "14:00", "ends": "16:00", "place": "Room 3"}
    answer = desk.post(move, told, follow=True)
    session.refresh_from_db()
    assert (session.starts_at, session.place) == (at("2027-09-23T14:00"), "Room 3")
    assert "is now on Thu 23 Sep 2027." in text(answer)
    assert "1 calendar entry goes out." in text(answer)
    assert wrong(desk.post(move, told | {"day": "2027-06-01"})) == {
        "day": "This time has gone by. Choose one that is still to come."
    }


def test_cancelling_says_first_how_many_are_told_and_asks_for_a_press(desk):
    harbor = harbor_house()
    session = make_session()
    invite(session, [harbor.contacts.get()], now=NOW)
    cancel = f"/training/sessions/{session.pk}/cancel"
    assert "1 person is asked to it, and the entry goes from their calendar." in text(desk.get(cancel))
    assert "Cancelled on 7 Jun 2027" in text(desk.post(cancel, follow=True))
    session.refresh_from_db()
    assert session.status == "cancelled"
    for way in ("move", "cancel", "change"):
        assert desk.get(f"/training/sessions/{session.pk}/{way}").status_code == 302


def test_facts_of_a_session_are_changed_and_its_seats_emptied(desk):
    session = make_session(capacity=20, funders=["State"])
    change = f"/training/sessions/{session.pk}/change"
    assert read(desk.get(change)).find(id="id_funders")["value"] == "State"
    desk.post(change, {"title": "Signs", "kind": "summit", "town": "Oakland"})
    session.refresh_from_db()
    assert (session.title, session.kind, session.capacity, session.town) == (
        "Signs",
        "summit",
        None,
        "Oakland",
    )
    assert not session.funders.exists()


def test_consultant_without_a_fee_is_noticed_until_one_is_offered(desk):
    session = make_session()
    page = f"/training/sessions/{session.pk}/"
    desk.post(f"{page}trainers", {"name": "Maya", "role": "consultant"})
    assert "No fee is offered to Maya, who teaches as a survivor consultant." in text(desk.get(page))
    trainer = f"/training/trainers/{SessionTrainer.objects.get().pk}/"
    assert read(desk.get(trainer)).find(id="id_name")["value"] == "Maya"
    desk.post(trainer, {"name": "Maya", "role": "consultant", "fee_offered": "300"})
    told = text(desk.get(page))
    assert "No fee is offered" not in told
    assert "Survivor consultant · 300 offered" in told
    desk.post(trainer, {"act": "remove"})
    assert "Nobody yet." in text(desk.get(page))


# --- what a page costs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3, 50])
def test_pages_cost_the_same_for_one_session_and_fifty(desk, django_assert_num_queries, number):
    harbor = harbor_house()
    course = enter_course(title="Basics", now=NOW)
    for count in range(number):
        stop = Stop(
            town="Oakland",
            day=day("2027-09-01") + timedelta(days=count),
            starts=time(10),
            ends=time(12),
            host=harbor,
            trainers=(Teacher(name="Maya"), Teacher(user=rosa())),
        )
        plan_round([stop], title="Autumn round", course=course, now=NOW)
        enter_course(title=f"Course {count}", now=NOW)
    session = Session.objects.first()
    for address, queries in (
        ("/training/", LIST),
        ("/training/courses/", COURSES),
        (f"/training/courses/{course.pk}/", COURSE),
        (f"/training/sessions/{session.pk}/", SESSION),
        ("/training/rounds/new", FORM),
        ("/training/series/new", FORM),
        ("/training/sessions/new", FORM),
    ):
        with django_assert_num_queries(queries, info=address):
            assert desk.get(address).status_code == 200
