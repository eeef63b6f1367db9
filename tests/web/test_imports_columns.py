"""What the columns of a file mean: proposed, chosen by a person, refused where it cannot be read."""

import pytest
from bs4 import BeautifulSoup

from prm.partners.models import Organization
from tests.web.importing import as_proposed, text, uploaded
from tests.web.test_every_page import faults
from tests.workbooks import save


def test_columns_are_proposed_with_some_of_their_cells(desk):
    source = uploaded(desk)
    page = desk.get(f"/imports/{source.pk}/columns")
    [sheet] = page.context["sheets"]
    assert [(one.heading, one.samples, one.field.value()) for one in sheet.columns] == [
        ("Agency", ["Harbor House"], "name"),
        ("Contact", ["Anna Reyes"], "primary.name"),
        ("Email", ["anna@harbor.example"], "primary.email"),
        ("MOU end", ["2027-09-30"], "agreement_end"),
        ("Hobby", ["sailing"], ""),
    ]
    assert "Keep in the notes" in text(page)
    assert list(faults(page, BeautifulSoup(page.content, "html.parser"))) == []


def test_what_a_person_chooses_counts(desk):
    source = uploaded(desk, "Agency,City,County\nHarbor House,Kane,Aurora\n")
    said = {"column-0-0": "name", "column-0-1": "county", "column-0-2": "city"}
    desk.post(f"/imports/{source.pk}/columns", said)
    desk.post(f"/imports/{source.pk}/take")
    assert Organization.objects.values_list("city", "county").get() == ("Aurora", "Kane")


@pytest.mark.parametrize(
    ("meanings", "sentence"),
    [
        (("", "city", "county"), "Choose which column holds the names of the organizations."),
        (("name", "city", "city"), "“City” and “County” mean the same."),
    ],
)
def test_choice_that_cannot_be_read_is_refused_and_kept(desk, meanings, sentence):
    source = uploaded(desk, "Agency,City,County\nHarbor House,Aurora,Kane\n")
    said = {f"column-0-{place}": meaning for place, meaning in enumerate(meanings)}
    page = desk.post(f"/imports/{source.pk}/columns", said)
    assert sentence in text(page)
    assert tuple(one.field.value() for one in page.context["sheets"][0].columns) == meanings


def test_order_of_day_and_month_is_asked_only_where_it_is_open(desk):
    source = uploaded(desk, "Agency,MOU end\nHarbor House,3/4/2028\n")
    assert "day_first" not in desk.get(f"/imports/{source.pk}/columns").context["form"].fields
    said = {"column-0-0": "name", "column-0-1": "agreement_end"}
    page = desk.post(f"/imports/{source.pk}/columns", said)
    assert "3/4/2028 in line 2" in page.context["form"].errors["day_first"][0]
    assert "3/4/2028 in line 2" in text(desk.post(f"/imports/{source.pk}/columns", said | {"day_first": ""}))
    desk.post(f"/imports/{source.pk}/columns", said | {"day_first": "yes"})
    again = desk.get(f"/imports/{source.pk}/columns")
    assert again.context["form"]["day_first"].value() == "yes"
    desk.post(f"/imports/{source.pk}/take")
    assert "2028-04-03" in str(Organization.objects.get().agreement_parties.get().agreement.expires_on)


def test_several_sheets_can_be_left_out_one_by_one(desk, tmp_path):
    rows = [["Agency", "City", "Email"], ["Harbor House", "Aurora", "anna@harbor.example"]]
    old = [["Agency", "City", "Email"], ["Maple House", "Joliet", "ruth@maple.example"]]
    path = save(tmp_path, {"Now": rows, "Then": old, "Prices": [["a"], ["1"]]})
    source = uploaded(desk, path.read_bytes(), "two.xlsx")
    page = desk.get(f"/imports/{source.pk}/columns")
    assert "Sheet “Then”" in text(page)
    assert [one["sheet"] for one in page.context["aside"]] == ["Prices"]
    assert "Choose at least one sheet" in text(
        desk.post(f"/imports/{source.pk}/columns", {"column-0-0": "name"})
    )
    said = as_proposed(source)
    del said["sheet-1"]
    desk.post(f"/imports/{source.pk}/columns", said)
    desk.post(f"/imports/{source.pk}/take")
    assert Organization.objects.get().name == "Harbor House"
    assert "Sheet “Then”" in text(desk.get(f"/imports/{source.pk}/"))


def test_headings_that_nobody_knows_are_asked_about(desk):
    source = uploaded(desk, "Our list,,\nWho,Town,Since\nHarbor House,Aurora,2019\nMaple House,Joliet,2020\n")
    assert "We did not recognize these headings." in text(desk.get(f"/imports/{source.pk}/columns"))
    assert "Choose which column holds the names" in text(
        desk.post(f"/imports/{source.pk}/columns", as_proposed(source))
    )
    desk.post(f"/imports/{source.pk}/columns", {"column-0-0": "name", "column-0-1": "city"})
    assert "Import 2 partners" in text(desk.get(f"/imports/{source.pk}/"))
