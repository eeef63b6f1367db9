"""Who took data out: each file and each copy leaves one line, and directors alone read them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from prm.accounts.actions import note_access, set_active
from prm.accounts.models import Access
from prm.partners.links import Holder, Wish, issue, token_of
from prm.partners.models import Purpose
from tests.cast import NOW, ben, daniel, harbor_house, make_organization, rosa
from tests.web.importing import LIST, imported

QUERIES = 6


def lines():
    return [
        (row.user and row.user.name, row.kind, row.about, row.rows) for row in Access.objects.order_by("pk")
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_each_file_of_a_list_leaves_one_line_with_its_rows(desk, kind):
    harbor = harbor_house()
    make_organization("Lighthouse")
    for path in ("partners/export", "outlook/export", "outbox/export", "partners/harbor-house/timeline"):
        desk.get(f"/{path}.{kind}").getvalue()
    happened = Access.objects.get(about=f"timeline:{harbor.pk}").rows
    assert happened > 0
    partners, *others = lines()
    assert partners == ("Rosa", "export", "partners", 2)
    assert [line[:3] for line in others] == [
        ("Rosa", "export", "outlook"),
        ("Rosa", "export", "outbox"),
        ("Rosa", "export", f"timeline:{harbor.pk}"),
    ]
    assert {row.at for row in Access.objects.all()} == {NOW}


def test_line_counts_what_was_in_the_file_not_what_there_is(desk, window):
    make_organization("Harbor House")
    make_organization("Safe House", confidential=True)
    desk.get("/partners/export.csv?q=harbor").getvalue()
    window.get("/partners/export.csv").getvalue()
    desk.get("/partners/export.csv").getvalue()
    assert lines() == [
        ("Rosa", "export", "partners", 1),
        ("Carla", "export", "partners", 1),
        ("Rosa", "export", "partners", 2),
    ]


def test_no_line_without_a_file(desk, window, client):
    make_organization("Safe House", confidential=True)
    assert window.get("/partners/safe-house/timeline.csv").status_code == 404
    assert client.get("/partners/export.csv").status_code == 302
    desk.get("/partners/")
    desk.get("/imports/template.csv").getvalue()
    assert lines() == []


def test_rows_that_stayed_out_of_an_import(desk):
    source = imported(desk, LIST + ",No name,none@harbor.example,2027-09-30,x\n")
    answer = desk.get(f"/imports/{source.pk}/out.csv")
    assert answer.status_code == 200
    assert lines() == [("Rosa", "export", f"import:{source.pk}", len(source.report["skipped"]))]


@pytest.mark.usefixtures("own_cache")
def test_what_somebody_fetched_about_themselves(monday):
    harbor = harbor_house()
    anna = harbor.contacts.get()
    path = f"/p/{token_of(issue([(Holder(harbor.pk, anna.pk), Wish(Purpose.PAGE))], now=NOW)[0])}/data"
    Client().get(path)
    assert lines() == []
    Client().get(f"{path}.json")
    assert lines() == [(None, "download", f"contact:{anna.pk}", 1)]


def test_page_tells_it_in_words_and_to_directors_alone(chair, desk, window, client):
    harbor = harbor_house()
    desk.get("/partners/export.csv").getvalue()
    desk.get("/partners/harbor-house/timeline.csv").getvalue()
    note_access(kind="download", about=f"contact:{harbor.contacts.get().pk}", now=NOW)
    page = chair.get("/accesses/")
    told = [(row.what, row.who, row.how, row.rows) for row in page.context["rows"]]
    assert told[0] == ("What we hold about this person", "Anna Reyes", "Fetched by link", None)
    assert told[1][:3] == ("What happened with Harbor House", "Rosa", "Took a file")
    assert told[2] == ("The list of partners", "Rosa", "Took a file", 1)
    assert "Who took data out" in chair.get("/more/").content.decode()
    assert "Who took data out" not in desk.get("/more/").content.decode()
    assert [one.get("/accesses/").status_code for one in (desk, window, client)] == [403, 403, 302]


def test_lines_outlive_what_they_are_about(chair):
    for about in ("timeline:999", "contact:999", "import:999"):
        note_access(kind="download" if "contact" in about else "export", about=about, by=None, now=NOW)
    told = [(row.what, row.who) for row in chair.get("/accesses/").context["rows"]]
    assert told == [
        ("Rows that stayed out of a list", "Somebody of ours who is not here any more"),
        ("What we hold about this person", "Somebody who is not here any more"),
        ("What happened with a partner who is gone", "Somebody of ours who is not here any more"),
    ]
    person = ben()
    note_access(kind="export", about="partners", by=person, now=NOW)
    set_active(person, False, by=daniel())
    assert chair.get("/accesses/").context["rows"][0].who == "Ben"


def test_nothing_yet_says_what_will_stand_there(chair):
    assert "Nothing was taken out" in chair.get("/accesses/").content.decode()


@pytest.mark.parametrize("number", [1, 3, 50])
def test_page_costs_the_same_for_one_line_and_fifty(chair, django_assert_num_queries, number):
    for count in range(number):
        partner = make_organization(f"House {count}")
        note_access(kind="export", about=f"timeline:{partner.pk}", by=rosa(), now=NOW)
    with django_assert_num_queries(QUERIES):
        page = chair.get("/accesses/")
    assert len(page.context["rows"]) == number


def test_fifty_to_a_page_and_two_queries_more_where_all_kinds_meet(chair):
    for count in range(51):
        note_access(kind="export", about=["timeline:1", "contact:1", "import:1"][count % 3], now=NOW)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = chair.get("/accesses/")
    assert len(page.context["rows"]) == 50
    assert len(asked) <= QUERIES + 2
    assert len(chair.get("/accesses/?page=2").context["rows"]) == 1


def test_a_line_of_an_unknown_kind_is_a_mistake_of_ours(db):
    with pytest.raises(TypeError, match="not a kind of access"):
        note_access(kind="look", about="partners", now=NOW)
