"""Tables as files: any text goes out and comes back, and no cell of any file is taken for a formula."""

import csv
import io
import tracemalloc
from datetime import date, datetime
from zipfile import ZipFile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from prm.exchange.table_out import LONGEST, Table, computes, defused, plain_cell
from prm.exchange.table_out_files import sheet_name, write_csv, write_xlsx

#: What OWASP lists, with full-width forms, after spaces, marks and what is not drawn; errors; texts that Excel decodes.
ATTACKS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\xa0=1",
    "\u3000=1",
    "\u200b=1",
    "\ufeff=1",
    "＝1",
    "＋1",
    "－1",
    "＠SUM",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example","x")',
    "+1-555-0100",
    "-",
    "%0A=1",
    "|calc",
    '"=1',
    ";=1",
    ",=1",
    "\x00=1",
    "#N/A",
    "_x003D_1",
    "'=1",
]
TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8")),
    st.builds(str.__add__, st.sampled_from(ATTACKS), st.text(max_size=5)),
    st.sampled_from(ATTACKS),
)


def written(write, *rows, headings=("One",), name="Partners"):
    file = io.BytesIO()
    write([Table(name, headings, rows)], file)
    file.seek(0)
    return file


def csv_rows(*rows, **more):
    text = written(write_csv, *rows, **more).read().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def sheet(*rows, **more):
    return load_workbook(written(write_xlsx, *rows, **more)).active


@given(TEXTS)
@example("+1 555 0100")
@example("a" * (LONGEST + 1))
def test_csv_gives_every_text_back_but_for_one_apostrophe(text):
    told = plain_cell(text) or ""
    _heading, [cell] = csv_rows((text,), headings=("One",)) if text else ([], [""])
    assert cell in (told, f"'{told}")
    assert (cell != told) == computes(told)


@given(st.lists(TEXTS, min_size=1, max_size=8))
def test_xlsx_gives_every_text_back_and_has_no_formula(texts):
    [_headings, row] = sheet([*texts, "end"], headings=["Heading"] * len(texts)).iter_rows()
    for cell, text in zip(row, [*texts, "end"], strict=True):
        assert cell.data_type in ("s", "n")
        assert unescape(cell.value or "") == (plain_cell(text) or "")
        assert cell.data_type == "s" or not text
        assert bool(cell.quotePrefix) == computes(plain_cell(text) or "")


@pytest.mark.parametrize("text", ATTACKS[:20])
def test_what_a_spreadsheet_might_compute_begins_with_an_apostrophe(text):
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    ["+1 555 0100", "+1 (555) 010-0142", "+44 20 7946 0018", "(555) 010-0142", "Anna", "", "’tis", "a=b"],
)
def test_names_and_phone_numbers_stay_as_they_are(text):
    assert defused(text) == text


@pytest.mark.parametrize("text", ["+1 555 0100|calc", "+1 A1", "+1 555\n=1", "+1 (cmd)", "+1 555 0100 "])
def test_what_only_begins_like_a_phone_number_is_none(text):
    assert defused(text) == f"'{text}"


def test_dates_numbers_and_answers_are_what_they_are():
    row = (date(2027, 6, 7), datetime(2027, 6, 7, 9, 30), 120, -1.5, True, False, None, date(1850, 1, 2))
    heads = tuple("abcdefgh")
    cells = [cell for [*cells] in sheet(row, headings=heads).iter_rows(min_row=2) for cell in cells]
    assert [cell.value for cell in cells] == [
        datetime(2027, 6, 7), datetime(2027, 6, 7, 9, 30), 120, -1.5, "Yes", "No", None, "1850-01-02",
    ]  # fmt: skip
    assert cells[0].is_date
    assert cells[0].number_format == "yyyy-mm-dd"
    assert csv_rows(row, headings=heads)[1] == [
        "2027-06-07", "2027-06-07 09:30", "120", "-1.5", "Yes", "No", "", "1850-01-02",
    ]  # fmt: skip


def test_csv_is_as_the_standard_has_it_and_as_excel_knows_it():
    raw = written(write_csv, ('He said "no", twice', "two\r\nlines"), headings=("Ä", "b")).read()
    assert raw == b'\xef\xbb\xbf\xc3\x84,b\r\n"He said ""no"", twice","two\nlines"\r\n'


def test_workbook_has_bold_frozen_headings_widths_and_nobodys_name():
    file = written(write_xlsx, ("A house with a long name by the bay", 1, 2), headings=("Name", "b", "c"))
    book = load_workbook(file)
    page = book.active
    assert (page.title, page.freeze_panes, page.auto_filter.ref) == ("Partners", "B2", "A1:C2")
    assert page["A1"].font.bold
    assert page.column_dimensions["A"].width > 30
    assert (book.properties.creator, book.properties.lastModifiedBy) == ("PRM", None)
    with ZipFile(file) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("name", "kept"), [("Who [we]: a/b?", "Who  we   a b"), ("x" * 40, "x" * 31), ("'' ", "Sheet1")]
)
def test_sheet_has_a_name_that_excel_allows(name, kept):
    assert sheet_name(name) == kept


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_long_table_costs_no_more_memory_than_a_short_one(write, tmp_path):
    def peak(count):
        rows = ((f"House {number}", "=1+1", number, date(2027, 6, 7)) for number in range(count))
        tracemalloc.start()
        with (tmp_path / "out").open("w+b") as file:
            write([Table("Partners", tuple("abcd"), rows)], file)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(4000) < peak(400) + 400_000
