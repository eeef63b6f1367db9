"""One row -> what it says, in the words of the house. Nothing is looked up or written here.

What a cell cannot say safely is an error, and the row stays out as a whole: no name, a date or address that is none, an
end before its beginning. What is only odd is kept, mostly as a note, and reported as a warning.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from prm.exchange.headings import NAME
from prm.exchange.papers import Paper, read_paper
from prm.exchange.people import (
    LONGEST_NAME,
    Person,
    read_address,
    read_people,
    read_phone,
)
from prm.exchange.rhythms import Break, Training, read_break, read_training
from prm.exchange.row import Row, harmless, is_nothing
from prm.exchange.words import name_key, plain

# Plain texts of an organization and the longest that the tables hold.
TEXTS = {
    "city": 120,
    "county": 120,
    "state": 60,
    "postal_code": 20,
    "approval_body": 200,
    "website": 300,
}
MOST_LEAD_DAYS = 3650
TOTALS = re.compile(
    r"(grand |sub )?(total|totals|sum|subtotal|count|average)( number)?( of)?( all)?( active)?"
    r"( partners| organizations| agencies| members| providers| rows| mous| agreements)?( \d+)?"
)
FEW = 3  # columns; in a sheet of more a name alone is odd
STATUSES = {
    word: status
    for status, words in {
        "active": "active|yes|current|open|y|x|activo|1|active partner|good standing",
        "prospect": "prospect|prospective|potential|possible|lead|prospecto",
        "former": "former|inactive|ended|closed|no|past|n|0|inactivo|former partner|dissolved",
    }.items()
    for word in words.split("|")
}
ON_HOLD = frozenset({"paused", "on hold", "hold", "on pause", "en pausa"})
ZONES = {
    word: zone
    for zone, words in {
        "America/New_York": "eastern est edt et",
        "America/Chicago": "central cst cdt ct",
        "America/Denver": "mountain mst mdt mt",
        "America/Los_Angeles": "pacific pst pdt pt",
        "America/Anchorage": "alaska akst",
        "Pacific/Honolulu": "hawaii hst",
        "America/Phoenix": "arizona",
    }.items()
    for word in words.split()
}
SECTORS = {
    word: key
    for key, words in {
        "law_enforcement_local": "police|law enforcement|sheriff|police department",
        "legal_services": "legal|legal aid|lawyers|attorneys|servicios legales",
        "shelter_housing": "shelter|housing|shelters|vivienda|refugio",
        "dv_sa": "domestic violence|dv|sexual assault|dv sa|violencia domestica",
        "faith": "faith|church|churches|religious|faith based|faith community|iglesia",
        "health_hospital": "hospital|hospitals|health|healthcare|medical",
        "health_clinic": "clinic|clinics|public health",
        "behavioral_health": "behavioral health|counseling|therapy|salud mental",
        "education_k12": "school|schools|education|k 12",
        "education_higher": "college|university|higher education",
        "hospitality": "hotel|hotels|hospitality|lodging",
        "prosecution": "prosecutor|prosecution|district attorney",
        "immigrant_refugee": "immigrant|refugee|resettlement|immigration",
        "victim_services": "victim services|survivor services|victims",
        "government_local": "government|city|county|municipal",
        "youth_services": "youth",
        "transport": "transportation|trucking",
    }.items()
    for word in words.split("|")
}


@dataclass(frozen=True, slots=True)
class Known:
    """What must be known to read a row: the day of entry, and the labels of the shared words (key -> label)."""

    today: date
    sectors: Mapping[str, str] = field(default_factory=dict)
    partnership_kinds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one row says. `fields` are plain texts, numbers and dates of the organization, only those that are told;
    `sector` and `partnership_kind` keys of shared words; `owner` and `deputy` an address, or a name to be looked up."""

    name: str
    key: str
    fields: Mapping[str, str | int | bool | date]
    sector: str
    partnership_kind: str
    status: str
    people: tuple[Person, ...]
    owner: str
    deputy: str
    paper: Paper | None
    pause: Break | None
    training: Training


def read(row: Row, known: Known) -> Reading:
    """Read one row. Problems and notes stand in the row afterwards; with an error among them it must not be written."""
    name = _name(row)
    sector, partnership_kind = (
        _sector(row, known),
        _word(row, "partnership_kind", known.partnership_kinds),
    )
    people = read_people(row)
    status, on_hold = _status(row)
    pause = read_break(row, known.today)
    if on_hold and pause is None and not row.wrong_at_all:
        row.odd("status", _("is read as a pause from today whose end is not known"))
        pause = Break(None, None)
    reading = Reading(
        name=name,
        key=name_key(name),
        fields=_fields(row),
        sector=sector,
        partnership_kind=partnership_kind,
        status=status,
        people=people,
        owner=_colleague(row, "owner"),
        deputy=_colleague(row, "deputy"),
        paper=read_paper(row, known.today),
        pause=pause,
        training=read_training(row, known.today),
    )
    if row.cells.get("notes"):
        row.taken.add("notes")
        row.notes.insert(0, harmless(row.cells["notes"]))
        if row.notes[0] != row.cells["notes"]:
            row.odd("notes", _("looks like a formula: kept as plain text in the notes"))
    row.leftovers()
    return reading


def _name(row: Row) -> str:
    if is_nothing(row.cells.get(NAME, "")):
        named = row.cells.get(NAME, "")
        row.wrong(NAME, _("is not a name") if named else _("the organization has no name"))
        row.taken.add(NAME)
        return ""
    name = row.strict(NAME)
    if TOTALS.fullmatch(plain(name)):
        row.wrong(NAME, _("looks like a row of totals, not an organization"))
    elif len(name) > LONGEST_NAME:
        row.wrong(NAME, _("is longer than %(most)d characters") % {"most": LONGEST_NAME})
    elif name and len(row.given) + len(row.given_others) == 1 and len(row.headings) > FEW:
        row.odd(NAME, _("stands alone in its row: it was imported as an organization without anything else"))
    return name


def _fields(row: Row) -> dict[str, str | int | bool | date]:
    fields: dict[str, str | int | bool | date] = {}
    for meaning, longest in TEXTS.items():
        text = row.value(meaning)
        if len(text) > longest:
            row.note(meaning, _("is too long for its place: kept in the notes"))
        elif text:
            fields[meaning] = text
    told: dict[str, str | int | date | None] = {
        "role_mailbox": read_address(row, "mailbox"),
        "phone": read_phone(row, "phone"),
        "zone": _zone(row),
        "approval_lead_days": row.number("approval_lead_days", MOST_LEAD_DAYS),
        "partner_since": row.date("partner_since", loose=True),
        "confidential": row.yes("confidential"),
    }
    fields |= {name: value for name, value in told.items() if value not in (None, "")}
    return fields


def _sector(row: Row, known: Known) -> str:
    """Key of the sector. One that nobody knows becomes "other", with its text in the notes."""
    words = plain(row.cells.get("sector", ""))
    if words in SECTORS and SECTORS[words] in known.sectors and not _match(words, known.sectors):
        row.taken.add("sector")
        return SECTORS[words]
    key = _word(row, "sector", known.sectors)
    return key or ("other" if words and row.cells["sector"] and "other" in known.sectors else "")


def _word(row: Row, meaning: str, labels: Mapping[str, str]) -> str:
    text = row.value(meaning)
    if not text:
        return ""
    key = _match(plain(text), labels)
    if not key:
        row.note(meaning, _("is not on our list: kept in the notes"))
    return key


def _match(words: str, labels: Mapping[str, str]) -> str:
    """The key whose label is `words`; else the only one whose label begins with them."""
    begins = []
    for key, label in labels.items():
        if words in (plain(label), plain(key)):
            return key
        if plain(label).startswith(f"{words} "):
            begins.append(key)
    return begins[0] if len(begins) == 1 else ""


def _status(row: Row) -> tuple[str, bool]:
    """The status ("" where none is told) and whether the word for it is a pause."""
    text = row.text("status")
    words = plain(text)
    if words in ON_HOLD:
        return "active", True
    if text and words not in STATUSES:
        row.note(
            "status",
            _("is no status that is known here: the partner counts as active, the word stays in the notes"),
        )
    return STATUSES.get(words, ""), False


def _colleague(row: Row, meaning: str) -> str:
    text = row.value(meaning)
    return read_address(row, meaning) if "@" in text else text


def _zone(row: Row) -> str:
    text = row.value("zone")
    if not text or text in _zones():
        return text
    word = next((word for word in plain(text).split() if word in ZONES), "")
    if not word:
        row.note("zone", _("is no time zone that is known here: kept in the notes"))
    return ZONES.get(word, "")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
