"""The page of an import in each of its states: what it says, what it offers, and that it is sound."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from prm.exchange import imports, work
from prm.exchange.layout import choices_of
from prm.exchange.models import Import, ImportState
from prm.jobs.models import Job, JobState
from prm.partners.models import Organization
from tests.cast import NOW
from tests.web.test_every_page import faults

LIST = "Agency,Email,Hobby\nHarbor House,anna@harbor.example,sailing\nMaple House,nope,=1+1\nOak House,,=2\n"
PARTS = ("out", "remarks", "new", "changed", "merged")


def asked():
    """A file whose columns are chosen; nobody has looked through it yet."""
    source = imports.upload(name="list.csv", content=LIST.encode(), now=NOW, by=None)
    return imports.choose(source, choices_of(source.columns), day_first=None, now=NOW, by=None)


def work_on(source):
    assert work.run_jobs(now=lambda: NOW, owner="worker") == 1
    return Import.objects.get(pk=source.pk)


def tried():
    return work_on(asked())


def imported():
    return work_on(imports.ask_import(tried(), now=NOW, by=None))


def stopped(source):
    """Its work ended with an error."""
    Job.objects.filter(pk=source.job_id).update(state=JobState.FAILED, error="The disk is full.")
    source = Import.objects.get(pk=source.pk)
    assert source.phase == ImportState.FAILED
    return source


def sound(answer):
    """The text of a page in which nothing is wrong."""
    page = BeautifulSoup(answer.content, "html.parser")
    assert list(faults(answer, page)) == []
    return " ".join(page.main.get_text(" ").split())


STATES = {
    "choosing": lambda: imports.upload(name="list.csv", content=LIST.encode(), now=NOW, by=None),
    "trying": asked,
    "tried": tried,
    "importing": lambda: imports.ask_import(tried(), now=NOW, by=None),
    "imported": imported,
    "undoing": lambda: imports.ask_undo(imported(), now=NOW, by=None),
    "undone": lambda: work_on(imports.ask_undo(imported(), now=NOW, by=None)),
    "not looked through": lambda: stopped(asked()),
    "not imported": lambda: stopped(imports.ask_import(tried(), now=NOW, by=None)),
    "not undone": lambda: stopped(imports.ask_undo(imported(), now=NOW, by=None)),
}


@pytest.mark.parametrize("state", STATES)
def test_page_is_sound_in_every_state(desk, state):
    source = STATES[state]()
    sound(desk.get(f"/imports/{source.pk}/", follow=True))
    sound(desk.get("/imports/"))


@pytest.mark.parametrize("part", PARTS)
def test_pages_around_are_sound(desk, part):
    source = imported()
    for path in (f"lines/{part}", "undo"):
        sound(desk.get(f"/imports/{source.pk}/{path}"))
    sound(desk.get("/outbox/release"))


def test_work_under_way_tells_how_far_it_is_and_announces_each_tenth_once(desk):
    source = imports.ask_import(tried(), now=NOW, by=None)
    Job.objects.filter(pk=source.job_id).update(
        total=1200, done=740, state="running", lease_owner="x", lease_until=NOW
    )
    page = sound(desk.get(f"/imports/{source.pk}/"))
    assert "740 of 1,200" in page
    assert "You can leave this page" in page
    address = f"/imports/{source.pk}/progress"
    first = desk.get(address, {"told": 5}).content.decode()
    assert 'role="status"' in first
    assert "told=6" in first
    assert 'role="status"' not in desk.get(address, {"told": 6}).content.decode()


def test_asking_how_far_it_is_reads_no_report(desk, django_assert_num_queries):
    source = imports.ask_import(tried(), now=NOW, by=None)
    with django_assert_num_queries(4) as asked_for:
        desk.get(f"/imports/{source.pk}/progress")
    assert not any('"tried"' in query["sql"] or '"content"' in query["sql"] for query in asked_for)


def test_when_the_work_is_done_the_page_is_fetched_anew(desk):
    assert desk.get(f"/imports/{tried().pk}/progress")["HX-Refresh"] == "true"


def test_stopped_look_leads_back_to_the_columns(desk):
    source = stopped(asked())
    page = sound(desk.get(f"/imports/{source.pk}/"))
    assert "Nothing is written." in page
    assert "The disk is full." in page
    assert desk.get(f"/imports/{source.pk}/columns").status_code == 200


def test_stopped_import_can_go_on_or_be_undone(desk):
    source = imports.ask_import(tried(), now=NOW, by=None)
    source = stopped(source)
    desk.post(f"/imports/{source.pk}/take")
    source.refresh_from_db()
    assert source.phase == ImportState.IMPORTED
    assert Organization.objects.count() == 2
    Import.objects.filter(pk=source.pk).update(state=ImportState.IMPORTING)
    page = sound(desk.get(f"/imports/{stopped(source).pk}/"))
    assert "2 partners were written by then" in page
    assert "Undo what is in" in page
    desk.post(f"/imports/{source.pk}/undo")
    assert not Organization.objects.exists()


def test_what_a_stopped_import_left_can_be_undone_after_another_look(desk):
    source = imported()
    Import.objects.filter(pk=source.pk).update(state=ImportState.IMPORTING)
    source = work_on(
        imports.choose(stopped(source), choices_of(source.columns), day_first=None, now=NOW, by=None)
    )
    assert "Undo what is in" in sound(desk.get(f"/imports/{source.pk}/"))
    desk.post(f"/imports/{source.pk}/undo")
    assert not Organization.objects.exists()


def test_stopped_undoing_is_tried_again(desk):
    source = stopped(imports.ask_undo(imported(), now=NOW, by=None))
    assert "Undoing stopped; 2 partners are still to be undone." in sound(desk.get(f"/imports/{source.pk}/"))
    desk.post(f"/imports/{source.pk}/undo")
    assert not Organization.objects.exists()


@pytest.mark.parametrize(
    ("state", "words", "missing"),
    [
        ("choosing", "thrown away by now", "Look through it"),
        ("tried", "thrown away by now", "Choose columns again"),
        ("imported", "cannot be undone any more", "Undo this import"),
        ("undone", "Bring in a list", "Look through it again"),
    ],
)
def test_after_thirty_days_the_page_offers_nothing_that_cannot_be(desk, state, words, missing):
    source = STATES[state]()
    imports.forget_files(now=NOW + timedelta(31))
    page = sound(desk.get(f"/imports/{source.pk}/"))
    sound(desk.get("/imports/"))
    assert desk.get(f"/imports/{source.pk}/undo").status_code == 302
    assert desk.get(f"/imports/{source.pk}/columns").status_code == 302
    assert words in page
    assert missing not in page


def test_import_that_is_not_there_is_no_page(desk):
    assert desk.get("/imports/1/").status_code == 404
