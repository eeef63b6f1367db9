"""Bytes -> rows: separators, encodings, line numbers, and files that are none."""

import random

import pytest

from prm.exchange.csv_file import LONGEST_LINE
from prm.exchange.headings import score
from prm.exchange.opening import open_book
from prm.exchange.sheet import Unreadable

HEADINGS = "Organization,City,Email"


def sheet_of(tmp_path, content):
    path = tmp_path / "partners.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_book(path, score).sheets[0]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separator_is_the_one_that_makes_sense_of_the_headings(tmp_path, separator):
    text = "Organization,City,Email\nHarbor House,Aurora,a@b.org\n".replace(",", separator)
    assert [line.cells for line in sheet_of(tmp_path, text).rows()] == [("Harbor House", "Aurora", "a@b.org")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_accents_survive_every_encoding(tmp_path, encoding):
    text = "Organization,City\nCasa Lucía,Zürich\n".encode(encoding)
    assert next(sheet_of(tmp_path, text).rows()).cells == ("Casa Lucía", "Zürich")


def test_line_numbers_are_those_of_the_file(tmp_path):
    text = f'{HEADINGS}\r\n"Harbor\r\nHouse",Aurora,\r\n\r\n,,\r\nMaple House,Joliet,\r\n'
    assert [line.number for line in sheet_of(tmp_path, text).rows()] == [2, 6]


def test_old_mac_line_ends_are_line_ends(tmp_path):
    assert [
        line.number for line in sheet_of(tmp_path, "Organization,City\rHarbor,Aurora\rMaple,Joliet").rows()
    ] == [2, 3]


def test_lines_above_the_headings_are_handed_out(tmp_path):
    sheet = sheet_of(tmp_path, f"Partner list 2027\n\n{HEADINGS}\nHarbor House,Aurora,\n")
    assert (sheet.headings.number, [line.cells for line in sheet.above]) == (
        3,
        [("Partner list 2027",)],
    )


def test_rows_can_be_walked_twice(tmp_path):
    sheet = sheet_of(tmp_path, f"{HEADINGS}\nHarbor House,Aurora,\n")
    assert list(sheet.rows()) == list(sheet.rows())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"PK\x03\x04rest of a workbook", "damaged workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"Organization,City\nHarbor\x00House,Aurora\n", "not a text file"),
        (random.Random(7).randbytes(4000), "not"),
        (b"City,Email\nAurora,a@b.org\n", "no line of headings"),
        (b"Organization,City\n" + b"x" * (LONGEST_LINE + 2), "line 2 is longer"),
        (
            b'Organization,City\n"Harbor House,Aurora\nMaple House,Joliet\n',
            "line 2: a quotation mark",
        ),
        (
            b'Organization,City\n"Harbor House,Aurora\n"Maple House, The",Joliet\n',
            "line 2: a quotation mark",
        ),
        (b"Organization" + b",x" * 600 + b"\n", "columns"),
    ],
)
def test_broken_file_is_refused_in_one_line(tmp_path, content, reason):
    with pytest.raises(Unreadable) as refusal:
        list(sheet_of(tmp_path, content).rows())
    assert reason in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_missing_file_and_folder_are_refused(tmp_path):
    with pytest.raises(Unreadable, match="cannot be opened"):
        open_book(tmp_path / "nothing.csv", score)
    with pytest.raises(Unreadable, match="folder"):
        open_book(tmp_path, score)
