"""A spreadsheet by the pages: uploaded, columns chosen, looked through, imported, undone."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from prm.accounts.queries import program
from prm.exchange import work
from prm.exchange.models import Import
from prm.partners.models import Organization
from prm.reporting.departures import being_planned
from tests.cast import NOW, make_organization
from tests.web.importing import LIST, MESSY, imported, looked_through, text, upload


def test_first_visit_says_what_may_be_brought_in(desk):
    page = text(desk.get("/imports/"))
    for words in ("Your list as it is", "No client data.", "Nothing yet", "up to 20 MB"):
        assert words in page


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_imports_costs_the_same_for_one_and_three(desk, django_assert_num_queries, number):
    for count in range(number):
        imported(desk, LIST.replace("Harbor House", f"Harbor House {count}"))
    with django_assert_num_queries(6):
        page = desk.get("/imports/")
    assert [row.counts for row in page.context["rows"]] == ["1 new"] * number


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", "", "This file is empty."),
        ("a.pdf", "%PDF-1.7 and more", "This file is a PDF"),
        ("a.xlsx", "PK\x03\x04broken", "This file is"),
        ("a.csv", "1\n2\n", "This file cannot be read: no line of headings was found"),
        ("a.csv", 'Agency,Email\n"Harbor,x\nMaple,y\n', "This file cannot be read: line 2"),
    ],
)
def test_what_is_no_list_is_refused_at_the_field(desk, name, content, sentence):
    answer = upload(desk, content, name)
    assert sentence in answer.context["form"].errors["file"][0]
    assert not Import.objects.exists()


def test_nothing_chosen_is_said_too(desk):
    assert "Choose a file first." in text(desk.post("/imports/", {}))


def test_file_that_is_too_large_is_refused_and_kept_nowhere(desk, monkeypatch):
    monkeypatch.setattr("prm.web.uploads.LARGEST", 1000)
    monkeypatch.setattr("prm.web.uploads.AROUND", 0)
    answer = upload(desk, "x" * 2000)
    assert "larger than 20 MB" in answer.context["form"].errors["file"][0]
    assert len(answer.context["form"].errors["file"]) == 1
    assert answer.wsgi_request.FILES == {}


def test_form_wants_its_token_whatever_the_size(desk, monkeypatch):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.cookies
    assert upload(strict, LIST).status_code == 403
    page = strict.get("/imports/")
    token = str(page.context["csrf_token"])
    monkeypatch.setattr("prm.web.uploads.LARGEST", 100)
    monkeypatch.setattr("prm.web.uploads.AROUND", 0)
    data = {"csrfmiddlewaretoken": token, "file": SimpleUploadedFile("a.csv", b"x" * 2000)}
    assert "larger than 20 MB" in text(strict.post("/imports/", data))


def test_only_who_writes_brings_in(window, desk):
    source = imported(desk)
    for path in ("", f"{source.pk}/", f"{source.pk}/columns", f"{source.pk}/undo", f"{source.pk}/lines/new"):
        assert window.get(f"/imports/{path}").status_code == 403, path
    for path in ("take", "undo", "discard"):
        assert window.post(f"/imports/{source.pk}/{path}").status_code == 403, path
    assert desk.get(f"/imports/{source.pk}/take").status_code == 405


# --- the look before, and the report after ----------------------------------------------------------------------------


def test_look_before_names_every_row_that_stays_out_and_every_odd_cell(desk):
    source = looked_through(desk, MESSY.read_bytes(), "partners-messy.xlsx")
    assert not Organization.objects.exists()
    page = text(desk.get(f"/imports/{source.pk}/"))
    for words in ("64 rows were looked through", "Import 51 partners", "11 rows stay out", "51 new partners"):
        assert words in page
    for address in source.tried["users"]:
        assert address in page


def test_import_holds_sending_and_leads_to_what_would_be_sent(desk):
    source = imported(desk)
    assert program().sending == "held"
    page = text(desk.get(f"/imports/{source.pk}/"))
    assert 'href="/outbox/release">See what would be sent</a>' in page
    assert 'href="/partners/harbor-house/">Harbor House</a>' in page


def test_plans_of_a_short_list_are_made_with_it_and_those_of_a_long_one_later(desk, monkeypatch):
    source = imported(desk)
    assert "Release sending" in text(desk.get("/outbox/release"))
    desk.post(f"/imports/{source.pk}/undo")
    assert being_planned(now=NOW) == 0
    monkeypatch.setattr(work, "AT_ONCE", 1)
    imported(desk, LIST)
    assert being_planned(now=NOW) == 0
    source = looked_through(desk, LIST.replace("Harbor House", "Maple House"))
    make_organization("Lighthouse")
    desk.post(f"/imports/{source.pk}/take")
    assert being_planned(now=NOW) == 2


def test_rows_that_stayed_out_come_back_as_a_file_that_can_be_brought_in(desk):
    rows = "Harbor House,not-an-email,sailing\nMaple House,ruth@maple.example,=HYPERLINK(1)\n,,x\n"
    source = imported(desk, "Agency,Email,Hobby\n" + rows, "our list.csv")
    answer = desk.get(f"/imports/{source.pk}/out.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="our-list-stayed-out.csv"'
    written = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert written == [
        ["Agency", "Email", "Hobby"],
        ["Harbor House", "not-an-email", "sailing"],
        ["", "", "x"],
    ]
    mended = answer.content.decode("utf-8-sig").replace("not-an-email", "anna@harbor.example")
    again = looked_through(desk, mended)
    assert [row["organization"] for row in again.tried["new"]] == ["Harbor House"]


@pytest.mark.parametrize("part", ["out", "remarks", "new", "changed", "merged"])
def test_every_part_has_a_page_of_its_own(desk, part):
    source = looked_through(desk, MESSY.read_bytes(), "partners-messy.xlsx")
    page = desk.get(f"/imports/{source.pk}/lines/{part}")
    expected = {"out": 11, "new": 51, "changed": 0, "merged": 2}
    expected["remarks"] = len([one for one in source.tried["problems"] if one["severity"] == "warning"]) - 2
    assert len(page.context["rows"]) == expected[part]
    assert desk.get(f"/imports/{source.pk}/lines/nothing").status_code == 404


def test_file_that_brings_nothing_new_offers_no_import(desk):
    imported(desk)
    page = text(desk.get(f"/imports/{looked_through(desk).pk}/"))
    assert "1 row is known already" in page
    assert "/take" not in page


def test_second_row_about_a_known_partner_can_be_all_that_is_new(desk):
    imported(desk)
    source = looked_through(desk, LIST + "Harbor House,Tom Ibarra,tom@harbor.example,2027-09-30,sailing\n")
    page = text(desk.get(f"/imports/{source.pk}/"))
    assert "the same partner as in line 2, adds:" in page
    assert "Import what is new" in page


def test_changes_are_told_by_partner(desk):
    imported(desk)
    source = looked_through(desk, LIST.replace("anna@harbor.example", "anna.reyes@harbor.example"))
    page = text(desk.get(f"/imports/{source.pk}/"))
    assert "1 partner changed" in page
    assert "Change 1 partner" in page


# --- the way back -----------------------------------------------------------------------------------------------------


def test_undo_says_what_goes_and_what_was_kept_and_why(desk):
    make_organization("Lighthouse")
    source = imported(desk, LIST + "Maple House,Ruth,ruth@maple.example,,\n")
    Organization.objects.filter(name="Maple House").update(city="Elsewhere")
    page = text(desk.get(f"/imports/{source.pk}/undo"))
    assert "2 new partners go" in page
    desk.post(f"/imports/{source.pk}/undo")
    page = text(desk.get(f"/imports/{source.pk}/"))
    assert "1 partner is gone" in page
    assert 'href="/partners/maple-house/">Maple House</a>' in page
    assert "Somebody has worked on it since." in page
    assert "Look through it again" in page
    assert {one.name for one in Organization.objects.all()} == {"Lighthouse", "Maple House"}


def test_file_can_be_thrown_away_until_something_of_it_is_in(desk):
    source = looked_through(desk)
    assert "is thrown away" in text(desk.post(f"/imports/{source.pk}/discard", follow=True))
    source = imported(desk)
    desk.post(f"/imports/{source.pk}/discard")
    assert Import.objects.get() == source


def test_step_taken_twice_is_refused_in_words(desk):
    source = imported(desk)
    page = text(desk.post(f"/imports/{source.pk}/take", follow=True))
    assert "Somebody else has just worked on this import." in page
