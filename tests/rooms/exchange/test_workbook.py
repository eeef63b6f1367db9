"""Workbooks: what stands in the cells, which sheets are read, and what a spreadsheet hides."""

from datetime import date, datetime

import pytest
from openpyxl import Workbook

from prm.exchange.headings import score
from prm.exchange.opening import open_book
from prm.exchange.reading import Known, read
from prm.exchange.source import open_source
from tests.workbooks import SHEET, read_parts, rewrite, save, write_parts

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = ["Agency", "City", "MOU signed", "MOU ends"]
HARBOR = ["Harbor House", "Aurora", date(2026, 10, 1), date(2027, 9, 30)]


def cells_of(path):
    return [line.cells for line in open_book(path, score).sheets[0].rows()]


def told(source):
    return [(problem.sheet, problem.line, problem.reason) for problem in source.notices]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  Aurora\n", "Aurora"),
        (date(2027, 3, 4), "2027-03-04"),
        (datetime(2027, 3, 4, 14, 30), "2027-03-04 14:30"),
        (12, "12"),
        (12.0, "12"),
        (0.1, "0.1"),
        (True, "yes"),
        (False, "no"),
        (None, ""),
        ("#REF!", "#REF!"),
        ("=TODAY()+30", "=TODAY()+30"),  # nobody computed it, so it stays a formula
    ],
)
def test_cell_becomes_the_text_that_people_see(tmp_path, value, text):
    path = save(tmp_path, {"Partners": [["Agency", "City", "State"], ["Harbor House", value, "IL"]]})
    assert cells_of(path) == [("Harbor House", text, "IL")]


def test_zip_code_keeps_the_zero_of_its_format(tmp_path):
    book = Workbook()
    book.active.append(["Agency", "ZIP"])
    book.active.append(["Harbor House", 2139])
    book.active["B2"].number_format = "00000"
    book.save(tmp_path / "zip.xlsx")
    assert cells_of(tmp_path / "zip.xlsx") == [("Harbor House", "02139")]


def test_value_that_the_spreadsheet_computed_counts(tmp_path):
    path = save(tmp_path, {"Partners": [["Agency", "Approval lead days"], ["Harbor House", "=60*2"]]})
    rewrite(path, SHEET, "<f>60*2</f><v />", "<f>60*2</f><v>120</v>")
    assert cells_of(path) == [("Harbor House", "120")]


def test_formula_nobody_computed_is_named(tmp_path):
    path = save(tmp_path, {"Partners": [HEAD, ["Harbor House", "='[old.xlsx]A'!B2", "=TODAY()", None]]})
    row = next(open_source(path).rows())
    read(row, Known(date(2027, 1, 4)))
    assert {(problem.column, problem.severity, problem.value) for problem in row.problems} == {
        ("City", "warning", "'='[old.xlsx]A'!B2"),
        ("MOU signed", "error", "'=TODAY()"),
    }


def test_number_that_can_be_no_date_is_named_as_it_stands(tmp_path):
    path = save(tmp_path, {"Partners": [HEAD, ["Harbor House", "Aurora", None, 9999999]]})
    style = save(tmp_path, {"Partners": [HEAD, HARBOR]}, "other.xlsx")
    rewrite(style, SHEET, "<v>46660</v>", "<v>9999999</v>")
    assert cells_of(path) == [("Harbor House", "Aurora", "", "9999999")]
    assert cells_of(style) == [("Harbor House", "Aurora", "2026-10-01", "9999999")]


def test_dates_as_cells_leave_nothing_to_ask(tmp_path):
    sheet = [HEAD, ["Harbor House", "Aurora", date(2026, 4, 3), "2027-05-06"]]
    row = next(open_source(save(tmp_path, {"Partners": sheet})).rows())
    assert (row.cells["agreement_signed"], row.date("agreement_signed")) == ("2026-04-03", date(2026, 4, 3))


def test_titles_above_the_headings_are_named(tmp_path):
    path = save(tmp_path, {"Partners": [["Partner list"], [None, "draft"], [], HEAD, HARBOR]})
    source = open_source(path)
    assert [row.spot.line for row in source.rows()] == [5]
    assert told(source) == [
        ("Partners", line, "stands above the headings and was not imported") for line in (1, 2)
    ]


def test_headings_that_stand_there_again_are_named_and_no_organization(tmp_path):
    source = open_source(save(tmp_path, {"Partners": [HEAD, HARBOR, HEAD, ["Maple House", "Joliet"]]}))
    assert [row.cells["name"] for row in source.rows()] == ["Harbor House", "Maple House"]
    assert (source.total, told(source)) == (2, [("Partners", 3, "repeats the headings and was not imported")])


def test_every_sheet_that_is_a_list_is_read_and_the_others_are_named(tmp_path):
    sheets = {
        "North": [HEAD, HARBOR],
        "Lists": [["Sector"], ["Faith"]],
        "South": [["Notes"], ["Partner", "City", "Contact"], ["Maple House", "Joliet", "Ruth Diaz"]],
        "By county": [["County", "Partners"], ["Kane", 12]],
        "Old": [HEAD, ["Gone House", "Aurora", None, None]],
        "Empty": [],
    }
    source = open_source(save(tmp_path, sheets, hidden=["Old"]))
    assert [(str(row.spot), row.cells["name"]) for row in source.rows()] == [
        ("line 2 of sheet “North”", "Harbor House"),
        ("line 3 of sheet “South”", "Maple House"),
    ]
    aside = {problem.sheet: problem.reason for problem in source.notices if not problem.line}
    assert aside == {
        "Lists": "is no list of partners and was not read",
        "By county": "is no list of partners and was not read",
        "Old": "is hidden and was not read",
    }
    assert source.total == 2


def test_order_of_day_and_month_is_asked_by_sheet(tmp_path):
    sheets = {name: [HEAD, ["Harbor House", "Aurora", None, "3/4/2028"]] for name in ("North", "South")}
    with pytest.raises(Exception, match=r"MOU ends \(North\) leaves open .*; MOU ends \(South\)"):
        open_source(save(tmp_path, sheets))


def test_cell_merged_over_rows_speaks_for_each(tmp_path):
    rows = [
        HEAD,
        HARBOR,
        ["Maple House", None, None, None],
        [],
        ["Cedar House", None, None, None],
        ["Elm House"],
    ]
    path = save(tmp_path, {"Partners": rows}, merged=["B2:B5"])
    assert [cells[:2] for cells in cells_of(path)] == [
        ("Harbor House", "Aurora"), ("Maple House", "Aurora"), ("Cedar House", "Aurora"), ("Elm House", ""),
    ]  # fmt: skip


def test_headings_in_two_merged_lines_are_understood(tmp_path):
    rows = [["Agency", "City", "MOU", None], [None, None, "signed", "ends"], HARBOR]
    source = open_source(save(tmp_path, {"Partners": rows}, merged=["A1:A2", "B1:B2", "C1:D1"]))
    meanings = [column.meaning for column in source.parts[0].columns]
    assert meanings == ["name", "city", "agreement_signed", "agreement_end"]


def test_hidden_rows_are_read_and_named(tmp_path):
    book = Workbook()
    for row in (HEAD, HARBOR, ["Maple House", "Joliet", None, None]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.save(tmp_path / "hidden.xlsx")
    source = open_source(tmp_path / "hidden.xlsx")
    assert [row.cells["name"] for row in source.rows()] == ["Harbor House", "Maple House"]
    assert [reason for _, _, reason in told(source)] == [
        "has hidden rows, which were read like the others: 3"
    ]


def test_size_that_a_sheet_tells_of_itself_is_not_believed(tmp_path):
    path = save(tmp_path, {"Partners": [HEAD, HARBOR, HARBOR]})
    rewrite(path, SHEET, '<dimension ref="A1:D3" />', '<dimension ref="A1:B2" />')
    assert [len(cells) for cells in cells_of(path)] == [4, 4]


def test_texts_in_a_shared_table_are_read(tmp_path):
    """Excel itself keeps texts apart from the sheet, parts of one in several fonts."""
    path = save(tmp_path, {"Partners": [["Agency", "City"], ["Harbor House", 7]]})
    table = f'<sst xmlns="{MAIN}"><si><r><t>Casa </t></r><r><t>Lucía_x000D_</t></r></si></sst>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    named = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}" /></Types>'
    rewrite(path, "[Content_Types].xml", "</Types>", named)
    rewrite(path, SHEET, '<c r="B2" t="n"><v>7</v></c>', '<c r="B2" t="s"><v>0</v></c>')
    write_parts(path, read_parts(path) | {"xl/sharedStrings.xml": table.encode()})
    assert cells_of(path) == [("Harbor House", "Casa Lucía")]


def test_row_after_a_million_empty_ones_is_found(tmp_path):
    path = save(tmp_path, {"Partners": [HEAD, HARBOR, ["Maple House"]]})
    rewrite(path, SHEET, '<row r="3">', '<row r="1048576">')
    rewrite(path, SHEET, 'r="A3"', 'r="A1048576"')
    assert [row.spot.line for row in open_source(path).rows()] == [2, 1048576]


def test_rows_can_be_walked_twice(tmp_path):
    sheet = open_book(save(tmp_path, {"Partners": [HEAD, HARBOR]}), score).sheets[0]
    assert list(sheet.rows()) == list(sheet.rows())
