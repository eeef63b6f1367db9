"""Views of the list of partners: kept under a name, open again with one press, shared, renamed, removed, put back."""

from datetime import timedelta

import pytest
import time_machine

from prm.desk.models import View
from prm.desk.views import MOST, save_view
from tests.cast import NOW, ben, carla, make_organization, rosa

MINE = {"page": "partners", "now": NOW}


def names(page):
    return [(view.name, view.open, view.whose) for view in page.context["views"]]


def keep(user, name="Ours in Marin", query="county=Marin", shared=False):
    return save_view(user, name=name, query=query, shared=shared, **MINE)


def test_filters_are_kept_under_a_name_and_stand_above_the_list(desk):
    make_organization("Lighthouse", county="Marin")
    page = desk.get("/partners/?county=Marin&page=1&q=&nonsense=1&sort=-name")
    assert "Save this view" in page.content.decode()
    kept = "/partners/?county=Marin&sort=-name"
    answer = desk.post("/views/new?sort=-name&county=Marin&page=7&nonsense=1", {"name": " Ours  in Marin "})
    assert (answer.status_code, answer.url) == (302, kept)
    page = desk.get(kept)
    assert names(page) == [("Ours in Marin", True, "")]
    assert "Save this view" not in page.content.decode()
    assert f'href="{kept.replace("&", "&amp;")}"' in page.content.decode()
    assert names(desk.get("/partners/")) == [("Ours in Marin", False, "")]


def test_list_as_it_is_needs_no_view(desk):
    assert "Save this view" not in desk.get("/partners/").content.decode()


def test_view_is_ones_own_until_it_is_shared(desk, window):
    view = keep(rosa())
    assert names(window.get("/partners/")) == []
    desk.post(f"/views/{view.pk}", {"name": "Marin", "shared": "on"})
    assert names(window.get("/partners/")) == [("Marin", False, "Rosa")]
    assert window.get(f"/views/{view.pk}").status_code == 404
    assert window.post(f"/views/{view.pk}/remove").status_code == 404


def test_viewer_keeps_views_but_shares_none(window):
    assert "everyone" not in window.get("/views/new?county=Marin").content.decode()
    window.post("/views/new?county=Marin", {"name": "Marin", "shared": "on"})
    assert View.objects.get().shared is False


def test_who_runs_the_program_removes_a_shared_view_of_somebody_else_but_no_private_one(desk):
    own, shared = keep(ben(), "Own"), keep(ben(), "Shared", shared=True)
    assert desk.post(f"/views/{own.pk}/remove").status_code == 404
    assert desk.post(f"/views/{shared.pk}/remove").status_code == 302
    assert list(View.objects.all()) == [own]


def test_removed_view_is_offered_back_once_with_all_that_it_was(desk):
    view = keep(rosa(), shared=True)
    assert desk.get(f"/views/{view.pk}/remove").status_code == 405
    answer = desk.post(f"/views/{view.pk}/remove")
    page = desk.get(answer.url)
    assert page.context["gone"]["name"] == "Ours in Marin"
    desk.post(page.context["gone"]["address"], {"name": page.context["gone"]["name"], "shared": "on"})
    back = View.objects.get()
    assert (back.name, back.query, back.shared) == ("Ours in Marin", "county=Marin", True)
    assert desk.get("/partners/").context["gone"] is None


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "Give the view a name"),
        ("  ", "Give the view a name"),
        ("ours IN Marin", "You have a view of this name already."),
        ("x" * 61, "This name is too long."),
    ],
)
def test_name_that_does_not_do_is_answered_at_the_field_and_kept(desk, name, says):
    other = keep(rosa(), "Other")
    keep(rosa())
    for address in ("/views/new?county=Marin", f"/views/{other.pk}"):
        page = desk.post(address, {"name": name})
        assert page.status_code == 200
        assert says in page.context["form"].errors["name"][0]
        assert page.context["form"]["name"].value().strip() == name.strip()
    assert View.objects.count() == 2


def test_two_people_may_use_one_name_and_twenty_views_are_enough(desk):
    keep(carla(), "View 1")
    for number in range(MOST):
        keep(rosa(), f"View {number}")
    page = desk.post("/views/new?county=Marin", {"name": "One more"})
    assert "You have twenty views of this list." in page.content.decode()


def undone(client, view):
    answer = client.post(f"/views/{view.pk}/undo", follow=True)
    return [str(one) for one in answer.context["messages"]][-1]


def row(view):
    return View.objects.filter(pk=view.pk).values().get()


def test_renamed_view_is_as_before_with_one_press_and_undone_once_more(desk):
    view = keep(rosa())
    before = row(view)
    answer = desk.post(f"/views/{view.pk}", {"name": "Marin", "shared": "on"}, follow=True)
    after = row(view)
    assert before != after
    assert f'action="/views/{view.pk}/undo"' in answer.content.decode()
    assert undone(desk, view) == "Undone: the view is called “Ours in Marin” again."
    assert row(view) == before
    undone(desk, view)
    assert row(view) == after


def test_rename_stays_where_somebody_changed_the_view_since(desk, chair):
    view = keep(rosa(), shared=True)
    desk.post(f"/views/{view.pk}", {"name": "Marin", "shared": "on"})
    chair.post(f"/views/{view.pk}", {"name": "Marin County", "shared": "on"})
    after = row(view)
    assert undone(desk, view) == "This was changed again since. Nothing was undone."
    assert row(view) == after


def test_rename_stays_where_its_old_name_was_taken_or_a_day_went_by_or_nothing_was_renamed(desk):
    view = keep(rosa())
    assert undone(desk, view) == "There is nothing here that can be undone."
    with time_machine.travel(NOW, tick=False):
        desk.post(f"/views/{view.pk}", {"name": "Marin"})
    with time_machine.travel(NOW + timedelta(days=1, seconds=1), tick=False):
        assert undone(desk, view) == "There is nothing here that can be undone."
    keep(rosa())
    assert "You have a view of this name already." in undone(desk, view)
    assert row(view)["name"] == "Marin"
