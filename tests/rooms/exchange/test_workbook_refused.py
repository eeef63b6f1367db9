"""Workbooks that are none, that run, or that swamp: each is refused in one line before anything of it is kept."""

import random
import time
import tracemalloc
from contextlib import suppress
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prm.exchange.headings import score
from prm.exchange.opening import open_book
from prm.exchange.sheet import Unreadable
from prm.exchange.source import open_source
from tests.workbooks import SHEET, read_parts, rewrite, save, write_parts

ROWS = {"Partners": [["Agency", "City"], ["Harbor House", "Aurora"], ["Maple House", "Joliet"]]}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
MACRO = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def refusal(path):
    with pytest.raises(Unreadable) as reason:
        list(open_source(path).rows())
    assert "\n" not in str(reason.value)
    return str(reason.value)


@pytest.mark.parametrize("kept", [3, 30, 200, 0.5, 0.9, 0.99])
def test_archive_that_was_cut_off_is_damaged(tmp_path, kept):
    path = save(tmp_path, ROWS)
    content = path.read_bytes()
    path.write_bytes(content[: int(kept * len(content)) if isinstance(kept, float) else kept])
    assert "damaged" in refusal(path)


@pytest.mark.parametrize(
    ("added", "reason"),
    [
        ({"xl/vbaProject.bin": b"code"}, "macros"),
        ({"xl/macrosheets/sheet1.xml": b"<a/>"}, "macros"),
        ({"[Content_Types].xml": MACRO}, "macros"),
        ({"xl/workbook.bin": b""}, "binary workbook"),
        ({"xl/workbook.xml": b'<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"/>'}, "Strict"),
        ({"xl/workbook.xml": b"no xml"}, "damaged"),
        ({"xl/workbook.xml": LAUGHS.encode() + b"<workbook/>"}, "damaged"),
        ({"xl/styles.xml": LAUGHS.encode() + b"<styleSheet>&b;</styleSheet>"}, "damaged"),
        ({SHEET: LAUGHS.encode() + b"<worksheet/>"}, "damaged"),
        ({SHEET: b"<worksheet><sheetData><row r='5'/><row r='4'/></sheetData></worksheet>"}, "damaged"),
        ({SHEET: b"<worksheet><sheetData><row r='1048577'/></sheetData></worksheet>"}, "1,048,576 rows"),
        ({SHEET: b"<worksheet><sheetData><row r='9e99'/></sheetData></worksheet>"}, "1,048,576 rows"),
        ({SHEET: b"<worksheet><sheetData><row r='1'><c r='ZZZZ1'/></row></sheetData></worksheet>"}, "damaged"),
        ({SHEET: b"<worksheet><row r='1'><c r='XFD1'><v>1</v></c></row></worksheet>"}, "500 columns"),
        ({f"xl/media/{number}.xml": b"" for number in range(5_001)}, "unpacks to more"),
        ({"xl/media/zero.bin": bytes(8 * 1024**2)}, "unpacks to more"),
    ],
)  # fmt: skip
def test_workbook_with_such_a_part_is_refused(tmp_path, added, reason):
    path = save(tmp_path, ROWS)
    write_parts(path, read_parts(path) | added)
    assert reason in refusal(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(OLE, "old Excel"), (OLE + "EncryptedPackage".encode("utf-16-le") + OLE, "password")],
)
def test_old_and_protected_workbooks_are_told_apart(tmp_path, content, reason):
    path = tmp_path / "partners.xlsx"
    path.write_bytes(content)
    assert reason in refusal(path)


def test_other_archives_are_no_workbooks(tmp_path):
    with ZipFile(tmp_path / "letter.docx", "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert "not an Excel workbook" in refusal(tmp_path / "letter.docx")


def test_archive_behind_a_password_is_refused(tmp_path):
    path = save(tmp_path, ROWS)
    content = bytearray(path.read_bytes())
    entry = content.index(b"PK\x01\x02")
    content[entry + 8] |= 1
    path.write_bytes(content)
    assert "password" in refusal(path)


def test_archive_that_lies_about_a_size_is_damaged(tmp_path):
    path = save(tmp_path, ROWS)
    content = bytearray(path.read_bytes())
    name = content.rindex(
        SHEET.encode()
    )  # in the list at the end; the unpacked size stands 22 bytes before the name
    content[name - 22 : name - 18] = (100).to_bytes(4, "little")
    path.write_bytes(content)
    assert "damaged" in refusal(path)


@pytest.mark.parametrize("where", [SHEET, "xl/sharedStrings.xml"])
def test_cell_of_200_megabytes_is_refused_quickly_and_in_little_memory(tmp_path, where):
    path = save(tmp_path, ROWS)
    parts = read_parts(path)
    huge = b"x" * (200 * 1024**2)
    parts[where] = b"<sst><si><t>" + huge + b"</t></si></sst>"
    write_parts(path, parts)
    del huge, parts
    tracemalloc.start()
    began = time.perf_counter()
    assert "more than can be read" in refusal(path)
    assert time.perf_counter() - began < 1
    assert tracemalloc.get_traced_memory()[1] < 5 * 1024**2
    tracemalloc.stop()


def test_long_cell_is_found_before_it_is_held(tmp_path):
    path = save(tmp_path, {"Partners": [["Agency", "City"], ["Harbor House", "SPOT"]]})
    noise = random.Random(3).randbytes(1_000_000).hex()
    rewrite(path, SHEET, "SPOT", noise)
    assert "more than 100,000 characters" in refusal(path)


def test_link_to_another_workbook_is_not_followed(tmp_path):
    path = save(tmp_path, ROWS)
    link = b'<externalLink><externalBook r:id="rId1"/></externalLink>'
    write_parts(path, read_parts(path) | {"xl/externalLinks/externalLink1.xml": link})
    assert len(list(open_source(path).rows())) == 2


@pytest.mark.django_db
def test_command_refuses_a_broken_workbook_in_one_line(tmp_path):
    path = save(tmp_path, ROWS)
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(CommandError) as outcome:
        call_command("import_partners", str(path))
    assert (outcome.value.returncode, str(outcome.value).count("\n")) == (2, 0)


def read_or_refuse(path):
    """Anything else than Unreadable goes through and fails the test."""
    with suppress(Unreadable):
        list(open_source(path, day_first=False).rows())


FEW = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@FEW
@given(spots=st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=4)), min_size=1, max_size=4))
def test_mutilated_archive_is_read_or_refused(tmp_path, spots):
    path = save(tmp_path, ROWS)
    content = bytearray(path.read_bytes())
    for place, noise in spots:
        at = place % len(content)
        content[at : at + len(noise) + 1] = noise
    path.write_bytes(content)
    read_or_refuse(path)


@FEW
@given(
    part=st.sampled_from([SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]),
    place=st.integers(0, 10_000),
    cut=st.integers(0, 30),
    noise=st.sampled_from(
        ["", "<", "</row>", "<row>", '<c r="A1" t="s"><v>99</v></c>', "-1", "1e999", "&x;", "\x00", "é"]
    ),
)  # fmt: skip
def test_mutilated_part_is_read_or_refused(tmp_path, part, place, cut, noise):
    path = save(tmp_path, ROWS)
    parts = read_parts(path)
    at = place % len(parts[part])
    parts[part] = parts[part][:at] + noise.encode() + parts[part][at + cut :]
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    read_or_refuse(path)


def test_whole_workbook_stays_readable(tmp_path):
    assert len(open_book(save(tmp_path, ROWS), score).sheets) == 1
