"""The sheet to begin with: whoever fills nothing in gets two examples, and nothing to complain about."""

import io

import pytest
from openpyxl import load_workbook

from prm.exchange import meanings
from prm.exchange.calculated import EXPLAINED
from prm.exchange.partners_import import import_partners
from prm.exchange.template_out import WORDS
from prm.partners.models import Organization
from tests.cast import NOW, TODAY


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_template_as_it_comes_imports_its_two_examples_without_a_word(desk, tmp_path, kind):
    answer = desk.get(f"/imports/template.{kind}")
    assert answer["Content-Disposition"] == f'attachment; filename="partners-template.{kind}"'
    path = tmp_path / f"template.{kind}"
    path.write_bytes(answer.getvalue())
    report = import_partners(path, now=NOW, today=TODAY)
    assert (report.rows, len(report.new), report.skipped, report.problems) == (2, 2, [], [])
    house, police = Organization.objects.order_by("name")
    assert house.confidential
    assert house.agreement_parties.get().agreement.title == "Emergency beds"
    assert {role.kind for role in house.roles.filter(contact__name="Dora Director")} == {"signatory"}
    assert police.agreement_parties.get().agreement.term == "evergreen"
    assert police.pauses.get().reason == "Two people are on leave"
    assert "notes" not in police.notes


def test_workbook_explains_every_column_in_one_sentence(desk):
    book = load_workbook(io.BytesIO(desk.get("/imports/template.xlsx").getvalue()))
    first, second = book.worksheets
    assert second.title == EXPLAINED
    told = dict(second.iter_rows(min_row=2, values_only=True))
    assert list(told) == [cell.value for cell in first[1]]
    assert all(text.endswith(".") for text in told.values())
    assert len(told) == len(WORDS) > 40


def test_every_heading_is_one_that_the_import_knows():
    assert set(WORDS) <= set(meanings.words())
    known = {"agreement_months", "partnership_kind", "pause_resumes", "second.title"}
    first = {name for name in meanings.words() if "." not in name or name.startswith(("primary", "second"))}
    left_out = {name for name in first if not name.endswith((".first", ".last"))} - set(WORDS)
    assert left_out == known


def test_template_asks_for_a_sign_in(client, monday):
    assert client.get("/imports/template.csv").status_code == 302
