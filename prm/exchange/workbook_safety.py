"""A look into a workbook before anything of it is read: wrong kinds, macros, and archives made to swamp memory.

The sizes in the archive's list are binding: Python's zipfile hands out no more than they say and then checks the sum.
"""

from pathlib import Path
from typing import NoReturn
from zipfile import BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from prm.exchange.sheet import Unreadable

ZIP, OLD = b"PK", b"\xd0\xcf\x11\xe0"
MOST_PARTS = 5_000
LARGEST_PART = 150 * 1024**2
LARGEST_STRINGS = 60 * 1024**2  # the table of texts, held in memory as a whole
LARGEST_SMALL = 20 * 1024**2  # styles, relationships and the like
LARGEST_WHOLE = 400 * 1024**2
# A sheet packs 5 to 40 times; what packs far better was made to unpack.
RATIO, RATIO_FROM = 150, 5 * 1024**2
STRICT = b"purl.oclc.org/ooxml"


def refuse_old(path: Path) -> NoReturn:
    """A file in the frame of old Office files: an .xls, or any workbook behind a password."""
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        raise Unreadable(_("is protected with a password: save it without one first"))
    raise Unreadable(_("is an old Excel or Word file: save it as .xlsx or CSV first"))


def check_workbook(path: Path) -> None:
    """Raise Unreadable where the archive at `path` is no workbook that may be read."""
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            _check_sizes(parts)
            _check_kind(archive, {part.filename for part in parts})
    except (BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Unreadable(_("is a damaged workbook or archive: it cannot be unpacked")) from error


def _check_sizes(parts: list[ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_WHOLE:
        raise Unreadable(_("is a workbook that unpacks to more than can be read"))
    for part in parts:
        if part.flag_bits & 1:
            raise Unreadable(_("is protected with a password: save it without one first"))
        if part.file_size > RATIO_FROM and part.file_size > RATIO * max(part.compress_size, 1):
            raise Unreadable(_("is a workbook that unpacks to more than can be read"))
        if part.file_size > _limit(part.filename.lower()):
            raise Unreadable(
                _("is a workbook with %(size)d MB in one part, more than can be read")
                % {"size": part.file_size // 1024**2}
            )


def _limit(name: str) -> int:
    if name.startswith("xl/worksheets/") or not name.endswith((".xml", ".rels")):
        return LARGEST_PART
    return LARGEST_STRINGS if name.endswith("sharedstrings.xml") else LARGEST_SMALL


def _check_kind(archive: ZipFile, names: set[str]) -> None:
    lower = {name.lower() for name in names}
    if "xl/workbook.bin" in lower:
        raise Unreadable(_("is a binary workbook (.xlsb): save it as .xlsx or CSV first"))
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise Unreadable(_("is an archive or a file of another program, not an Excel workbook"))
    kinds = archive.read("[Content_Types].xml")
    if (
        any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in lower)
        or b"macroEnabled" in kinds
    ):
        raise Unreadable(_("holds macros (.xlsm): save it as .xlsx first"))
    if STRICT in archive.read("xl/workbook.xml"):
        raise Unreadable(_("is a workbook in the “Strict Open XML” form: save it as ordinary .xlsx first"))
